//! The head of a request: bytes to fields, leniently. Whatever breaks a rule is noted in
//! [`Head::broken_rules`] and read as well as it can be.

use super::Request;
use crate::broken_rules::BrokenRules;

/// The head of a request.
#[derive(Debug, Default)]
pub(super) struct Head {
    /// What is the same in all versions.
    pub(super) request: Request,
    pub(super) version: Version,
    pub(super) body: Framing,
    pub(super) connection: Connection,
    /// Whether the peer waits for our word before it sends the body (RFC 9110 §10.1.1).
    pub(super) expects_continue: bool,
    /// Each rule once.
    pub(super) broken_rules: BrokenRules,
}

/// What the peer says it speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Version {
    /// A request line without a version (HTTP/0.9): the answer is the page and nothing else.
    Http09,
    Http10,
    /// 1.1, or a later 1.x, which is to be treated alike (RFC 9110 §2.5).
    #[default]
    Http11,
    /// Another major version.
    Other,
    /// No version can be read.
    Unreadable,
}

/// How the end of the body is found (RFC 9112 §6.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Framing {
    Chunked,
    Length(u64),
    #[default]
    None,
    /// Lengths that contradict each other or are none.
    Unreadable,
    /// A transfer coding that is not `chunked`.
    UnknownCoding,
}

/// What the peer wants to become of the connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Connection {
    Close,
    KeepAlive,
    #[default]
    Unsaid,
}

/// A field line, its name in lower case.
struct Field {
    name: String,
    value: Vec<u8>,
}

impl Version {
    /// As recorded.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Http09 => "0.9",
            Self::Http10 => "1.0",
            Self::Http11 => "1.1",
            Self::Other | Self::Unreadable => "unknown",
        }
    }
}

/// Whether no fields follow this first line: it is all of an HTTP/0.9 request, or nothing that can
/// be read.
pub(super) fn is_all(line: &[u8]) -> bool {
    let mut head = Head::default();
    head.read_request_line(line);
    matches!(head.version, Version::Http09 | Version::Unreadable)
}

impl Head {
    /// Reads a head, from its request line to its empty line or to wherever it breaks off.
    pub(super) fn read(bytes: &[u8]) -> Self {
        let mut head = Self::default();
        let mut lines = bytes.split_inclusive(|byte| *byte == b'\n');
        let first = lines.next().unwrap_or_default();
        head.read_request_line(without_end(first));
        if !first.ends_with(b"\n") {
            // What looks like HTTP/0.9 may have been going to be anything.
            head.take_version(Version::Unreadable);
        }
        let mut field: Option<Field> = None;
        let mut is_whole = false;
        for line in lines {
            match (without_end(line), &mut field) {
                ([], _) => is_whole = true,
                (line @ [b' ' | b'\t', ..], Some(field)) => {
                    head.broke("a field is folded over several lines");
                    field.value.push(b' ');
                    field.value.extend_from_slice(line.trim_ascii());
                }
                (line, _) => {
                    let next = head.read_field(line);
                    head.take_field(std::mem::replace(&mut field, next));
                }
            }
        }
        head.take_field(field);
        if is_whole && head.version == Version::Http11 && head.request.host.is_none() {
            head.broke("HTTP/1.1 without a host");
        }
        head
    }

    fn read_request_line(&mut self, line: &[u8]) {
        let line = line.trim_ascii();
        let (method, rest) = split_at_space(line);
        let (target, version) = match rest.iter().rposition(u8::is_ascii_whitespace) {
            Some(space) => rest.split_at(space),
            None => (rest, [].as_slice()),
        };
        let (target, version) = match Version::read(version.trim_ascii()) {
            // The last word belongs to the target.
            None => (rest, None),
            version => (target.trim_ascii(), version),
        };
        let version = match version {
            None if method == b"GET" && matches!(target, [b'/', ..]) => Version::Http09,
            None => Version::Unreadable,
            Some((version, word)) => {
                if !word.starts_with(b"HTTP/") {
                    self.broke("the version is not in upper case");
                }
                version
            }
        };
        self.check_words(method, target);
        self.request.method = lossy(method);
        self.request.target = lossy(target);
        self.take_version(version);
        self.request.host = authority(&self.request);
    }

    fn take_version(&mut self, version: Version) {
        self.version = version;
        self.request.version = version.name();
    }

    fn check_words(&mut self, method: &[u8], target: &[u8]) {
        if method.iter().any(u8::is_ascii_lowercase) {
            self.broke("the method is not in upper case");
        }
        if target.iter().any(u8::is_ascii_whitespace) {
            self.broke("the target has a space in it");
        }
        if !target.iter().all(|byte| byte.is_ascii() && !byte.is_ascii_control()) {
            self.broke("the target has bytes that are not printable ASCII");
        }
    }

    fn read_field(&mut self, line: &[u8]) -> Option<Field> {
        let Some(colon) = line.iter().position(|byte| *byte == b':') else {
            self.broke("a field has no colon");
            return None;
        };
        let (name, value) = line.split_at(colon);
        if name.is_empty() || name.iter().any(|byte| !byte.is_ascii_graphic()) {
            self.broke("a field's name is not a word");
        }
        let value = value.get(1..).unwrap_or_default().trim_ascii();
        if value.iter().any(|byte| byte.is_ascii_control() && *byte != b'\t') {
            self.broke("a field has control codes in it");
        }
        let name = lossy(name.trim_ascii()).to_ascii_lowercase();
        Some(Field { name, value: value.to_vec() })
    }

    fn take_field(&mut self, field: Option<Field>) {
        let Some(Field { name, value }) = field else { return };
        match name.as_str() {
            "connection" | "proxy-connection" => self.take_connection(&value),
            "content-length" => self.take_length(&value),
            "expect" => self.expects_continue = value.eq_ignore_ascii_case(b"100-continue"),
            "host" => self.take_host(&value),
            "transfer-encoding" => self.take_coding(&value),
            _ => {}
        }
        self.request.fields.push((name, value));
    }

    fn take_connection(&mut self, value: &[u8]) {
        for word in value.split(|byte| *byte == b',').map(<[u8]>::trim_ascii) {
            if word.eq_ignore_ascii_case(b"close") {
                self.connection = Connection::Close;
            } else if word.eq_ignore_ascii_case(b"keep-alive")
                && self.connection != Connection::Close
            {
                self.connection = Connection::KeepAlive;
            }
        }
    }

    fn take_length(&mut self, value: &[u8]) {
        let length = match number(value) {
            Some(length) => Framing::Length(length),
            None => Framing::Unreadable,
        };
        self.body = match self.body {
            Framing::None => length,
            before @ (Framing::Chunked | Framing::UnknownCoding) => {
                self.broke("a body has both a length and a transfer coding");
                before
            }
            before if before == length => before,
            _ => Framing::Unreadable,
        };
    }

    /// A transfer coding goes before a length (RFC 9112 §6.3).
    fn take_coding(&mut self, value: &[u8]) {
        if matches!(self.body, Framing::Length(_) | Framing::Unreadable) {
            self.broke("a body has both a length and a transfer coding");
        }
        let last = value.rsplit(|byte| *byte == b',').next().unwrap_or_default().trim_ascii();
        self.body = match last {
            last if last.eq_ignore_ascii_case(b"chunked") => Framing::Chunked,
            last if last.eq_ignore_ascii_case(b"identity") => self.body,
            _ => Framing::UnknownCoding,
        };
    }

    /// The host of an absolute target goes before the field (RFC 9112 §3.2.2).
    fn take_host(&mut self, value: &[u8]) {
        if self.request.host.is_none() && !value.is_empty() {
            self.request.host = Some(lossy(value));
        }
    }

    fn broke(&mut self, rule: &'static str) {
        self.broken_rules.add(rule);
    }
}

impl Version {
    /// Reads `HTTP/n.n`, and gives the word back.
    fn read(word: &[u8]) -> Option<(Self, &[u8])> {
        let (name, number) = word.split_at_checked(5)?;
        if !name.eq_ignore_ascii_case(b"HTTP/") {
            return None;
        }
        let version = match number {
            b"0.9" => Self::Http09,
            b"1.0" => Self::Http10,
            [b'1', b'.', b'1'..=b'9'] => Self::Http11,
            [b'0'..=b'9', ..] => Self::Other,
            _ => Self::Unreadable,
        };
        Some((version, word))
    }
}

/// The host of a target that carries one: an absolute URL, or that of CONNECT.
fn authority(request: &Request) -> Option<String> {
    if request.method.eq_ignore_ascii_case("connect") {
        return Some(request.target.clone());
    }
    let (scheme, rest) = request.target.split_once("://")?;
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        return None;
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    (!host.is_empty()).then(|| host.to_owned())
}

/// A length in digits. Several, all alike, count as one (RFC 9110 §8.6).
fn number(value: &[u8]) -> Option<u64> {
    let mut numbers = value.split(|byte| *byte == b',').map(|number| {
        let digits = number.trim_ascii();
        let is_number = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
        is_number.then(|| std::str::from_utf8(digits).ok()?.parse().ok())?
    });
    let first = numbers.next()??;
    numbers.all(|number| number == Some(first)).then_some(first)
}

fn split_at_space(line: &[u8]) -> (&[u8], &[u8]) {
    match line.iter().position(u8::is_ascii_whitespace) {
        Some(space) => {
            let (word, rest) = line.split_at(space);
            (word, rest.trim_ascii_start())
        }
        None => (line, &[]),
    }
}

fn without_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
