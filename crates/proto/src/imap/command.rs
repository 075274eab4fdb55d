//! A command: whom it is answered to, what it wants, and with what.

use super::arguments::{Piece, Value, read};

/// A command as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Command {
    /// What its answer begins with.
    pub(super) tag: String,
    /// Its word, in upper case.
    pub(super) verb: String,
    /// What its numbers are.
    pub(super) by: Numbering,
    /// Nothing, if they cannot be read.
    pub(super) arguments: Option<Vec<Value>>,
    /// All of it but the tag, on one line.
    pub(super) said: String,
}

/// What the numbers of mails in a command are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Numbering {
    /// Places in the folder.
    Place,
    /// Numbers that a mail keeps.
    Uid,
}

impl Command {
    pub(super) fn read(pieces: &[Piece]) -> Self {
        let (first, rest) = match pieces.split_first() {
            Some((Piece::Line(line), rest)) => (line.as_slice(), rest),
            _ => (&[][..], pieces),
        };
        let (tag, about) = word(first);
        let (mut verb, mut about_it) = word(about);
        let mut by = Numbering::Place;
        if verb.eq_ignore_ascii_case("UID") {
            by = Numbering::Uid;
            (verb, about_it) = word(about_it);
        }
        let pieces: Vec<Piece> =
            std::iter::once(Piece::Line(about_it.to_vec())).chain(rest.iter().cloned()).collect();
        Self {
            tag,
            verb: verb.to_ascii_uppercase(),
            by,
            arguments: read(&pieces),
            said: said(about, rest),
        }
    }

    /// The text of an argument.
    pub(super) fn text(&self, place: usize) -> Option<&str> {
        self.argument(place)?.text()
    }

    pub(super) fn argument(&self, place: usize) -> Option<&Value> {
        self.arguments.as_ref()?.get(place)
    }

    /// Those from one place on.
    pub(super) fn from(&self, place: usize) -> &[Value] {
        self.arguments.as_ref().and_then(|all| all.get(place..)).unwrap_or_default()
    }

    pub(super) fn ok(&self, text: &str) -> String {
        format!("{} OK {text}\r\n", self.tag)
    }

    pub(super) fn no(&self, text: &str) -> String {
        format!("{} NO {text}\r\n", self.tag)
    }

    pub(super) fn bad(&self, text: &str) -> String {
        format!("{} BAD Error in IMAP command {}: {text}\r\n", self.tag, self.name())
    }

    /// What an answer begins with if there is perhaps no tag.
    pub(super) fn tag_or_star(&self) -> &str {
        if self.tag.is_empty() { "*" } else { &self.tag }
    }

    /// It is done.
    pub(super) fn completed(&self) -> String {
        self.ok(&format!("{} completed.", self.name()))
    }

    /// Its word as servers write it in an answer.
    pub(super) fn name(&self) -> String {
        let verb = match self.verb.split_at_checked(1) {
            Some((first, rest)) => format!("{first}{}", rest.to_ascii_lowercase()),
            None => String::new(),
        };
        match self.by {
            Numbering::Place => verb,
            Numbering::Uid => format!("UID {verb}"),
        }
    }
}

/// A word and what comes after it.
fn word(line: &[u8]) -> (String, &[u8]) {
    let line = line.trim_ascii_start();
    let end = line.iter().position(|byte| byte.is_ascii_whitespace()).unwrap_or(line.len());
    let (word, rest) = line.split_at_checked(end).unwrap_or((line, &[]));
    (String::from_utf8_lossy(word).into_owned(), rest)
}

fn said(about: &[u8], rest: &[Piece]) -> String {
    let pieces = rest.iter().map(|piece| match piece {
        Piece::Line(bytes) | Piece::Literal(bytes) => bytes.as_slice(),
    });
    let all: Vec<u8> = std::iter::once(about).chain(pieces).flatten().copied().collect();
    String::from_utf8_lossy(&all).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_has_a_tag_a_word_and_arguments() {
        let command = Command::read(&[Piece::Line(b"a1 uid fetch 1:* flags".to_vec())]);
        assert_eq!((command.tag.as_str(), command.verb.as_str()), ("a1", "FETCH"));
        assert_eq!((command.by, command.text(1)), (Numbering::Uid, Some("flags")));
        assert_eq!(command.completed(), "a1 OK UID Fetch completed.\r\n");
        assert_eq!(command.said, "uid fetch 1:* flags");
    }

    #[test]
    fn a_command_without_anything_is_one_too() {
        let command = Command::read(&[Piece::Line(Vec::new())]);
        assert_eq!((command.tag.as_str(), command.verb.as_str()), ("", ""));
        assert_eq!(command.arguments, Some(Vec::new()));
    }
}
