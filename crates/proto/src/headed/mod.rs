//! Requests of a line, fields and a body, as SIP and RTSP have them from HTTP.

mod digest;

pub(crate) use digest::{Ends, challenge, given};

use model::{Event, Limit};

use crate::{Cx, Inbox, Out};

/// A request as it came.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) target: String,
    fields: Vec<(String, String)>,
    pub(crate) body: String,
}

/// What a stream has to offer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    Whole(Request),
    /// Too long to be held.
    Overlong,
    Partial,
}

impl Request {
    /// Reads one that is whole.
    pub(crate) fn read(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let text = text.trim_start_matches(['\r', '\n']);
        let (head, body) =
            text.split_once("\r\n\r\n").or_else(|| text.split_once("\n\n")).unwrap_or((text, ""));
        let mut lines = head.lines();
        let mut words = lines.next().unwrap_or_default().split_ascii_whitespace();
        let mut word = || words.next().unwrap_or_default().to_owned();
        let (method, target) = (word(), word());
        let field = |line: &str| {
            let (name, value) = line.split_once(':')?;
            Some((name.trim().to_ascii_lowercase(), value.trim().to_owned()))
        };
        Self { method, target, fields: lines.filter_map(field).collect(), body: body.to_owned() }
    }

    /// Takes the next one of a stream.
    pub(crate) fn take(inbox: &mut Inbox, cx: &Cx<'_>) -> Taken {
        skip_blank_lines(inbox);
        let rest = inbox.peek();
        let Some(head) = end_of_head(rest) else {
            let is_long = rest.len() > cx.rules.head_bytes;
            return if is_long { Taken::Overlong } else { Taken::Partial };
        };
        let length = Self::read(rest.get(..head).unwrap_or_default()).length();
        if head > cx.rules.head_bytes || length > cx.rules.form_bytes {
            return Taken::Overlong;
        }
        match inbox.take(head + length) {
            Some(bytes) => Taken::Whole(Self::read(&bytes)),
            None => Taken::Partial,
        }
    }

    /// The values of a field, by its name in lower case or its short form.
    pub(crate) fn values<'a>(&'a self, names: &'a [&str]) -> impl Iterator<Item = &'a str> {
        let fields = self.fields.iter().filter(|(name, _)| names.contains(&name.as_str()));
        fields.map(|(_, value)| value.as_str())
    }

    pub(crate) fn value<'a>(&'a self, names: &'a [&str]) -> &'a str {
        self.values(names).next().unwrap_or_default()
    }

    /// How long the body is said to be.
    fn length(&self) -> usize {
        self.value(&["content-length", "l"]).parse().unwrap_or_default()
    }
}

/// Passes over empty lines, which may stand between requests.
pub(crate) fn skip_blank_lines(inbox: &mut Inbox) {
    let blank = inbox.peek().iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    inbox.discard(blank);
}

/// Where the head ends, with the empty line.
fn end_of_head(bytes: &[u8]) -> Option<usize> {
    let mut lines = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        lines += line.len();
        if matches!(line, b"\n" | b"\r\n") {
            return Some(lines);
        }
    }
    None
}

/// Notes that a request was too long to be held.
pub(crate) fn note_overlong(out: &mut Out) {
    out.note(Event::LimitReached(Limit::FormBytes));
}
