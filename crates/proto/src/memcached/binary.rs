//! The binary protocol: packets, and logins by SASL.

use model::{Credentials, Event};

use super::items::{Item, end};
use super::server::Server;
use super::statistics::VERSION;
use crate::frames::{Frame, Shape};
use crate::{Cx, Out, command_text};

/// A head of 24 bytes; how much follows is in its third word.
pub(super) const SHAPE: Shape = Shape { head: 24, body };

/// Longest packet: an item of the greatest size, with its name and what is said of it.
const BODY: usize = (1 << 20) + 4_096;

fn body(head: &[u8]) -> Option<usize> {
    let length = usize::try_from(u32::from_be_bytes(*head.get(8..)?.first_chunk()?)).ok()?;
    (length <= BODY).then_some(length)
}

/// What an answer says about its request.
const FINE: u16 = 0;
const MISSING: u16 = 1;
const EXISTS: u16 = 2;
const UNFIT: u16 = 4;
const NOT_STORED: u16 = 5;
const WRONG_LOGIN: u16 = 0x20;
const UNKNOWN: u16 = 0x81;
const FULL: u16 = 0x82;

/// A request.
struct Request<'a> {
    operation: u8,
    opaque: [u8; 4],
    version: u64,
    extras: &'a [u8],
    key: &'a [u8],
    value: &'a [u8],
}

/// An answer.
#[derive(Default)]
struct Answer {
    status: u16,
    version: u64,
    extras: Vec<u8>,
    key: Vec<u8>,
    value: Vec<u8>,
}

/// The operations by their numbers, and the quiet ones beside them: those say nothing if all is as
/// usual. What they are called when they are written down.
const OPERATIONS: &[(u8, &str, Obey)] = &[
    (0x00, "GET", get),
    (0x01, "SET", set),
    (0x02, "ADD", set),
    (0x03, "REPLACE", set),
    (0x04, "DELETE", delete),
    (0x05, "INCREMENT", |_, _, _, _| Answer::of(UNFIT)),
    (0x07, "QUIT", |_, _, _, _| Answer::default()),
    (0x08, "FLUSH", flush),
    (0x09, "GETQ", get),
    (0x0a, "NOOP", |_, _, _, _| Answer::default()),
    (0x0b, "VERSION", |_, _, _, _| Answer::with(VERSION)),
    (0x0c, "GETK", get),
    (0x0d, "GETKQ", get),
    (0x11, "SETQ", set),
    (0x20, "SASL_LIST", |_, _, _, _| Answer::with("PLAIN")),
    (0x21, "SASL_AUTH", login),
];

/// The operation that has many answers.
const STAT: u8 = 0x10;

type Obey = fn(&mut Server, &Request<'_>, &Cx<'_>, &mut Out) -> Answer;

/// Does what a packet wants; whether the client goes.
pub(super) fn obey(
    server: &mut Server,
    frame: &Frame,
    reply: &mut Vec<u8>,
    (cx, out): (&Cx<'_>, &mut Out),
) -> bool {
    let Some(request) = Request::read(frame) else {
        server.broke("a packet whose parts are longer than it is", out);
        return true;
    };
    if request.operation == STAT {
        statistics(server, &request, reply, (cx, out));
        return false;
    }
    let known = OPERATIONS.iter().find(|(number, ..)| *number == request.operation);
    let Some((_, name, obey)) = known else {
        server.broke("an unknown command", out);
        request.answer(&Answer::of(UNKNOWN), reply);
        return false;
    };
    note(name, &request, server, (cx, out));
    let answer = obey(server, &request, cx, out);
    if !is_left_out(request.operation, answer.status) {
        request.answer(&answer, reply);
    }
    matches!(request.operation, 0x07)
}

/// Quiet ones say nothing of what is not there, or of what was stored.
const fn is_left_out(operation: u8, status: u16) -> bool {
    match operation {
        0x09 | 0x0d => status == MISSING,
        0x11 => status == FINE,
        _ => false,
    }
}

/// Writes a command down; a login is a login.
fn note(name: &str, request: &Request<'_>, server: &Server, (cx, out): (&Cx<'_>, &mut Out)) {
    if !name.starts_with("SASL") {
        let words = [name.as_bytes().to_vec(), request.key.to_vec()];
        let words = if request.key.is_empty() { &words[..1] } else { &words[..] };
        server.note(command_text::quoted(words), cx, out);
    }
}

impl<'a> Request<'a> {
    fn read(frame: &'a Frame) -> Option<Self> {
        let head: &[u8; 24] = frame.head.first_chunk()?;
        let [_, operation, key_high, key_low, extras, ..] = *head;
        let key = usize::from(u16::from_be_bytes([key_high, key_low]));
        let (extras, rest) = frame.body.split_at_checked(usize::from(extras))?;
        let (key, value) = rest.split_at_checked(key)?;
        let opaque = *head.get(12..)?.first_chunk()?;
        let version = u64::from_be_bytes(*head.get(16..)?.first_chunk()?);
        Some(Self { operation, opaque, version, extras, key, value })
    }

    fn answer(&self, answer: &Answer, reply: &mut Vec<u8>) {
        let Answer { status, version, extras, key, value } = answer;
        let short = |count: usize| u16::try_from(count).unwrap_or(u16::MAX).to_be_bytes();
        let length = u32::try_from(extras.len() + key.len() + value.len()).unwrap_or_default();
        reply.extend([0x81, self.operation]);
        reply.extend(short(key.len()));
        reply.extend([u8::try_from(extras.len()).unwrap_or_default(), 0]);
        reply.extend(status.to_be_bytes());
        reply.extend(length.to_be_bytes());
        reply.extend(self.opaque);
        reply.extend(version.to_be_bytes());
        reply.extend([&extras[..], key, value].concat());
    }

    fn extra(&self, place: usize) -> u32 {
        let bytes = self.extras.get(place..).and_then(<[u8]>::first_chunk);
        bytes.map_or(0, |bytes| u32::from_be_bytes(*bytes))
    }
}

impl Answer {
    /// A status in the server's words.
    fn of(status: u16) -> Self {
        let text = match status {
            MISSING => "Not found",
            EXISTS => "Data exists for key.",
            UNFIT => "Invalid arguments",
            NOT_STORED => "Not stored.",
            WRONG_LOGIN => "Auth failure.",
            UNKNOWN => "Unknown command",
            FULL => "Out of memory",
            _ => "",
        };
        Self { status, value: text.as_bytes().to_vec(), ..Self::default() }
    }

    fn with(text: &str) -> Self {
        Self { value: text.as_bytes().to_vec(), ..Self::default() }
    }
}

fn get(server: &mut Server, request: &Request<'_>, cx: &Cx<'_>, _: &mut Out) -> Answer {
    let Some(item) = server.items.find(request.key, cx.now) else { return Answer::of(MISSING) };
    let key = if matches!(request.operation, 0x0c | 0x0d) { request.key } else { &[] };
    Answer {
        status: FINE,
        version: item.version,
        extras: item.flags.to_be_bytes().to_vec(),
        key: key.to_vec(),
        value: item.value.clone(),
    }
}

/// SET, ADD and REPLACE.
fn set(server: &mut Server, request: &Request<'_>, cx: &Cx<'_>, out: &mut Out) -> Answer {
    let old = server.items.find(request.key, cx.now).map(|item| item.version);
    match (request.operation, old) {
        (0x02, Some(_)) => return Answer::of(EXISTS),
        (0x03, None) => return Answer::of(MISSING),
        (_, Some(version)) if request.version != 0 && request.version != version => {
            return Answer::of(EXISTS);
        }
        _ => {}
    }
    let expires = end(i64::from(request.extra(4)), cx.now);
    let (flags, value) = (request.extra(0), request.value.to_vec());
    let item = Item { flags, value, expires, version: 0 };
    match server.items.store(request.key, item, cx, out) {
        Some(version) => Answer { version, ..Answer::default() },
        None => Answer::of(FULL),
    }
}

fn delete(server: &mut Server, request: &Request<'_>, cx: &Cx<'_>, _: &mut Out) -> Answer {
    let was_there = server.items.find(request.key, cx.now).is_some();
    server.items.remove(request.key);
    if was_there { Answer::default() } else { Answer::of(MISSING) }
}

fn flush(server: &mut Server, _: &Request<'_>, _: &Cx<'_>, _: &mut Out) -> Answer {
    server.items.clear();
    Answer::default()
}

/// Each value is an answer of its own; an empty one ends them.
fn statistics(
    server: &mut Server,
    request: &Request<'_>,
    reply: &mut Vec<u8>,
    (cx, out): (&Cx<'_>, &mut Out),
) {
    note("STAT", request, server, (cx, out));
    let about = String::from_utf8_lossy(request.key).into_owned();
    for (name, value) in server.statistics(&about, cx) {
        let (key, value) = (name.into_bytes(), value.into_bytes());
        request.answer(&Answer { key, value, ..Answer::default() }, reply);
    }
    request.answer(&Answer::default(), reply);
}

/// SASL: the mechanism is the key. PLAIN has NULs before the user and before the password.
fn login(_: &mut Server, request: &Request<'_>, cx: &Cx<'_>, out: &mut Out) -> Answer {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut parts = request.value.splitn(3, |byte| *byte == 0).skip(1);
    let (user, secret) = match (parts.next(), parts.next()) {
        (Some(user), Some(secret)) => (Some(text(user)), text(secret)),
        _ => (None, text(request.value)),
    };
    let mechanism = text(request.key).to_ascii_lowercase();
    let given = Credentials { protocol: "memcached", mechanism, user, secret };
    let is_right = cx.rules.memcached.accept.admits(&given, cx);
    out.note(Event::Credentials(given.into()));
    if is_right { Answer::with("Authenticated") } else { Answer::of(WRONG_LOGIN) }
}
