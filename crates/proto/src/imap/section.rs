//! Which bytes of a mail are asked for: `BODY[1.2.HEADER.FIELDS (To)]<0.100>` and the like.

use std::ops::Range;

use bytes::Bytes;

use super::structure::{Kind, Part};

/// What of a mail is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Section {
    /// What the answer calls it.
    pub(super) label: String,
    path: Vec<usize>,
    what: What,
    /// From where on, and how much.
    partial: Option<(usize, usize)>,
    /// Whether the mail counts as read afterwards.
    pub(super) reading: Reading,
}

/// Whether a mail that was looked at counts as read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    Looks,
    Reads,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum What {
    All,
    Fields { names: Vec<String>, chosen: Chosen },
    Header,
    Mime,
    Text,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Chosen {
    Others,
    These,
}

impl Section {
    /// Reads `BODY[…]<…>` or `BODY.PEEK[…]<…>`.
    pub(super) fn read(word: &str) -> Option<Self> {
        let (name, rest) = word.split_once('[')?;
        let (inside, partial) = rest.rsplit_once(']')?;
        let reading = match name.to_ascii_uppercase().as_str() {
            "BODY" => Reading::Reads,
            "BODY.PEEK" => Reading::Looks,
            _ => return None,
        };
        let partial = match partial {
            "" => None,
            partial => Some(range(partial)?),
        };
        let inside = inside.to_ascii_uppercase();
        let (path, what) = path(&inside);
        let what = what_of(what, &path)?;
        let start = partial.map(|(start, _)| format!("<{start}>")).unwrap_or_default();
        Some(Self { label: format!("BODY[{inside}]{start}"), path, what, partial, reading })
    }

    /// The words that were there before sections (RFC 822).
    pub(super) fn old(word: &str) -> Option<Self> {
        let (what, reading) = match word {
            "RFC822" => (What::All, Reading::Reads),
            "RFC822.HEADER" => (What::Header, Reading::Looks),
            "RFC822.TEXT" => (What::Text, Reading::Reads),
            _ => return None,
        };
        Some(Self { label: word.to_owned(), path: Vec::new(), what, partial: None, reading })
    }

    /// The bytes, none of them copied; nothing, if the mail has no such part.
    pub(super) fn bytes(&self, text: &Bytes, whole: &Part) -> Option<Vec<Bytes>> {
        let part = whole.at(&self.path)?;
        // A part that is a mail is looked into.
        let inner = match &part.kind {
            Kind::Mail(inner) if !self.path.is_empty() => inner,
            _ => part,
        };
        let is_mail = self.path.is_empty() || !std::ptr::eq(inner, part);
        let ranges = match &self.what {
            What::All if self.path.is_empty() => vec![whole.whole()],
            What::All => vec![part.body.clone()],
            What::Mime => vec![part.head.clone()],
            What::Header if is_mail => vec![inner.head.clone()],
            What::Text if is_mail => vec![inner.body.clone()],
            What::Fields { names, chosen } if is_mail => {
                fields(text, inner.head.clone(), names, *chosen)
            }
            What::Header | What::Text | What::Fields { .. } => return None,
        };
        let cut = match self.partial {
            Some((start, count)) => cut(ranges, start, count),
            None => ranges,
        };
        Some(cut.into_iter().map(|range| text.slice(range)).collect())
    }
}

/// The numbers that a section begins with, and what comes after them.
fn path(inside: &str) -> (Vec<usize>, &str) {
    let mut path = Vec::new();
    let mut rest = inside;
    loop {
        let (word, after) = rest.split_once('.').unwrap_or((rest, ""));
        match word.parse() {
            Ok(number) => path.push(number),
            Err(_) => return (path, rest),
        }
        rest = after;
    }
}

fn what_of(word: &str, path: &[usize]) -> Option<What> {
    match word {
        "" => Some(What::All),
        "HEADER" => Some(What::Header),
        "TEXT" => Some(What::Text),
        "MIME" if !path.is_empty() => Some(What::Mime),
        word => {
            let rest = word.strip_prefix("HEADER.FIELDS")?;
            let (rest, chosen) = match rest.strip_prefix(".NOT") {
                Some(rest) => (rest, Chosen::Others),
                None => (rest, Chosen::These),
            };
            let names = rest.trim().strip_prefix('(')?.strip_suffix(')')?;
            let names = names.split_whitespace().map(|name| name.trim_matches('"').to_owned());
            Some(What::Fields { names: names.collect(), chosen })
        }
    }
}

/// `<0.100>`.
fn range(text: &str) -> Option<(usize, usize)> {
    let (start, count) = text.strip_prefix('<')?.strip_suffix('>')?.split_once('.')?;
    Some((start.parse().ok()?, count.parse().ok()?))
}

/// Where in a head some of its fields are, and its end.
fn fields(text: &[u8], head: Range<usize>, names: &[String], chosen: Chosen) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    let mut is_wanted = false;
    let mut at = head.start;
    for line in text.get(head).unwrap_or_default().split_inclusive(|byte| *byte == b'\n') {
        let is_end = matches!(line, b"\n" | b"\r\n");
        if !line.starts_with(b" ") && !line.starts_with(b"\t") {
            let name = line.split(|byte| *byte == b':').next().unwrap_or_default().trim_ascii();
            let is_named = names.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(name));
            is_wanted = is_named == (chosen == Chosen::These);
        }
        if is_wanted || is_end {
            match ranges.last_mut() {
                Some(last) if last.end == at => last.end += line.len(),
                _ => ranges.push(at..at + line.len()),
            }
        }
        at += line.len();
    }
    ranges
}

/// So many bytes of all of them, from one on.
fn cut(ranges: Vec<Range<usize>>, mut start: usize, mut count: usize) -> Vec<Range<usize>> {
    let cut = |range: Range<usize>| {
        let skipped = start.min(range.len());
        let taken = count.min(range.len() - skipped);
        start -= skipped;
        count -= taken;
        let from = range.start + skipped;
        from..from + taken
    };
    ranges.into_iter().map(cut).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIL: &[u8] = b"To: a\r\nX: b\r\n c\r\nCc: d\r\n\r\nbody";

    fn found(word: &str) -> Option<String> {
        let section = Section::read(word).or_else(|| Section::old(word)).unwrap();
        let text = Bytes::from_static(MAIL);
        let bytes = section.bytes(&text, &Part::of(MAIL, 1_000))?;
        Some(String::from_utf8(bytes.concat()).unwrap())
    }

    #[test]
    fn heads_texts_fields_and_pieces_are_found() {
        for (word, expected) in [
            ("BODY[TEXT]", "body"),
            ("body.peek[header.fields (x \"Cc\")]", "X: b\r\n c\r\nCc: d\r\n\r\n"),
            ("BODY[HEADER.FIELDS.NOT (X CC)]", "To: a\r\n\r\n"),
            ("BODY[HEADER.FIELDS (TO CC)]<4.5>", "a\r\nCc"),
            ("BODY[]<0.2>", "To"),
            ("BODY[]<90.2>", ""),
            ("BODY[1]", "body"),
            ("RFC822.TEXT", "body"),
        ] {
            assert_eq!(found(word).as_deref(), Some(expected), "{word}");
        }
        assert_eq!(found("BODY[2]"), None);
        assert_eq!(found("BODY[1.HEADER]"), None);
    }

    #[test]
    fn an_answer_calls_it_as_it_was_asked_for_without_the_count() {
        let section = Section::read("body.peek[1.mime]<10.20>").unwrap();
        assert_eq!((section.label.as_str(), section.reading), ("BODY[1.MIME]<10>", Reading::Looks));
    }

    #[test]
    fn nothing_else_is_a_section() {
        for word in
            ["BODY[MIME]", "BODY[ODD]", "BODY[]<1>", "BODY[", "FLAGS[]", "BODY[HEADER.FIELDS]"]
        {
            assert_eq!(Section::read(word), None, "{word}");
        }
    }
}
