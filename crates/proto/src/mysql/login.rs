//! Greeting and login: hashes of passwords as hashcat reads them, and passwords where they can be had.

use model::{Credentials, Event, Layer};

use super::machine::{Session, State, Step};
use super::message::{Fields, Handshake, Response};
use super::reply::{More, Refusal, Reply};
use super::{PROTOCOL, Way, dialect};
use crate::derived::{Purpose, derived};
use crate::hexadecimal::hexadecimal;
use crate::{Cx, Next, Out};

/// How far a login has come.
#[derive(Debug)]
pub(super) enum Login {
    /// After the greeting.
    Handshake,
    /// The client was asked for its password itself.
    Password(Response),
    /// It was asked to answer in our way.
    Switched(Response),
}

/// What a client answers with: twenty letters that nobody can foresee. The same inside TLS as before.
fn challenge(cx: &Cx<'_>) -> [u8; 20] {
    let flow = cx.flow.id.to_string();
    let mut challenge = [0; 20];
    let parts = [format!("{flow} 1"), format!("{flow} 2")];
    let numbers = parts.iter().flat_map(|text| derived(&cx.persona.seed, Purpose::Challenge, text));
    let bytes = numbers.flat_map(u64::to_be_bytes);
    for (place, byte) in challenge.iter_mut().zip(bytes) {
        // Printable, and so never NUL.
        *place = 0x21 + byte % 0x5e;
    }
    challenge
}

/// The first packet (Protocol::HandshakeV10).
pub(super) fn greeting(cx: &Cx<'_>) -> Vec<u8> {
    /// All but compression, session tracking and answers without an end of their lists.
    const ABILITIES: u32 = 0x003f_ffde;
    let challenge = challenge(cx);
    let (first, second) = challenge.split_at(8);
    let [low, low_high, high, higher] = ABILITIES.to_le_bytes();
    let tls = if cx.layer == Layer::Wire { 0x08 } else { 0 };
    let mut payload = vec![10];
    payload.extend(dialect::greeted_version(cx).bytes());
    payload.push(0);
    payload.extend(dialect::connection_id(cx).to_le_bytes());
    payload.extend(first);
    payload.extend([0, low, low_high & !0x08 | tls, 45, 2, 0, high, higher, 21]);
    payload.extend([0; 10]);
    payload.extend(second);
    payload.push(0);
    payload.extend(cx.rules.mysql.login.plugin().bytes());
    payload.push(0);
    let mut reply = Reply::to(u8::MAX);
    reply.packet(&payload);
    reply.into_bytes()
}

impl Login {
    /// Takes in a packet of a login.
    pub(super) fn hear(
        self,
        session: &mut Session,
        packet: &[u8],
        reply: &mut Reply,
        (cx, out): (&Cx<'_>, &mut Out),
    ) -> Step {
        match self {
            Self::Handshake => match Handshake::read(packet) {
                Some(Handshake::Tls) if cx.layer == Layer::Wire => {
                    Step::Leave(Next::StartTls { inside: &PROTOCOL })
                }
                Some(Handshake::Response(response)) => begin(response, session, reply, (cx, out)),
                Some(Handshake::Tls) | None => {
                    session.broke("a handshake that cannot be read", out);
                    reply.refused(&Refusal {
                        code: 1043,
                        state: "08S01",
                        text: "Bad handshake".to_owned(),
                    });
                    Step::Leave(Next::Close)
                }
            },
            Self::Switched(mut response) => {
                response.answer = packet.to_vec();
                response.plugin = Some(cx.rules.mysql.login.plugin().to_owned());
                answered(response, session, reply, (cx, out))
            }
            Self::Password(response) => {
                let secret = Fields(packet).until_nul();
                let given = credentials("caching_sha2_password", &response, secret);
                conclude(judge(given, response, session, (cx, out)), reply)
            }
        }
    }
}

/// A login in our way is looked at; for one in another the client is asked to change.
pub(super) fn begin(
    response: Response,
    session: &mut Session,
    reply: &mut Reply,
    (cx, out): (&Cx<'_>, &mut Out),
) -> Step {
    let wanted = cx.rules.mysql.login.plugin();
    let plugin = response.plugin.as_deref();
    // Who does not say how it was made is older than the choice.
    if plugin.unwrap_or(Way::Native.plugin()) == wanted {
        return answered(response, session, reply, (cx, out));
    }
    let mut payload = vec![0xfe];
    payload.extend(wanted.bytes());
    payload.push(0);
    payload.extend(challenge(cx));
    payload.push(0);
    reply.packet(&payload);
    Step::GoOn(State::Login(Login::Switched(response)))
}

/// An answer in our way.
fn answered(
    response: Response,
    session: &mut Session,
    reply: &mut Reply,
    (cx, out): (&Cx<'_>, &mut Out),
) -> Step {
    let way = cx.rules.mysql.login;
    let wants_password = way == Way::Sha2 && cx.layer != Layer::Wire;
    if wants_password && !is_empty(&response.answer) {
        reply.packet(&[1, FULL]);
        return Step::GoOn(State::Login(Login::Password(response)));
    }
    let confirms = way == Way::Sha2 && !is_empty(&response.answer);
    let given = credentials(way.plugin(), &response, secret(&response.answer, way, cx));
    let judged = judge(given, response, session, (cx, out));
    if confirms && judged.is_ok() {
        reply.packet(&[1, FAST]);
    }
    conclude(judged, reply)
}

/// What `caching_sha2_password` says: the hash will do, or the password is needed.
const FAST: u8 = 3;
const FULL: u8 = 4;

/// Whether the answer is that of an empty password.
fn is_empty(answer: &[u8]) -> bool {
    matches!(answer, [] | [0])
}

/// A password, or a hash with its challenge: hashcat's mode 11200 for the native one; nothing reads
/// the other, which is written alike.
fn secret(answer: &[u8], way: Way, cx: &Cx<'_>) -> String {
    let form = match way {
        _ if is_empty(answer) => return String::new(),
        Way::Clear => return Fields(answer).until_nul(),
        Way::Native => "$mysqlna$",
        Way::Sha2 => "$mysqlsha2$",
    };
    format!("{form}{}*{}", hexadecimal(&challenge(cx)), hexadecimal(answer))
}

fn credentials(mechanism: &str, response: &Response, secret: String) -> Credentials {
    let user = Some(response.user.clone());
    Credentials { protocol: "mysql", mechanism: mechanism.to_owned(), user, secret }
}

/// Notes a login, and says whether it is right.
fn judge(
    given: Credentials,
    response: Response,
    session: &mut Session,
    (cx, out): (&Cx<'_>, &mut Out),
) -> Result<(), Refusal> {
    let is_right = cx.rules.mysql.accept.admits(&given, cx);
    let using = if given.secret.is_empty() { "NO" } else { "YES" };
    out.note(Event::Credentials(given.into()));
    if is_right {
        session.user = response.user;
        session.database = response.database;
        return Ok(());
    }
    let (user, host) = (response.user, cx.persona.public_address);
    let text = format!("Access denied for user '{user}'@'{host}' (using password: {using})");
    Err(Refusal { code: 1045, state: "28000", text })
}

/// Says what a login came to.
fn conclude(judged: Result<(), Refusal>, reply: &mut Reply) -> Step {
    match judged {
        Ok(()) => {
            reply.done(0, More::Nothing);
            Step::GoOn(State::Command)
        }
        Err(refusal) => {
            reply.refused(&refusal);
            Step::Leave(Next::Close)
        }
    }
}
