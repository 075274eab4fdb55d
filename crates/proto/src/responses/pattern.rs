//! Patterns for texts and for the first bytes of a flow.

use bytes::Bytes;
use regex::bytes::{Regex, RegexBuilder};

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
    Regex(Regex),
}

impl First {
    /// A regular expression over bytes.
    ///
    /// # Errors
    ///
    /// It is none, or would need too much memory.
    pub fn regex(pattern: &str) -> Result<Self, PatternError> {
        regex(pattern).map(Self::Regex)
    }

    /// Judges what has come so far.
    #[must_use]
    pub(super) fn judge(&self, seen: &[u8]) -> Judgement {
        match self {
            Self::Bytes(wanted) if seen.starts_with(wanted) => Judgement::Yes,
            Self::Bytes(wanted) if wanted.starts_with(seen) => Judgement::NotYet,
            Self::Regex(regex) if regex.is_match(seen) => Judgement::Yes,
            Self::Regex(_) if seen.is_empty() => Judgement::NotYet,
            Self::Bytes(_) | Self::Regex(_) => Judgement::No,
        }
    }
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
        assert_eq!(First::regex(r"^\xff.{2}").unwrap().judge(b"\xff\xfe\x00"), Judgement::Yes);
    }

    #[test]
    fn an_expression_is_bounded_and_says_what_is_wrong() {
        assert!(Pattern::regex("(").unwrap_err().to_string().contains("`(`"));
        assert!(Pattern::regex("((a{1000}){1000}){1000}").is_err());
    }
}
