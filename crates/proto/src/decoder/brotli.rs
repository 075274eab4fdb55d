//! Brotli (RFC 7932).

#![expect(clippy::disallowed_types, reason = "this is the decoder that all others are to use")]

use brotli_decompressor::{BrotliDecompressStream, BrotliResult, BrotliState, StandardAlloc};

use super::{Outlet, Step, Unpacked};

/// Unpacks one stream.
pub(super) struct Brotli {
    state: BrotliState<StandardAlloc, StandardAlloc, StandardAlloc>,
    /// How much came out; the library counts by it.
    total: usize,
    place: Place,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Ended,
    /// Everything has come that will.
    Last,
    Open,
}

/// How much is read at once. What the library lets out before something broken depends on where it
/// was interrupted: always at the same places, it depends on the bytes alone.
const PIECE: usize = 1_024;

/// How much comes out at once.
const ROOM: usize = 16_384;

impl Default for Brotli {
    fn default() -> Self {
        // Not the large windows that the standard does not know: those may have a gigabyte.
        let [a, b, c] = [(); 3].map(|()| StandardAlloc::default());
        Self { state: BrotliState::new_strict(a, b, c), total: 0, place: Place::Open }
    }
}

impl Brotli {
    pub(super) fn no_more_comes(&mut self) {
        if self.place == Place::Open {
            self.place = Place::Last;
        }
    }

    pub(super) fn is_at_an_end(&self) -> bool {
        self.place == Place::Ended
    }

    pub(super) fn step<'a>(&mut self, rest: &'a [u8], outlet: &mut Outlet<'_>) -> Step<'a> {
        let piece = match (self.place, rest.get(..PIECE)) {
            // What follows the end belongs to nothing.
            (Place::Ended, _) if rest.is_empty() => return Step::Wait,
            (Place::Ended, _) => return Step::On(&[]),
            (Place::Last | Place::Open, Some(piece)) => piece,
            (Place::Last, None) if !rest.is_empty() => rest,
            (Place::Last | Place::Open, None) => return Step::Wait,
        };
        match self.unpack(piece, outlet) {
            Ok(()) => Step::On(rest.get(piece.len()..).unwrap_or_default()),
            Err(over) => Step::Over(over),
        }
    }

    /// Unpacks all of a piece.
    fn unpack(&mut self, piece: &[u8], outlet: &mut Outlet<'_>) -> Result<(), Unpacked> {
        let (mut left, mut taken) = (piece.len(), 0);
        loop {
            let mut room = [0; ROOM];
            let (mut free, mut given) = (ROOM, 0);
            let result = BrotliDecompressStream(
                &mut left,
                &mut taken,
                piece,
                &mut free,
                &mut given,
                &mut room,
                &mut self.total,
                &mut self.state,
            );
            let came = room.get(..given).unwrap_or_default();
            outlet.give(came).map_err(|_full| Unpacked::Limit)?;
            match result {
                BrotliResult::NeedsMoreInput => return Ok(()),
                BrotliResult::NeedsMoreOutput => {}
                BrotliResult::ResultFailure => return Err(Unpacked::Broken),
                BrotliResult::ResultSuccess => {
                    self.place = Place::Ended;
                    return Ok(());
                }
            }
        }
    }
}
