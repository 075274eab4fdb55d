//! Patterns for texts and for the first bytes of a flow.

use std::sync::Arc;

use bytes::Bytes;
use regex::bytes::{Regex, RegexBuilder};
use regex_automata::hybrid::dfa::DFA;
use regex_automata::nfa::thompson;
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input};

use super::judgement::Judgement;

/// A regular expression that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("`{pattern}` is not a regular expression")]
pub struct PatternError {
    pattern: String,
    #[source]
    cause: Box<regex::Error>,
}

/// Text in which `*` stands for any characters and `?` for one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wildcard {
    pattern: Vec<u8>,
    case: Case,
}

/// Whether capital letters count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Case {
    Ignored,
    Kept,
}

impl Wildcard {
    /// One for which capital letters count.
    #[must_use]
    pub fn exactly(pattern: &str) -> Self {
        Self { pattern: pattern.into(), case: Case::Kept }
    }

    /// One for which capital letters are as good as small ones.
    #[must_use]
    pub fn in_any_case(pattern: &str) -> Self {
        Self { pattern: pattern.into(), case: Case::Ignored }
    }

    /// Whether all of `text` is like this. Linear in each of both: a star that went wrong is
    /// tried one further on, and never an earlier star again.
    #[must_use]
    pub fn matches(&self, text: &[u8]) -> bool {
        let (mut place, mut at) = (0, 0);
        let mut last_star = None;
        while let Some(&byte) = text.get(at) {
            match self.pattern.get(place) {
                Some(b'*') => {
                    last_star = Some((place, at));
                    place += 1;
                }
                Some(&wanted) if self.is_same(wanted, byte) => {
                    place += 1;
                    at += 1;
                }
                _ => {
                    let Some((star, tried)) = last_star else { return false };
                    last_star = Some((star, tried + 1));
                    (place, at) = (star + 1, tried + 1);
                }
            }
        }
        self.pattern.get(place..).unwrap_or_default().iter().all(|rest| *rest == b'*')
    }

    fn is_same(&self, wanted: u8, byte: u8) -> bool {
        wanted == b'?'
            || match self.case {
                Case::Ignored => wanted.eq_ignore_ascii_case(&byte),
                Case::Kept => wanted == byte,
            }
    }
}

/// What a text has to be like.
#[derive(Clone, Debug)]
pub enum Pattern {
    /// It contains something that this expression describes.
    Regex(Regex),
    /// All of it is like this.
    Wildcard(Wildcard),
}

impl Pattern {
    /// A regular expression over bytes.
    ///
    /// # Errors
    ///
    /// It is none, or would need too much memory.
    pub fn regex(pattern: &str) -> Result<Self, PatternError> {
        regex(pattern).map(Self::Regex)
    }

    /// Whether `text` is like this.
    #[must_use]
    pub fn matches(&self, text: &[u8]) -> bool {
        match self {
            Self::Regex(regex) => regex.is_match(text),
            Self::Wildcard(wildcard) => wildcard.matches(text),
        }
    }
}

/// Compiles an expression over bytes: `.` and `\w` are of one byte, since hardly a protocol is
/// Unicode.
pub(super) fn regex(pattern: &str) -> Result<Regex, PatternError> {
    let built = RegexBuilder::new(pattern).unicode(false).size_limit(REGEX_BYTES).build();
    built.map_err(|cause| PatternError { pattern: pattern.to_owned(), cause: Box::new(cause) })
}

/// How much memory one expression may take: `.{1,1000}` fits many times over.
const REGEX_BYTES: usize = 1 << 20;

/// How the first bytes of a flow have to be.
#[derive(Clone, Debug)]
pub enum First {
    /// They begin with these.
    Bytes(Bytes),
    /// They contain something that this expression describes, or are it if it begins with `^`.
    Regex(FirstRegex),
}

/// An expression for the first bytes, which may come in pieces.
#[derive(Clone, Debug)]
pub struct FirstRegex {
    regex: Regex,
    /// Of one that begins with `^`: how far what has come leads towards a match.
    way: Option<Arc<DFA>>,
}

impl First {
    /// A regular expression over bytes.
    ///
    /// # Errors
    ///
    /// It is none, or would need too much memory.
    pub fn regex(pattern: &str) -> Result<Self, PatternError> {
        let regex = regex(pattern)?;
        // What may stand anywhere could come at any time, and everybody would have to wait for it.
        let way = pattern.starts_with('^').then(|| way(pattern)).flatten();
        Ok(Self::Regex(FirstRegex { regex, way }))
    }

    /// Judges what has come so far.
    #[must_use]
    pub(super) fn judge(&self, seen: &[u8]) -> Judgement {
        match self {
            Self::Bytes(wanted) if seen.starts_with(wanted) => Judgement::Yes,
            Self::Bytes(wanted) if wanted.starts_with(seen) => Judgement::NotYet,
            Self::Bytes(_) => Judgement::No,
            Self::Regex(first) if first.regex.is_match(seen) => Judgement::Yes,
            Self::Regex(first) if first.may_match_later(seen) => Judgement::NotYet,
            Self::Regex(_) => Judgement::No,
        }
    }
}

impl FirstRegex {
    fn may_match_later(&self, seen: &[u8]) -> bool {
        seen.is_empty() || self.way.as_ref().is_some_and(|way| goes_on(way, seen))
    }
}

/// The automaton of an expression; nothing if it cannot be built, which is no error: the
/// expression then has to match what comes first.
fn way(pattern: &str) -> Option<Arc<DFA>> {
    let syntax = syntax::Config::new().unicode(false).utf8(false);
    let thompson = thompson::Config::new().utf8(false).nfa_size_limit(Some(REGEX_BYTES));
    DFA::builder().syntax(syntax).thompson(thompson).build(pattern).map(Arc::new).ok()
}

/// Whether bytes could follow that make it a match.
fn goes_on(way: &DFA, seen: &[u8]) -> bool {
    let mut cache = way.create_cache();
    let start = way.start_state_forward(&mut cache, &Input::new(seen).anchored(Anchored::Yes));
    let end = start.ok().and_then(|start| {
        seen.iter().try_fold(start, |state, byte| {
            let next = way.next_state(&mut cache, state, *byte).ok()?;
            (!next.is_dead() && !next.is_quit()).then_some(next)
        })
    });
    end.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_and_question_marks_stand_for_characters() {
        for (pattern, text, expected) in [
            ("*.c2.example", "a.b.c2.example", true),
            ("*.c2.example", "c2.example", false),
            ("/up?ate*", "/update.exe", true),
            ("/up?ate*", "/upate", false),
            ("*", "", true),
            ("", "", true),
            ("", "a", false),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-b-b", false),
        ] {
            assert_eq!(Wildcard::exactly(pattern).matches(text.as_bytes()), expected, "{pattern}");
        }
    }

    #[test]
    fn capital_letters_count_where_they_should() {
        assert!(Wildcard::in_any_case("*.EXAMPLE").matches(b"a.example"));
        assert!(!Wildcard::exactly("/A").matches(b"/a"));
    }

    #[test]
    fn many_stars_take_no_longer() {
        let pattern = "*a".repeat(200);
        assert!(!Wildcard::exactly(&pattern).matches(&[b'b'; 100_000]));
    }

    #[test]
    fn first_bytes_may_still_be_on_their_way() {
        let begins = First::Bytes(Bytes::from_static(b"BOT "));
        for (seen, judgement) in
            [("", Judgement::NotYet), ("BO", Judgement::NotYet), ("BOT 1", Judgement::Yes)]
        {
            assert_eq!(begins.judge(seen.as_bytes()), judgement, "{seen}");
        }
        assert_eq!(begins.judge(b"BAT"), Judgement::No);
        let regex = First::regex(r"^\xff.{2}[0-9]").unwrap();
        for (seen, judgement) in [
            (&b"\xff"[..], Judgement::NotYet),
            (b"\xff\xfe\x00", Judgement::NotYet),
            (b"\xff\xfe\x007", Judgement::Yes),
            (b"\xff\xfe\x00x", Judgement::No),
            (b"GET ", Judgement::No),
        ] {
            assert_eq!(regex.judge(seen), judgement, "{seen:?}");
        }
        let anywhere = First::regex("id=[0-9]+").unwrap();
        assert_eq!(anywhere.judge(b"GET /?i"), Judgement::No, "nobody waits for it");
        assert_eq!(anywhere.judge(b"GET /?id=7"), Judgement::Yes);
    }

    #[test]
    fn an_expression_is_bounded_and_says_what_is_wrong() {
        assert!(Pattern::regex("(").unwrap_err().to_string().contains("`(`"));
        assert!(Pattern::regex("((a{1000}){1000}){1000}").is_err());
    }
}
