//! Memory that decoders may hold together, so that many bodies at once cannot take all there is.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What all decoders of a gateway share (`limits.decoder_memory`).
#[derive(Clone, Debug)]
pub struct DecoderRoom {
    left: Arc<AtomicU64>,
}

impl DecoderRoom {
    /// Room for this many bytes.
    #[must_use]
    pub fn new(bytes: u64) -> Self {
        Self { left: Arc::new(AtomicU64::new(bytes)) }
    }

    /// Lends `bytes`; nothing if there are not so many left.
    pub(crate) fn lend(&self, bytes: u64) -> Option<Loan> {
        let less = |left: u64| left.checked_sub(bytes);
        self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).ok()?;
        Some(Loan { room: self.clone(), bytes })
    }
}

/// Room that is given back when this is dropped.
#[derive(Debug)]
pub(crate) struct Loan {
    room: DecoderRoom,
    bytes: u64,
}

impl Drop for Loan {
    fn drop(&mut self) {
        self.room.left.fetch_add(self.bytes, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_back_can_be_lent_again() {
        let room = DecoderRoom::new(10);
        let first = room.lend(6);
        assert!(first.is_some() && room.lend(5).is_none());
        let rest = room.lend(4);
        drop(first);
        assert!(rest.is_some() && room.lend(6).is_some() && room.lend(7).is_none());
    }
}
