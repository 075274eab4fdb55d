//! A mail on its way in: whom it is from, whom it is to, and its text (RFC 5321 §3.3).

use model::{Completeness, Cut, Event, Limit, MailMessage};

use super::machine::{Dialect, Incoming, Session, State};
use super::message::{Command, Path};
use super::reply::{line, queued};
use super::text::Text;
use crate::mail::Mail;
use crate::{Cx, Out};

/// An envelope that was begun.
#[derive(Debug)]
pub(super) struct Envelope {
    from: String,
    to: Vec<String>,
    /// What has come of the message, if that is brought in chunks (RFC 3030).
    chunks: Option<Mail>,
    is_limit_noted: bool,
}

/// A chunk on its way in.
#[derive(Debug)]
pub(super) struct Chunk {
    pub(super) left: u64,
    pub(super) is_last: bool,
    length: u64,
}

/// MAIL, and the commands that were once beside it (RFC 821 §3.4).
pub(super) fn mail(session: &mut Session, command: &Command, _cx: &Cx<'_>, out: &mut Out) -> State {
    let Some(path) = command.after("FROM").map(Path::read) else {
        out.send(line("501 5.5.4 Syntax: MAIL FROM:<address>"));
        return State::Command;
    };
    if session.envelope.is_some() {
        out.send(line("503 5.5.1 Error: nested MAIL command"));
        return State::Command;
    }
    session.judge(&path, MAIL_PARAMETERS, out);
    let (from, to) = (path.address.to_owned(), Vec::new());
    session.envelope = Some(Envelope { from, to, chunks: None, is_limit_noted: false });
    out.send(line("250 2.1.0 Ok"));
    State::Command
}

/// Parameters of the extensions we offer (RFC 1870, 3461, 4954, 6152, 6531).
const MAIL_PARAMETERS: &[&str] = &["AUTH", "BODY", "ENVID", "RET", "SIZE", "SMTPUTF8"];
const RCPT_PARAMETERS: &[&str] = &["NOTIFY", "ORCPT"];

/// RCPT.
pub(super) fn rcpt(session: &mut Session, command: &Command, cx: &Cx<'_>, out: &mut Out) -> State {
    let path = command.after("TO").map(Path::read).filter(|path| !path.address.is_empty());
    let Some(path) = path else {
        out.send(line("501 5.5.4 Syntax: RCPT TO:<address>"));
        return State::Command;
    };
    session.judge(&path, RCPT_PARAMETERS, out);
    let Some(envelope) = &mut session.envelope else {
        out.send(line("503 5.5.1 Error: need MAIL command"));
        return State::Command;
    };
    if envelope.to.len() >= cx.rules.smtp.recipients {
        if !std::mem::replace(&mut envelope.is_limit_noted, true) {
            out.note(Event::LimitReached(Limit::MailRecipients));
        }
        out.send(line("452 4.5.3 Error: too many recipients"));
        return State::Command;
    }
    envelope.to.push(path.address.to_owned());
    out.send(line("250 2.1.5 Ok"));
    State::Command
}

/// DATA.
pub(super) fn data(session: &mut Session, _: &Command, _cx: &Cx<'_>, out: &mut Out) -> State {
    match &session.envelope {
        Some(Envelope { chunks: Some(_), .. }) => {
            out.send(line("503 5.5.1 Error: DATA after BDAT"));
        }
        Some(Envelope { to, .. }) if !to.is_empty() => {
            out.send(line("354 End data with <CR><LF>.<CR><LF>"));
            let mail = Mail::begin(session.next_file, out);
            return State::Text(Box::new(Incoming { text: Text::default(), mail }));
        }
        Some(_) => out.send(line("554 5.5.1 Error: no valid recipients")),
        None => out.send(line("503 5.5.1 Error: need RCPT command")),
    }
    State::Command
}

/// BDAT: a chunk of so many bytes follows at once, wanted or not.
pub(super) fn bdat(session: &mut Session, command: &Command, _: &Cx<'_>, out: &mut Out) -> State {
    let mut words = command.words();
    let length = words.next().and_then(|word| word.parse().ok());
    let is_last = words.next().is_some_and(|word| word.eq_ignore_ascii_case("LAST"));
    let Some(length) = length else {
        out.send(line("501 5.5.4 Syntax: BDAT count [LAST]"));
        return State::Command;
    };
    let next_file = session.next_file;
    if let Some(envelope) = session.envelope.as_mut().filter(|envelope| !envelope.to.is_empty()) {
        envelope.chunks.get_or_insert_with(|| Mail::begin(next_file, out));
    }
    State::Chunk(Chunk { left: length, is_last, length })
}

/// RSET.
pub(super) fn rset(session: &mut Session, _: &Command, cx: &Cx<'_>, out: &mut Out) -> State {
    session.forget(cx, out);
    out.send(line("250 2.0.0 Ok"));
    State::Command
}

impl Envelope {
    pub(super) fn take_chunks(&mut self) -> Option<Mail> {
        self.chunks.take()
    }
}

impl Session {
    fn judge(&mut self, path: &Path<'_>, known: &[&str], out: &mut Out) {
        if !path.is_bracketed {
            self.broke("an address without brackets", out);
        }
        if path.parameter_names().any(|name| !known.contains(&name.as_str())) {
            self.broke("a parameter that was not offered", out);
        }
    }

    /// Takes in bytes of a chunk; those that nobody asked for go by.
    pub(super) fn add_to_chunks(&mut self, bytes: &[u8], cx: &Cx<'_>, out: &mut Out) {
        if let Some(mail) = self.envelope.as_mut().and_then(|envelope| envelope.chunks.as_mut()) {
            mail.add(bytes, cx, out);
        }
    }

    /// A chunk has ended.
    pub(super) fn end_chunk(&mut self, chunk: &Chunk, cx: &Cx<'_>, out: &mut Out) {
        let mail = self.envelope.as_mut().and_then(Envelope::take_chunks);
        match mail {
            None => out.send(line("554 5.5.1 Error: no valid recipients")),
            Some(mail) if chunk.is_last => self.take(mail, cx, out),
            mail => {
                if let Some(envelope) = &mut self.envelope {
                    envelope.chunks = mail;
                }
                out.send(format!("250 2.0.0 Ok: {} bytes\r\n", chunk.length));
            }
        }
    }

    /// A mail is whole: it is ours now. In LMTP each recipient has an answer (RFC 2033 §4.2).
    pub(super) fn take(&mut self, mail: Mail, cx: &Cx<'_>, out: &mut Out) {
        let recipients = self.envelope.as_ref().map_or(0, |envelope| envelope.to.len());
        let answers = if self.dialect == Dialect::Lmtp { recipients } else { 1 };
        let answer = queued(self.next_file, cx);
        self.end(mail, Completeness::Whole, cx, out);
        out.send(answer.repeat(answers));
    }

    /// The envelope is thrown away, and with it what has come of a message in chunks.
    pub(super) fn forget(&mut self, cx: &Cx<'_>, out: &mut Out) {
        let mail = self.envelope.as_mut().and_then(Envelope::take_chunks);
        if let Some(mail) = mail {
            self.end(mail, Completeness::Cut(Cut::Withdrawn), cx, out);
        }
        self.envelope = None;
    }

    /// No more comes of a mail.
    pub(super) fn end(
        &mut self,
        mail: Mail,
        completeness: Completeness,
        cx: &Cx<'_>,
        out: &mut Out,
    ) {
        let (envelope_from, envelope_to) =
            self.envelope.take().map(|envelope| (envelope.from, envelope.to)).unwrap_or_default();
        let (protocol, hello) = ("smtp", self.hello.clone());
        let envelope =
            MailMessage { protocol, hello, envelope_from, envelope_to, ..MailMessage::default() };
        self.next_file = mail.end(completeness, envelope, cx, out);
    }

    /// Hands on what has come of a message in chunks.
    pub(super) fn flush(&mut self, out: &mut Out) {
        if let Some(mail) = self.envelope.as_mut().and_then(|envelope| envelope.chunks.as_mut()) {
            mail.flush(out);
        }
    }
}
