//! AUTH (RFC 4954): whatever is given is noted, and right in the end.

use model::{Credentials, Event};

use super::machine::{Session, State};
use super::message::Command;
use super::reply::line;
use crate::sasl::{INVALID_BASE64, Login, Step};
use crate::{Cx, Out};

/// A client would like to log in; with the first answer, if it gives that unasked.
pub(super) fn begin(session: &mut Session, command: &Command, cx: &Cx<'_>, out: &mut Out) -> State {
    let mut words = command.words();
    let (Some(name), initial) = (words.next(), words.next()) else {
        out.send(line("501 5.5.4 Syntax: AUTH mechanism"));
        return State::Command;
    };
    if session.is_logged_in {
        out.send(line("503 5.5.1 Error: already authenticated"));
        return State::Command;
    }
    session.follow(Login::begin("smtp", name, initial, cx), cx, out)
}

impl Session {
    /// Says what a step of a login comes to.
    pub(super) fn follow(&mut self, step: Step, cx: &Cx<'_>, out: &mut Out) -> State {
        match step {
            Step::Aborted => out.send(line("501 5.7.0 Authentication aborted")),
            Step::Ask(question, login) => {
                out.send(format!("334 {question}\r\n"));
                return State::Login(login);
            }
            Step::Given(given) => self.log_in(given, cx, out),
            Step::NotBase64(given) => {
                self.broke(INVALID_BASE64, out);
                note(given, out);
                out.send(line("535 5.7.8 Error: authentication failed: Invalid base64 data"));
            }
            Step::Unknown(given) => {
                given.into_iter().for_each(|given| note(given, out));
                out.send(line(
                    "535 5.7.8 Error: authentication failed: Invalid authentication mechanism",
                ));
            }
        }
        State::Command
    }

    /// Notes a login, and lets in whom it is to let in.
    fn log_in(&mut self, given: Credentials, cx: &Cx<'_>, out: &mut Out) {
        self.is_logged_in = cx.rules.smtp.accept.admits(&given, cx);
        note(given, out);
        out.send(line(if self.is_logged_in {
            "235 2.7.0 Authentication successful"
        } else {
            "535 5.7.8 Error: authentication failed: authentication failure"
        }));
    }
}

fn note(credentials: Credentials, out: &mut Out) {
    out.note(Event::Credentials(credentials.into()));
}
