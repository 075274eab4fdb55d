//! What is known of a client, and what is done about its commands.

use model::{Event, Layer, Limit, ServiceCommand};

use super::account::Account;
use super::command::Command;
use super::folder::FolderId;
use super::machine::State;
use super::{append, folders, login, reply, selected};
use crate::broken_rules::BrokenRules;
use crate::{Cx, Next, Out};

/// What is known of the client.
#[derive(Debug, Default)]
pub(super) struct Session {
    /// What the client may read, once it has logged in.
    pub(super) account: Option<Account>,
    pub(super) selected: Option<Selected>,
    /// The number of the next file.
    pub(super) next_file: u32,
    broken_rules: BrokenRules,
}

/// The folder that commands are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Selected {
    pub(super) folder: FolderId,
    pub(super) access: Access,
    /// How many mails the client knows of.
    pub(super) known: u32,
}

/// What may be done in a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    Read,
    Write,
}

/// When a command is obeyed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    Always,
    LoggedIn,
    LoggedOut,
    Selected,
}

/// A command, when it is obeyed, and what is done about it.
pub(super) type Row = (&'static str, When, Obey);
type Obey = fn(&mut Session, &Command, &Cx<'_>, &mut Out) -> State;

static COMMANDS: [&[Row]; 5] =
    [BASIC, login::COMMANDS, folders::COMMANDS, append::COMMANDS, selected::COMMANDS];

/// Commands about the connection itself.
const BASIC: &[Row] = &[
    ("CAPABILITY", When::Always, capability),
    ("ENABLE", When::LoggedIn, enable),
    ("ID", When::Always, id),
    ("IDLE", When::LoggedIn, idle),
    ("LOGOUT", When::Always, logout),
    ("NOOP", When::Always, noop),
    ("STARTTLS", When::LoggedOut, start_tls),
];

/// What says what a victim is after, and is written down.
const TOLD: &[&str] = &["CREATE", "DELETE", "EXAMINE", "ID", "RENAME", "SEARCH", "SELECT"];

impl Session {
    /// Does what a command wants.
    pub(super) fn obey(&mut self, command: &Command, cx: &Cx<'_>, out: &mut Out) -> State {
        let verb = command.verb.as_str();
        let row = COMMANDS.iter().copied().flatten().find(|(known, ..)| *known == verb);
        if TOLD.contains(&verb) {
            tell(command, cx, out);
        }
        match row {
            None => {
                self.broke("an unknown command", out);
                out.send(format!(
                    "{} BAD Error in IMAP command received by server.\r\n",
                    command.tag_or_star()
                ));
            }
            Some(_) if command.arguments.is_none() => {
                self.broke("arguments that have no end", out);
                out.send(command.bad("Missing '\"' or ')'"));
            }
            Some((_, when, _)) if !self.is_time(*when) => {
                self.broke("a command out of its turn", out);
                out.send(command.bad(untimely(*when)));
            }
            Some((_, _, obey)) => return obey(self, command, cx, out),
        }
        State::Command
    }

    fn is_time(&self, when: When) -> bool {
        match when {
            When::Always => true,
            When::LoggedIn => self.account.is_some(),
            When::LoggedOut => self.account.is_none(),
            When::Selected => self.selected.is_some(),
        }
    }

    /// Notes a broken rule, once.
    pub(super) fn broke(&mut self, rule: &'static str, out: &mut Out) {
        self.broken_rules.note("imap", rule, out);
    }
}

fn untimely(when: When) -> &'static str {
    match when {
        When::Selected => "No mailbox selected.",
        When::LoggedOut => "Already logged in.",
        When::Always | When::LoggedIn => "Please login first.",
    }
}

fn tell(command: &Command, cx: &Cx<'_>, out: &mut Out) {
    let mut said = command.said.clone();
    if said.len() > cx.rules.line_bytes {
        said.truncate(said.floor_char_boundary(cx.rules.line_bytes));
        out.note(Event::LimitReached(Limit::LineBytes));
    }
    out.note(Event::Command(Box::new(ServiceCommand { protocol: "imap", command: said })));
}

fn capability(session: &mut Session, command: &Command, cx: &Cx<'_>, out: &mut Out) -> State {
    let able = match session.account {
        Some(_) => reply::after_login(),
        None => reply::before_login(cx),
    };
    out.send(format!("* CAPABILITY {able}\r\n{}", command.completed()));
    State::Command
}

fn noop(_: &mut Session, command: &Command, _: &Cx<'_>, out: &mut Out) -> State {
    out.send(command.ok("NOOP completed."));
    State::Command
}

fn id(_: &mut Session, command: &Command, _: &Cx<'_>, out: &mut Out) -> State {
    out.send(format!("{}{}", reply::ID, command.ok("ID completed.")));
    State::Command
}

/// Nothing that we could enable changes an answer of ours.
fn enable(_: &mut Session, command: &Command, _: &Cx<'_>, out: &mut Out) -> State {
    out.send(format!("* ENABLED\r\n{}", command.completed()));
    State::Command
}

/// Nothing comes; until the client has enough of it (RFC 2177).
fn idle(_: &mut Session, command: &Command, _: &Cx<'_>, out: &mut Out) -> State {
    out.send("+ idling\r\n");
    State::Idle(Box::new(command.clone()))
}

fn logout(_: &mut Session, command: &Command, _: &Cx<'_>, out: &mut Out) -> State {
    out.send(format!("* BYE Logging out\r\n{}", command.completed()));
    out.hand_over(Next::Close);
    State::Command
}

/// What follows is TLS, and inside it we begin anew, without a greeting.
fn start_tls(_: &mut Session, command: &Command, cx: &Cx<'_>, out: &mut Out) -> State {
    if cx.layer == Layer::Wire {
        out.send(command.ok("Begin TLS negotiation now."));
        out.hand_over(Next::StartTls { inside: &super::PROTOCOL });
    } else {
        out.send(command.bad("TLS is already active."));
    }
    State::Command
}
