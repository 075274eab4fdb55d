//! One mail, from its first byte to the event about it.

use model::{Completeness, Event, Limit, MailMessage};

use super::file::MailFile;
use super::head::read_fields;
use super::parts::{OfLine, Parts};
use crate::{Cx, Out};

/// A line is looked at in pieces of so many bytes: more than any boundary has (RFC 2046 §5.1.1
/// allows 70), or any standard a line of text.
const LINE_PIECE: usize = 2_048;

/// A mail that is coming in.
#[derive(Debug)]
pub(crate) struct Mail {
    whole: MailFile,
    parts: Parts,
    /// The line, or the piece of one, that has not ended.
    line: Vec<u8>,
    of_line: OfLine,
    bytes: u64,
}

impl Mail {
    /// A mail whose files are numbered from `number` on.
    pub(crate) fn begin(number: u32, out: &mut Out) -> Self {
        let (whole, parts) = (MailFile::whole(number, out), Parts::new(number));
        Self { whole, parts, line: Vec::new(), of_line: OfLine::Start, bytes: 0 }
    }

    /// Takes in the next bytes.
    pub(crate) fn add(&mut self, bytes: &[u8], cx: &Cx<'_>, out: &mut Out) {
        self.whole.add(bytes, out);
        self.bytes += bytes.len() as u64;
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.add_to_line(piece, cx, out);
        }
    }

    /// Hands on what has come of its files.
    pub(crate) fn flush(&mut self, out: &mut Out) {
        self.whole.flush(out);
        self.parts.flush(out);
    }

    /// No more comes: notes what it is, with what its envelope says. Gives the number of the next
    /// file.
    pub(crate) fn end(
        mut self,
        completeness: Completeness,
        envelope: MailMessage,
        cx: &Cx<'_>,
        out: &mut Out,
    ) -> u32 {
        if !self.line.is_empty() {
            self.end_line(cx, out);
        }
        self.parts.end(completeness, cx, out);
        self.whole.end(completeness, out);
        let protocol = envelope.protocol;
        for rule in self.parts.found.broken_rules.iter() {
            out.note(Event::Broke { protocol, rule: rule.into() });
        }
        let next_file = self.parts.next_file;
        let bytes = self.bytes;
        let envelope =
            MailMessage { bytes, is_whole: completeness == Completeness::Whole, ..envelope };
        let text = self.parts.found.text.as_ref();
        let is_cut = self.parts.found.is_cut || text.is_some_and(|text| text.is_cut);
        let mut mail = described(self.parts, envelope);
        if shorten(&mut mail, cx.rules.line_bytes) || is_cut {
            out.note(Event::LimitReached(Limit::LineBytes));
        }
        out.note(Event::MailMessage(Box::new(mail)));
        next_file
    }

    fn add_to_line(&mut self, mut piece: &[u8], cx: &Cx<'_>, out: &mut Out) {
        while !piece.is_empty() {
            let room = LINE_PIECE - self.line.len();
            let (now, later) = piece.split_at_checked(room).unwrap_or((piece, &[]));
            self.line.extend_from_slice(now);
            piece = later;
            if self.line.ends_with(b"\n") || self.line.len() == LINE_PIECE {
                self.end_line(cx, out);
            }
        }
    }

    fn end_line(&mut self, cx: &Cx<'_>, out: &mut Out) {
        let line = std::mem::take(&mut self.line);
        self.parts.add(&line, self.of_line, cx, out);
        self.of_line = if line.ends_with(b"\n") { OfLine::Start } else { OfLine::Rest };
    }
}

/// The mail as its head and its parts describe it.
fn described(parts: Parts, envelope: MailMessage) -> MailMessage {
    let fields = read_fields(&parts.found.head.unwrap_or_default());
    let text = parts.found.text.map(|text| text.read());
    MailMessage {
        from: fields.from,
        to: fields.to,
        cc: fields.cc,
        subject: fields.subject,
        message_id: fields.message_id,
        date: fields.date,
        mailer: fields.mailer,
        text: text.filter(|text| !text.trim().is_empty()),
        attachments: parts.found.attachments,
        ..envelope
    }
}

/// Cuts texts that are longer than a line may be; says whether there was one.
fn shorten(mail: &mut MailMessage, limit: usize) -> bool {
    let fields = [&mut mail.from, &mut mail.to, &mut mail.cc, &mut mail.subject];
    let more = [&mut mail.message_id, &mut mail.date, &mut mail.mailer, &mut mail.text];
    let mut is_cut = false;
    for text in fields.into_iter().chain(more).flatten() {
        is_cut |= text.len() > limit;
        text.truncate(text.floor_char_boundary(limit));
    }
    is_cut
}
