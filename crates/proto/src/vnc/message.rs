//! What a client says once it sees the screen (RFC 6143 §7.5).

/// One message.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Message {
    /// How it wants pixels: the sixteen bytes that say it.
    Format([u8; 16]),
    /// Which encodings of rectangles it knows.
    Encodings(Vec<i32>),
    /// It wants to see a part of the screen, or all of it.
    Update { wish: Wish },
    /// A key was pressed or let go.
    Key { is_down: bool, key: u32 },
    /// Where its pointer is; nothing is to be seen there.
    Pointer,
    /// What it has in its clipboard.
    Clipboard(String),
}

/// What a client wants to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    Changes,
    Everything,
}

/// What the first bytes are.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Begun {
    NeedMore,
    /// A message of so many bytes.
    Message(usize),
    Unknown,
}

/// How long the message is that begins with these bytes.
pub(super) fn begun(bytes: &[u8]) -> Begun {
    let fixed = match bytes.first() {
        None => return Begun::NeedMore,
        Some(0) => 20,
        Some(2) => 4,
        Some(3) => 10,
        Some(4) => 8,
        Some(5) => 6,
        Some(6) => 8,
        Some(_) => return Begun::Unknown,
    };
    if bytes.len() < fixed {
        return Begun::NeedMore;
    }
    let more = match bytes.first() {
        Some(2) => 4 * usize::from(big16(bytes, 2)),
        // Clients that say more than text write a negative length; of those the size counts.
        Some(6) => {
            usize::try_from(big32(bytes, 4).cast_signed().unsigned_abs()).unwrap_or(usize::MAX)
        }
        _ => 0,
    };
    Begun::Message(fixed.saturating_add(more))
}

impl Message {
    /// Reads a whole one.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        Some(match bytes.first()? {
            0 => Self::Format(*bytes.get(4..)?.first_chunk()?),
            2 => {
                let known = bytes.get(4..)?.as_chunks::<4>().0.iter();
                Self::Encodings(known.map(|one| i32::from_be_bytes(*one)).collect())
            }
            3 => {
                let wish = if bytes.get(1) == Some(&0) { Wish::Everything } else { Wish::Changes };
                Self::Update { wish }
            }
            4 => Self::Key { is_down: bytes.get(1) != Some(&0), key: big32(bytes, 4) },
            5 => Self::Pointer,
            // Each byte is a letter of Latin-1.
            6 => Self::Clipboard(bytes.get(8..)?.iter().map(|byte| char::from(*byte)).collect()),
            _ => return None,
        })
    }
}

fn big16(bytes: &[u8], place: usize) -> u16 {
    let bytes = bytes.get(place..).and_then(<[u8]>::first_chunk);
    u16::from_be_bytes(bytes.copied().unwrap_or_default())
}

fn big32(bytes: &[u8], place: usize) -> u32 {
    let bytes = bytes.get(place..).and_then(<[u8]>::first_chunk);
    u32::from_be_bytes(bytes.copied().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_says_how_long_it_is() {
        assert_eq!(begun(&[0]), Begun::NeedMore);
        assert_eq!(begun(&[0; 20]), Begun::Message(20));
        assert_eq!(begun(&[2, 0, 0, 3]), Begun::Message(16));
        assert_eq!(begun(&[6, 0, 0, 0, 0, 0, 0, 9]), Begun::Message(17));
        assert_eq!(begun(&[6, 0, 0, 0, 0xff, 0xff, 0xff, 0xfc]), Begun::Message(12));
        assert_eq!(begun(&[9]), Begun::Unknown);
    }

    #[test]
    fn keys_and_clipboards_are_read() {
        assert_eq!(
            Message::read(&[4, 1, 0, 0, 0, 0, 0, 0x61]),
            Some(Message::Key { is_down: true, key: 0x61 })
        );
        assert_eq!(
            Message::read(b"\x06\0\0\0\0\0\0\x02a\xfc"),
            Some(Message::Clipboard("aü".to_owned()))
        );
        assert_eq!(
            Message::read(&[2, 0, 0, 1, 0xff, 0xff, 0xff, 0x21]),
            Some(Message::Encodings(vec![-223]))
        );
    }
}
