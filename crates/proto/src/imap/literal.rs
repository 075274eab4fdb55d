//! A literal, as a line announces it at its end (RFC 3501 §4.3, RFC 7888).

use super::machine::State;
use crate::Out;

/// A literal that a line announces at its end and what its client does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Announced {
    pub(super) bytes: u64,
    /// Where in the line that is said.
    pub(super) start: usize,
    pub(super) waits: Waits,
}

/// Whether a client goes on before it is told to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Waits {
    GoesOn,
    ForUs,
}

impl Announced {
    pub(super) fn read(line: &[u8]) -> Option<Self> {
        let inner = line.strip_suffix(b"}")?;
        let (inner, waits) = match inner.strip_suffix(b"+") {
            Some(inner) => (inner, Waits::GoesOn),
            None => (inner, Waits::ForUs),
        };
        let brace = inner.iter().rposition(|byte| *byte == b'{')?;
        let digits = std::str::from_utf8(inner.get(brace + 1..)?).ok()?;
        let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let bytes = digits.parse().ok().filter(|_| is_number)?;
        // A literal of eight bits has a mark (RFC 3516).
        let is_marked = brace.checked_sub(1).and_then(|place| inner.get(place)) == Some(&b'~');
        Some(Self { bytes, start: brace - usize::from(is_marked), waits })
    }

    /// Tells a client that waits to go on.
    pub(super) fn ask(&self, out: &mut Out) {
        if self.waits == Waits::ForUs {
            out.send("+ OK\r\n");
        }
    }

    /// Passes over it. Who waits and is refused does not send it.
    pub(super) fn passing(&self) -> State {
        match self.waits {
            Waits::GoesOn => State::Passing { left: self.bytes },
            Waits::ForUs => State::Command,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_in_braces_announces() {
        let read = |line: &[u8]| Announced::read(line).map(|found| (found.bytes, found.start));
        assert_eq!(read(b"a LOGIN {12}"), Some((12, 8)));
        assert_eq!(read(b"a {0+}"), Some((0, 2)));
        assert_eq!(read(b"a ~{5}"), Some((5, 2)));
        for line in [&b"a {}"[..], b"a {-1}", b"a {+}", b"{1} ", b"a 1}", b"{99999999999999999999}"]
        {
            assert_eq!(read(line), None, "{line:?}");
        }
    }
}
