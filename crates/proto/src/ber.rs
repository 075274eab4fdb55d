//! BER as directories, tickets and logins of Windows write it (X.690): a tag, a length, a content.

/// Elements one after the other.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ber<'a> {
    rest: &'a [u8],
}

/// One element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Element<'a> {
    pub(crate) tag: u8,
    pub(crate) content: &'a [u8],
}

/// What the first bytes of an element say of its length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Framed {
    /// There is none that we could read.
    Broken,
    NeedMore,
    /// With its tag and its length.
    Whole(usize),
}

pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const OCTETS: u8 = 0x04;
pub(crate) const OBJECT: u8 = 0x06;
pub(crate) const ENUMERATED: u8 = 0x0a;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;

impl<'a> Ber<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// The next element; nothing, if there is none that is whole.
    pub(crate) fn next(&mut self) -> Option<Element<'a>> {
        let tag = *self.rest.first()?;
        let (head, length) = lengths(self.rest)?;
        let end = head.checked_add(length)?;
        let content = self.rest.get(head..end)?;
        self.rest = self.rest.get(end..)?;
        Some(Element { tag, content })
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next element, if it has this tag.
    pub(crate) fn take(&mut self, tag: u8) -> Option<&'a [u8]> {
        let mut ahead = *self;
        let element = ahead.next().filter(|element| element.tag == tag)?;
        *self = ahead;
        Some(element.content)
    }

    /// The next element, if it is a number.
    pub(crate) fn number(&mut self, tag: u8) -> Option<i64> {
        number(self.take(tag)?)
    }

    /// The next element, if it is a text.
    pub(crate) fn text(&mut self, tag: u8) -> Option<String> {
        self.take(tag).map(|bytes| String::from_utf8_lossy(bytes).into_owned())
    }

    /// Those that are inside the next element, if it has this tag.
    pub(crate) fn inside(&mut self, tag: u8) -> Option<Self> {
        self.take(tag).map(Self::new)
    }
}

/// A number of at most eight bytes, with its sign.
pub(crate) fn number(content: &[u8]) -> Option<i64> {
    let first = *content.first().filter(|_| content.len() <= 8)?;
    let start = if first & 0x80 == 0 { 0 } else { -1 };
    Some(content.iter().fold(start, |sum: i64, byte| sum << 8 | i64::from(*byte)))
}

/// How long the first element is.
pub(crate) fn framed(bytes: &[u8]) -> Framed {
    match bytes {
        [] | [_] => Framed::NeedMore,
        [_, 0x80 | 0x85..=0xff, ..] => Framed::Broken,
        _ => match lengths(bytes) {
            Some((head, length)) => Framed::Whole(head.saturating_add(length)),
            None => Framed::NeedMore,
        },
    }
}

/// How long tag and length are, and the content after them. Nobody needs more than four bytes to
/// say that.
fn lengths(bytes: &[u8]) -> Option<(usize, usize)> {
    let first = *bytes.get(1)?;
    if first < 0x80 {
        return Some((2, usize::from(first)));
    }
    let count = usize::from(first & 0x7f);
    let digits = bytes.get(2..2 + count).filter(|_| (1..=4).contains(&count))?;
    let length = digits.iter().fold(0_usize, |sum, byte| sum << 8 | usize::from(*byte));
    Some((2 + count, length))
}

/// An element. Its length is as short as it can be: some clients read no other.
pub(crate) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let digits = length.iter().position(|byte| *byte != 0).and_then(|first| length.get(first..));
    let mut written = vec![tag];
    match digits.unwrap_or(&[0]) {
        [length @ ..0x80] => written.push(*length),
        digits => {
            written.push(0x80 | u8::try_from(digits.len()).unwrap_or_default());
            written.extend(digits);
        }
    }
    written.extend(content);
    written
}

/// An element made of others.
pub(crate) fn group(tag: u8, parts: &[Vec<u8>]) -> Vec<u8> {
    element(tag, &parts.concat())
}

/// A number, in as few bytes as it needs.
pub(crate) fn integer(tag: u8, number: i64) -> Vec<u8> {
    let bytes = number.to_be_bytes();
    let is_spare = |pair: &[u8]| matches!(pair, [0, 0..=0x7f] | [0xff, 0x80..=0xff]);
    let spare = bytes.windows(2).take_while(|pair| is_spare(pair)).count();
    element(tag, bytes.get(spare..).unwrap_or_default())
}

/// A string of bytes.
pub(crate) fn octets(bytes: impl AsRef<[u8]>) -> Vec<u8> {
    element(OCTETS, bytes.as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_can_be_read(value: i64, content: Vec<u8>, tag: u8) {
            let written = [integer(INTEGER, value), element(tag, &content)].concat();
            let mut reader = Ber::new(&written);
            prop_assert_eq!(reader.number(INTEGER), Some(value));
            prop_assert_eq!(reader.next(), Some(Element { tag, content: &content }));
            prop_assert_eq!(reader.next(), None);
        }

        #[test]
        fn any_bytes_are_read(bytes: Vec<u8>) {
            let mut reader = Ber::new(&bytes);
            while reader.next().is_some() {}
        }
    }

    #[test]
    fn a_length_is_known_before_its_content() {
        assert_eq!(framed(&[0x30]), Framed::NeedMore);
        assert_eq!(framed(&[0x30, 5]), Framed::Whole(7));
        assert_eq!(framed(&[0x30, 0x84, 0, 0, 1]), Framed::NeedMore);
        assert_eq!(framed(&[0x30, 0x84, 0, 0, 1, 0]), Framed::Whole(262));
        for broken in [0x80, 0x85, 0xff] {
            assert_eq!(framed(&[0x30, broken]), Framed::Broken);
        }
    }

    #[test]
    fn numbers_are_as_short_as_they_can_be() {
        assert_eq!(integer(INTEGER, 0), [2, 1, 0]);
        assert_eq!(integer(INTEGER, 128), [2, 2, 0, 128]);
        assert_eq!(integer(INTEGER, -1), [2, 1, 0xff]);
        assert_eq!(number(&[0; 9]), None);
    }
}
