//! A part without parts of its own: a file, or a text of which the beginning is read.

use mail_parser::decoders::charsets::map::charset_decoder;
use model::Completeness;

use super::decoding::Decoding;
use super::file::MailFile;
use crate::Out;

/// A part whose bytes are coming in.
#[derive(Debug)]
pub(super) struct Leaf {
    decoding: Decoding,
    /// The end of the last line: it may belong to the boundary after it (RFC 2046 §5.1.1).
    line_end: Vec<u8>,
    content: Content,
}

/// Where the bytes go.
#[derive(Debug)]
pub(super) enum Content {
    Attachment(MailFile),
    Text(Text),
}

/// What is kept of a text.
#[derive(Debug)]
pub(super) struct Text {
    beginning: Vec<u8>,
    charset: Option<String>,
    limit: usize,
    /// Whether there was more.
    pub(super) is_cut: bool,
}

impl Leaf {
    pub(super) fn new(decoding: Decoding, content: Content) -> Self {
        Self { decoding, line_end: Vec::new(), content }
    }

    /// Takes in a line, or a piece of one.
    pub(super) fn add(&mut self, line: &[u8], out: &mut Out) {
        let text = line.strip_suffix(b"\n").unwrap_or(line);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        let (text, line_end) = line.split_at(text.len());
        let before = std::mem::replace(&mut self.line_end, line_end.to_vec());
        self.decode(&before, out);
        self.decode(text, out);
    }

    /// Hands on what has come of a file.
    pub(super) fn flush(&mut self, out: &mut Out) {
        if let Content::Attachment(file) = &mut self.content {
            file.flush(out);
        }
    }

    /// A boundary has come: the end of the line before it is its own. Gives the text, if it is one.
    pub(super) fn end(self, completeness: Completeness, out: &mut Out) -> Option<Text> {
        match self.content {
            Content::Attachment(file) => {
                file.end(completeness, out);
                None
            }
            Content::Text(text) => Some(text),
        }
    }

    /// The mail has ended, and the end of its last line belongs to this.
    pub(super) fn end_with_mail(
        mut self,
        completeness: Completeness,
        out: &mut Out,
    ) -> Option<Text> {
        let last = std::mem::take(&mut self.line_end);
        self.decode(&last, out);
        self.end(completeness, out)
    }

    fn decode(&mut self, encoded: &[u8], out: &mut Out) {
        let mut decoded = Vec::new();
        self.decoding.decode(encoded, &mut decoded);
        match &mut self.content {
            _ if decoded.is_empty() => {}
            Content::Attachment(file) => file.add(&decoded, out),
            Content::Text(text) => text.add(&decoded),
        }
    }
}

impl Text {
    pub(super) fn new(charset: Option<String>, limit: usize) -> Self {
        Self { beginning: Vec::new(), charset, limit, is_cut: false }
    }

    fn add(&mut self, bytes: &[u8]) {
        let room = self.limit.saturating_sub(self.beginning.len());
        self.is_cut |= bytes.len() > room;
        self.beginning.extend(bytes.iter().take(room));
    }

    /// The beginning, in whatever set of characters it was written.
    pub(super) fn read(&self) -> String {
        let charset = self.charset.as_deref().unwrap_or_default();
        match charset_decoder(charset.as_bytes()) {
            Some(decode) => decode(&self.beginning),
            None => String::from_utf8_lossy(&self.beginning).into_owned(),
        }
    }
}
