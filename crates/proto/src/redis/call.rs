//! A command on its way: its words, and what answers it may know and do.

use super::reply::Reply;
use crate::{Cx, Out};

/// One command.
pub(super) struct Call<'a> {
    pub(super) cx: &'a Cx<'a>,
    pub(super) out: &'a mut Out,
    /// The command itself comes first.
    pub(super) words: &'a [Vec<u8>],
}

impl<'a> Call<'a> {
    /// A word; nothing is said as an empty one.
    pub(super) fn word(&self, place: usize) -> &'a [u8] {
        self.words.get(place).map(Vec::as_slice).unwrap_or_default()
    }

    /// A word as text.
    pub(super) fn text(&self, place: usize) -> String {
        String::from_utf8_lossy(self.word(place)).into_owned()
    }

    /// A word that is a name of ours, in upper case.
    pub(super) fn name(&self, place: usize) -> String {
        self.text(place).to_ascii_uppercase()
    }

    /// All words from this one on.
    pub(super) fn rest(&self, place: usize) -> &'a [Vec<u8>] {
        self.words.get(place..).unwrap_or_default()
    }

    /// A word that is a number.
    pub(super) fn number(&self, place: usize) -> Result<i64, Reply> {
        integer(self.word(place))
    }

    /// Words from this one on, in pairs.
    pub(super) fn pairs(&self, place: usize) -> Result<&'a [[Vec<u8>; 2]], Reply> {
        match self.rest(place).as_chunks() {
            (pairs, []) if !pairs.is_empty() => Ok(pairs),
            _ => Err(self.wrong_count()),
        }
    }

    /// How many bytes its words have.
    pub(super) fn bytes(&self) -> usize {
        self.words.iter().map(Vec::len).sum()
    }

    pub(super) fn wrong_count(&self) -> Reply {
        let verb = self.text(0).to_ascii_lowercase();
        Reply::Error(format!("ERR wrong number of arguments for '{verb}' command"))
    }

    pub(super) fn unknown_part(&self) -> Reply {
        let (verb, part) = (self.name(0), self.text(1));
        Reply::Error(format!(
            "ERR Unknown subcommand or wrong number of arguments for '{part}'. Try {verb} HELP."
        ))
    }
}

/// A number as the server writes one: no blanks, no plus.
pub(super) fn integer(word: &[u8]) -> Result<i64, Reply> {
    let text = std::str::from_utf8(word).ok().filter(|text| !text.starts_with('+'));
    let number = text.and_then(|text| text.parse().ok());
    number.ok_or_else(|| Reply::error("ERR value is not an integer or out of range"))
}
