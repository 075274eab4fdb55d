//! What is known of one client.

use model::{Event, Limit};

use super::message::Command;
use super::path::resolved;
use super::transfer::Data;
use super::tree::{Full, Tree};
use crate::broken_rules::BrokenRules;
use crate::derived::{Purpose, derived};
use crate::{Cx, Out, Wrap};

/// What is known of one client.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) login: Login,
    /// Where it is.
    pub(super) folder: String,
    pub(super) tree: Tree,
    /// How it wants to be sent what it fetches.
    pub(super) form: Form,
    /// What REST said.
    pub(super) restart: u64,
    /// What RNFR, or CPFR, named.
    pub(super) from: Option<String>,
    /// What data connections are wrapped in; nothing, as long as that was not said.
    pub(super) wrap: Option<Wrap>,
    pub(super) data: Data,
    /// How many names and ports it was given.
    pub(super) given: u64,
    /// Whether it wants to leave as soon as its files are there.
    pub(super) is_leaving: bool,
    broken_rules: BrokenRules,
    is_full: bool,
}

/// Who it is.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) enum Login {
    #[default]
    Nobody,
    /// Whom USER named.
    Named(String),
    /// Who was let in.
    In(String),
}

/// A representation (RFC 959 §3.1.1). Bytes are the same in both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Form {
    #[default]
    Ascii,
    Binary,
}

impl Default for Session {
    fn default() -> Self {
        Self {
            login: Login::Nobody,
            folder: "/".to_owned(),
            tree: Tree::default(),
            form: Form::Ascii,
            restart: 0,
            from: None,
            wrap: None,
            data: Data::None,
            given: 0,
            is_leaving: false,
            broken_rules: BrokenRules::default(),
            is_full: false,
        }
    }
}

impl Session {
    /// Forgets all but what was noted.
    pub(super) fn begin_anew(&mut self) {
        let broken_rules = std::mem::take(&mut self.broken_rules);
        *self = Self { given: self.given, broken_rules, is_full: self.is_full, ..Self::default() };
    }

    /// The path a command is about; if it is none, that is said.
    pub(super) fn path(&self, command: &Command, out: &mut Out) -> Option<String> {
        let about = command.about.trim();
        if about.is_empty() {
            out.send(format!("500 {} not understood\r\n", command.text()));
            return None;
        }
        let path = resolved(&self.folder, about);
        if path.is_none() {
            out.send("550 File name too long\r\n");
        }
        path
    }

    /// Says how something ended that changes the tree.
    pub(super) fn changed(&mut self, outcome: Result<(), Full>, done: &str, out: &mut Out) {
        match outcome {
            Ok(()) => out.send(format!("{done}\r\n")),
            Err(Full) => {
                self.note_full(out);
                out.send("452 Insufficient storage space\r\n");
            }
        }
    }

    /// Notes that no more can be changed, once.
    pub(super) fn note_full(&mut self, out: &mut Out) {
        if !std::mem::replace(&mut self.is_full, true) {
            out.note(Event::LimitReached(Limit::FtpChanges));
        }
    }

    /// A number that it was not given before.
    pub(super) fn another_number(&mut self, cx: &Cx<'_>) -> u64 {
        self.given += 1;
        let text = format!("{}/{}", cx.flow.id, self.given);
        let [number, _] = derived(&cx.persona.seed, Purpose::Port, &text);
        number
    }

    /// What data connections are wrapped in. Where TLS came first they are, too, unless something
    /// else was said.
    pub(super) fn wrap(&self, cx: &Cx<'_>) -> Wrap {
        let is_implicit = cx.flow.orig_dst.port() == 990;
        self.wrap.unwrap_or(if is_implicit { Wrap::Tls } else { Wrap::None })
    }

    /// Notes a broken rule, once.
    pub(super) fn broke(&mut self, rule: &'static str, out: &mut Out) {
        self.broken_rules.note("ftp", rule, out);
    }
}

impl Form {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Ascii => "ASCII",
            Self::Binary => "BINARY",
        }
    }
}
