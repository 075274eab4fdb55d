//! What the server says, line by line. Whatever text goes into a line, it stays one line.

use model::{Credentials, Event, IrcCommand};

use super::network::Network;
use crate::{Cx, Out};

/// Who speaks for the server while one line is answered.
pub(super) struct Voice<'a> {
    pub(super) cx: &'a Cx<'a>,
    pub(super) network: &'a Network,
    pub(super) out: &'a mut Out,
    /// What is said and not sent yet: a line is answered in one piece.
    said: String,
}

/// Longest line, without its end (RFC 2812 §2.3).
const LINE: usize = 510;

impl<'a> Voice<'a> {
    pub(super) fn new(cx: &'a Cx<'a>, network: &'a Network, out: &'a mut Out) -> Self {
        Self { cx, network, out, said: String::new() }
    }

    /// Says a line.
    pub(super) fn say(&mut self, text: &str) {
        let mut line: String =
            text.chars().filter(|letter| !matches!(letter, '\0' | '\r' | '\n')).collect();
        line.truncate(line.floor_char_boundary(LINE));
        line.push_str("\r\n");
        self.said.push_str(&line);
    }

    /// Sends what was said.
    pub(super) fn flush(&mut self) {
        if !self.said.is_empty() {
            self.out.send(std::mem::take(&mut self.said));
        }
    }

    /// Says a line in the server's own name.
    pub(super) fn serve(&mut self, text: &str) {
        let line = format!(":{} {text}", self.network.host);
        self.say(&line);
    }

    /// Says a numbered reply to `nick`.
    pub(super) fn reply(&mut self, nick: &str, (number, text): (u16, &str)) {
        self.serve(&format!("{number:03} {nick} {text}"));
    }

    /// Writes down what the client wants.
    pub(super) fn note(&mut self, command: &'static str, target: &str, text: Option<&str>) {
        let text = text.map(str::to_owned);
        let noted = IrcCommand { command, target: target.to_owned(), text };
        self.out.note(Event::IrcCommand(noted));
    }

    /// Writes down a password.
    pub(super) fn note_password(&mut self, mechanism: &str, user: Option<&str>, secret: &str) {
        let credentials = Credentials {
            protocol: "irc",
            mechanism: mechanism.to_ascii_lowercase(),
            user: user.map(str::to_owned),
            secret: secret.to_owned(),
        };
        self.out.note(Event::Credentials(credentials.into()));
    }
}
