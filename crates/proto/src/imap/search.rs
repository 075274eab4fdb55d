//! SEARCH: the mails that fit (RFC 3501 §6.4.4).

use jiff::civil::Date;

use super::arguments::Value;
use super::command::{Command, Numbering};
use super::folder::Mail;
use super::folders::invalid;
use super::machine::State;
use super::session::Session;
use super::set::Set;
use crate::{Cx, Out};

/// What a mail has to be like.
#[derive(Debug, PartialEq, Eq)]
enum Key {
    All(Vec<Self>),
    Anywhere(String),
    Body(String),
    Dated(Of, When, Date),
    Field(String, String),
    Flag(String),
    Larger(usize),
    Not(Box<Self>),
    Or(Box<Self>, Box<Self>),
    Recent,
    Set(Set, Numbering),
    Smaller(usize),
}

/// Which of its dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    Received,
    Sent,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum When {
    Before,
    On,
    Since,
}

/// Most keys of one search, and how deep they may be; programs ask for a handful.
const MOST: usize = 64;
const DEEPEST: usize = 16;

pub(super) fn search(session: &mut Session, command: &Command, _: &Cx<'_>, out: &mut Out) -> State {
    let mut values = command.from(0);
    if command.text(0).is_some_and(|word| word.eq_ignore_ascii_case("CHARSET")) {
        values = command.from(2);
    }
    let mut reader = Reader { values, left: MOST };
    let (Some(key), Some((folder, _))) = (reader.all(0), session.folder()) else {
        return invalid(command, out);
    };
    let largest = (folder.count(), folder.mails.last().map_or(0, |mail| mail.uid));
    let mut answer = "* SEARCH".to_owned();
    for (place, mail) in (1..).zip(&folder.mails) {
        if Judged::new(place, mail, largest).fits(&key) {
            let number = if command.by == Numbering::Uid { mail.uid } else { place };
            answer += &format!(" {number}");
        }
    }
    out.send(format!("{answer}\r\n{}", command.completed()));
    State::Command
}

struct Reader<'a> {
    values: &'a [Value],
    left: usize,
}

impl<'a> Reader<'a> {
    /// All keys there are; at least one.
    fn all(&mut self, depth: usize) -> Option<Key> {
        let mut keys = Vec::new();
        while !self.values.is_empty() {
            keys.push(self.key(depth)?);
        }
        (!keys.is_empty()).then_some(Key::All(keys))
    }

    fn next(&mut self) -> Option<&'a Value> {
        let (first, rest) = self.values.split_first()?;
        self.values = rest;
        Some(first)
    }

    fn text(&mut self) -> Option<&'a str> {
        self.next()?.text()
    }

    fn lower(&mut self) -> Option<String> {
        self.text().map(str::to_lowercase)
    }

    fn key(&mut self, depth: usize) -> Option<Key> {
        self.left = self.left.checked_sub(1)?;
        if depth > DEEPEST {
            return None;
        }
        match self.next()? {
            Value::List(inside) => {
                let mut reader = Reader { values: inside, left: self.left };
                let key = reader.all(depth + 1);
                self.left = reader.left;
                key
            }
            Value::Atom(word) | Value::Text(word) => self.named(word, depth),
        }
    }

    fn named(&mut self, word: &str, depth: usize) -> Option<Key> {
        let word = word.to_ascii_uppercase();
        if let Some(key) = without_argument(&word) {
            return Some(key);
        }
        Some(match word.as_str() {
            "BCC" | "CC" | "FROM" | "SUBJECT" | "TO" => Key::Field(word, self.lower()?),
            "BODY" => Key::Body(self.lower()?),
            "HEADER" => Key::Field(self.text()?.to_ascii_uppercase(), self.lower()?),
            "KEYWORD" => Key::Flag(self.text()?.to_owned()),
            "LARGER" => Key::Larger(self.text()?.parse().ok()?),
            "NOT" => Key::Not(Box::new(self.key(depth + 1)?)),
            "OR" => Key::Or(Box::new(self.key(depth + 1)?), Box::new(self.key(depth + 1)?)),
            "SMALLER" => Key::Smaller(self.text()?.parse().ok()?),
            "TEXT" => Key::Anywhere(self.lower()?),
            "UID" => Key::Set(Set::read(self.text()?)?, Numbering::Uid),
            "UNKEYWORD" => not(Key::Flag(self.text()?.to_owned())),
            word => match dated(word) {
                Some((of, when)) => Key::Dated(of, when, date(self.text()?)?),
                None => Key::Set(Set::read(word)?, Numbering::Place),
            },
        })
    }
}

fn without_argument(word: &str) -> Option<Key> {
    let flag = |name: &str| Key::Flag(format!("\\{name}"));
    Some(match word {
        "ALL" => Key::All(Vec::new()),
        "ANSWERED" | "DELETED" | "DRAFT" | "FLAGGED" | "SEEN" => flag(word),
        "NEW" => Key::All(vec![Key::Recent, not(flag("SEEN"))]),
        "OLD" => not(Key::Recent),
        "RECENT" => Key::Recent,
        "UNANSWERED" | "UNDELETED" | "UNDRAFT" | "UNFLAGGED" | "UNSEEN" => {
            not(flag(word.strip_prefix("UN")?))
        }
        _ => return None,
    })
}

fn not(key: Key) -> Key {
    Key::Not(Box::new(key))
}

fn dated(word: &str) -> Option<(Of, When)> {
    let (of, word) = match word.strip_prefix("SENT") {
        Some(word) => (Of::Sent, word),
        None => (Of::Received, word),
    };
    let when = match word {
        "BEFORE" => When::Before,
        "ON" => When::On,
        "SINCE" => When::Since,
        _ => return None,
    };
    Some((of, when))
}

/// `1-Feb-1994`.
fn date(text: &str) -> Option<Date> {
    let mut parts = text.split('-');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let month = MONTHS.iter().position(|name| name.eq_ignore_ascii_case(month))?;
    let month = i8::try_from(month + 1).ok()?;
    Date::new(year.parse().ok()?, month, day.parse().ok()?).ok()
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A mail that is judged, in the letters that texts are compared in.
struct Judged<'a> {
    place: u32,
    mail: &'a Mail,
    /// The largest place and number there are.
    largest: (u32, u32),
    lower: String,
}

impl<'a> Judged<'a> {
    fn new(place: u32, mail: &'a Mail, largest: (u32, u32)) -> Self {
        let lower = String::from_utf8_lossy(&mail.text).to_lowercase();
        Self { place, mail, largest, lower }
    }

    fn fits(&self, key: &Key) -> bool {
        match key {
            Key::All(keys) => keys.iter().all(|key| self.fits(key)),
            Key::Anywhere(text) => self.lower.contains(text),
            Key::Body(text) => self.body().contains(text.as_str()),
            Key::Dated(of, when, date) => self.date(*of).is_some_and(|is| match when {
                When::Before => is < *date,
                When::On => is == *date,
                When::Since => is >= *date,
            }),
            Key::Field(name, text) => self.fields(name).any(|value| value.contains(text.as_str())),
            Key::Flag(flag) => self.mail.flags.has(flag),
            Key::Larger(bytes) => self.mail.text.len() > *bytes,
            Key::Not(key) => !self.fits(key),
            Key::Or(one, other) => self.fits(one) || self.fits(other),
            Key::Recent => self.mail.is_recent,
            Key::Set(set, Numbering::Place) => set.has(self.place, self.largest.0),
            Key::Set(set, Numbering::Uid) => set.has(self.mail.uid, self.largest.1),
            Key::Smaller(bytes) => self.mail.text.len() < *bytes,
        }
    }

    fn split(&self) -> (&str, &str) {
        self.lower.split_once("\r\n\r\n").unwrap_or((&self.lower, ""))
    }

    fn body(&self) -> &str {
        self.split().1
    }

    /// What fields of a name say.
    fn fields(&self, name: &str) -> impl Iterator<Item = String> {
        let head = self.split().0.replace("\r\n ", " ").replace("\r\n\t", " ");
        let lines: Vec<String> = head.lines().map(str::to_owned).collect();
        let name = name.to_ascii_lowercase();
        lines.into_iter().filter_map(move |line| {
            let (known, value) = line.split_once(':')?;
            (known.trim() == name).then(|| value.trim().to_owned())
        })
    }

    fn date(&self, of: Of) -> Option<Date> {
        match of {
            Of::Received => {
                let time = jiff::Timestamp::from_second(self.mail.received).ok()?;
                Some(jiff::tz::Offset::UTC.to_datetime(time).date())
            }
            Of::Sent => {
                let field = self.fields("date").next()?;
                jiff::fmt::rfc2822::parse(&field).ok().map(|time| time.date())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::super::arguments::{Piece, read};
    use super::super::flags::Flags;
    use super::*;

    fn key(text: &str) -> Option<Key> {
        let values = read(&[Piece::Line(text.as_bytes().to_vec())])?;
        Reader { values: &values, left: MOST }.all(0)
    }

    fn fits(text: &str) -> bool {
        let mail = Mail {
            uid: 9,
            text: Bytes::from_static(
                b"Subject: An Invoice\r\n for you\r\nDate: Tue, 01 Jan 2030 10:00:00 +0000\r\n\r\nPassword",
            ),
            received: 1_893_492_000,
            flags: Flags::seen(),
            is_recent: true,
        };
        Judged::new(1, &mail, (1, 9)).fits(&key(text).unwrap())
    }

    #[test]
    fn mails_are_found_by_what_they_are_and_say() {
        for text in [
            "ALL",
            "SEEN RECENT OLD NOT SEEN",
            "SUBJECT \"invoice for\"",
            "HEADER subject \"\"",
            "TEXT invoice BODY password",
            "NOT BODY invoice",
            "OR UNSEEN (SEEN 1)",
            "UID 9:* LARGER 10 SMALLER 1000",
            "ON 1-Jan-2030 SENTSINCE 31-dec-2029 BEFORE 2-Jan-2030",
            "UNKEYWORD work UNDELETED",
        ] {
            let is_odd = text.contains("OLD");
            assert_eq!(fits(text), !is_odd, "{text}");
        }
        for text in ["UNSEEN", "FROM jo", "2", "NEW", "KEYWORD work", "SENTBEFORE 1-Jan-2030"] {
            assert!(!fits(text), "{text}");
        }
    }

    #[test]
    fn nothing_else_is_a_key() {
        let (deep, many) = ("NOT ".repeat(40) + "ALL", "ALL ".repeat(65));
        for text in ["", "ODD", "SUBJECT", "SINCE yesterday", "SINCE 31-Feb-2030", &deep, &many] {
            assert_eq!(key(text), None, "{text}");
        }
    }
}
