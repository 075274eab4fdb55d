//! Messages that say how long they are: a head of a fixed size, then so many bytes, of which no more
//! are held than there is room for.

use crate::Inbox;

/// Reads messages as they come, however they are cut.
#[derive(Debug, Default)]
pub(crate) struct Frames {
    begun: Option<Begun>,
}

#[derive(Debug)]
struct Begun {
    frame: Frame,
    missing: usize,
}

/// A message.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) head: Vec<u8>,
    /// What there was room for of what follows the head.
    pub(crate) body: Vec<u8>,
    /// Whether there was more.
    pub(crate) is_cut: bool,
}

/// What was read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Framed {
    /// The head is none.
    Impossible,
    Partial,
    Whole(Frame),
}

/// What messages look like.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    /// How long a head is.
    pub(crate) head: usize,
    /// How many bytes follow it; nothing if it cannot be a head.
    pub(crate) body: fn(&[u8]) -> Option<usize>,
}

impl Frames {
    /// Takes a message, if all of it has come.
    pub(crate) fn read(&mut self, inbox: &mut Inbox, shape: Shape, room: usize) -> Framed {
        if self.begun.is_none() {
            let Some(head) = inbox.peek().get(..shape.head) else { return Framed::Partial };
            let Some(missing) = (shape.body)(head) else { return Framed::Impossible };
            let head = inbox.take(shape.head).unwrap_or_default();
            self.begun = Some(Begun { frame: Frame { head, ..Frame::default() }, missing });
        }
        let Some(mut begun) = self.begun.take() else { return Framed::Partial };
        let bytes = inbox.take(begun.missing.min(inbox.len())).unwrap_or_default();
        begun.missing -= bytes.len();
        let left = room.saturating_sub(begun.frame.body.len());
        begun.frame.is_cut |= bytes.len() > left;
        begun.frame.body.extend(bytes.iter().take(left));
        if begun.missing > 0 {
            self.begun = Some(begun);
            return Framed::Partial;
        }
        Framed::Whole(begun.frame)
    }

    /// Whether a message has begun and not ended.
    pub(crate) fn is_inside(&self) -> bool {
        self.begun.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPE: Shape = Shape { head: 1, body: |head| head.first().map(|one| usize::from(*one)) };

    #[test]
    fn a_message_is_held_as_far_as_there_is_room() {
        let (mut frames, mut inbox) = (Frames::default(), Inbox::default());
        inbox.push(b"\x03ab");
        assert_eq!(frames.read(&mut inbox, SHAPE, 2), Framed::Partial);
        assert!(frames.is_inside());
        inbox.push(b"c\0\x05");
        let cut = Frame { head: vec![3], body: b"ab".to_vec(), is_cut: true };
        assert_eq!(frames.read(&mut inbox, SHAPE, 2), Framed::Whole(cut));
        let empty = Frame { head: vec![0], ..Frame::default() };
        assert_eq!(frames.read(&mut inbox, SHAPE, 2), Framed::Whole(empty));
        assert_eq!(frames.read(&mut inbox, SHAPE, 2), Framed::Partial);
    }
}
