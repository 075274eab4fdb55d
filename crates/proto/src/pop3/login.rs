//! USER and PASS, APOP (RFC 1939 §7), AUTH (RFC 5034): whatever is given is noted, and right in the
//! end.

use model::{Credentials, Event};

use super::machine::{Session, State};
use super::maildrop::Maildrop;
use super::message::Command;
use super::reply::{line, mechanisms};
use crate::sasl::{INVALID_BASE64, Login, Step, challenge};
use crate::{Cx, Out};

/// USER.
pub(super) fn user(session: &mut Session, command: &Command, _: &Cx<'_>, out: &mut Out) -> State {
    let user = command.about.trim();
    if user.is_empty() {
        out.send(line("-ERR Missing username."));
    } else {
        session.user = Some(user.to_owned());
        out.send(line("+OK"));
    }
    State::Command
}

/// PASS. A password without a user is noted as well.
pub(super) fn pass(session: &mut Session, command: &Command, cx: &Cx<'_>, out: &mut Out) -> State {
    let (user, secret) = (session.user.take(), command.about.clone());
    let is_named = user.is_some();
    let given = Credentials { protocol: "pop3", mechanism: "pass".to_owned(), user, secret };
    if is_named {
        session.log_in(given, cx, out);
    } else {
        session.broke("a password without a user", out);
        note(given, out);
        out.send(line("-ERR No username given."));
    }
    State::Command
}

/// APOP: a digest of the timestamp in our greeting and of the password.
pub(super) fn apop(session: &mut Session, command: &Command, cx: &Cx<'_>, out: &mut Out) -> State {
    let mut words = command.words();
    let (Some(user), Some(digest)) = (words.next(), words.next()) else {
        out.send(line("-ERR Missing parameters."));
        return State::Command;
    };
    let (user, mechanism) = (Some(user.to_owned()), "apop".to_owned());
    let secret = guessable(digest, cx);
    session.log_in(Credentials { protocol: "pop3", mechanism, user, secret }, cx, out);
    State::Command
}

/// A digest with what it was made of, as hashcat reads it (mode 20); other words as they came.
fn guessable(digest: &str, cx: &Cx<'_>) -> String {
    let is_digest = digest.len() == 32 && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_digest {
        format!("{}:{}", digest.to_ascii_lowercase(), challenge(cx))
    } else {
        digest.to_owned()
    }
}

/// AUTH; alone it asks for the mechanisms.
pub(super) fn auth(session: &mut Session, command: &Command, cx: &Cx<'_>, out: &mut Out) -> State {
    let mut words = command.words();
    let (Some(name), initial) = (words.next(), words.next()) else {
        out.send(mechanisms(cx));
        return State::Command;
    };
    session.follow(Login::begin("pop3", name, initial, cx), cx, out)
}

impl Session {
    /// Says what a step of a login comes to.
    pub(super) fn follow(&mut self, step: Step, cx: &Cx<'_>, out: &mut Out) -> State {
        match step {
            Step::Aborted => out.send(line("-ERR Authentication aborted by client.")),
            Step::Ask(question, login) => {
                out.send(format!("+ {question}\r\n"));
                return State::Login(login);
            }
            Step::Given(given) => self.log_in(given, cx, out),
            Step::NotBase64(given) => {
                self.broke(INVALID_BASE64, out);
                note(given, out);
                out.send(line("-ERR [AUTH] Invalid base64 data in continued response"));
            }
            Step::Unknown(given) => {
                given.into_iter().for_each(|given| note(given, out));
                out.send(line("-ERR [AUTH] Unsupported authentication mechanism."));
            }
        }
        State::Command
    }

    /// Notes a login, and lets in whom it is to let in.
    fn log_in(&mut self, given: Credentials, cx: &Cx<'_>, out: &mut Out) {
        let user = given.user.clone().unwrap_or_default();
        let is_right = cx.rules.pop3.accept.admits(&given, cx);
        note(given, out);
        if is_right {
            self.maildrop = Some(Maildrop::open(&user, cx));
            out.send(line("+OK Logged in."));
        } else {
            out.send(line("-ERR [AUTH] Authentication failed."));
        }
    }
}

fn note(credentials: Credentials, out: &mut Out) {
    out.note(Event::Credentials(credentials.into()));
}
