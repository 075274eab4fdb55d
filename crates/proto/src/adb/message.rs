//! Messages: a command, two numbers, data.

use crate::recognise::reader::{Judged, Reader};
use crate::{Inbox, Verdict};

/// A message as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Message {
    pub(super) command: [u8; 4],
    /// Who sends it, as that side numbers its streams.
    pub(super) from: u32,
    /// Who it is for.
    pub(super) to: u32,
    pub(super) payload: Vec<u8>,
}

/// One attempt to take a message.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Taken {
    /// What comes is no message: the end of a command is not its complement, or the data are longer
    /// than we said we take.
    Broken,
    Partial,
    Whole(Message),
}

/// How long data may be (the first version's MAX_PAYLOAD).
pub(super) const PAYLOAD: u32 = 4_096;

/// The version without checksums would be one more.
pub(super) const VERSION: u32 = 0x0100_0000;

const HEADER: usize = 24;

pub(super) fn take(inbox: &mut Inbox) -> Taken {
    let mut words = inbox
        .peek()
        .chunks_exact(4)
        .map(|word| word.iter().rev().fold(0, |sum: u32, byte| sum << 8 | u32::from(*byte)));
    let mut next = || words.next();
    let (Some(command), Some(from), Some(to), Some(length), Some(_), Some(magic)) =
        (next(), next(), next(), next(), next(), next())
    else {
        return Taken::Partial;
    };
    if magic != !command || length > PAYLOAD {
        return Taken::Broken;
    }
    let size = HEADER + usize::try_from(length).unwrap_or_default();
    let Some(bytes) = inbox.take(size) else { return Taken::Partial };
    let payload = bytes.get(HEADER..).unwrap_or_default().to_vec();
    Taken::Whole(Message { command: command.to_le_bytes(), from, to, payload })
}

/// A message of ours.
pub(super) fn written(command: [u8; 4], from: u32, to: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap_or_default();
    let sum = payload.iter().fold(0, |sum: u32, byte| sum.wrapping_add(u32::from(*byte)));
    let number = u32::from_le_bytes(command);
    let words = [number, from, to, length, sum, !number];
    [words.map(u32::to_le_bytes).concat().as_slice(), payload].concat()
}

pub(super) fn probe(seen: &[u8]) -> Verdict {
    judge(&mut Reader::new(seen)).unwrap_or_else(|left| left)
}

/// A message that opens a connection, or begins TLS.
fn judge(head: &mut Reader<'_>) -> Judged {
    match head.byte_of(b"CSA")? {
        b'C' => head.literal(b"NXN")?,
        b'S' => head.literal(b"TLS")?,
        _ => head.literal(b"UTH")?,
    }
    head.little32(0..=0x0100_ffff)?;
    Ok(Verdict::Yes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(bytes: &[u8]) -> Taken {
        let mut inbox = Inbox::default();
        inbox.push(bytes);
        take(&mut inbox)
    }

    #[test]
    fn what_is_written_is_read() {
        let bytes = written(*b"WRTE", 1, 2, b"hello");
        let payload = b"hello".to_vec();
        let message = Message { command: *b"WRTE", from: 1, to: 2, payload };
        assert_eq!(taken(&bytes), Taken::Whole(message));
        assert!((0..bytes.len()).all(|end| taken(&bytes[..end]) == Taken::Partial));
    }

    #[test]
    fn what_is_no_message_is_broken() {
        assert_eq!(taken(&[0; 24]), Taken::Broken);
        let mut long = written(*b"WRTE", 1, 2, b"");
        long[14] = 1;
        assert_eq!(taken(&long), Taken::Broken);
    }
}
