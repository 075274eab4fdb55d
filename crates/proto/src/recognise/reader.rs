//! Reads the first bytes of a flow in the order a specification gives them.
//!
//! A probe is a parser that leaves early: each step gives what was read, or the verdict that ends
//! it. A byte that cannot be is a no at once; bytes that have not come yet are a need for more. As
//! every step looks only at bytes that are there, a verdict holds whatever comes after it.

use std::ops::RangeInclusive;

use crate::Verdict;

/// What a step of a probe gives: a value, or the verdict that ends the probe.
pub(crate) type Step<T> = Result<T, Verdict>;

/// What a probe gives. Both arms are the verdict; the one is reached, the other left with.
pub(crate) type Judged = Step<Verdict>;

/// Goes on only if `fits`.
pub(crate) fn require(fits: bool) -> Step<()> {
    if fits { Ok(()) } else { Err(Verdict::No) }
}

/// The bytes of a flow that have not been looked at yet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) fn new(seen: &'a [u8]) -> Self {
        Self { rest: seen }
    }

    /// All that is left. Only whole datagrams may be judged by it.
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub(crate) fn take(&mut self, count: usize) -> Step<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(Verdict::NeedMore)?;
        self.rest = rest;
        Ok(taken)
    }

    /// These bytes and no others.
    pub(crate) fn literal(&mut self, wanted: &[u8]) -> Step<()> {
        let both = self.rest.len().min(wanted.len());
        require(self.rest.get(..both) == wanted.get(..both))?;
        self.take(wanted.len()).map(drop)
    }

    /// One of these words, in any case; which one. Of two that begin alike the longer is listed
    /// first, and waited for.
    pub(crate) fn word<'w>(&mut self, words: &[&'w str]) -> Step<&'w str> {
        let mut verdict = Verdict::No;
        for word in words {
            match self.begins_like(word.as_bytes()) {
                Some(true) if verdict == Verdict::No => {
                    return self.take(word.len()).map(|_| *word);
                }
                Some(true) => return Err(verdict),
                Some(false) => {}
                None => verdict = Verdict::NeedMore,
            }
        }
        Err(verdict)
    }

    /// Whether the rest begins with `wanted`; nothing if it ends before that is clear.
    fn begins_like(&self, wanted: &[u8]) -> Option<bool> {
        let both = self.rest.len().min(wanted.len());
        let (rest, start) = (self.rest.get(..both)?, wanted.get(..both)?);
        match rest.eq_ignore_ascii_case(start) {
            true if both < wanted.len() => None,
            fits => Some(fits),
        }
    }

    pub(crate) fn byte(&mut self) -> Step<u8> {
        let (byte, rest) = self.rest.split_first().ok_or(Verdict::NeedMore)?;
        self.rest = rest;
        Ok(*byte)
    }

    /// One of these bytes.
    pub(crate) fn byte_of(&mut self, wanted: &[u8]) -> Step<u8> {
        let byte = self.byte()?;
        require(wanted.contains(&byte)).map(|()| byte)
    }

    pub(crate) fn byte_in(&mut self, wanted: RangeInclusive<u8>) -> Step<u8> {
        let byte = self.byte()?;
        require(wanted.contains(&byte)).map(|()| byte)
    }

    pub(crate) fn big16(&mut self, wanted: RangeInclusive<u32>) -> Step<u32> {
        self.big(2, wanted)
    }

    pub(crate) fn big24(&mut self, wanted: RangeInclusive<u32>) -> Step<u32> {
        self.big(3, wanted)
    }

    pub(crate) fn big32(&mut self, wanted: RangeInclusive<u32>) -> Step<u32> {
        self.big(4, wanted)
    }

    /// A number, most significant byte first: ruled out as soon as no end of it could fit.
    fn big(&mut self, bytes: usize, wanted: RangeInclusive<u32>) -> Step<u32> {
        let (mut least, mut most) = (0, 0);
        for place in 0..bytes {
            let byte = self.rest.get(place).copied();
            least = least << 8 | u32::from(byte.unwrap_or(0));
            most = most << 8 | u32::from(byte.unwrap_or(0xff));
        }
        require(least <= *wanted.end() && most >= *wanted.start())?;
        self.take(bytes).map(|_| least)
    }

    pub(crate) fn little16(&mut self, wanted: RangeInclusive<u32>) -> Step<u32> {
        self.little(2, wanted)
    }

    pub(crate) fn little24(&mut self, wanted: RangeInclusive<u32>) -> Step<u32> {
        self.little(3, wanted)
    }

    pub(crate) fn little32(&mut self, wanted: RangeInclusive<u32>) -> Step<u32> {
        self.little(4, wanted)
    }

    fn little(&mut self, bytes: usize, wanted: RangeInclusive<u32>) -> Step<u32> {
        let number =
            self.take(bytes)?.iter().rev().fold(0, |sum, byte| sum << 8 | u32::from(*byte));
        require(wanted.contains(&number)).map(|()| number)
    }

    /// Bytes that all satisfy `fits`.
    pub(crate) fn all(&mut self, count: usize, fits: fn(u8) -> bool) -> Step<&'a [u8]> {
        require(self.rest.iter().take(count).all(|byte| fits(*byte)))?;
        self.take(count)
    }

    /// What comes before `end`, which is taken too: at most `limit` bytes, all of which `fit`.
    pub(crate) fn until(&mut self, end: u8, limit: usize, fits: fn(u8) -> bool) -> Step<&'a [u8]> {
        let length = self.rest.iter().take_while(|byte| **byte != end && fits(**byte)).count();
        require(length <= limit)?;
        match self.rest.get(length) {
            None => Err(Verdict::NeedMore),
            Some(byte) => {
                require(*byte == end)?;
                let text = self.take(length)?;
                self.take(1).map(|_| text)
            }
        }
    }

    /// A line of text without its ending: at most `limit` bytes.
    pub(crate) fn line(&mut self, limit: usize) -> Step<&'a [u8]> {
        let line = self.until(b'\n', limit, is_text)?;
        Ok(line.strip_suffix(b"\r").unwrap_or(line))
    }

    /// The end of a word: a space, or the end of its line.
    pub(crate) fn end_of_word(&mut self) -> Step<()> {
        self.byte_of(b" \t\r\n").map(drop)
    }

    /// The length field of BER (X.690 §8.1.3), definite and of at most four bytes.
    pub(crate) fn ber_length(&mut self) -> Step<u32> {
        let first = self.byte()?;
        if first < 0x80 {
            return Ok(u32::from(first));
        }
        let bytes = usize::from(first & 0x7f);
        require((1..=4).contains(&bytes))?;
        self.big(bytes, 0..=0x7fff_ffff)
    }

    /// The length of MQTT and others: seven bits a byte, least significant first.
    pub(crate) fn varint(&mut self) -> Step<u32> {
        let mut number = 0;
        for place in 0..4 {
            let byte = self.byte()?;
            number |= u32::from(byte & 0x7f) << (7 * place);
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(Verdict::No)
    }
}

/// Printable, or white space, or not ASCII at all: what people and programs write in a line.
pub(crate) fn is_text(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\r' | b' '..=b'~' | 0x80..)
}

/// Printable ASCII, blanks included.
pub(crate) fn is_printable(byte: u8) -> bool {
    matches!(byte, b' '..=b'~')
}

/// Printable ASCII without blanks.
pub(crate) fn is_graphic(byte: u8) -> bool {
    byte.is_ascii_graphic()
}

pub(crate) fn is_digit(byte: u8) -> bool {
    byte.is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_ruled_out_by_its_first_impossible_byte() {
        let read = |seen: &'static [u8]| Reader::new(seen).big32(4..=300);
        assert_eq!(read(b""), Err(Verdict::NeedMore));
        assert_eq!(read(b"\0\0\x01"), Err(Verdict::NeedMore));
        assert_eq!(read(b"\0\0\x02"), Err(Verdict::No));
        assert_eq!(read(b"G"), Err(Verdict::No));
        assert_eq!(read(b"\0\0\x01\x2c"), Ok(300));
        assert_eq!(read(b"\0\0\0\x03"), Err(Verdict::No));
    }

    #[test]
    fn a_word_is_waited_for_while_it_could_still_come() {
        let read = |seen: &'static str| Reader::new(seen.as_bytes()).word(&["EHLO", "HELO"]);
        assert_eq!(read("eh"), Err(Verdict::NeedMore));
        assert_eq!(read("ehx"), Err(Verdict::No));
        assert_eq!(read("helo x"), Ok("HELO"));
    }

    #[test]
    fn lengths_of_ber_are_short_or_long() {
        let read = |seen: &'static [u8]| Reader::new(seen).ber_length();
        assert_eq!(read(b"\x0c"), Ok(12));
        assert_eq!(read(b"\x84\0\0\0\x4b"), Ok(75));
        assert_eq!(read(b"\x80"), Err(Verdict::No));
        assert_eq!(read(b"\x82\x01"), Err(Verdict::NeedMore));
    }
}
