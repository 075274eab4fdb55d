//! The files in a body of several parts (RFC 2046 §5.1, RFC 7578), found while it goes by.
//!
//! ```text
//!  --boundary    ──▶ head of a part ──▶ a file, or a field that is let by ──┐
//!      ▲                                                                    │
//!      └────────────────────────────────────────────────────────────────────┘   --boundary-- ends it
//! ```

use model::{ArtifactSource, Completeness, Cut};

use super::Request;
use super::form::{parameter, unescaped};
use super::kept::{Keeping, KeptFile};

/// Longest boundary (RFC 2046 §5.1.1 allows 70): it is looked for at every line break.
const BOUNDARY: usize = 256;

/// A body of several parts.
#[derive(Debug)]
pub(super) struct Parts {
    /// The line break and the line that stand between parts.
    delimiter: Vec<u8>,
    /// What has come and may yet belong to a delimiter or to a head.
    held: Vec<u8>,
    /// Whether what is held begins with a line break that is no content: that of the head before
    /// it, so that a part without content is seen to end.
    has_spare_break: bool,
    /// Longest head of a part.
    head_bytes: usize,
    /// How much of what is held are whole lines of a head, looked through already.
    lines_seen: usize,
    state: State,
}

#[derive(Debug)]
enum State {
    InFile(KeptFile),
    Head,
    Over,
    /// What stands before the first part, or a field.
    Passing,
}

impl Parts {
    /// Those of the body of `request`, if it has any.
    pub(super) fn of(request: &Request, head_bytes: usize) -> Option<Self> {
        if !request.media_type().starts_with("multipart/") {
            return None;
        }
        let boundary = parameter(request.text("content-type")?, "boundary")?;
        (1..=BOUNDARY).contains(&boundary.len()).then(|| Self {
            delimiter: format!("\n--{boundary}").into_bytes(),
            // The first delimiter has no line before it.
            held: b"\n".to_vec(),
            has_spare_break: true,
            head_bytes,
            lines_seen: 0,
            state: State::Passing,
        })
    }

    /// Reads the next piece of the body.
    pub(super) fn add(&mut self, piece: &[u8], keeping: &mut Keeping<'_>) {
        self.held.extend_from_slice(piece);
        while self.step(keeping) {}
    }

    /// No more will come.
    pub(super) fn end(&mut self, completeness: Completeness, keeping: &mut Keeping<'_>) {
        if matches!(self.state, State::Over) {
            return;
        }
        // A delimiter that nothing follows is the last one.
        let last = self.find_delimiter().map(|found| found.content);
        let is_last = last.is_some();
        let content = last.unwrap_or(self.held.len());
        self.let_go(content, keeping);
        let completeness = match completeness {
            Completeness::Whole if !is_last => {
                keeping.broke("the last boundary of a body is missing");
                Completeness::Cut(Cut::Broken)
            }
            completeness => completeness,
        };
        self.end_part(completeness, keeping);
        self.state = State::Over;
    }

    /// Reads on once; false if more has to come first.
    fn step(&mut self, keeping: &mut Keeping<'_>) -> bool {
        match self.state {
            State::InFile(_) | State::Passing => self.content(keeping),
            State::Head => self.head(keeping),
            State::Over => {
                self.held.clear();
                false
            }
        }
    }

    /// Lets go of what is in a part for sure.
    fn content(&mut self, keeping: &mut Keeping<'_>) -> bool {
        let Some(found) = self.find_delimiter() else {
            // All but what may be the beginning of a delimiter, with a CR before it.
            let sure = self.held.len().saturating_sub(self.delimiter.len());
            self.let_go(sure, keeping);
            return false;
        };
        let next = match found.follows {
            Follows::Last => State::Over,
            Follows::Part => State::Head,
            Follows::Unknown => {
                self.let_go(found.content, keeping);
                return false;
            }
        };
        self.let_go(found.content, keeping);
        self.held.drain(..found.end - found.content);
        self.has_spare_break = false;
        self.end_part(Completeness::Whole, keeping);
        self.state = next;
        true
    }

    fn find_delimiter(&self) -> Option<Found> {
        let mut from = 0;
        loop {
            let break_at = from + self.held.get(from..)?.iter().position(|byte| *byte == b'\n')?;
            let line = self.held.get(break_at..)?;
            let judged = line.strip_prefix(self.delimiter.as_slice()).and_then(Follows::judge);
            if let Some((follows, length)) = judged {
                let before = self.held.get(..break_at)?;
                let content = before.strip_suffix(b"\r").unwrap_or(before).len();
                return Some(Found {
                    content,
                    follows,
                    end: break_at + self.delimiter.len() + length,
                });
            }
            from = break_at + 1;
        }
    }

    /// Lets the first `count` bytes of what is held go by, into a file if they belong to one.
    fn let_go(&mut self, count: usize, keeping: &mut Keeping<'_>) {
        let mut bytes: Vec<u8> = self.held.drain(..count).collect();
        if count > 0 && std::mem::take(&mut self.has_spare_break) {
            bytes.remove(0);
        }
        if let State::InFile(file) = &mut self.state
            && !bytes.is_empty()
        {
            file.keep(&bytes, keeping);
        }
    }

    fn end_part(&self, completeness: Completeness, keeping: &mut Keeping<'_>) {
        if let State::InFile(file) = &self.state {
            file.end(completeness, keeping.out);
        }
    }

    /// Reads the head of a part, once its empty line has come.
    fn head(&mut self, keeping: &mut Keeping<'_>) -> bool {
        let length = self.head_length().filter(|length| *length <= self.head_bytes);
        let Some(length) = length else {
            if self.held.len() <= self.head_bytes {
                return false;
            }
            keeping.broke("the head of a part is longer than limits.head_bytes");
            self.pass_to(State::Passing);
            return true;
        };
        // Its last line break stays.
        let head: Vec<u8> = self.held.drain(..length - 1).collect();
        self.has_spare_break = true;
        self.pass_to(file(&head).map_or(State::Passing, State::InFile));
        true
    }

    fn pass_to(&mut self, state: State) {
        self.lines_seen = 0;
        self.state = state;
    }

    /// How long the head is, with its empty line; nothing if that has not come.
    fn head_length(&mut self) -> Option<usize> {
        let lines = self.held.get(self.lines_seen..)?.split_inclusive(|byte| *byte == b'\n');
        for line in lines.filter(|line| line.ends_with(b"\n")) {
            self.lines_seen += line.len();
            if matches!(line, b"\n" | b"\r\n") {
                return Some(self.lines_seen);
            }
        }
        None
    }
}

/// A delimiter, and where it stands.
struct Found {
    /// Where the content before it ends.
    content: usize,
    /// Where it ends itself, with its line.
    end: usize,
    follows: Follows,
}

/// What follows a delimiter.
enum Follows {
    Last,
    Part,
    /// That has not come yet.
    Unknown,
}

impl Follows {
    /// Says what it is by the rest of the line, and how much of that there is; nothing if it was
    /// only the beginning of a longer line.
    fn judge(rest: &[u8]) -> Option<(Self, usize)> {
        /// Nobody writes more spaces; who does writes content.
        const PADDING: usize = 64;
        let padding = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        match rest.get(padding..)? {
            _ if padding > PADDING => None,
            [b'-', b'-', ..] if padding == 0 => Some((Self::Last, 2)),
            [] | [b'\r'] => Some((Self::Unknown, rest.len())),
            [b'-'] if padding == 0 => Some((Self::Unknown, rest.len())),
            [b'\n', ..] => Some((Self::Part, padding + 1)),
            [b'\r', b'\n', ..] => Some((Self::Part, padding + 2)),
            _ => None,
        }
    }
}

/// The file that a part is, if its head says so: by a name, or by a type that no field has.
fn file(head: &[u8]) -> Option<KeptFile> {
    let head = String::from_utf8_lossy(head);
    let field = |wanted: &str| {
        let mut fields = head.lines().filter_map(|line| line.split_once(':'));
        fields.find(|(name, _)| name.trim().eq_ignore_ascii_case(wanted)).map(|(_, value)| value)
    };
    let disposition = field("content-disposition").unwrap_or_default();
    let media_type = field("content-type").map(|value| value.trim().to_owned());
    let name = parameter(disposition, "filename").map(str::to_owned);
    let name = name.or_else(|| extended(parameter(disposition, "filename*")?));
    let is_text = media_type.as_deref().is_none_or(|kind| kind.starts_with("text/plain"));
    if name.is_none() && is_text {
        return None;
    }
    let name = name.filter(|name| !name.is_empty());
    Some(KeptFile { source: ArtifactSource::HttpFormFile, name, media_type, number: None })
}

/// A value with its character set and language before it: `UTF-8''na%C3%AFve` (RFC 8187 §3.2).
fn extended(value: &str) -> Option<String> {
    let text = value.splitn(3, '\'').nth(2)?;
    Some(unescaped(text.replace('+', "%2B").as_bytes()))
}

#[cfg(test)]
mod tests {
    use model::{ArtifactNumber, Keep};
    use proptest::prelude::*;

    use super::*;
    use crate::http::kept::FileNumbers;
    use crate::{Action, Out};

    /// Names, contents and ends of the files in a body that comes in pieces of `size`.
    fn files(body: &[u8], size: usize) -> Vec<(String, Vec<u8>, &'static str)> {
        let content_type = b"multipart/form-data; boundary=\"b 1\"".to_vec();
        let fields = vec![("content-type".to_owned(), content_type)];
        let mut parts = Parts::of(&Request { fields, ..Request::default() }, 100).unwrap();
        let (mut numbers, mut out) = (FileNumbers::default(), Out::default());
        let whole = numbers.take();
        let mut keeping = Keeping { whole, numbers: &mut numbers, out: &mut out };
        body.chunks(size).for_each(|piece| parts.add(piece, &mut keeping));
        parts.end(Completeness::Whole, &mut keeping);
        let mut files = Vec::new();
        for action in out.take_actions() {
            match action {
                Action::Keep(Keep::Start(start)) => {
                    assert_eq!(start.part_of, Some(ArtifactNumber(0)));
                    files.push((start.name.unwrap_or_default(), Vec::new(), "open"));
                }
                Action::Keep(Keep::Bytes(_, bytes)) => {
                    files.last_mut().unwrap().1.extend_from_slice(&bytes);
                }
                Action::Keep(Keep::End(_, end)) => files.last_mut().unwrap().2 = end.name(),
                _ => {}
            }
        }
        files
    }

    const HEAD: &str = "Content-Disposition: form-data; name=\"f\"; filename=\"a\"";

    proptest! {
        #[test]
        fn no_cut_shows(pieces: Vec<(u8, Vec<u8>)>, size in 1_usize..50) {
            let known = ["\r\n--b 1", "--b 1", "--", "\r\n", "\n", HEAD, "\r\n\r\n", "\r"];
            let body: Vec<u8> = pieces
                .iter()
                .flat_map(|(which, bytes)| {
                    let known = known[usize::from(*which) % known.len()].as_bytes();
                    [known, &bytes[..bytes.len() % 4]].concat()
                })
                .collect();
            prop_assert_eq!(files(&body, size), files(&body, body.len().max(1)));
        }

        #[test]
        fn every_byte_of_a_file_is_kept(bytes: Vec<u8>, size in 1_usize..50) {
            prop_assume!(!bytes.is_empty() && !bytes.windows(5).any(|five| five == b"--b 1"));
            let body = [b"--b 1\r\n", HEAD.as_bytes(), b"\r\n\r\n", &bytes, b"\r\n--b 1--\r\n"];
            let expected = vec![("a".to_owned(), bytes.clone(), "whole")];
            prop_assert_eq!(files(&body.concat(), size), expected);
        }
    }

    #[test]
    fn what_breaks_the_rules_is_read_all_the_same() {
        let file = |content: &[u8], end| vec![("a".to_owned(), content.to_vec(), end)];
        for (body, expected) in [
            (format!("--b 1\n{HEAD}\n\nx\n--b 1--"), file(b"x", "whole")),
            (format!("before\r\n--b 1 \r\n{HEAD}\r\n\r\nx\r\n--b 1"), file(b"x", "whole")),
            (format!("--b 1\r\n{HEAD}\r\n\r\nx\r\n--b 12"), file(b"x\r\n--b 12", "broken")),
            (format!("--b 1\r\n{HEAD}\r\n\r\n\r\n--b 1--\r\n"), Vec::new()),
            (format!("--b 1\r\n{HEAD}\r\n\r\n--b 1--\r\n"), Vec::new()),
            (format!("--b 1\r\n{HEAD}"), Vec::new()),
            ("--b 1\r\nContent-Disposition: form-data; name=\"u\"\r\n\r\njo".into(), Vec::new()),
        ] {
            for size in [1, 2, 3, 1_000] {
                assert_eq!(files(body.as_bytes(), size), expected, "{body:?} by {size}");
            }
        }
    }

    #[test]
    fn files_are_known_by_name_or_type() {
        for (fields, expected) in [
            ("content-disposition: form-data; FILENAME=b.txt", Some("b.txt")),
            (
                "Content-Disposition: form-data; filename*=UTF-8''na%C3%AFve+.txt",
                Some("naïve+.txt"),
            ),
            ("Content-Disposition: form-data; name=x\r\nContent-Type: image/png", Some("")),
            ("Content-Disposition: form-data; name=x\r\nContent-Type: text/plain", None),
            ("Content-Disposition: form-data; name=x", None),
        ] {
            let found = file(fields.as_bytes()).map(|file| file.name.unwrap_or_default());
            assert_eq!(found.as_deref(), expected, "{fields}");
        }
    }
}
