//! How a name is denied that somebody could have registered.

/// What is said of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Denial {
    /// The servers of its zone could not be asked (SERVFAIL).
    Failure,
    /// It does not exist (NXDOMAIN), as the zone above it says.
    #[default]
    NoSuchName,
    /// The one who asks gets no answers here (REFUSED).
    Refused,
    /// Nothing: to the one who asks, the question or the answer was lost.
    Silence,
}

impl Denial {
    /// The words for them, in configurations and imported files.
    pub const WORDS: &'static [&'static str] = &["no-such-name", "failure", "refused", "silence"];

    /// The one of this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "failure" => Some(Self::Failure),
            "no-such-name" => Some(Self::NoSuchName),
            "refused" => Some(Self::Refused),
            "silence" => Some(Self::Silence),
            _ => None,
        }
    }

    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Failure => "failure",
            Self::NoSuchName => "no-such-name",
            Self::Refused => "refused",
            Self::Silence => "silence",
        }
    }
}
