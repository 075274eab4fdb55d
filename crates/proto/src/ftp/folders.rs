//! What is where, and how a client changes that.

use super::listing::{compact, facts};
use super::message::Command;
use super::path::{joined, resolved, split};
use super::session::Session;
use super::tree::{Entry, Found, Kind, Regular};
use crate::{Cx, Out};

/// CWD. There is every folder that is not known to be something else.
pub(super) fn cwd(session: &mut Session, command: &Command, cx: &Cx<'_>, out: &mut Out) {
    let Some(path) = session.path(command, out) else { return };
    match session.tree.find(&path, cx) {
        Found::Folder(_) | Found::Anything(_) => {
            session.folder = path;
            out.send("250 CWD command successful\r\n");
        }
        Found::Regular(_) => out.send(format!("550 {}: Not a directory\r\n", command.about.trim())),
        Found::Nothing => out.send(missing(&command.about)),
    }
}

pub(super) fn cdup(session: &mut Session, command: &Command, _: &Cx<'_>, out: &mut Out) {
    session.folder = split(&session.folder).0.to_owned();
    out.send(format!("250 {} command successful\r\n", command.verb));
}

pub(super) fn pwd(session: &mut Session, _: &Command, _: &Cx<'_>, out: &mut Out) {
    out.send(format!("257 \"{}\" is the current directory\r\n", quoted(&session.folder)));
}

pub(super) fn mkd(session: &mut Session, command: &Command, cx: &Cx<'_>, out: &mut Out) {
    let Some(path) = session.path(command, out) else { return };
    if let Found::Regular(_) | Found::Folder(_) = session.tree.find(&path, cx) {
        out.send(format!("550 {}: File exists\r\n", command.about.trim()));
        return;
    }
    let done = format!("257 \"{}\" - Directory successfully created", quoted(&path));
    let outcome = session.tree.make_folder(path, cx);
    session.changed(outcome, &done, out);
}

/// A quote inside a path is said twice (RFC 959, appendix II).
fn quoted(path: &str) -> String {
    path.replace('"', "\"\"")
}

pub(super) fn dele(session: &mut Session, command: &Command, cx: &Cx<'_>, out: &mut Out) {
    let Some(path) = session.path(command, out) else { return };
    match session.tree.file(&path, cx) {
        Some(_) => {
            let outcome = session.tree.remove(&path, cx);
            session.changed(outcome, "250 DELE command successful", out);
        }
        None if session.tree.is_folder(&path, cx) => {
            out.send(format!("550 {}: Is a directory\r\n", command.about.trim()));
        }
        None => out.send(missing(&command.about)),
    }
}

pub(super) fn rmd(session: &mut Session, command: &Command, cx: &Cx<'_>, out: &mut Out) {
    let Some(path) = session.path(command, out) else { return };
    if path == "/" || !session.tree.is_folder(&path, cx) {
        out.send(missing(&command.about));
        return;
    }
    let outcome = session.tree.remove(&path, cx);
    session.changed(outcome, "250 RMD command successful", out);
}

pub(super) fn rnfr(session: &mut Session, command: &Command, cx: &Cx<'_>, out: &mut Out) {
    let Some(path) = session.path(command, out) else { return };
    if path == "/" || session.tree.find(&path, cx) == Found::Nothing {
        out.send(missing(&command.about));
        return;
    }
    session.from = Some(path);
    out.send(READY);
}

const READY: &str = "350 File or directory exists, ready for destination name\r\n";

pub(super) fn rnto(session: &mut Session, command: &Command, cx: &Cx<'_>, out: &mut Out) {
    let Some(to) = session.path(command, out) else { return };
    let Some(from) = session.from.take() else {
        session.broke("a new name without an old one", out);
        out.send("503 Bad sequence of commands\r\n");
        return;
    };
    if is_inside(&to, &from) {
        out.send("550 Rename: Invalid argument\r\n");
        return;
    }
    let copied = session.tree.copy(&from, &to, cx);
    let outcome = copied.and_then(|()| session.tree.remove(&from, cx));
    session.changed(outcome, "250 Rename successful", out);
}

fn is_inside(path: &str, folder: &str) -> bool {
    path == folder || path.starts_with(&joined(folder, ""))
}

pub(super) fn size(session: &mut Session, command: &Command, cx: &Cx<'_>, out: &mut Out) {
    let Some(path) = session.path(command, out) else { return };
    out.send(match session.tree.file(&path, cx) {
        Some(file) => format!("213 {}\r\n", file.bytes),
        None => missing(&command.about),
    });
}

/// MDTM; with a time before the name it sets one, as some clients do.
pub(super) fn mdtm(session: &mut Session, command: &Command, cx: &Cx<'_>, out: &mut Out) {
    if let Some((time, name)) = timed(&command.about)
        && let Some(path) = resolved(&session.folder, name)
        && session.tree.file(&path, cx).is_some()
    {
        out.send(format!("213 {time}\r\n"));
        return;
    }
    let Some(path) = session.path(command, out) else { return };
    out.send(match session.tree.file(&path, cx) {
        Some(file) => format!("213 {}\r\n", compact(file.modified)),
        None => missing(&command.about),
    });
}

/// MFMT: a time for a file.
pub(super) fn mfmt(session: &mut Session, command: &Command, cx: &Cx<'_>, out: &mut Out) {
    let Some((time, name)) = timed(&command.about) else {
        out.send("501 MFMT: Invalid number of parameters\r\n");
        return;
    };
    let path = resolved(&session.folder, name);
    out.send(match path.and_then(|path| session.tree.file(&path, cx)) {
        Some(_) => format!("213 Modify={time}; {name}\r\n"),
        None => missing(name),
    });
}

/// A time of fourteen digits, and what comes after it.
fn timed(about: &str) -> Option<(&str, &str)> {
    let (time, name) = about.trim().split_once(' ')?;
    let is_time = time.len() == 14 && time.bytes().all(|byte| byte.is_ascii_digit());
    is_time.then_some((time, name))
}

/// MLST: the facts of one path.
pub(super) fn mlst(session: &mut Session, command: &Command, cx: &Cx<'_>, out: &mut Out) {
    let Some(path) = resolved(&session.folder, &command.about) else {
        out.send("550 File name too long\r\n");
        return;
    };
    out.send(match entry(session, &path, cx) {
        Some(entry) => {
            let about = format!("250-Start of list for {}\r\n", command.about.trim());
            format!("{about} {} {path}\r\n250 End of list\r\n", facts(&entry))
        }
        None => missing(&command.about),
    });
}

/// What is at a path, as a listing has it.
pub(super) fn entry(session: &Session, path: &str, cx: &Cx<'_>) -> Option<Entry> {
    let name = split(path).1.to_owned();
    match session.tree.find(path, cx) {
        Found::Regular(Regular { bytes, modified, .. })
        | Found::Anything(Regular { bytes, modified, .. }) => {
            Some(Entry { name, kind: Kind::Regular, bytes, modified })
        }
        Found::Folder(modified) => Some(Entry { name, kind: Kind::Folder, bytes: 4_096, modified }),
        Found::Nothing => None,
    }
}

/// SITE: what is particular to a server. CPFR and CPTO copy, which worms write themselves into a web
/// server's folder with.
pub(super) fn site(session: &mut Session, command: &Command, cx: &Cx<'_>, out: &mut Out) {
    let about = command.about.trim();
    let (word, rest) = about.split_once(' ').unwrap_or((about, ""));
    let inner = Command { verb: word.to_ascii_uppercase(), about: rest.to_owned() };
    match inner.verb.as_str() {
        "CHGRP" | "CHMOD" | "UTIME" | "SYMLINK" => {
            out.send(format!("200 SITE {} command successful\r\n", inner.verb));
        }
        "CPFR" => rnfr(session, &inner, cx, out),
        "CPTO" => copied_to(session, &inner, cx, out),
        "HELP" => out.send(SITE_HELP),
        _ => out.send(format!("500 'SITE {}' not understood\r\n", inner.verb)),
    }
}

fn copied_to(session: &mut Session, command: &Command, cx: &Cx<'_>, out: &mut Out) {
    let Some(to) = session.path(command, out) else { return };
    let Some(from) = session.from.take() else {
        out.send("503 Bad sequence of commands\r\n");
        return;
    };
    if is_inside(&to, &from) {
        out.send("550 Copy: Invalid argument\r\n");
        return;
    }
    let outcome = session.tree.copy(&from, &to, cx);
    session.changed(outcome, "250 Copy successful", out);
}

const SITE_HELP: &str = "214-The following SITE commands are recognized\r\n CHGRP\r\n CHMOD\r\n \
                         CPFR\r\n CPTO\r\n HELP\r\n SYMLINK\r\n UTIME\r\n214 End\r\n";

/// What is not there.
pub(super) fn missing(about: &str) -> String {
    format!("550 {}: No such file or directory\r\n", about.trim())
}
