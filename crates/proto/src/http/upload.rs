//! The body of a request, kept as a file while it comes.

use model::{ArtifactNumber, ArtifactSource, ArtifactStart, Completeness, Direction};

use super::Request;
use super::form::parameter;
use crate::Out;

/// A body on its way into a file. One without bytes leaves none.
#[derive(Debug)]
pub struct Upload {
    number: ArtifactNumber,
    state: State,
}

#[derive(Debug, PartialEq, Eq)]
enum State {
    Begun,
    Empty,
}

impl Upload {
    /// A body that will be this file of its flow.
    #[must_use]
    pub const fn new(number: ArtifactNumber) -> Self {
        Self { number, state: State::Empty }
    }

    /// Keeps the next piece of the body of `request`.
    pub fn add(&mut self, piece: &[u8], request: &Request, out: &mut Out) {
        if piece.is_empty() {
            return;
        }
        if self.state == State::Empty {
            self.state = State::Begun;
            out.keep_start(self.start(request));
        }
        out.keep_bytes(self.number, piece.to_vec());
    }

    /// No more will come.
    pub fn end(&self, completeness: Completeness, out: &mut Out) {
        if self.state == State::Begun {
            out.keep_end(self.number, completeness);
        }
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

/// What the peer calls it: by a field of its own, or as the last part of where it puts it.
fn name(request: &Request) -> Option<String> {
    let disposition = request.text("content-disposition").unwrap_or_default();
    let path = || {
        let last = request.path().rsplit('/').next().filter(|last| !last.is_empty());
        last.filter(|_| request.is("put"))
    };
    parameter(disposition, "filename").or_else(path).map(str::to_owned)
}
