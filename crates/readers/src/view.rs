//! What the screen is like.

use std::borrow::Cow;

use model::Timestamp;

/// Whether colours are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// With colours.
    Colour,
    /// Text and nothing else.
    #[default]
    Plain,
}

/// What rows have to fit into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct View {
    /// Columns of the terminal; `usize::MAX` for tables as wide as they get.
    pub width: usize,
    /// Whether colours are wanted.
    pub style: Style,
    /// What time it is: the date of today's rows is left out.
    pub now: Timestamp,
}

/// What a part of the screen is, from which its colour follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    Alarm,
    FromVictim,
    Heading,
    Plain,
    Quiet,
    ToVictim,
}

impl Style {
    /// Text that is safe already, with the colour of its tone.
    pub(crate) fn paint(self, tone: Tone, text: &str) -> Cow<'_, str> {
        match (self, tone.code()) {
            (Self::Colour, Some(code)) => Cow::Owned(format!("\x1b[{code}m{text}\x1b[0m")),
            _ => Cow::Borrowed(text),
        }
    }
}

impl Tone {
    /// Select Graphic Rendition (ECMA-48 §8.3.117), from the eight colours every terminal has.
    fn code(self) -> Option<&'static str> {
        match self {
            Self::Alarm => Some("1;31"),
            Self::FromVictim => Some("36"),
            Self::Heading => Some("1"),
            Self::Plain => None,
            Self::Quiet => Some("2"),
            Self::ToVictim => Some("32"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_comes_only_when_asked_for() {
        assert_eq!(Style::Plain.paint(Tone::Alarm, "x"), "x");
        assert_eq!(Style::Colour.paint(Tone::Alarm, "x"), "\x1b[1;31mx\x1b[0m");
        assert_eq!(Style::Colour.paint(Tone::Plain, "x"), "x");
    }
}
