//! AUTH (RFC 4954): whatever is given is noted, and right in the end.

use model::{Credentials, Event};

use super::machine::{Session, State};
use super::message::Command;
use super::reply::line;
use crate::base64::{decoded, encoded};
use crate::sasl::{Exchange, Given, Mechanism, Turn};
use crate::{Cx, Out};

/// A login on its way, with the name its mechanism was asked for by.
#[derive(Debug)]
pub(super) struct Login {
    mechanism: String,
    exchange: Exchange,
}

const INVALID_BASE64: &str = "an answer to AUTH that is not base64";

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
    let mechanism = name.to_ascii_lowercase();
    let Some(known) = Mechanism::named(name) else {
        if let Some(secret) = initial {
            note(mechanism, Given { user: None, secret: secret.to_owned() }, out);
        }
        out.send(line("535 5.7.8 Error: authentication failed: Invalid authentication mechanism"));
        return State::Command;
    };
    let mut login = Login { mechanism, exchange: Exchange::new(known) };
    match initial {
        None => {
            let turn = login.exchange.hear(None, cx);
            login.answer(turn, session, cx, out)
        }
        // An answer without anything in it (RFC 4954 §4).
        Some("=") => login.hear("", session, cx, out),
        Some(initial) => login.hear(initial, session, cx, out),
    }
}

impl Login {
    /// Takes in a line of a client.
    pub(super) fn hear(
        mut self,
        said: &str,
        session: &mut Session,
        cx: &Cx<'_>,
        out: &mut Out,
    ) -> State {
        if said == "*" {
            out.send(line("501 5.7.0 Authentication aborted"));
            return State::Command;
        }
        let Some(said) = decoded(said) else {
            session.broke(INVALID_BASE64, out);
            note(self.mechanism, Given { user: None, secret: said.to_owned() }, out);
            out.send(line("535 5.7.8 Error: authentication failed: Invalid base64 data"));
            return State::Command;
        };
        let turn = self.exchange.hear(Some(&said), cx);
        self.answer(turn, session, cx, out)
    }

    fn answer(self, turn: Turn, session: &mut Session, cx: &Cx<'_>, out: &mut Out) -> State {
        match turn {
            Turn::Ask(question) => {
                out.send(format!("334 {}\r\n", encoded(&question)));
                State::Login(self)
            }
            Turn::Given(given) => {
                note(self.mechanism, given, out);
                session.judge_login(cx, out);
                State::Command
            }
        }
    }
}

impl Session {
    /// So many are refused; then whatever comes is right.
    fn judge_login(&mut self, cx: &Cx<'_>, out: &mut Out) {
        if self.refused_logins < cx.rules.smtp.refused_logins {
            self.refused_logins += 1;
            out.send(line("535 5.7.8 Error: authentication failed: authentication failure"));
            return;
        }
        self.is_logged_in = true;
        out.send(line("235 2.7.0 Authentication successful"));
    }
}

fn note(mechanism: String, Given { user, secret }: Given, out: &mut Out) {
    let credentials = Credentials { protocol: "smtp", mechanism, user, secret };
    out.note(Event::Credentials(credentials.into()));
}
