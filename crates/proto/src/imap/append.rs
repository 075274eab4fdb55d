//! APPEND: a mail that a client puts into a folder. It is kept whole as a file like one that is
//! sent, and lies in the folder for the rest of the session as far as there is room.

use bytes::Bytes;
use model::{Completeness, Cut, Event, Limit, MailMessage};

use super::account::{Account, Refusal};
use super::arguments::Value;
use super::command::Command;
use super::flags::Flags;
use super::folder::{self, Folder};
use super::literal::{Announced, Waits};
use super::machine::State;
use super::session::{Row, Session, When};
use crate::mail::Mail;
use crate::{Cx, Inbox, Out};

/// A mail on its way in.
#[derive(Debug)]
pub(super) struct Incoming {
    command: Command,
    /// Bytes that are to come.
    left: u64,
    mail: Mail,
    copy: Copy,
}

/// What will lie in the folder.
#[derive(Debug)]
enum Copy {
    Kept(Vec<u8>),
    TooLong,
}

pub(super) const COMMANDS: &[Row] = &[("APPEND", When::LoggedIn, without_a_mail)];

/// An APPEND whose mail is no literal.
fn without_a_mail(_: &mut Session, command: &Command, _: &Cx<'_>, out: &mut Out) -> State {
    out.send(command.bad("Invalid arguments."));
    State::Command
}

/// Whether the literal that a command announces is a mail: the folder is named by then.
pub(super) fn is_message_next(command: &Command) -> bool {
    command.verb == "APPEND" && command.text(0).is_some()
}

/// Takes a mail, if there is somebody to take it for. One that comes unasked is kept all the same.
pub(super) fn begin(
    session: &mut Session,
    command: Command,
    announced: Announced,
    cx: &Cx<'_>,
    out: &mut Out,
) -> State {
    let Some(account) = &mut session.account else {
        session.broke("a command out of its turn", out);
        out.send(command.bad("Please login first."));
        return announced.passing();
    };
    let name = command.text(0).unwrap_or_default();
    match account.find(name) {
        Err(refusal) if announced.waits == Waits::ForUs => {
            out.send(command.no(&try_create(refusal)));
            return State::Command;
        }
        _ => announced.ask(out),
    }
    let is_short = announced.bytes <= cx.rules.imap.mailbox_bytes as u64;
    let copy = if is_short { Copy::Kept(Vec::new()) } else { Copy::TooLong };
    let mail = Mail::begin(session.next_file, out);
    State::Message(Box::new(Incoming { command, left: announced.bytes, mail, copy }))
}

/// What is said where there is no such folder (RFC 3501 §6.3.11).
fn try_create(refusal: Refusal) -> String {
    let words = refusal.split_once("] ").map_or(refusal, |(_, words)| words);
    format!("[TRYCREATE] {words}")
}

impl Incoming {
    /// Takes in what has come; says whether that is all.
    pub(super) fn read(&mut self, inbox: &mut Inbox, cx: &Cx<'_>, out: &mut Out) -> bool {
        let wanted = usize::try_from(self.left).unwrap_or(usize::MAX);
        let bytes = inbox.take(wanted.min(inbox.len())).unwrap_or_default();
        self.left -= bytes.len() as u64;
        self.mail.add(&bytes, cx, out);
        if let Copy::Kept(copy) = &mut self.copy {
            copy.extend_from_slice(&bytes);
        }
        self.left == 0
    }

    /// Hands on what has come of its files.
    pub(super) fn flush(&mut self, out: &mut Out) {
        self.mail.flush(out);
    }

    /// All of it has come.
    pub(super) fn end(self, session: &mut Session, cx: &Cx<'_>, out: &mut Out) {
        let Self { command, mail, copy, .. } = self;
        session.next_file = mail.end(Completeness::Whole, about(), cx, out);
        let Some(account) = &mut session.account else { return };
        let answer = match file(account, &command, copy, cx, out) {
            Ok(Some((validity, uid))) => {
                command.ok(&format!("[APPENDUID {validity} {uid}] Append completed."))
            }
            Ok(None) => command.ok("Append completed."),
            Err(refusal) => command.no(&try_create(refusal)),
        };
        session.tell_of_new(out);
        out.send(answer);
    }

    /// No more of it will come.
    pub(super) fn cut(self, session: &mut Session, cx: &Cx<'_>, out: &mut Out) {
        let cut = Completeness::Cut(Cut::FlowEnded);
        session.next_file = self.mail.end(cut, about(), cx, out);
    }
}

/// Nobody is named around a mail that is filed.
fn about() -> MailMessage {
    MailMessage { protocol: "imap", ..MailMessage::default() }
}

/// Puts a mail into its folder; says where, if there was room for it.
fn file(
    account: &mut Account,
    command: &Command,
    copy: Copy,
    cx: &Cx<'_>,
    out: &mut Out,
) -> Result<Option<(u32, u32)>, Refusal> {
    let name = command.text(0).unwrap_or_default();
    account.find(name)?;
    let text = match copy {
        Copy::Kept(text) => text,
        Copy::TooLong => {
            out.note(Event::LimitReached(Limit::MailboxBytes));
            return Ok(None);
        }
    };
    let lists = command.from(1).iter().filter(|value| matches!(value, Value::List(_)));
    let flags = Flags::read(&lists.cloned().collect::<Vec<_>>());
    if account.take_room(text.len() + flags.bytes(), out).is_err() {
        return Ok(None);
    }
    let folder = account.find(name)?;
    let received = date(command).unwrap_or_else(|| cx.now.as_secs());
    let uid = add(folder, text, received, flags);
    Ok(Some((folder.validity, uid)))
}

fn add(folder: &mut Folder, text: Vec<u8>, received: i64, flags: Flags) -> u32 {
    folder.add(folder::Mail { uid: 0, text: Bytes::from(text), received, flags, is_recent: true })
}

/// When the client says that the mail came: `17-Jul-1996 02:44:25 -0700`.
fn date(command: &Command) -> Option<i64> {
    let text = command.from(1).iter().find_map(Value::text)?;
    let time = jiff::fmt::strtime::parse("%d-%b-%Y %H:%M:%S %z", text.trim()).ok()?;
    Some(time.to_timestamp().ok()?.as_second())
}
