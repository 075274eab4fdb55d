//! Bytes the peer has sent and no machine has taken yet.

/// One attempt to take a line.
#[derive(Debug, PartialEq, Eq)]
pub enum Line {
    /// A whole line, its ending removed.
    Whole(Vec<u8>),
    /// The peer is past the limit without ending the line; all of it is handed over.
    Overlong(Vec<u8>),
    /// No line ending has arrived yet.
    Partial,
}

/// The unread bytes of one direction of one flow. An empty one holds no memory.
#[derive(Debug, Default)]
pub struct Inbox {
    bytes: Vec<u8>,
    /// How many of `bytes` have been taken.
    taken: usize,
}

impl Inbox {
    /// Adds bytes as they arrive.
    pub fn push(&mut self, bytes: &[u8]) {
        self.forget_taken();
        self.bytes.extend_from_slice(bytes);
    }

    /// Looks at what is unread without taking it.
    #[must_use]
    pub fn peek(&self) -> &[u8] {
        self.bytes.get(self.taken..).unwrap_or_default()
    }

    /// How many bytes are unread.
    #[must_use]
    pub fn len(&self) -> usize {
        self.peek().len()
    }

    /// Whether all has been taken.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.peek().is_empty()
    }

    /// Takes exactly `count` bytes, or none if there are fewer.
    pub fn take(&mut self, count: usize) -> Option<Vec<u8>> {
        let bytes = self.peek().get(..count)?.to_vec();
        self.discard(count);
        Some(bytes)
    }

    /// Takes `count` bytes, or all there are, without looking at them. Says how many it was.
    pub fn discard(&mut self, count: usize) -> usize {
        let count = count.min(self.len());
        self.taken += count;
        if self.is_empty() {
            *self = Self::default();
        }
        count
    }

    /// Takes all there is.
    pub fn take_all(&mut self) -> Vec<u8> {
        let bytes = self.peek().to_vec();
        *self = Self::default();
        bytes
    }

    /// Takes one line that ends in LF or CRLF and has at most `limit` bytes.
    pub fn take_line(&mut self, limit: usize) -> Line {
        match self.peek().iter().position(|&byte| byte == b'\n') {
            Some(end) if end <= limit => {
                let mut line = self.take(end + 1).unwrap_or_default();
                line.pop();
                line.pop_if(|last| *last == b'\r');
                Line::Whole(line)
            }
            None if self.len() <= limit => Line::Partial,
            _ => Line::Overlong(self.take(limit + 1).unwrap_or_default()),
        }
    }

    /// Passes over the rest of a line that was too long; false if its end has not come yet.
    pub fn skip_line(&mut self) -> bool {
        let end = self.peek().iter().position(|&byte| byte == b'\n');
        self.discard(end.map_or(usize::MAX, |end| end + 1));
        end.is_some()
    }

    /// Moves what is unread to the front, once it is the smaller part: taking stays linear.
    fn forget_taken(&mut self) {
        if self.taken > self.bytes.len() / 2 {
            self.bytes.drain(..self.taken);
            self.taken = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inbox(bytes: &[u8]) -> Inbox {
        let mut inbox = Inbox::default();
        inbox.push(bytes);
        inbox
    }

    #[test]
    fn lines_end_in_lf_or_crlf() {
        let mut inbox = inbox(b"one\r\ntwo\nthr");
        assert_eq!(inbox.take_line(10), Line::Whole(b"one".to_vec()));
        assert_eq!(inbox.take_line(10), Line::Whole(b"two".to_vec()));
        assert_eq!(inbox.take_line(10), Line::Partial);
        inbox.push(b"ee\n");
        assert_eq!(inbox.take_line(10), Line::Whole(b"three".to_vec()));
        assert_eq!(inbox.take_line(10), Line::Partial);
    }

    #[test]
    fn an_overlong_line_is_handed_over_and_never_lost() {
        let mut inbox = inbox(b"0123456789");
        assert_eq!(inbox.take_line(4), Line::Overlong(b"01234".to_vec()));
        assert_eq!(inbox.take_line(10), Line::Partial);
        assert_eq!(inbox.peek(), b"56789");
    }

    #[test]
    fn an_empty_inbox_holds_no_memory() {
        let mut inbox = inbox(&[7; 5_000]);
        assert_eq!(inbox.take(5_001), None);
        assert_eq!(inbox.discard(4_999), 4_999);
        assert_eq!(inbox.take_all(), [7]);
        assert_eq!(inbox.bytes.capacity(), 0);
    }
}
