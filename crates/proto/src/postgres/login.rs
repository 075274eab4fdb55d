//! TLS and logins: passwords, or hashes with all they were made of.

use model::{Credentials, Event, Layer};

use super::machine::{Session, State, Step};
use super::message::{Fields, Who};
use super::reply::{Refusal, Reply};
use super::{PROTOCOL, Way, dialect};
use crate::derived::{Purpose, derived};
use crate::frames::Frame;
use crate::hexadecimal::hexadecimal;
use crate::{Cx, Next, Out, scram};

/// How far a login has come.
#[derive(Debug)]
pub(super) enum Login {
    /// The password, or its hash, is to come.
    Password,
    /// The name of a mechanism, and a first message in it.
    ScramFirst,
    /// The proof; so far both have said this.
    ScramFinal { said: String },
}

/// TLS begins with what comes next, where there is none.
pub(super) fn tls(reply: &mut Reply, cx: &Cx<'_>) -> Step {
    if cx.layer == Layer::Wire {
        reply.byte(b'S');
        Step::Leave(Next::StartTls { inside: &PROTOCOL })
    } else {
        reply.byte(b'N');
        Step::GoOn(State::Startup)
    }
}

/// Asks for a password, in the way that is set.
pub(super) fn begin(session: &Session, reply: &mut Reply, cx: &Cx<'_>) -> Step {
    if session.who.minor > 0 {
        // We speak 3.0, and know all its options.
        reply.message(b'v', &[0; 8]);
    }
    let login = match cx.rules.postgres.login {
        Way::Clear => {
            reply.authentication(3, &[]);
            Login::Password
        }
        Way::Md5 => {
            reply.authentication(5, &salt(cx));
            Login::Password
        }
        Way::Scram => {
            reply.authentication(10, b"SCRAM-SHA-256\0\0");
            Login::ScramFirst
        }
    };
    Step::GoOn(State::Login(login))
}

/// What a hash is made with.
fn salt(cx: &Cx<'_>) -> [u8; 4] {
    let [chance, _] = derived(&cx.persona.seed, Purpose::Challenge, &cx.flow.id.to_string());
    let [first, second, third, fourth, ..] = chance.to_be_bytes();
    [first, second, third, fourth]
}

impl Login {
    pub(super) fn hear(
        self,
        session: &mut Session,
        frame: &Frame,
        reply: &mut Reply,
        (cx, out): (&Cx<'_>, &mut Out),
    ) -> Step {
        if frame.head.first() != Some(&b'p') {
            session.broke("a message in a login that is no password", out);
            reply.refused(&Refusal {
                severity: "FATAL",
                code: "08P01",
                text: "expected password response".to_owned(),
            });
            return Step::Leave(Next::Close);
        }
        let given = match self {
            Self::Password => {
                let text = Fields(&frame.body).text();
                password(text, &session.who, cx)
            }
            Self::ScramFirst => match scram_first(&frame.body, cx) {
                Some(first) => {
                    reply.authentication(11, first.asked.as_bytes());
                    return Step::GoOn(State::Login(Self::ScramFinal { said: first.said }));
                }
                None => credentials("sasl", &session.who, lossy(&frame.body)),
            },
            Self::ScramFinal { said } => {
                let secret = format!("$scram-sha-256${said}${}", lossy(&frame.body));
                credentials("scram-sha-256", &session.who, secret)
            }
        };
        judge(given, session, reply, (cx, out))
    }
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A password, or its hash in the form of hashcat's mode 11100.
fn password(text: String, who: &Who, cx: &Cx<'_>) -> Credentials {
    match text.strip_prefix("md5") {
        Some(hash) if cx.rules.postgres.login == Way::Md5 => {
            let secret = format!("$postgres${}*{}*{hash}", who.user, hexadecimal(&salt(cx)));
            credentials("md5", who, secret)
        }
        _ => credentials("password", who, text),
    }
}

fn credentials(mechanism: &str, who: &Who, secret: String) -> Credentials {
    let user = Some(who.user.clone());
    Credentials { protocol: "postgres", mechanism: mechanism.to_owned(), user, secret }
}

/// What the first message of SCRAM comes to.
fn scram_first(body: &[u8], cx: &Cx<'_>) -> Option<scram::First> {
    let mut fields = Fields(body);
    let mechanism = fields.text();
    fields.take(4)?;
    (mechanism == "SCRAM-SHA-256").then(|| scram::first(&lossy(fields.0), cx))?
}

/// Notes a login, and says whether it is right. A client by SCRAM wants to see that we know its
/// password, and we do not.
fn judge(
    given: Credentials,
    session: &mut Session,
    reply: &mut Reply,
    (cx, out): (&Cx<'_>, &mut Out),
) -> Step {
    let can_be_right = cx.rules.postgres.login != Way::Scram;
    let is_right = cx.rules.postgres.accept.admits(&given, cx) && can_be_right;
    out.note(Event::Credentials(given.into()));
    if is_right {
        welcome(session, reply, cx);
        return Step::GoOn(State::Ready);
    }
    let text = format!("password authentication failed for user \"{}\"", session.who.user);
    reply.refused(&Refusal { severity: "FATAL", code: "28P01", text });
    Step::Leave(Next::Close)
}

/// What a server says of itself to who was let in.
fn welcome(session: &Session, reply: &mut Reply, cx: &Cx<'_>) {
    reply.authentication(0, &[]);
    reply.parameter("application_name", &session.who.application);
    for (name, value) in dialect::REPORTED {
        reply.parameter(name, value);
    }
    reply.parameter("session_authorization", &session.who.user);
    let [process, key @ ..] = [dialect::process(cx), u32::from_be_bytes(salt(cx))];
    let [key] = key;
    reply.message(b'K', &[process.to_be_bytes(), key.to_be_bytes()].concat());
    session.ready(reply);
}
