//! A file of a mail, kept in pieces that are worth a record.

use model::{ArtifactNumber, ArtifactSource, ArtifactStart, Completeness, Direction};

use crate::Out;

/// Fewest bytes that are handed on while there may be more.
const PIECE: usize = 8_192;

/// A file that has begun.
#[derive(Debug)]
pub(super) struct MailFile {
    pub(super) number: ArtifactNumber,
    unkept: Vec<u8>,
    state: State,
}

/// Whether it has bytes yet. The first are handed on as they come, so that whatever is noted later
/// is noted after them however the stream is cut.
#[derive(Debug, PartialEq, Eq)]
enum State {
    Empty,
    Begun,
}

/// What is known of an attachment when it begins.
#[derive(Debug, Default)]
pub(super) struct About {
    pub(super) name: Option<String>,
    pub(super) media_type: Option<String>,
}

impl MailFile {
    /// The mail itself.
    pub(super) fn whole(number: u32, out: &mut Out) -> Self {
        let media_type = Some("message/rfc822".to_owned());
        let about = About { media_type, name: None };
        Self::start(number, ArtifactSource::MailMessage, about, None, out)
    }

    /// An attachment of the mail that is file `whole`.
    pub(super) fn attachment(number: u32, about: About, whole: u32, out: &mut Out) -> Self {
        Self::start(number, ArtifactSource::MailAttachment, about, Some(whole), out)
    }

    fn start(
        number: u32,
        source: ArtifactSource,
        About { name, media_type }: About,
        whole: Option<u32>,
        out: &mut Out,
    ) -> Self {
        let (number, part_of) = (ArtifactNumber(number), whole.map(ArtifactNumber));
        let direction = Direction::FromVictim;
        out.keep_start(ArtifactStart { number, source, direction, name, media_type, part_of });
        Self { number, unkept: Vec::new(), state: State::Empty }
    }

    pub(super) fn add(&mut self, bytes: &[u8], out: &mut Out) {
        self.unkept.extend_from_slice(bytes);
        if self.state == State::Empty || self.unkept.len() >= PIECE {
            self.flush(out);
        }
    }

    /// Hands on what has come.
    pub(super) fn flush(&mut self, out: &mut Out) {
        if !self.unkept.is_empty() {
            self.state = State::Begun;
            out.keep_bytes(self.number, std::mem::take(&mut self.unkept));
        }
    }

    pub(super) fn end(mut self, completeness: Completeness, out: &mut Out) {
        self.flush(out);
        out.keep_end(self.number, completeness);
    }
}
