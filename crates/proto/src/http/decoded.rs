//! A copy of a body with its content coding taken off (RFC 9110 §8.4), and the files in it.

use model::{ArtifactSource, Completeness, Cut, Event, Limit};

use super::Request;
use super::kept::{Keeping, KeptFile};
use super::parts::Parts;
use super::upload::UploadLimits;
use crate::decoder::{Coding, Decoder, Unpacked};

/// A copy on its way into a file.
#[derive(Debug)]
pub(super) struct DecodedCopy {
    decoder: Decoder,
    file: KeptFile,
    parts: Option<Parts>,
    /// Why nothing more can be decoded, if so.
    over: Option<Cut>,
}

impl DecodedCopy {
    /// One of the body of `request`, if that has a coding we know.
    pub(super) fn of(request: &Request, limits: UploadLimits) -> Option<Self> {
        let coding = coding(request.text("content-encoding")?)?;
        let file = KeptFile {
            source: ArtifactSource::HttpRequestDecoded,
            name: None,
            media_type: request.text("content-type").map(str::to_owned),
            number: None,
        };
        let parts = Parts::of(request, limits.head_bytes);
        Some(Self { decoder: Decoder::new(coding, limits.decoded_bytes), file, parts, over: None })
    }

    /// Decodes the next piece of the body.
    pub(super) fn add(&mut self, piece: &[u8], keeping: &mut Keeping<'_>) {
        if self.over.is_some() {
            return;
        }
        let (file, parts) = (&mut self.file, &mut self.parts);
        let unpacked = self.decoder.add(piece, &mut |bytes| {
            let number = file.keep(bytes, keeping);
            if let Some(parts) = parts.as_mut() {
                parts.add(bytes, &mut keeping.inside(number));
            }
        });
        self.over = match unpacked {
            Unpacked::Broken => {
                keeping.broke("a body is not in the coding it names");
                Some(Cut::Broken)
            }
            Unpacked::Limit => {
                keeping.out.note(Event::LimitReached(Limit::DecodedBytes));
                Some(Cut::Limit)
            }
            Unpacked::Open => None,
        };
    }

    /// No more will come.
    pub(super) fn end(&mut self, completeness: Completeness, keeping: &mut Keeping<'_>) {
        let completeness = match (self.over, completeness) {
            (Some(cut), _) => Completeness::Cut(cut),
            (None, Completeness::Whole) if !self.decoder.is_whole() => {
                keeping.broke("a body ends inside its coding");
                Completeness::Cut(Cut::Broken)
            }
            (None, completeness) => completeness,
        };
        if let (Some(parts), Some(number)) = (&mut self.parts, self.file.number) {
            parts.end(completeness, &mut keeping.inside(number));
        }
        self.file.end(completeness, keeping.out);
    }
}

/// The coding a body has; nothing if it has none, several, or one we do not know.
fn coding(value: &str) -> Option<Coding> {
    match value.to_ascii_lowercase().as_str() {
        "deflate" => Some(Coding::Deflate),
        "gzip" | "x-gzip" => Some(Coding::Gzip),
        _ => None,
    }
}
