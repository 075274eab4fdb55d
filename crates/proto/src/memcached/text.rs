//! The text protocol: lines, and values after some of them.

use super::items::{Item, end};
use super::server::{Done, Server};
use super::statistics::VERSION;
use crate::{Cx, Out};

/// A value that a line has announced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Storage {
    way: Way,
    pub(super) key: Vec<u8>,
    flags: u32,
    expiry: i64,
    pub(super) length: usize,
    /// The version that CAS wants replaced.
    version: u64,
    is_quiet: bool,
}

/// When and how a value is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Add,
    Append,
    Cas,
    Prepend,
    /// Not at all: it is too long.
    Refuse,
    Replace,
    Set,
}

const WAYS: [(&str, Way); 6] = [
    ("add", Way::Add),
    ("append", Way::Append),
    ("cas", Way::Cas),
    ("prepend", Way::Prepend),
    ("replace", Way::Replace),
    ("set", Way::Set),
];

/// Longest key, and longest value (the usual server's limits).
const KEY: usize = 250;
const VALUE: usize = 1 << 20;

/// A line, and what answers it may know and do.
struct Told<'a> {
    words: Vec<&'a str>,
    reply: &'a mut Vec<u8>,
    cx: &'a Cx<'a>,
    out: &'a mut Out,
}

/// A command and what is done about it.
type Obey = fn(&mut Server, &mut Told<'_>) -> Done;

const COMMANDS: &[(&str, Obey)] = &[
    ("decr", |server, told| count(Direction::Down, server, told)),
    ("delete", delete),
    ("flush_all", flush_all),
    ("get", |server, told| get(Version::Unsaid, server, told)),
    ("gets", |server, told| get(Version::Said, server, told)),
    ("incr", |server, told| count(Direction::Up, server, told)),
    ("quit", |_, _| Done::Quit),
    ("shutdown", |_, told| told.say("ERROR: shutdown not enabled")),
    ("stats", stats),
    ("touch", touch),
    ("verbosity", |_, told| told.say("OK")),
    ("version", |_, told| told.say(&format!("VERSION {VERSION}"))),
];

/// Does what a line wants.
pub(super) fn obey(
    server: &mut Server,
    line: &str,
    reply: &mut Vec<u8>,
    (cx, out): (&Cx<'_>, &mut Out),
) -> Done {
    let words: Vec<&str> = line.split_ascii_whitespace().collect();
    let verb = words.first().copied().unwrap_or_default();
    let mut told = Told { words, reply, cx, out };
    if let Some((_, way)) = WAYS.iter().find(|(known, _)| *known == verb) {
        return announce(*way, server, &mut told);
    }
    match COMMANDS.iter().find(|(known, _)| *known == verb) {
        Some((_, obey)) => obey(server, &mut told),
        None => {
            server.broke("an unknown command", told.out);
            told.say("ERROR")
        }
    }
}

impl Told<'_> {
    fn say(&mut self, text: &str) -> Done {
        if self.words.last() != Some(&"noreply") {
            self.reply.extend(text.bytes());
            self.reply.extend(b"\r\n");
        }
        Done::Said
    }

    fn word(&self, place: usize) -> &str {
        self.words.get(place).copied().unwrap_or_default()
    }
}

/// A line that announces a value: key, flags, expiry, length.
fn announce(way: Way, server: &mut Server, told: &mut Told<'_>) -> Done {
    let numbers = (told.word(2).parse(), told.word(3).parse(), told.word(4).parse());
    let key = told.word(1).as_bytes().to_vec();
    let (Ok(flags), Ok(expiry), Ok(length)) = numbers else {
        server.broke("a value that is announced wrongly", told.out);
        return told.say("CLIENT_ERROR bad command line format");
    };
    let is_too_long = key.len() > KEY || length > VALUE;
    if is_too_long {
        server.broke("a key or a value that is too long", told.out);
    }
    let way = if is_too_long { Way::Refuse } else { way };
    let version = told.word(5).parse().unwrap_or_default();
    let is_quiet = told.words.last() == Some(&"noreply");
    Done::Stores(Storage { way, key, flags, expiry, length, version, is_quiet })
}

/// Stores a value that has come.
pub(super) fn store(
    server: &mut Server,
    storage: Storage,
    value: Vec<u8>,
    reply: &mut Vec<u8>,
    (cx, out): (&Cx<'_>, &mut Out),
) {
    let is_quiet = storage.is_quiet;
    let said = try_to_store(server, storage, value, (cx, out));
    if !is_quiet {
        reply.extend(said.bytes());
        reply.extend(b"\r\n");
    }
}

fn try_to_store(
    server: &mut Server,
    storage: Storage,
    value: Vec<u8>,
    (cx, out): (&Cx<'_>, &mut Out),
) -> &'static str {
    let Storage { way, key, flags, expiry, version, .. } = storage;
    let old = server.items.find(&key, cx.now).cloned();
    let item = match (way, old) {
        (Way::Refuse, _) => return "SERVER_ERROR object too large for cache",
        (Way::Add, Some(_)) | (Way::Append | Way::Prepend | Way::Replace, None) => {
            return "NOT_STORED";
        }
        (Way::Cas, None) => return "NOT_FOUND",
        (Way::Cas, Some(old)) if old.version != version => return "EXISTS",
        (Way::Append, Some(old)) => Item { value: [&old.value[..], &value].concat(), ..old },
        (Way::Prepend, Some(old)) => Item { value: [&value[..], &old.value].concat(), ..old },
        _ => Item { flags, value, expires: end(expiry, cx.now), version: 0 },
    };
    match server.items.store(&key, item, cx, out) {
        Some(_) => "STORED",
        None => "SERVER_ERROR out of memory storing object",
    }
}

/// Whether a value is given with its version.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Version {
    Said,
    Unsaid,
}

fn get(version: Version, server: &mut Server, told: &mut Told<'_>) -> Done {
    if told.words.len() < 2 {
        return told.say("ERROR");
    }
    let keys: Vec<String> = told.words.iter().skip(1).map(|key| (*key).to_owned()).collect();
    for key in keys {
        let Some(item) = server.items.find(key.as_bytes(), told.cx.now) else { continue };
        let number = match version {
            Version::Said => format!(" {}", item.version),
            Version::Unsaid => String::new(),
        };
        let head = format!("VALUE {key} {} {}{number}\r\n", item.flags, item.value.len());
        told.reply.extend(head.bytes());
        told.reply.extend(&item.value);
        told.reply.extend(b"\r\n");
    }
    told.say("END")
}

fn delete(server: &mut Server, told: &mut Told<'_>) -> Done {
    let key = told.word(1).as_bytes().to_vec();
    let was_there = server.items.find(&key, told.cx.now).is_some();
    server.items.remove(&key);
    told.say(if was_there { "DELETED" } else { "NOT_FOUND" })
}

fn flush_all(server: &mut Server, told: &mut Told<'_>) -> Done {
    server.items.clear();
    told.say("OK")
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Down,
    Up,
}

fn count(direction: Direction, server: &mut Server, told: &mut Told<'_>) -> Done {
    let key = told.word(1).as_bytes().to_vec();
    let Ok(step) = told.word(2).parse::<u64>() else {
        return told.say("CLIENT_ERROR invalid numeric delta argument");
    };
    let Some(item) = server.items.find(&key, told.cx.now).cloned() else {
        return told.say("NOT_FOUND");
    };
    let number = std::str::from_utf8(&item.value).ok().and_then(|text| text.trim().parse().ok());
    let Some(number) = number else {
        return told.say("CLIENT_ERROR cannot increment or decrement non-numeric value");
    };
    let number: u64 = match direction {
        Direction::Down => u64::saturating_sub(number, step),
        Direction::Up => u64::wrapping_add(number, step),
    };
    let text = number.to_string();
    let item = Item { value: text.clone().into_bytes(), ..item };
    match server.items.store(&key, item, told.cx, told.out) {
        Some(_) => told.say(&text),
        None => told.say("SERVER_ERROR out of memory storing object"),
    }
}

fn touch(server: &mut Server, told: &mut Told<'_>) -> Done {
    let key = told.word(1).as_bytes().to_vec();
    let expires = end(told.word(2).parse().unwrap_or_default(), told.cx.now);
    let Some(item) = server.items.find(&key, told.cx.now).cloned() else {
        return told.say("NOT_FOUND");
    };
    server.items.store(&key, Item { expires, ..item }, told.cx, told.out);
    told.say("TOUCHED")
}

/// STATS; with `cachedump` the names of all items.
fn stats(server: &mut Server, told: &mut Told<'_>) -> Done {
    let what = told.word(1).to_owned();
    if what == "cachedump" {
        for (key, item) in server.items.all() {
            let end = item.expires.map_or(0, |end| end.as_secs());
            let (key, length) = (String::from_utf8_lossy(key), item.value.len());
            told.reply.extend(format!("ITEM {key} [{length} b; {end} s]\r\n").bytes());
        }
    }
    for (name, value) in server.statistics(&what, told.cx) {
        told.reply.extend(format!("STAT {name} {value}\r\n").bytes());
    }
    told.say("END")
}
