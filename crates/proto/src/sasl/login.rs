//! A login as protocols of lines carry it: base64 both ways, and a star from who gives up.

use model::Credentials;

use super::{Exchange, Given, Mechanism, Turn};
use crate::Cx;
use crate::base64::{decoded, encoded};

/// A login on its way, with the name its mechanism was asked for by.
#[derive(Debug)]
pub(crate) struct Login {
    protocol: &'static str,
    mechanism: String,
    exchange: Exchange,
}

/// What comes next.
#[derive(Debug)]
pub(crate) enum Step {
    /// The client gave up.
    Aborted,
    /// The client is asked this, and goes on.
    Ask(String, Login),
    /// It has said all.
    Given(Credentials),
    /// What it said is not base64, and kept as it came.
    NotBase64(Credentials),
    /// We have no such mechanism; its first answer is kept as it came.
    Unknown(Option<Credentials>),
}

/// What breaks the rules of every one of these protocols.
pub(crate) const INVALID_BASE64: &str = "an answer to AUTH that is not base64";

impl Login {
    /// A client of `protocol` would like to log in; with the first answer, if it gives that unasked.
    pub(crate) fn begin(
        protocol: &'static str,
        name: &str,
        initial: Option<&str>,
        cx: &Cx<'_>,
    ) -> Step {
        let mechanism = name.to_ascii_lowercase();
        let Some(known) = Mechanism::named(name) else {
            let initial = initial.map(|said| raw(protocol, mechanism, said));
            return Step::Unknown(initial);
        };
        let mut login = Self { protocol, mechanism, exchange: Exchange::new(known) };
        match initial {
            None => {
                let turn = login.exchange.hear(None, cx);
                login.answer(turn)
            }
            // An answer without anything in it (RFC 4954 §4, RFC 5034 §4).
            Some("=") => login.hear("", cx),
            Some(initial) => login.hear(initial, cx),
        }
    }

    /// Takes in a line of a client.
    pub(crate) fn hear(mut self, said: &str, cx: &Cx<'_>) -> Step {
        if said == "*" {
            return Step::Aborted;
        }
        let Some(said) = decoded(said) else {
            return Step::NotBase64(raw(self.protocol, self.mechanism, said));
        };
        let turn = self.exchange.hear(Some(&said), cx);
        self.answer(turn)
    }

    fn answer(self, turn: Turn) -> Step {
        match turn {
            Turn::Ask(question) => Step::Ask(encoded(&question), self),
            Turn::Given(Given { user, secret }) => {
                let (protocol, mechanism) = (self.protocol, self.mechanism);
                Step::Given(Credentials { protocol, mechanism, user, secret })
            }
        }
    }
}

/// What is not understood.
fn raw(protocol: &'static str, mechanism: String, said: &str) -> Credentials {
    Credentials { protocol, mechanism, user: None, secret: said.to_owned() }
}
