//! The one place where what is compressed is unpacked: piece by piece, and never more than a limit.
//!
//! ```text
//!  piece ──▶ what is held ──▶ unpacker of one coding ──▶ outlet, with what may still come out ──▶ sink
//! ```

mod brotli;
mod flate;
mod room;
mod zstd;

use std::fmt;

pub use room::DecoderRoom;

pub(crate) use room::Loan;

use brotli::Brotli;
use flate::{Flate, Wrapper};
use zstd::Zstd;

/// How bytes are compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Coding {
    /// Brotli (RFC 7932).
    Brotli,
    /// zlib (RFC 1950), or what many send in its place: deflate alone (RFC 1951).
    Deflate,
    /// gzip (RFC 1952), several one after the other too.
    Gzip,
    /// Zstandard (RFC 8878), several frames too, each with the window that HTTP allows (RFC 9659).
    Zstd,
}

impl Coding {
    /// How many bytes of memory unpacking may hold: for the most part how far back a repetition may
    /// refer.
    pub(crate) const fn memory(self) -> u64 {
        match self {
            Self::Brotli | Self::Zstd => 17 << 20,
            Self::Deflate | Self::Gzip => 64 << 10,
        }
    }
}

/// How far unpacking came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unpacked {
    /// What came is not so compressed; nothing more will come out.
    Broken,
    /// As much came out as may; nothing more will.
    Limit,
    /// More may come.
    Open,
}

/// Unpacks one stream of bytes.
pub(crate) struct Decoder {
    coding: Coding,
    unpacker: Unpacker,
    /// What has come and cannot be read yet.
    held: Vec<u8>,
    /// How much may still come out.
    left: u64,
    state: Unpacked,
}

enum Unpacker {
    Brotli(Box<Brotli>),
    Flate(Flate),
    Zstd(Zstd),
}

impl fmt::Debug for Decoder {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Decoder").field("coding", &self.coding).finish_non_exhaustive()
    }
}

/// Takes what came out.
pub(crate) type Sink<'a> = &'a mut dyn FnMut(&[u8]);

impl Decoder {
    /// One that lets out `limit` bytes at most.
    pub(crate) fn new(coding: Coding, limit: u64) -> Self {
        let unpacker = match coding {
            Coding::Brotli => Unpacker::Brotli(Box::default()),
            Coding::Deflate => Unpacker::Flate(Flate::new(Wrapper::Zlib)),
            Coding::Gzip => Unpacker::Flate(Flate::new(Wrapper::Gzip)),
            Coding::Zstd => Unpacker::Zstd(Zstd::default()),
        };
        Self { coding, unpacker, held: Vec::new(), left: limit, state: Unpacked::Open }
    }

    /// Unpacks the next bytes into `sink`.
    pub(crate) fn add(&mut self, piece: &[u8], sink: Sink<'_>) -> Unpacked {
        if self.state == Unpacked::Open {
            self.held.extend_from_slice(piece);
            self.read_on(sink);
        }
        self.state
    }

    /// No more will come: lets out what was held back.
    pub(crate) fn end(&mut self, sink: Sink<'_>) -> Unpacked {
        if self.state == Unpacked::Open {
            if let Unpacker::Brotli(brotli) = &mut self.unpacker {
                brotli.no_more_comes();
            }
            self.read_on(sink);
        }
        if self.state != Unpacked::Limit
            && let Unpacker::Zstd(zstd) = &mut self.unpacker
            && zstd.let_go(&mut Outlet { left: &mut self.left, sink }).is_err()
        {
            self.state = Unpacked::Limit;
        }
        self.state
    }

    /// Whether all of it came, as far as it says where its end is.
    pub(crate) fn is_whole(&self) -> bool {
        let is_at_an_end = match &self.unpacker {
            Unpacker::Brotli(brotli) => brotli.is_at_an_end(),
            Unpacker::Flate(flate) => flate.is_at_an_end(),
            Unpacker::Zstd(zstd) => zstd.is_at_an_end(),
        };
        self.state == Unpacked::Open && self.held.is_empty() && is_at_an_end
    }

    fn read_on(&mut self, sink: Sink<'_>) {
        let mut outlet = Outlet { left: &mut self.left, sink };
        let mut rest = self.held.as_slice();
        loop {
            let step = match &mut self.unpacker {
                Unpacker::Brotli(brotli) => brotli.step(rest, &mut outlet),
                Unpacker::Flate(flate) => flate.step(rest, &mut outlet),
                Unpacker::Zstd(zstd) => zstd.step(rest, &mut outlet),
            };
            match step {
                Step::On(after) => rest = after,
                Step::Wait => break,
                Step::Over(state) => {
                    self.state = state;
                    rest = &[];
                    break;
                }
            }
        }
        let taken = self.held.len() - rest.len();
        self.held.drain(..taken);
    }
}

/// What one step of an unpacker came to.
enum Step<'a> {
    /// It may go on with this.
    On(&'a [u8]),
    Over(Unpacked),
    /// More has to come first.
    Wait,
}

/// Where unpacked bytes leave.
struct Outlet<'a> {
    left: &'a mut u64,
    sink: Sink<'a>,
}

/// No more may come out.
struct Full;

impl Outlet<'_> {
    /// Lets out what may still come out of `bytes`, which is what it gives back.
    fn give<'b>(&mut self, bytes: &'b [u8]) -> Result<&'b [u8], Full> {
        let allowed = usize::try_from(*self.left).unwrap_or(usize::MAX).min(bytes.len());
        let came = bytes.get(..allowed).unwrap_or_default();
        *self.left -= came.len() as u64;
        if !came.is_empty() {
            (self.sink)(came);
        }
        if came.len() < bytes.len() { Err(Full) } else { Ok(came) }
    }
}

#[cfg(test)]
mod tests;
