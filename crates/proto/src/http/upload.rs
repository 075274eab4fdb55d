//! The body of a request, kept as a file while it comes, and what is found in it.

use model::{ArtifactNumber, ArtifactSource, ArtifactStart, Completeness, Direction};

use super::Request;
use super::decoded::DecodedCopy;
use super::form::parameter;
use super::kept::{FileNumbers, Keeping};
use super::parts::Parts;
use crate::{Cx, DecoderRoom, Out};

/// A body on its way into a file. One without bytes leaves none.
#[derive(Debug)]
pub struct Upload {
    number: ArtifactNumber,
    limits: UploadLimits,
    state: State,
}

/// How much of a body is looked into.
#[derive(Debug)]
pub(super) struct UploadLimits {
    /// Memory for decoding.
    pub(super) decoder_room: DecoderRoom,
    /// Bytes of a decoded copy.
    pub(super) decoded_bytes: u64,
    /// Bytes of the head of a part.
    pub(super) head_bytes: usize,
}

#[derive(Debug)]
enum State {
    Begun(Within),
    Empty,
}

/// What is in a body.
#[derive(Debug)]
enum Within {
    Coded(Box<DecodedCopy>),
    Parts(Box<Parts>),
    Plain,
}

impl Upload {
    /// A body that will be the next file of its flow.
    #[must_use]
    pub fn new(numbers: &mut FileNumbers, cx: &Cx<'_>) -> Self {
        let limits = UploadLimits {
            decoder_room: cx.rules.decoder_room.clone(),
            decoded_bytes: cx.rules.decoded_bytes,
            head_bytes: cx.rules.head_bytes,
        };
        Self { number: numbers.take(), limits, state: State::Empty }
    }

    /// Keeps the next piece of the body of `request`.
    pub fn add(
        &mut self,
        piece: &[u8],
        request: &Request,
        numbers: &mut FileNumbers,
        out: &mut Out,
    ) {
        if piece.is_empty() {
            return;
        }
        let start = matches!(self.state, State::Empty).then(|| self.start(request));
        let mut keeping = Keeping { whole: self.number, numbers, out };
        if let Some(start) = start {
            keeping.out.keep_start(start);
            self.state = State::Begun(Within::of(request, &self.limits, &mut keeping));
        }
        keeping.out.keep_bytes(self.number, piece.to_vec());
        match &mut self.state {
            State::Begun(Within::Coded(copy)) => copy.add(piece, &mut keeping),
            State::Begun(Within::Parts(parts)) => parts.add(piece, &mut keeping),
            State::Begun(Within::Plain) | State::Empty => {}
        }
    }

    /// No more will come.
    pub fn end(&mut self, completeness: Completeness, numbers: &mut FileNumbers, out: &mut Out) {
        let mut keeping = Keeping { whole: self.number, numbers, out };
        match &mut self.state {
            State::Begun(Within::Coded(copy)) => copy.end(completeness, &mut keeping),
            State::Begun(Within::Parts(parts)) => parts.end(completeness, &mut keeping),
            State::Begun(Within::Plain) => {}
            State::Empty => return,
        }
        out.keep_end(self.number, completeness);
    }

    fn start(&self, request: &Request) -> ArtifactStart {
        ArtifactStart {
            number: self.number,
            source: ArtifactSource::HttpRequestBody,
            direction: Direction::FromVictim,
            name: name(request),
            media_type: request.text("content-type").map(str::to_owned),
            part_of: None,
        }
    }
}

impl Within {
    fn of(request: &Request, limits: &UploadLimits, keeping: &mut Keeping<'_>) -> Self {
        let coded = DecodedCopy::of(request, limits, keeping).map(Box::new).map(Self::Coded);
        let parts = || Parts::of(request, limits.head_bytes).map(Box::new).map(Self::Parts);
        coded.or_else(parts).unwrap_or(Self::Plain)
    }
}

/// What the peer calls it: by a field of its own, or as the last part of where it puts it.
fn name(request: &Request) -> Option<String> {
    let disposition = request.text("content-disposition").unwrap_or_default();
    let path = || {
        let last = request.path().rsplit('/').next().filter(|last| !last.is_empty());
        last.filter(|_| request.is("put"))
    };
    parameter(disposition, "filename").or_else(path).map(str::to_owned)
}
