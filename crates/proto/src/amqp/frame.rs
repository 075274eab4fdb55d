//! Frames (AMQP 0-9-1 §4.2.3): a kind, a channel, a length, what is in it, and an end.

use crate::Inbox;

/// Kinds of frames.
pub(super) const METHOD: u8 = 1;
pub(super) const HEARTBEAT: u8 = 8;
/// What every frame ends with.
const END: u8 = 0xce;
/// Bytes of a frame around what is in it.
const AROUND: usize = 8;

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) kind: u8,
    pub(super) channel: u16,
    pub(super) content: Vec<u8>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Taken {
    Whole(Frame),
    Partial,
    Broken,
    Overlong,
}

/// Takes the next frame, of at most `limit` bytes.
pub(super) fn take(inbox: &mut Inbox, limit: usize) -> Taken {
    let Some(&[kind, c0, c1, l0, l1, l2, l3]) = inbox.peek().first_chunk::<7>() else {
        return Taken::Partial;
    };
    let length = u32::from_be_bytes([l0, l1, l2, l3]) as usize;
    if length > limit {
        return Taken::Overlong;
    }
    let Some(bytes) = inbox.take(length + AROUND) else { return Taken::Partial };
    match bytes.split_last() {
        Some((&END, frame)) => {
            let content = frame.get(AROUND - 1..).unwrap_or_default().to_vec();
            Taken::Whole(Frame { kind, channel: u16::from_be_bytes([c0, c1]), content })
        }
        _ => Taken::Broken,
    }
}

/// A method of ours.
pub(super) fn method(channel: u16, (class, method): (u16, u16), arguments: &[u8]) -> Vec<u8> {
    let mut frame = vec![METHOD];
    frame.extend(channel.to_be_bytes());
    frame.extend(u32::try_from(arguments.len() + 4).unwrap_or_default().to_be_bytes());
    frame.extend(class.to_be_bytes());
    frame.extend(method.to_be_bytes());
    frame.extend_from_slice(arguments);
    frame.push(END);
    frame
}

/// The answer to a heartbeat.
pub(super) const BEAT: [u8; 8] = [HEARTBEAT, 0, 0, 0, 0, 0, 0, END];

/// Text of at most 255 bytes, with its length before it.
pub(super) fn short(text: &str) -> Vec<u8> {
    let length = u8::try_from(text.len()).unwrap_or(u8::MAX);
    [&[length][..], text.as_bytes().get(..length.into()).unwrap_or_default()].concat()
}

/// Bytes with their length in four bytes before them.
pub(super) fn long(bytes: &[u8]) -> Vec<u8> {
    [&u32::try_from(bytes.len()).unwrap_or_default().to_be_bytes()[..], bytes].concat()
}

/// The arguments of a method, one after the other; nothing where one is missing.
#[derive(Clone, Debug)]
pub(super) struct Arguments<'a>(pub(super) &'a [u8]);

impl<'a> Arguments<'a> {
    pub(super) fn number(&mut self) -> Option<u16> {
        let (bytes, rest) = self.0.split_first_chunk::<2>()?;
        self.0 = rest;
        Some(u16::from_be_bytes(*bytes))
    }

    pub(super) fn short(&mut self) -> Option<String> {
        let (length, rest) = self.0.split_first()?;
        let (text, rest) = rest.split_at_checked((*length).into())?;
        self.0 = rest;
        Some(String::from_utf8_lossy(text).into_owned())
    }

    /// Text, a table or anything else with its length in four bytes.
    pub(super) fn long(&mut self) -> Option<&'a [u8]> {
        let (length, rest) = self.0.split_first_chunk::<4>()?;
        let (bytes, rest) = rest.split_at_checked(u32::from_be_bytes(*length) as usize)?;
        self.0 = rest;
        Some(bytes)
    }
}
