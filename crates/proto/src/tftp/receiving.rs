//! An upload on its way to us: each block once and in order, kept as it comes.

use model::{ArtifactNumber, Completeness, Cut};

use super::message::ack;
use super::netascii;
use super::sending::Progress;
use crate::Out;

/// An upload on its way.
#[derive(Debug)]
pub(super) struct Receiving {
    file: ArtifactNumber,
    block_bytes: usize,
    window: usize,
    /// The number of the last block that came.
    last: u16,
    /// How many came since it was said that they did.
    unsaid: usize,
    /// Whether it was said that one is missing, and it has not come since.
    is_missed: bool,
    is_over: bool,
    /// Reads what comes, if it is a text.
    text: Option<netascii::Reader>,
    /// What was agreed to; it is said instead of an acknowledgement until the first block comes.
    options: Option<Vec<u8>>,
}

impl Receiving {
    pub(super) fn begin(
        file: ArtifactNumber,
        block_bytes: usize,
        window: usize,
        options: Option<Vec<u8>>,
    ) -> Self {
        let (last, unsaid) = (0, 0);
        let (is_missed, is_over) = (false, false);
        Self { file, block_bytes, window, last, unsaid, is_missed, is_over, text: None, options }
    }

    /// The same of a text.
    pub(super) fn reading_text(self) -> Self {
        Self { text: Some(netascii::Reader::default()), ..self }
    }

    /// Takes in a block.
    pub(super) fn take(&mut self, number: u16, bytes: &[u8], out: &mut Out) -> Progress {
        if self.is_over || number != self.last.wrapping_add(1) {
            self.miss(out);
            return Progress::Same;
        }
        self.options = None;
        self.last = number;
        self.is_missed = false;
        self.keep(bytes, out);
        self.is_over = bytes.len() < self.block_bytes;
        self.unsaid += 1;
        if self.is_over {
            self.end(out);
        }
        if self.is_over || self.unsaid >= self.window {
            self.say(out);
        }
        if self.is_over { Progress::Over } else { Progress::Further }
    }

    /// Says up to where blocks came, or what was agreed to.
    pub(super) fn say(&mut self, out: &mut Out) {
        self.unsaid = 0;
        out.send(self.options.clone().unwrap_or_else(|| ack(self.last)));
    }

    pub(super) const fn is_over(&self) -> bool {
        self.is_over
    }

    /// No more comes.
    pub(super) fn give_up(&self, cut: Cut, out: &mut Out) {
        if !self.is_over {
            out.keep_end(self.file, Completeness::Cut(cut));
        }
    }

    /// One that came twice, or too early: that is said once for all that follow it.
    fn miss(&mut self, out: &mut Out) {
        if self.window == 1 || !self.is_missed {
            self.is_missed = true;
            self.say(out);
        }
    }

    fn keep(&mut self, bytes: &[u8], out: &mut Out) {
        let bytes = match &mut self.text {
            Some(text) => text.read(bytes),
            None => bytes.to_vec(),
        };
        out.keep_bytes(self.file, bytes);
    }

    fn end(&mut self, out: &mut Out) {
        let rest = self.text.as_mut().map_or(&b""[..], netascii::Reader::end);
        if !rest.is_empty() {
            out.keep_bytes(self.file, rest);
        }
        out.keep_end(self.file, Completeness::Whole);
    }
}
