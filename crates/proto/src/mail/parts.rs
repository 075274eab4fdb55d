//! The parts of a mail, line by line (RFC 2046 §5.1).

use model::{Completeness, Cut};

use super::file::{About, MailFile};
use super::head::{Kind, PartHead, read_part};
use super::leaf::{Content, Leaf, Text};
use crate::broken_rules::BrokenRules;
use crate::{Cx, Out};

/// How deep parts inside parts are looked for; programs that write mail need three. Deeper ones are
/// kept as one file.
const DEEPEST: usize = 16;

/// Where in its parts a mail is.
#[derive(Debug)]
pub(super) struct Parts {
    /// What separates the parts we are in, the outermost first.
    boundaries: Vec<Vec<u8>>,
    place: Place,
    /// The file of the mail itself.
    whole: u32,
    /// The number of the next file.
    pub(super) next_file: u32,
    /// What was found so far.
    pub(super) found: Found,
}

/// What was found in the parts of a mail.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The head of the mail itself, once it has ended.
    pub(super) head: Option<Vec<u8>>,
    /// Its first text.
    pub(super) text: Option<Text>,
    /// What its attachments are called, as far as there is room.
    pub(super) attachments: Vec<String>,
    /// How much room those take, an end for each included.
    attachment_bytes: usize,
    /// Whether there were more.
    pub(super) is_cut: bool,
    /// Rules that it breaks.
    pub(super) broken_rules: BrokenRules,
}

#[derive(Debug)]
enum Place {
    Head(Vec<u8>),
    Leaf(Leaf),
    /// Between parts, where nothing is meant to be read.
    Nowhere,
}

/// What of a line a piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OfLine {
    Start,
    Rest,
}

/// A boundary that a line is.
struct Delimiter {
    level: usize,
    is_last: bool,
}

impl Parts {
    /// Those of the mail that is file `whole`.
    pub(super) fn new(whole: u32) -> Self {
        Self {
            boundaries: Vec::new(),
            place: Place::Head(Vec::new()),
            whole,
            next_file: whole + 1,
            found: Found::default(),
        }
    }

    /// Takes in a line; one that is very long comes in pieces.
    pub(super) fn add(&mut self, line: &[u8], of: OfLine, cx: &Cx<'_>, out: &mut Out) {
        let is_start = of == OfLine::Start;
        if is_start && let Some(delimiter) = self.delimiter(line) {
            return self.separate(&delimiter, cx, out);
        }
        match &mut self.place {
            Place::Head(_) if is_start && matches!(line, b"\n" | b"\r\n") => {
                self.end_head(cx, out);
            }
            Place::Head(head) => {
                let room = cx.rules.head_bytes.saturating_sub(head.len());
                head.extend(line.iter().take(room));
                if line.len() > room {
                    self.broke("a head longer than limits.head_bytes");
                }
            }
            Place::Leaf(leaf) => leaf.add(line, out),
            Place::Nowhere => {}
        }
    }

    /// Hands on what has come of a file.
    pub(super) fn flush(&mut self, out: &mut Out) {
        if let Place::Leaf(leaf) = &mut self.place {
            leaf.flush(out);
        }
    }

    /// No more comes.
    pub(super) fn end(&mut self, completeness: Completeness, cx: &Cx<'_>, out: &mut Out) {
        let is_unclosed = !self.boundaries.is_empty();
        if is_unclosed && completeness == Completeness::Whole {
            self.broke("the last part has no end");
        }
        let completeness = match completeness {
            Completeness::Whole if is_unclosed => Completeness::Cut(Cut::Broken),
            completeness => completeness,
        };
        if matches!(self.place, Place::Head(_)) {
            self.end_head(cx, out);
        }
        if let Place::Leaf(leaf) = std::mem::replace(&mut self.place, Place::Nowhere) {
            let text = leaf.end_with_mail(completeness, out);
            self.found.text = self.found.text.take().or(text);
        }
    }

    /// The boundary that a line is, of the innermost parts it fits.
    fn delimiter(&self, line: &[u8]) -> Option<Delimiter> {
        let line = line.strip_prefix(b"--")?.trim_ascii_end();
        let levels = self.boundaries.iter().enumerate().rev();
        levels.map(|(level, boundary)| (level, line.strip_prefix(boundary.as_slice()))).find_map(
            |(level, rest)| match rest? {
                b"" => Some(Delimiter { level, is_last: false }),
                b"--" => Some(Delimiter { level, is_last: true }),
                _ => None,
            },
        )
    }

    /// A part ends, and with it those inside it.
    fn separate(&mut self, Delimiter { level, is_last }: &Delimiter, cx: &Cx<'_>, out: &mut Out) {
        if matches!(self.place, Place::Head(_)) {
            self.end_head(cx, out);
        }
        let next = if *is_last { Place::Nowhere } else { Place::Head(Vec::new()) };
        if let Place::Leaf(leaf) = std::mem::replace(&mut self.place, next) {
            let text = leaf.end(Completeness::Whole, out);
            self.found.text = self.found.text.take().or(text);
        }
        self.boundaries.truncate(level + usize::from(!is_last));
    }

    fn end_head(&mut self, cx: &Cx<'_>, out: &mut Out) {
        let Place::Head(head) = std::mem::replace(&mut self.place, Place::Nowhere) else { return };
        let PartHead { kind, decoding, charset } = read_part(&head);
        self.found.head.get_or_insert(head);
        let content = match kind {
            Kind::Parts { boundary } if self.boundaries.len() < DEEPEST => {
                return self.boundaries.push(boundary);
            }
            Kind::Parts { .. } => {
                self.broke("parts inside parts, very deep");
                Content::Attachment(self.file(About::default(), cx, out))
            }
            Kind::Attachment(about) => Content::Attachment(self.file(about, cx, out)),
            Kind::Text => Content::Text(Text::new(charset, cx.rules.line_bytes)),
        };
        self.place = Place::Leaf(Leaf::new(decoding, content));
    }

    fn file(&mut self, about: About, cx: &Cx<'_>, out: &mut Out) -> MailFile {
        self.found.list(about.name.as_deref().unwrap_or_default(), cx.rules.line_bytes);
        let number = self.next_file;
        self.next_file += 1;
        MailFile::attachment(number, about, self.whole, out)
    }

    fn broke(&mut self, rule: &'static str) {
        self.found.broken_rules.add(rule);
    }
}

impl Found {
    fn list(&mut self, name: &str, limit: usize) {
        let needed = self.attachment_bytes + name.len() + 1;
        if needed > limit {
            self.is_cut = true;
            return;
        }
        self.attachment_bytes = needed;
        self.attachments.push(name.to_owned());
    }
}
