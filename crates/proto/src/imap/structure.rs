//! What a mail is made of (RFC 2045, RFC 2046): where its head, its body and its parts are.
//!
//! Mails that lie in a folder are bounded by `imap.mailbox_bytes`; so they are looked at whole.

use std::ops::Range;

use mail_parser::{HeaderName, Message, MessageParser};

/// A mail, or a part of one. Ranges are places in the text of the whole.
#[derive(Debug)]
pub(super) struct Part {
    /// With the empty line that ends it.
    pub(super) head: Range<usize>,
    pub(super) body: Range<usize>,
    pub(super) about: About,
    pub(super) kind: Kind,
}

/// What follows a head.
#[derive(Debug)]
pub(super) enum Kind {
    Leaf,
    /// A mail inside this one.
    Mail(Box<Part>),
    Parts(Vec<Part>),
}

/// What a head says of what follows it.
#[derive(Debug, Default)]
pub(super) struct About {
    pub(super) main: String,
    pub(super) sub: String,
    pub(super) parameters: Vec<(String, String)>,
    pub(super) id: Option<String>,
    pub(super) description: Option<String>,
    pub(super) encoding: Option<String>,
    pub(super) disposition: Option<(String, Vec<(String, String)>)>,
}

/// How deep parts inside parts are looked for, as in mails that are sent.
const DEEPEST: usize = 16;

/// Parts of one mail that are told apart; the rest counts as text of the last.
const MOST_PARTS: usize = 200;

impl Part {
    /// Looks at a whole mail; heads are read as far as `head_bytes`.
    pub(super) fn of(text: &[u8], head_bytes: usize) -> Self {
        let mut reader = Reader { text, head_bytes, parts: 0 };
        reader.part(0..text.len(), 0)
    }

    pub(super) fn whole(&self) -> Range<usize> {
        self.head.start..self.body.end
    }

    /// The part of a path such as 2.1 (RFC 3501 §6.4.5).
    pub(super) fn at(&self, path: &[usize]) -> Option<&Self> {
        let mut part = self;
        let mut holder = self;
        for number in path {
            part = match &holder.kind {
                Kind::Parts(parts) => parts.get(number.checked_sub(1)?)?,
                _ if *number == 1 => holder,
                _ => return None,
            };
            holder = match &part.kind {
                Kind::Mail(inner) => inner,
                _ => part,
            };
        }
        Some(part)
    }
}

struct Reader<'a> {
    text: &'a [u8],
    head_bytes: usize,
    parts: usize,
}

impl Reader<'_> {
    fn part(&mut self, place: Range<usize>, depth: usize) -> Part {
        self.parts += 1;
        let text = self.text.get(place.clone()).unwrap_or_default();
        let head = place.start..place.start + head_length(text);
        let body = head.end..place.end;
        let read = text.get(..head.len().min(self.head_bytes)).unwrap_or_default();
        let about = about(read);
        let kind = self.kind(&about, body.clone(), depth);
        Part { head, body, about, kind }
    }

    fn kind(&mut self, about: &About, body: Range<usize>, depth: usize) -> Kind {
        if depth >= DEEPEST {
            return Kind::Leaf;
        }
        if about.main == "message" && about.sub == "rfc822" {
            return Kind::Mail(Box::new(self.part(body, depth + 1)));
        }
        let boundary = about.parameters.iter().find(|(name, _)| name == "boundary");
        match boundary.filter(|_| about.main == "multipart") {
            Some((_, boundary)) => {
                let places = self.between(boundary.trim_end().as_bytes(), body);
                Kind::Parts(places.into_iter().map(|place| self.part(place, depth + 1)).collect())
            }
            None => Kind::Leaf,
        }
    }

    /// What lies between boundaries. The end of the line before one belongs to it.
    fn between(&self, boundary: &[u8], body: Range<usize>) -> Vec<Range<usize>> {
        let mut places = Vec::new();
        let mut begun: Option<usize> = None;
        let mut at = body.start;
        let text = self.text.get(body.clone()).unwrap_or_default();
        for line in text.split_inclusive(|byte| *byte == b'\n') {
            let rest = line.strip_prefix(b"--").and_then(|line| line.strip_prefix(boundary));
            let is_last = match rest.map(<[u8]>::trim_ascii_end) {
                Some(b"") => Some(false),
                Some(b"--") => Some(true),
                _ => None,
            };
            let is_full = self.parts + places.len() >= MOST_PARTS;
            if let Some(is_last) = is_last.filter(|_| !is_full) {
                places.extend(begun.map(|begun| begun..self.before_line_end(begun, at)));
                begun = Some(at + line.len());
                if is_last {
                    return places;
                }
            }
            at += line.len();
        }
        places.extend(begun.map(|begun| begun..body.end));
        places
    }

    fn before_line_end(&self, start: usize, end: usize) -> usize {
        let text = self.text.get(start..end).unwrap_or_default();
        let text = text.strip_suffix(b"\n").unwrap_or(text);
        start + text.strip_suffix(b"\r").unwrap_or(text).len()
    }
}

/// How long a head is, with the empty line after it.
fn head_length(text: &[u8]) -> usize {
    let mut length = 0;
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        length += line.len();
        if matches!(line, b"\n" | b"\r\n") {
            break;
        }
    }
    length
}

fn about(head: &[u8]) -> About {
    let ended = [head, b"\r\n\r\n"].concat();
    let parser = MessageParser::new().with_mime_headers().default_header_ignore();
    let Some(message) = parser.parse_headers(&ended) else { return About::plain() };
    let raw = |name: HeaderName<'static>| {
        let words = message.header_raw(name)?.split_whitespace();
        Some(words.collect::<Vec<_>>().join(" ")).filter(|text| !text.is_empty())
    };
    About {
        id: raw(HeaderName::ContentId),
        description: raw(HeaderName::ContentDescription),
        encoding: raw(HeaderName::ContentTransferEncoding),
        disposition: typed(&message, HeaderName::ContentDisposition)
            .map(|(main, _, parameters)| (main, parameters)),
        ..typed(&message, HeaderName::ContentType).map_or_else(
            About::plain,
            |(main, sub, parameters)| About { main, sub, parameters, ..About::default() },
        )
    }
}

impl About {
    /// Text, which is what a head that says nothing is about.
    fn plain() -> Self {
        let parameters = vec![("charset".to_owned(), "us-ascii".to_owned())];
        Self { main: "text".to_owned(), sub: "plain".to_owned(), parameters, ..Self::default() }
    }
}

type Typed = (String, String, Vec<(String, String)>);

/// A field that is made of a word, perhaps another, and parameters.
fn typed(message: &Message<'_>, name: HeaderName<'static>) -> Option<Typed> {
    let header = message.headers().iter().rev().find(|header| header.name == name)?;
    let value = header.value.as_content_type()?;
    let lower = |text: &str| text.to_ascii_lowercase();
    let attributes = value.attributes().unwrap_or_default().iter();
    let parameters =
        attributes.map(|attribute| (lower(&attribute.name), attribute.value.to_string()));
    let sub = value.subtype().unwrap_or_default();
    Some((lower(value.ctype()), lower(sub), parameters.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NESTED: &str = "Content-Type: multipart/mixed; boundary=\"a b\"\r\n\r\n\
        before\r\n--a b\r\n\r\none\r\n--a b\r\nContent-Type: message/rfc822\r\n\r\n\
        Subject: inner\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n\
        --c\r\nContent-Type: text/html\r\n\r\n<p>\r\n--c--\r\n--a b--\r\nafter\r\n";

    fn text_at(path: &[usize]) -> Option<&'static str> {
        let whole = Part::of(NESTED.as_bytes(), 1_000);
        whole.at(path).map(|part| &NESTED[part.body.clone()])
    }

    #[test]
    fn parts_are_found_by_their_path() {
        assert_eq!(text_at(&[1]), Some("one"));
        assert!(text_at(&[2]).unwrap().starts_with("Subject: inner"));
        assert_eq!(text_at(&[2, 1]), Some("<p>"));
        assert_eq!(text_at(&[3]), None);
        assert_eq!(text_at(&[0]), None);
        assert_eq!(text_at(&[1, 2]), None);
    }

    #[test]
    fn a_mail_without_parts_is_its_own_first() {
        let whole = Part::of(b"Subject: a\r\n\r\nbody", 1_000);
        assert_eq!(whole.at(&[1]).map(|part| part.body.clone()), Some(14..18));
        assert_eq!((whole.about.main.as_str(), whole.whole()), ("text", 0..18));
    }

    #[test]
    fn neither_depth_nor_number_has_no_end() {
        let deep = "Content-Type: message/rfc822\r\n\r\n".repeat(50_000);
        let many = format!(
            "Content-Type: multipart/mixed; boundary=a\r\n\r\n{}",
            "--a\r\n\r\n".repeat(50_000)
        );
        Part::of(deep.as_bytes(), 1_000);
        let Kind::Parts(parts) = Part::of(many.as_bytes(), 1_000).kind else { panic!("no parts") };
        assert!(parts.len() <= MOST_PARTS);
    }
}
