//! What a client sends: arrays of strings, or words in a line. Long strings are files of their own.

use model::{ArtifactNumber, ArtifactSource, ArtifactStart, Completeness, Direction, Event, Limit};

use crate::inbox::Line;
use crate::{Cx, Inbox, Out};

/// Reads commands as they come, however they are cut.
#[derive(Debug, Default)]
pub(super) struct Listener {
    state: State,
    command: Partial,
    files: u32,
}

#[derive(Debug, Default)]
enum State {
    /// In a string of the command: so much of it is missing.
    Inside { missing: usize, file: Option<ArtifactNumber> },
    /// Before a string of the command.
    Length,
    #[default]
    Start,
    /// Behind a string: its line ends.
    Tail,
}

/// A command of which not all has come.
#[derive(Debug, Default)]
struct Partial {
    /// How many words are missing.
    missing: usize,
    words: Vec<Vec<u8>>,
    /// What they take of the room for them.
    bytes: usize,
    is_cut: bool,
}

/// What was read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Heard {
    Command(Vec<Vec<u8>>),
    /// Nothing that is answered; there may be more.
    Nothing,
    Partial,
    /// A broken rule, and what a server says about it before it hangs up.
    Unreadable(&'static str, String),
}

/// Longest head of an array or a string: a mark and a number.
const HEAD: usize = 32;

/// Most words of a command, and longest word (the usual server's limits).
const WORDS: usize = 1 << 20;
const WORD: usize = 512 << 20;

/// What a word costs besides its bytes.
const WORD_COST: usize = 32;

/// Fewest bytes of a string that is a file of its own: a cron job or a key is longer, most words
/// are not.
const FILE: usize = 64;

impl Listener {
    /// Reads up to the end of a command, if it has come.
    pub(super) fn read(&mut self, inbox: &mut Inbox, cx: &Cx<'_>, out: &mut Out) -> Heard {
        match self.state {
            State::Start if inbox.peek().first() == Some(&b'*') => self.array(inbox),
            State::Start => inline(inbox, cx, out),
            State::Length => self.length(inbox, out),
            State::Inside { missing, file } => self.inside(missing, file, inbox, (cx, out)),
            State::Tail => self.tail(inbox, cx, out),
        }
    }

    /// Whether a command has begun and not ended.
    pub(super) fn is_inside(&self) -> bool {
        !matches!(self.state, State::Start)
    }

    fn array(&mut self, inbox: &mut Inbox) -> Heard {
        let count = match number(inbox) {
            Number::Partial => return Heard::Partial,
            Number::None => return unreadable("invalid multibulk length"),
            Number::Is(count) => count,
        };
        match usize::try_from(count) {
            Ok(count) if count > WORDS => unreadable("invalid multibulk length"),
            Ok(count) if count > 0 => {
                self.command = Partial { missing: count, ..Partial::default() };
                self.state = State::Length;
                Heard::Nothing
            }
            _ => Heard::Nothing,
        }
    }

    fn length(&mut self, inbox: &mut Inbox, out: &mut Out) -> Heard {
        if let Some(mark) = inbox.peek().first().filter(|mark| **mark != b'$') {
            let text = format!("-ERR Protocol error: expected '$', got '{}'\r\n", shown(*mark));
            return Heard::Unreadable("a string that does not begin with $", text);
        }
        let length = match number(inbox) {
            Number::Partial => return Heard::Partial,
            Number::None => None,
            Number::Is(length) => usize::try_from(length).ok(),
        };
        match length {
            Some(length) if length <= WORD => self.begin(length, out),
            _ => unreadable("invalid bulk length"),
        }
    }

    fn begin(&mut self, length: usize, out: &mut Out) -> Heard {
        let file = (length >= FILE && self.command.is_worth_files()).then(|| self.file(out));
        self.command.words.push(Vec::new());
        self.state = State::Inside { missing: length, file };
        Heard::Nothing
    }

    /// Begins a file, which is called what the key is.
    fn file(&mut self, out: &mut Out) -> ArtifactNumber {
        let number = ArtifactNumber(self.files);
        self.files += 1;
        let name = self.command.words.get(1).map(|key| String::from_utf8_lossy(key).into_owned());
        out.keep_start(ArtifactStart {
            number,
            source: ArtifactSource::StoredValue,
            direction: Direction::FromVictim,
            name,
            media_type: None,
            part_of: None,
        });
        number
    }

    fn inside(
        &mut self,
        missing: usize,
        file: Option<ArtifactNumber>,
        inbox: &mut Inbox,
        (cx, out): (&Cx<'_>, &mut Out),
    ) -> Heard {
        let bytes = inbox.take(missing.min(inbox.len())).unwrap_or_default();
        if bytes.is_empty() && missing > 0 {
            return Heard::Partial;
        }
        let missing = missing - bytes.len();
        self.command.add(&bytes, cx.rules.form_bytes);
        if let Some(number) = file {
            out.keep_bytes(number, bytes);
        }
        self.state = State::Inside { missing, file };
        if missing == 0 {
            file.into_iter().for_each(|number| out.keep_end(number, Completeness::Whole));
            self.state = State::Tail;
        }
        Heard::Nothing
    }

    /// The end of a line: nobody looks what it is.
    fn tail(&mut self, inbox: &mut Inbox, cx: &Cx<'_>, out: &mut Out) -> Heard {
        if inbox.len() < 2 {
            return Heard::Partial;
        }
        inbox.discard(2);
        self.command.end_word(cx.rules.form_bytes);
        self.command.missing -= 1;
        if self.command.missing > 0 {
            self.state = State::Length;
            return Heard::Nothing;
        }
        self.state = State::Start;
        let command = std::mem::take(&mut self.command);
        if command.is_cut {
            out.note(Event::LimitReached(Limit::FormBytes));
        }
        Heard::Command(command.words)
    }
}

impl Partial {
    /// Whether a long word may be a file: not the command itself, and no password.
    fn is_worth_files(&self) -> bool {
        let verb = self.words.first().map(|verb| verb.to_ascii_uppercase());
        verb.is_some_and(|verb| verb != b"AUTH" && verb != b"HELLO")
    }

    /// Adds bytes to the word that is being read, as long as there is room.
    fn add(&mut self, bytes: &[u8], room: usize) {
        let left = room.saturating_sub(self.bytes);
        let (held, cut) = bytes.split_at_checked(left).unwrap_or((bytes, &[]));
        self.bytes += held.len();
        self.is_cut |= !cut.is_empty();
        if let Some(word) = self.words.last_mut() {
            word.extend(held);
        }
    }

    /// A word that there was no room for is left out.
    fn end_word(&mut self, room: usize) {
        self.bytes += WORD_COST;
        if self.bytes > room + WORD_COST && self.words.len() > 1 {
            self.words.pop_if(|word| word.is_empty());
            self.is_cut = true;
        }
    }
}

/// The number in a head, after its mark.
enum Number {
    Is(i64),
    None,
    Partial,
}

fn number(inbox: &mut Inbox) -> Number {
    match inbox.take_line(HEAD) {
        Line::Whole(line) => {
            let text = line.get(1..).and_then(|text| std::str::from_utf8(text).ok());
            text.and_then(|text| text.parse().ok()).map_or(Number::None, Number::Is)
        }
        Line::Overlong(_) => Number::None,
        Line::Partial => Number::Partial,
    }
}

fn unreadable(rule: &'static str) -> Heard {
    Heard::Unreadable(rule, format!("-ERR Protocol error: {rule}\r\n"))
}

fn shown(byte: u8) -> char {
    if byte.is_ascii_graphic() { char::from(byte) } else { '?' }
}

fn inline(inbox: &mut Inbox, cx: &Cx<'_>, out: &mut Out) -> Heard {
    match inbox.take_line(cx.rules.line_bytes) {
        Line::Partial => Heard::Partial,
        Line::Overlong(_) => {
            out.note(Event::LimitReached(Limit::LineBytes));
            unreadable("too big inline request")
        }
        Line::Whole(line) => match words(&line) {
            None => unreadable("unbalanced quotes in request"),
            Some(words) if words.is_empty() => Heard::Nothing,
            Some(words) => Heard::Command(words),
        },
    }
}

/// The words of a line. In double quotes there are escapes; nothing if a quote is left open.
fn words(line: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut words = Vec::new();
    let mut rest = line.trim_ascii();
    while let Some((first, after)) = rest.split_first() {
        let (word, left) = match first {
            b'"' => quoted(after)?,
            b'\'' => {
                let end = after.iter().position(|byte| *byte == b'\'')?;
                let (word, left) = after.split_at_checked(end)?;
                (word.to_vec(), left.get(1..)?)
            }
            _ => {
                let end = rest.iter().position(u8::is_ascii_whitespace).unwrap_or(rest.len());
                let (word, left) = rest.split_at_checked(end)?;
                (word.to_vec(), left)
            }
        };
        if left.first().is_some_and(|next| !next.is_ascii_whitespace()) {
            return None;
        }
        words.push(word);
        rest = left.trim_ascii_start();
    }
    Some(words)
}

/// A word up to its closing quote, and what comes after it.
fn quoted(mut rest: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut word = Vec::new();
    loop {
        let (byte, after) = rest.split_first()?;
        rest = after;
        match byte {
            b'"' => return Some((word, rest)),
            b'\\' => {
                let (byte, after) = escape(rest)?;
                word.push(byte);
                rest = after;
            }
            byte => word.push(*byte),
        }
    }
}

fn escape(rest: &[u8]) -> Option<(u8, &[u8])> {
    let digits = rest.strip_prefix(b"x").and_then(|rest| rest.split_at_checked(2));
    if let Some((digits, after)) = digits
        && let Some(byte) = hexadecimal_byte(digits)
    {
        return Some((byte, after));
    }
    let (byte, after) = rest.split_first()?;
    let byte = match byte {
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'b' => 8,
        b'a' => 7,
        byte => *byte,
    };
    Some((byte, after))
}

fn hexadecimal_byte(digits: &[u8]) -> Option<u8> {
    let is_hexadecimal = digits.iter().all(u8::is_ascii_hexdigit);
    let text = std::str::from_utf8(digits).ok().filter(|_| is_hexadecimal)?;
    u8::from_str_radix(text, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(line: &str) -> Option<Vec<String>> {
        let words = words(line.as_bytes())?;
        Some(words.iter().map(|word| String::from_utf8_lossy(word).into_owned()).collect())
    }

    #[test]
    fn a_line_is_words_with_or_without_quotes() {
        for (line, expected) in [
            ("set a  b ", Some(vec!["set", "a", "b"])),
            (r#"set a "\n*/1 \x41\"" 'c d'"#, Some(vec!["set", "a", "\n*/1 A\"", "c d"])),
            ("", Some(vec![])),
            (r#"set "a"#, None),
            (r#"set "a"b"#, None),
            ("set 'a", None),
        ] {
            let expected: Option<Vec<String>> =
                expected.map(|words| words.into_iter().map(str::to_owned).collect());
            assert_eq!(texts(line), expected, "{line}");
        }
    }
}
