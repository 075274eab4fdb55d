//! LOGIN and AUTHENTICATE: whatever is given is noted, and right if `imap.accept` says so.

use model::{Credentials, Event};

use super::account::Account;
use super::command::Command;
use super::machine::State;
use super::reply;
use super::session::{Row, Session, When};
use crate::sasl::{INVALID_BASE64, Login, Step};
use crate::{Cx, Out};

pub(super) const COMMANDS: &[Row] =
    &[("AUTHENTICATE", When::LoggedOut, authenticate), ("LOGIN", When::LoggedOut, login)];

fn login(session: &mut Session, command: &Command, cx: &Cx<'_>, out: &mut Out) -> State {
    let (Some(user), Some(secret)) = (command.text(0), command.text(1)) else {
        out.send(command.bad("Invalid arguments."));
        return State::Command;
    };
    let (user, secret) = (Some(user.to_owned()), secret.to_owned());
    let mechanism = "login-command".to_owned();
    session.judge(Credentials { protocol: "imap", mechanism, user, secret }, command, cx, out);
    State::Command
}

/// With the first answer, if the client gives that unasked (RFC 4959).
fn authenticate(session: &mut Session, command: &Command, cx: &Cx<'_>, out: &mut Out) -> State {
    let Some(name) = command.text(0) else {
        out.send(command.bad("Invalid arguments."));
        return State::Command;
    };
    let step = Login::begin("imap", name, command.text(1), cx);
    session.follow(step, command, cx, out)
}

impl Session {
    /// Says what a step of a login comes to.
    pub(super) fn follow(
        &mut self,
        step: Step,
        command: &Command,
        cx: &Cx<'_>,
        out: &mut Out,
    ) -> State {
        match step {
            Step::Aborted => out.send(command.bad("Authentication aborted by client.")),
            Step::Ask(question, login) => {
                out.send(format!("+ {question}\r\n"));
                return State::Login { login, command: Box::new(command.clone()) };
            }
            Step::Given(given) => self.judge(given, command, cx, out),
            Step::NotBase64(given) => {
                self.broke(INVALID_BASE64, out);
                note(given, out);
                out.send(command.no("Invalid base64 data in continued response"));
            }
            Step::Unknown(given) => {
                given.into_iter().for_each(|given| note(given, out));
                out.send(command.no("Unsupported authentication mechanism."));
            }
        }
        State::Command
    }

    fn judge(&mut self, given: Credentials, command: &Command, cx: &Cx<'_>, out: &mut Out) {
        let is_right = cx.rules.imap.accept.admits(&given, cx);
        let user = given.user.clone().unwrap_or_default();
        note(given, out);
        if is_right {
            self.account = Some(Account::open(&user, cx));
            let able = reply::after_login();
            out.send(command.ok(&format!("[CAPABILITY {able}] Logged in")));
        } else {
            out.send(command.no("[AUTHENTICATIONFAILED] Authentication failed."));
        }
    }
}

fn note(credentials: Credentials, out: &mut Out) {
    out.note(Event::Credentials(credentials.into()));
}
