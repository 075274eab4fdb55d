//! A file on its way to a client: a window of blocks, and the next one once it has all of them.

use bytes::Bytes;

use super::message::data;
use crate::Out;

/// A file on its way.
#[derive(Debug)]
pub(super) struct Sending {
    bytes: Bytes,
    block_bytes: usize,
    window: usize,
    /// How many blocks the client has.
    acknowledged: usize,
    /// How many were sent.
    sent: usize,
    /// What is sent instead of blocks, until the client says that it read it.
    options: Option<Vec<u8>>,
}

/// Whether a transfer goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    /// Nothing new.
    Same,
    Further,
    Over,
}

impl Sending {
    /// Begins with what was agreed to, if anything was, else with the first block.
    pub(super) fn begin(
        bytes: Bytes,
        block_bytes: usize,
        window: usize,
        options: Option<Vec<u8>>,
        out: &mut Out,
    ) -> Self {
        let mut sending = Self { bytes, block_bytes, window, acknowledged: 0, sent: 0, options };
        sending.send_again(out);
        sending
    }

    /// The client has all blocks up to this one.
    pub(super) fn acknowledge(&mut self, number: u16, out: &mut Out) -> Progress {
        if self.options.is_some() {
            if number != 0 {
                return Progress::Same;
            }
            self.options = None;
            self.send_again(out);
            return Progress::Further;
        }
        let Some(acknowledged) = self.block(number) else { return Progress::Same };
        // With a window of one, who answers what is said twice says everything twice (RFC 1123
        // §4.2.3.1).
        if acknowledged == self.acknowledged && self.window == 1 {
            return Progress::Same;
        }
        self.acknowledged = acknowledged;
        if acknowledged == self.blocks() {
            return Progress::Over;
        }
        self.send_again(out);
        Progress::Further
    }

    /// Sends what the client has not said that it has.
    pub(super) fn send_again(&mut self, out: &mut Out) {
        if let Some(options) = &self.options {
            out.send(options.clone());
            return;
        }
        let until = (self.acknowledged + self.window).min(self.blocks());
        for block in self.acknowledged..until {
            let begin = block * self.block_bytes;
            let end = (begin + self.block_bytes).min(self.bytes.len());
            out.send(data(number(block + 1), self.bytes.get(begin..end).unwrap_or_default()));
        }
        self.sent = until;
    }

    /// How many there are: the last one is shorter than others, if need be empty.
    fn blocks(&self) -> usize {
        self.bytes.len() / self.block_bytes + 1
    }

    /// Which of the blocks in this window a number means. Numbers begin anew after 65,535.
    fn block(&self, wanted: u16) -> Option<usize> {
        (self.acknowledged..=self.sent).find(|block| number(*block) == wanted)
    }
}

fn number(block: usize) -> u16 {
    u16::try_from(block & 0xffff).unwrap_or_default()
}
