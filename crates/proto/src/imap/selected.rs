//! Commands about the mails of one folder: it is selected, and what is done there.

use super::account::Refusal;
use super::command::{Command, Numbering};
use super::flags::{Change, DELETED, Flags, SEEN, SYSTEM};
use super::folder::{Folder, Mail};
use super::folders::invalid;
use super::machine::State;
use super::session::{Access, Row, Selected, Session, When};
use super::set::{Set, written};
use super::{fetch, search};
use crate::{Cx, Out};

pub(super) const COMMANDS: &[Row] = &[
    ("CHECK", When::Selected, check),
    ("CLOSE", When::Selected, close),
    ("COPY", When::Selected, copy),
    ("EXAMINE", When::LoggedIn, select),
    ("EXPUNGE", When::Selected, expunge),
    ("FETCH", When::Selected, fetch::fetch),
    ("MOVE", When::Selected, copy),
    ("SEARCH", When::Selected, search::search),
    ("SELECT", When::LoggedIn, select),
    ("STORE", When::Selected, store),
    ("UNSELECT", When::Selected, unselect),
];

const NO_SUCH_PLACE: &str = "Invalid messageset";
const READ_ONLY: Refusal = "[READ-ONLY] Mailbox is read-only";

impl Session {
    /// The folder that is selected, unless it was deleted meanwhile.
    pub(super) fn folder(&mut self) -> Option<(&mut Folder, Access)> {
        let Selected { folder, access, .. } = self.selected?;
        Some((self.account.as_mut()?.folder(folder)?, access))
    }

    /// Tells the client of mails that came since it was told last.
    pub(super) fn tell_of_new(&mut self, out: &mut Out) {
        let Some((folder, _)) = self.folder() else { return };
        let (count, recent) = (folder.count(), folder.count_of(|mail| mail.is_recent));
        if let Some(selected) = self.selected.as_mut().filter(|selected| selected.known < count) {
            selected.known = count;
            out.send(format!("* {count} EXISTS\r\n* {recent} RECENT\r\n"));
        }
    }

    /// Takes mails out of the folder, and tells of it.
    fn remove(&mut self, is_gone: impl Fn(&Mail) -> bool, out: &mut Out) {
        let Some((folder, Access::Write)) = self.folder() else { return };
        let gone = folder.remove(is_gone);
        let count = folder.count();
        if let Some(selected) = &mut self.selected {
            selected.known = count;
        }
        let lines = gone.iter().map(|place| format!("* {place} EXPUNGE\r\n"));
        out.send(lines.collect::<String>());
    }
}

/// SELECT and EXAMINE. Whatever was selected before is no more, even if this fails.
fn select(session: &mut Session, command: &Command, _: &Cx<'_>, out: &mut Out) -> State {
    if session.selected.take().is_some() {
        out.send("* OK [CLOSED] Previous mailbox closed.\r\n");
    }
    let (Some(name), Some(account)) = (command.text(0), &mut session.account) else {
        return invalid(command, out);
    };
    let access = if command.verb == "EXAMINE" { Access::Read } else { Access::Write };
    match account.find(name) {
        Ok(folder) => {
            session.selected = Some(Selected { folder: folder.id, access, known: folder.count() });
            out.send(opened(folder, access));
            let word = if access == Access::Read { "READ-ONLY" } else { "READ-WRITE" };
            out.send(command.ok(&format!("[{word}] {} completed.", command.name())));
            if access == Access::Write {
                folder.mails.iter_mut().for_each(|mail| mail.is_recent = false);
            }
        }
        Err(refusal) => out.send(command.no(refusal)),
    }
    State::Command
}

/// What a client is told of a folder (RFC 3501 §6.3.1).
fn opened(folder: &Folder, access: Access) -> String {
    let flags = SYSTEM.join(" ");
    let permanent = match access {
        Access::Read => "()] Read-only mailbox.".to_owned(),
        Access::Write => format!("({flags} \\*)] Flags permitted."),
    };
    let unseen = (1..).zip(&folder.mails).find(|(_, mail)| !mail.flags.has(SEEN));
    let unseen =
        unseen.map(|(place, _): (u32, _)| format!("* OK [UNSEEN {place}] First unseen.\r\n"));
    format!(
        "* FLAGS ({flags})\r\n\
         * OK [PERMANENTFLAGS {permanent}\r\n\
         * {count} EXISTS\r\n\
         * {recent} RECENT\r\n\
         {unseen}\
         * OK [UIDVALIDITY {validity}] UIDs valid\r\n\
         * OK [UIDNEXT {next}] Predicted next UID\r\n",
        count = folder.count(),
        recent = folder.count_of(|mail| mail.is_recent),
        unseen = unseen.unwrap_or_default(),
        validity = folder.validity,
        next = folder.next_uid,
    )
}

fn check(_: &mut Session, command: &Command, _: &Cx<'_>, out: &mut Out) -> State {
    out.send(command.completed());
    State::Command
}

/// What is marked goes, in silence.
fn close(session: &mut Session, command: &Command, cx: &Cx<'_>, out: &mut Out) -> State {
    if let Some((folder, Access::Write)) = session.folder() {
        folder.remove(|mail| mail.flags.has(DELETED));
    }
    unselect(session, command, cx, out)
}

fn unselect(session: &mut Session, command: &Command, _: &Cx<'_>, out: &mut Out) -> State {
    session.selected = None;
    out.send(command.completed());
    State::Command
}

/// EXPUNGE, and UID EXPUNGE of some (RFC 4315 §2.1).
fn expunge(session: &mut Session, command: &Command, _: &Cx<'_>, out: &mut Out) -> State {
    let some = match command.by {
        Numbering::Place => Set::read("1:*"),
        Numbering::Uid => command.text(0).and_then(Set::read),
    };
    let Some(set) = some else { return invalid(command, out) };
    let Some((folder, Access::Write)) = session.folder() else {
        out.send(command.no(READ_ONLY));
        return State::Command;
    };
    let newest = folder.mails.last().map_or(0, |mail| mail.uid);
    session.remove(|mail| mail.flags.has(DELETED) && set.has(mail.uid, newest), out);
    out.send(command.completed());
    State::Command
}

/// STORE: marks are set or taken away.
fn store(session: &mut Session, command: &Command, _: &Cx<'_>, out: &mut Out) -> State {
    let set = command.text(0).and_then(Set::read);
    let wish = command.text(1).and_then(wish);
    let (Some(set), Some((change, is_silent))) = (set, wish) else {
        return invalid(command, out);
    };
    let by = Flags::read(command.from(2));
    if change != Change::Remove && !session.has_room_for(&by, &set, command, out) {
        out.send(command.no(super::account::NO_ROOM));
        return State::Command;
    }
    let Some((folder, Access::Write)) = session.folder() else {
        out.send(command.no(READ_ONLY));
        return State::Command;
    };
    let Some(chosen) = folder.chosen(&set, command.by) else {
        out.send(command.bad(NO_SUCH_PLACE));
        return State::Command;
    };
    let mut answer = String::new();
    for (place, mail) in chosen {
        mail.flags = mail.flags.changed(change, &by);
        if !is_silent {
            answer += &told(place, mail, command.by);
        }
    }
    out.send(answer + &command.completed());
    State::Command
}

/// What is to become of marks, and whether the client wants to hear of it.
fn wish(word: &str) -> Option<(Change, bool)> {
    let word = word.to_ascii_uppercase();
    let (word, is_silent) = match word.strip_suffix(".SILENT") {
        Some(word) => (word, true),
        None => (word.as_str(), false),
    };
    let change = match word {
        "+FLAGS" => Change::Add,
        "-FLAGS" => Change::Remove,
        "FLAGS" => Change::Replace,
        _ => return None,
    };
    Some((change, is_silent))
}

fn told(place: u32, mail: &Mail, by: Numbering) -> String {
    let flags = mail.flags.written(mail.is_recent.then_some("\\Recent"));
    match by {
        Numbering::Place => format!("* {place} FETCH (FLAGS {flags})\r\n"),
        Numbering::Uid => format!("* {place} FETCH (UID {} FLAGS {flags})\r\n", mail.uid),
    }
}

/// COPY, and MOVE (RFC 6851).
fn copy(session: &mut Session, command: &Command, _: &Cx<'_>, out: &mut Out) -> State {
    let (Some(set), Some(name)) = (command.text(0).and_then(Set::read), command.text(1)) else {
        return invalid(command, out);
    };
    let is_move = command.verb == "MOVE";
    if is_move && !matches!(session.folder(), Some((_, Access::Write))) {
        out.send(command.no(READ_ONLY));
        return State::Command;
    }
    let Some(mails) = session.copies(&set, command.by) else {
        out.send(command.bad(NO_SUCH_PLACE));
        return State::Command;
    };
    let from: Vec<u32> = mails.iter().map(|mail| mail.uid).collect();
    let copied = session.put(name, mails, out);
    match copied {
        Ok(code) if is_move => {
            out.send(format!("* OK {code}Moved UIDs.\r\n"));
            session.remove(|mail| from.contains(&mail.uid), out);
            out.send(command.completed());
        }
        Ok(code) => {
            session.tell_of_new(out);
            out.send(command.ok(&format!("{code}Copy completed.")));
        }
        Err(refusal) => out.send(command.no(refusal)),
    }
    State::Command
}

impl Session {
    fn copies(&mut self, set: &Set, by: Numbering) -> Option<Vec<Mail>> {
        let (folder, _) = self.folder()?;
        let chosen = folder.chosen(set, by)?;
        Some(chosen.into_iter().map(|(_, mail)| mail.clone()).collect())
    }

    /// Puts mails into a folder; gives the code that says where they are (RFC 4315 §3).
    fn put(&mut self, name: &str, mails: Vec<Mail>, out: &mut Out) -> Result<String, Refusal> {
        let Some(account) = &mut self.account else { return Ok(String::new()) };
        account.find(name).map_err(|_| "[TRYCREATE] Mailbox doesn't exist")?;
        let from: Vec<u32> = mails.iter().map(|mail| mail.uid).collect();
        for mail in &mails {
            account.take_room(mail.text.len() + mail.flags.bytes(), out)?;
        }
        let folder = account.find(name)?;
        let recent = |mail| Mail { is_recent: true, ..mail };
        let to: Vec<u32> = mails.into_iter().map(|mail| folder.add(recent(mail))).collect();
        if to.is_empty() {
            return Ok(String::new());
        }
        Ok(format!("[COPYUID {} {} {}] ", folder.validity, written(&from), written(&to)))
    }

    /// Whether there is room for words of the client's own on so many mails.
    fn has_room_for(&mut self, flags: &Flags, set: &Set, command: &Command, out: &mut Out) -> bool {
        if flags.bytes() == 0 {
            return true;
        }
        let count = self.copies(set, command.by).map_or(0, |mails| mails.len());
        let Some(account) = &mut self.account else { return false };
        account.take_room(count * flags.bytes(), out).is_ok()
    }
}
