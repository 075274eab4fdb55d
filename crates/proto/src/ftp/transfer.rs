//! What goes over data connections: the companion of a control connection carries it.

use bytes::Bytes;
use model::{ArtifactSource, Event, Limit, Timestamp};

use super::folders::{entry, missing};
use super::listing::{facts, long};
use super::message::Command;
use super::path::{joined, matches, resolved, split};
use super::session::Session;
use super::tree::{Entry, Found, Kind, Regular};
use crate::{Companion, Cx, Errand, News, Out, Outcome, Wanted};

/// Where the data connection is, and what it is for.
#[derive(Debug, Default)]
pub(super) enum Data {
    #[default]
    None,
    /// The client named a port of its own.
    Called(u16),
    /// The client was given a port, and has not come yet.
    Expected,
    /// It is there.
    Open,
    /// It will be there; this is to be done then.
    Wanted(Transfer),
    /// This is being done.
    Busy(Transfer),
}

/// What a client wants transferred.
#[derive(Debug)]
pub(super) struct Transfer {
    /// What is said when it begins.
    opening: String,
    what: What,
}

#[derive(Debug)]
enum What {
    Send(Bytes),
    Take(Upload),
}

/// A file on its way to us.
#[derive(Debug)]
struct Upload {
    path: String,
    /// What is there already, and stays before it.
    before: u64,
    /// The same, if it is known.
    content_before: Option<Bytes>,
}

impl Data {
    /// Whether something is being transferred, or about to be.
    pub(super) const fn is_busy(&self) -> bool {
        matches!(self, Self::Wanted(_) | Self::Busy(_))
    }
}

impl Session {
    /// Whether nothing else can be transferred now; that is said.
    pub(super) fn is_busy(&mut self, command: &Command, out: &mut Out) -> bool {
        let is_busy = self.data.is_busy();
        if is_busy {
            self.broke("a transfer during another", out);
            out.send(format!("450 {}: data transfer in progress\r\n", command.verb));
        }
        is_busy
    }

    /// Something became of the data connection.
    pub(super) fn hear(&mut self, news: News, cx: &Cx<'_>, out: &mut Out) {
        let data = std::mem::take(&mut self.data);
        match (news, data) {
            (News::Opened, Data::Wanted(transfer)) => self.begin(transfer, cx, out),
            (News::Opened, Data::Expected) => self.data = Data::Open,
            (News::Opened, other) => self.data = other,
            (News::Ended(outcome), Data::Busy(transfer)) => {
                self.end(transfer.what, outcome, cx, out);
            }
            (News::Ended(_), Data::Wanted(_)) => {
                out.send("425 Unable to build data connection: Connection refused\r\n");
            }
            (News::Ended(_), _) => {}
        }
        if self.is_leaving && !self.data.is_busy() {
            self.leave(out);
        }
    }

    /// The time is over in which a data connection is waited for.
    pub(super) fn waited(&mut self, out: &mut Out) {
        if !matches!(self.data, Data::Expected | Data::Wanted(_)) {
            return;
        }
        let is_wanted = self.data.is_busy();
        self.data = Data::None;
        out.companion(Companion::Leave);
        out.note(Event::LimitReached(Limit::FtpDataWait));
        if is_wanted {
            out.send("425 Unable to build data connection: Connection timed out\r\n");
        }
        if self.is_leaving {
            self.leave(out);
        }
    }

    /// Transfers as soon as there is a connection for it.
    fn transfer(&mut self, transfer: Transfer, cx: &Cx<'_>, out: &mut Out) {
        match std::mem::take(&mut self.data) {
            Data::Open => self.begin(transfer, cx, out),
            Data::Expected => self.data = Data::Wanted(transfer),
            Data::Called(port) => {
                out.companion(Companion::Call(Wanted { port, wrap: self.wrap(cx) }));
                out.wake_after(cx.rules.ftp.data_wait);
                self.data = Data::Wanted(transfer);
            }
            Data::None | Data::Wanted(_) | Data::Busy(_) => {
                self.broke("a transfer without a data connection", out);
                out.send("425 Unable to build data connection: Connection refused\r\n");
            }
        }
    }

    fn begin(&mut self, transfer: Transfer, cx: &Cx<'_>, out: &mut Out) {
        out.send(format!("150 {}\r\n", transfer.opening));
        out.companion(Companion::Errand(match &transfer.what {
            What::Send(bytes) => Errand::Send(bytes.clone()),
            What::Take(upload) => Errand::Take {
                source: ArtifactSource::FtpUpload,
                name: upload.path.clone(),
                reported: self.tree.room(cx).saturating_sub(upload.kept()),
            },
        }));
        self.data = Data::Busy(transfer);
    }

    fn end(&mut self, what: What, outcome: Outcome, cx: &Cx<'_>, out: &mut Out) {
        match (what, outcome) {
            (What::Take(upload), Outcome::Took { bytes, content }) => {
                if content.is_none() && bytes > 0 {
                    out.note(Event::LimitReached(Limit::FtpKeptBytes));
                }
                let (path, file) = upload.ended(bytes, content, cx.now);
                if self.tree.put(path, file, cx).is_err() {
                    self.note_full(out);
                }
                out.send("226 Transfer complete\r\n");
            }
            (_, Outcome::Broken) => {
                out.send("426 Transfer aborted. Data connection closed\r\n");
            }
            (_, Outcome::Sent | Outcome::Took { .. }) => out.send("226 Transfer complete\r\n"),
        }
    }
}

impl Upload {
    fn kept(&self) -> usize {
        self.content_before.as_ref().map_or(0, Bytes::len)
    }

    /// The file, and where it is from now on.
    fn ended(self, bytes: u64, content: Option<Bytes>, now: Timestamp) -> (String, Regular) {
        let whole = self.content_before.zip(content);
        let content = whole.map(|(before, after)| [&before[..], &after[..]].concat().into());
        let bytes = self.before.saturating_add(bytes);
        (self.path, Regular { bytes, content, modified: now })
    }
}

pub(super) fn abor(session: &mut Session, _: &Command, _: &Cx<'_>, out: &mut Out) {
    if session.data.is_busy() {
        out.send("426 Transfer aborted. Data connection closed\r\n");
    }
    session.data = Data::None;
    out.companion(Companion::Leave);
    out.send("226 Abort successful\r\n");
}

/// REST: where the next transfer begins.
pub(super) fn rest(session: &mut Session, command: &Command, _: &Cx<'_>, out: &mut Out) {
    match command.word().parse() {
        Ok(place) => {
            session.restart = place;
            out.send(format!(
                "350 Restarting at {place}. Send STORE or RETRIEVE to initiate transfer\r\n"
            ));
        }
        Err(_) => out.send("501 REST requires a value greater than or equal to 0\r\n"),
    }
}

pub(super) fn retr(session: &mut Session, command: &Command, cx: &Cx<'_>, out: &mut Out) {
    let restart = usize::try_from(std::mem::take(&mut session.restart)).unwrap_or(usize::MAX);
    if session.is_busy(command, out) {
        return;
    }
    let Some(path) = session.path(command, out) else { return };
    let name = command.about.trim();
    let content = match session.tree.file(&path, cx) {
        Some(Regular { content: Some(content), .. }) => content,
        Some(Regular { content: None, .. }) => {
            out.send(format!("550 {name}: Permission denied\r\n"));
            return;
        }
        None if session.tree.is_folder(&path, cx) => {
            out.send(format!("550 {name}: Not a regular file\r\n"));
            return;
        }
        None => {
            out.send(missing(name));
            return;
        }
    };
    if restart > content.len() {
        out.send("554 Restart offset reply beyond end of file\r\n");
        return;
    }
    let (form, bytes) = (session.form.name(), content.slice(restart..));
    let opening =
        format!("Opening {form} mode data connection for {name} ({} bytes)", content.len());
    session.transfer(Transfer { opening, what: What::Send(bytes) }, cx, out);
}

/// STOR, after REST from a place inside what is there.
pub(super) fn stor(session: &mut Session, command: &Command, cx: &Cx<'_>, out: &mut Out) {
    let restart = std::mem::take(&mut session.restart);
    if session.is_busy(command, out) {
        return;
    }
    let Some(path) = session.path(command, out) else { return };
    let content = (restart > 0).then(|| session.tree.file(&path, cx)).flatten();
    let content = content.and_then(|file| file.content).unwrap_or_default();
    let kept = usize::try_from(restart).ok().filter(|kept| *kept <= content.len());
    let content_before = kept.map(|kept| content.slice(..kept));
    session.take(command, Upload { path, before: restart, content_before }, cx, out);
}

/// APPE: after what is there.
pub(super) fn appe(session: &mut Session, command: &Command, cx: &Cx<'_>, out: &mut Out) {
    session.restart = 0;
    if session.is_busy(command, out) {
        return;
    }
    let Some(path) = session.path(command, out) else { return };
    let before = session.tree.file(&path, cx);
    let upload = match before {
        Some(Regular { bytes, content, .. }) => {
            Upload { path, before: bytes, content_before: content }
        }
        None => Upload { path, before: 0, content_before: Some(Bytes::new()) },
    };
    session.take(command, upload, cx, out);
}

/// STOU: under a name of our own, which is said (RFC 1123 §4.1.2.9).
pub(super) fn stou(session: &mut Session, command: &Command, cx: &Cx<'_>, out: &mut Out) {
    session.restart = 0;
    if session.is_busy(command, out) {
        return;
    }
    let name = format!("ftp{:06x}", session.another_number(cx) & 0xff_ffff);
    let path = joined(&session.folder, &name);
    let what = What::Take(Upload { path, before: 0, content_before: Some(Bytes::new()) });
    session.transfer(Transfer { opening: format!("FILE: {name}"), what }, cx, out);
}

impl Session {
    fn take(&mut self, command: &Command, upload: Upload, cx: &Cx<'_>, out: &mut Out) {
        if let Found::Folder(_) = self.tree.find(&upload.path, cx) {
            out.send(format!("550 {}: Not a regular file\r\n", command.about.trim()));
            return;
        }
        let (form, name) = (self.form.name(), command.about.trim());
        let opening = format!("Opening {form} mode data connection for {name}");
        self.transfer(Transfer { opening, what: What::Take(upload) }, cx, out);
    }
}

pub(super) fn list(session: &mut Session, command: &Command, cx: &Cx<'_>, out: &mut Out) {
    let line = |entry: &Entry, _: &str| long(entry, cx.now);
    session.send_list(command, &line, cx, out);
}

pub(super) fn nlst(session: &mut Session, command: &Command, cx: &Cx<'_>, out: &mut Out) {
    let line = |entry: &Entry, prefix: &str| format!("{prefix}{}\r\n", entry.name);
    session.send_list(command, &line, cx, out);
}

pub(super) fn mlsd(session: &mut Session, command: &Command, cx: &Cx<'_>, out: &mut Out) {
    let line = |entry: &Entry, _: &str| format!("{} {}\r\n", facts(entry), entry.name);
    session.send_list(command, &line, cx, out);
}

impl Session {
    /// Sends a line for each entry that a command is about. A line may begin with what the command
    /// said before the name.
    fn send_list(
        &mut self,
        command: &Command,
        line: &dyn Fn(&Entry, &str) -> String,
        cx: &Cx<'_>,
        out: &mut Out,
    ) {
        if self.is_busy(command, out) {
            return;
        }
        let about = without_options(&command.about);
        let Some((entries, prefix)) = self.listed(about, cx) else {
            out.send(missing(about));
            return;
        };
        let lines: String = entries.iter().map(|entry| line(entry, &prefix)).collect();
        let opening = format!("Opening {} mode data connection for file list", self.form.name());
        self.transfer(Transfer { opening, what: What::Send(lines.into()) }, cx, out);
    }

    /// What a listing is about, and what comes before each name: a folder, one file, or a pattern.
    fn listed(&self, about: &str, cx: &Cx<'_>) -> Option<(Vec<Entry>, String)> {
        let path = resolved(&self.folder, about)?;
        let (folder, pattern) = split(&path);
        let named = &about[..about.rfind('/').map_or(0, |place| place + 1)];
        if pattern.contains(['*', '?']) {
            let mut entries = self.tree.list(folder, cx);
            entries.retain(|entry| matches(pattern, &entry.name));
            return Some((entries, named.to_owned()));
        }
        if self.tree.is_folder(&path, cx) {
            let prefix = if about.is_empty() { "" } else { &joined(about, "") };
            return Some((self.tree.list(&path, cx), prefix.to_owned()));
        }
        let entry = entry(self, &path, cx).filter(|entry| entry.kind == Kind::Regular)?;
        Some((vec![entry], named.to_owned()))
    }
}

/// What is meant for `ls` is no part of a path.
fn without_options(about: &str) -> &str {
    let mut rest = about.trim();
    while rest.starts_with('-') {
        rest = rest.split_once(' ').map_or("", |(_, rest)| rest.trim_start());
    }
    rest
}
