//! Packets (MQTT 5 §2): a kind with flags, a length, fields.

/// What a packet is for.
pub(super) const CONNECT: u8 = 1;
pub(super) const CONNACK: u8 = 2;
pub(super) const PUBLISH: u8 = 3;
pub(super) const PUBACK: u8 = 4;
pub(super) const PUBREC: u8 = 5;
pub(super) const PUBREL: u8 = 6;
pub(super) const PUBCOMP: u8 = 7;
pub(super) const SUBSCRIBE: u8 = 8;
pub(super) const SUBACK: u8 = 9;
pub(super) const UNSUBSCRIBE: u8 = 10;
pub(super) const UNSUBACK: u8 = 11;
pub(super) const PINGREQ: u8 = 12;
pub(super) const PINGRESP: u8 = 13;
pub(super) const DISCONNECT: u8 = 14;

/// The first version that has properties and reasons.
pub(super) const FIVE: u8 = 5;

/// How a packet begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) kind: u8,
    pub(super) flags: u8,
    /// Bytes of the head itself, and of what comes after it.
    pub(super) bytes: usize,
    pub(super) length: usize,
}

/// Whether a packet has begun.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Begun {
    Yes(Head),
    NeedMore,
    Broken,
}

/// Reads how the next packet begins.
pub(super) fn head(seen: &[u8]) -> Begun {
    let Some((&first, rest)) = seen.split_first() else { return Begun::NeedMore };
    let mut fields = Fields::new(rest);
    match fields.varint() {
        Some(length) => {
            let bytes = 1 + rest.len() - fields.rest.len();
            Begun::Yes(Head { kind: first >> 4, flags: first & 0x0f, bytes, length })
        }
        None if rest.len() < 4 => Begun::NeedMore,
        None => Begun::Broken,
    }
}

/// The fields of a packet, one after the other; nothing where one is missing.
#[derive(Clone, Debug)]
pub(super) struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// How many bytes are left.
    pub(super) fn len(&self) -> usize {
        self.rest.len()
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        let (byte, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*byte)
    }

    pub(super) fn number(&mut self) -> Option<u16> {
        Some(u16::from_be_bytes([self.byte()?, self.byte()?]))
    }

    /// Seven bits a byte, least significant first, four bytes at most.
    pub(super) fn varint(&mut self) -> Option<usize> {
        let mut number = 0;
        for place in 0..4 {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7f) << (7 * place);
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    pub(super) fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = self.number()?;
        self.take(length.into())
    }

    /// Text; what is none in it is replaced.
    pub(super) fn text(&mut self) -> Option<String> {
        self.bytes().map(|bytes| String::from_utf8_lossy(bytes).into_owned())
    }

    /// Properties are passed over; older versions have none.
    pub(super) fn properties(&mut self, version: u8) -> Option<()> {
        if version >= FIVE {
            let length = self.varint()?;
            self.take(length)?;
        }
        Some(())
    }

    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }
}

/// A packet of ours.
pub(super) fn packet(kind: u8, content: &[u8]) -> Vec<u8> {
    let mut packet = vec![kind << 4];
    let mut length = content.len();
    loop {
        let digit = u8::try_from(length & 0x7f).unwrap_or_default();
        length >>= 7;
        packet.push(if length > 0 { digit | 0x80 } else { digit });
        if length == 0 {
            break;
        }
    }
    packet.extend_from_slice(content);
    packet
}

/// Text with its length before it.
pub(super) fn text(text: &str) -> Vec<u8> {
    let length = u16::try_from(text.len()).unwrap_or(u16::MAX);
    let text = text.as_bytes().get(..length.into()).unwrap_or_default();
    [&length.to_be_bytes()[..], text].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_as_they_are_written() {
        for length in [0, 1, 127, 128, 16_383, 16_384, 2_097_152] {
            let written = packet(PUBLISH, &vec![0; length]);
            let Begun::Yes(head) = head(&written) else { panic!("{length}") };
            assert_eq!(
                (head.kind, head.length, head.bytes + length),
                (PUBLISH, length, written.len())
            );
        }
        assert_eq!(head(&[0x30, 0x80]), Begun::NeedMore);
        assert_eq!(head(&[0x30, 0x80, 0x80, 0x80, 0x80]), Begun::Broken);
    }
}
