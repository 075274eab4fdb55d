//! Frames (RFC 6455 §5.2), bytes to types and back.

/// What stands before the payload of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    /// Whether the message ends with this frame.
    pub(super) is_last: bool,
    /// The three bits that belong to extensions.
    pub(super) reserved: u8,
    pub(super) opcode: Opcode,
    /// What the payload is mixed with.
    pub(super) mask: Option<[u8; 4]>,
    /// Bytes of the payload.
    pub(super) length: u64,
    /// Whether that could have been written in fewer bytes, or uses the bit it must not.
    pub(super) has_odd_length: bool,
}

/// What a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Opcode {
    Binary,
    Close,
    Continuation,
    Ping,
    Pong,
    Text,
    /// Reserved for data.
    UnknownData,
    /// Reserved for control.
    UnknownControl,
}

/// Longest payload of a frame of control (RFC 6455 §5.5).
pub(super) const CONTROL_BYTES: usize = 125;

impl Header {
    /// Reads a header and says how many bytes it has; nothing if more have to come.
    pub(super) fn read(seen: &[u8]) -> Option<(Self, usize)> {
        let (&[first, second], rest) = seen.split_first_chunk()?;
        let (length, shortest, rest) = match second & 0x7f {
            126 => {
                let (&length, rest) = rest.split_first_chunk()?;
                (u64::from(u16::from_be_bytes(length)), 126, rest)
            }
            127 => {
                let (&length, rest) = rest.split_first_chunk()?;
                (u64::from_be_bytes(length), 0x1_0000, rest)
            }
            length => (u64::from(length), 0, rest),
        };
        let (mask, rest) = match second & 0x80 {
            0 => (None, rest),
            _ => {
                let (&mask, rest) = rest.split_first_chunk()?;
                (Some(mask), rest)
            }
        };
        let header = Self {
            is_last: first & 0x80 != 0,
            reserved: first & 0x70,
            opcode: Opcode::of(first & 0x0f),
            mask,
            length,
            has_odd_length: length < shortest || length > i64::MAX as u64,
        };
        Some((header, seen.len() - rest.len()))
    }
}

impl Header {
    /// What a client must not do, and whether this one did.
    pub(super) fn rules(&self) -> [(bool, &'static str); 6] {
        let is_control = self.opcode.is_control();
        let is_unknown = matches!(self.opcode, Opcode::UnknownData | Opcode::UnknownControl);
        [
            (self.mask.is_none(), "a frame is not masked"),
            (self.reserved != 0, "a bit is set that belongs to no extension"),
            (is_unknown, "a reserved opcode"),
            (self.has_odd_length, "a length that is not written as the standard has it"),
            (is_control && !self.is_last, "a frame of control is in parts"),
            (
                is_control && self.length > CONTROL_BYTES as u64,
                "a frame of control is longer than 125 bytes",
            ),
        ]
    }
}

impl Opcode {
    fn of(number: u8) -> Self {
        match number {
            0x0 => Self::Continuation,
            0x1 => Self::Text,
            0x2 => Self::Binary,
            0x3..=0x7 => Self::UnknownData,
            0x8 => Self::Close,
            0x9 => Self::Ping,
            0xa => Self::Pong,
            _ => Self::UnknownControl,
        }
    }

    /// As recorded.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Binary => "binary",
            Self::Close => "close",
            Self::Continuation => "continuation",
            Self::Ping => "ping",
            Self::Pong => "pong",
            Self::Text => "text",
            Self::UnknownControl | Self::UnknownData => "unknown",
        }
    }

    pub(super) fn is_control(self) -> bool {
        matches!(self, Self::Close | Self::Ping | Self::Pong | Self::UnknownControl)
    }
}

/// A frame of control from us, not masked. Its payload is cut at what such a frame may hold.
pub(super) fn control(opcode: Opcode, payload: &[u8]) -> Vec<u8> {
    let number = if opcode == Opcode::Close { 0x8 } else { 0xa };
    let payload = payload.get(..CONTROL_BYTES).unwrap_or(payload);
    [&[0x80 | number, payload.len() as u8], payload].concat()
}

/// Whether a server may hear this reason to close (RFC 6455 §7.4).
pub(super) fn may_be_sent(code: u16) -> bool {
    matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999)
}
