//! Values as they are written (X.690 §8): a tag, a length, content.

pub(super) const INTEGER: u8 = 0x02;
pub(super) const OCTETS: u8 = 0x04;
pub(super) const NULL: u8 = 0x05;
pub(super) const OBJECT: u8 = 0x06;
pub(super) const SEQUENCE: u8 = 0x30;

/// Values that follow each other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Values<'a> {
    rest: &'a [u8],
    /// How many bytes of the whole come before.
    at: usize,
}

/// One value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Value<'a> {
    pub(super) tag: u8,
    pub(super) content: &'a [u8],
    /// Where its content begins in the whole.
    pub(super) at: usize,
    /// All of it, tag and length too.
    pub(super) whole: &'a [u8],
}

impl<'a> Values<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, at: 0 }
    }

    /// The next value; nothing if there is none, or it is broken.
    pub(super) fn take(&mut self) -> Option<Value<'a>> {
        let (&[tag, first], after) = self.rest.split_first_chunk::<2>()?;
        let long = if first < 0x80 { 0 } else { usize::from(first & 0x7f) };
        let (digits, after) =
            after.split_at_checked(long).filter(|_| long <= 4 && first != 0x80)?;
        let length = match first {
            0..0x80 => usize::from(first),
            _ => digits.iter().fold(0, |sum, digit| sum << 8 | usize::from(*digit)),
        };
        let (content, rest) = after.split_at_checked(length)?;
        let head = 2 + long;
        let whole = self.rest.get(..head + length)?;
        let value = Value { tag, content, at: self.at + head, whole };
        (self.rest, self.at) = (rest, self.at + head + length);
        Some(value)
    }

    /// The next value, if it is of this kind.
    pub(super) fn of(&mut self, tag: u8) -> Option<Value<'a>> {
        self.take().filter(|value| value.tag == tag)
    }

    pub(super) fn integer(&mut self) -> Option<i64> {
        self.of(INTEGER)?.number()
    }

    pub(super) fn octets(&mut self) -> Option<&'a [u8]> {
        self.of(OCTETS).map(|value| value.content)
    }
}

impl<'a> Value<'a> {
    /// What is inside a value that is made of others.
    pub(super) fn inside(&self) -> Values<'a> {
        Values { rest: self.content, at: self.at }
    }

    pub(super) fn number(&self) -> Option<i64> {
        let first = *self.content.first()?;
        let start = if first & 0x80 == 0 { 0 } else { -1 };
        let fits = self.content.len() <= 8;
        fits.then(|| self.content.iter().fold(start, |sum, byte| sum << 8 | i64::from(*byte)))
    }

    /// The place in the tree that it names.
    pub(super) fn object(&self) -> Option<Vec<u32>> {
        let mut numbers: Vec<u32> = Vec::new();
        let mut number: u32 = 0;
        for byte in self.content {
            number = number.checked_mul(128)? | u32::from(byte & 0x7f);
            if byte & 0x80 == 0 {
                numbers.push(number);
                number = 0;
            }
        }
        let first = numbers.first_mut()?;
        let top = (*first / 40).min(2);
        *first -= top * 40;
        numbers.insert(0, top);
        Some(numbers)
    }
}

/// A value of this kind.
pub(super) fn value(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut value = vec![tag];
    let length = content.len();
    match u8::try_from(length) {
        Ok(short @ 0..0x80) => value.push(short),
        Ok(byte) => value.extend([0x81, byte]),
        // A datagram is shorter than that.
        Err(_) => {
            let [high, low] = u16::try_from(length).unwrap_or(u16::MAX).to_be_bytes();
            value.extend([0x82, high, low]);
        }
    }
    value.extend_from_slice(content);
    value
}

/// A value made of others.
pub(super) fn constructed(tag: u8, values: &[Vec<u8>]) -> Vec<u8> {
    value(tag, &values.concat())
}

/// A number, as a value of this kind, in as few bytes as it can be written.
pub(super) fn number(tag: u8, number: i64) -> Vec<u8> {
    let bytes = number.to_be_bytes();
    let surplus =
        bytes.windows(2).take_while(|pair| matches!(pair, [0, 0..=0x7f] | [0xff, 0x80..=0xff]));
    let surplus = surplus.count();
    value(tag, bytes.get(surplus..).unwrap_or_default())
}

pub(super) fn integer(value: i64) -> Vec<u8> {
    number(INTEGER, value)
}

/// A place in the tree.
pub(super) fn object(numbers: &[u32]) -> Vec<u8> {
    let mut content = Vec::new();
    if let [top, second, rest @ ..] = numbers {
        add_digits(top * 40 + second, &mut content);
        rest.iter().for_each(|number| add_digits(*number, &mut content));
    }
    value(OBJECT, &content)
}

/// Seven bits a byte, all but the last with the eighth set.
fn add_digits(number: u32, content: &mut Vec<u8>) {
    let place = |shift: u32| u8::try_from(number >> shift & 0x7f).unwrap_or_default();
    for shift in [28, 21, 14, 7] {
        if number >> shift > 0 {
            content.push(place(shift) | 0x80);
        }
    }
    content.push(place(0));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn numbers_are_read_as_they_are_written(given: i64) {
            let written = integer(given);
            prop_assert_eq!(Values::new(&written).integer(), Some(given));
        }

        #[test]
        fn places_are_read_as_they_are_written(
            top in 0..3_u32, second in 0..40_u32, rest in prop::collection::vec(any::<u32>(), 0..9)
        ) {
            let place = [&[top, second][..], &rest].concat();
            let written = object(&place);
            prop_assert_eq!(Values::new(&written).take().and_then(|one| one.object()), Some(place));
        }

        #[test]
        fn long_values_are_read_as_they_are_written(length in 0..3_000_usize) {
            let written = value(OCTETS, &vec![7; length]);
            prop_assert_eq!(Values::new(&written).octets().map(<[u8]>::len), Some(length));
        }

        #[test]
        fn any_bytes_are_taken(bytes: Vec<u8>) {
            let mut values = Values::new(&bytes);
            while let Some(value) = values.take() {
                let _ = (value.number(), value.object());
            }
        }
    }
}
