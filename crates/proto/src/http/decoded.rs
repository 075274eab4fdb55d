//! A copy of a body with its content coding taken off (RFC 9110 §8.4), and the files in it.

use model::{ArtifactSource, Completeness, Cut, Event, Limit};

use super::Request;
use super::kept::{Keeping, KeptFile};
use super::parts::Parts;
use super::upload::UploadLimits;
use crate::decoder::{Coding, Decoder, Loan, Sink, Unpacked};

/// A copy on its way into a file.
#[derive(Debug)]
pub(super) struct DecodedCopy {
    decoder: Decoder,
    _memory: Loan,
    file: KeptFile,
    parts: Option<Parts>,
    /// Why nothing more can be decoded, if so.
    over: Option<Cut>,
}

impl DecodedCopy {
    /// One of the body of `request`, if that has a coding we know, and there is room to decode it.
    pub(super) fn of(
        request: &Request,
        limits: &UploadLimits,
        keeping: &mut Keeping<'_>,
    ) -> Option<Self> {
        let coding = coding(request.text("content-encoding")?)?;
        let Some(memory) = limits.decoder_room.lend(coding.memory()) else {
            keeping.out.note(Event::LimitReached(Limit::DecoderMemory));
            return None;
        };
        let file = KeptFile {
            source: ArtifactSource::HttpRequestDecoded,
            name: None,
            media_type: request.text("content-type").map(str::to_owned),
            number: None,
        };
        Some(Self {
            decoder: Decoder::new(coding, limits.decoded_bytes),
            _memory: memory,
            file,
            parts: Parts::of(request, limits.head_bytes),
            over: None,
        })
    }

    /// Decodes the next piece of the body.
    pub(super) fn add(&mut self, piece: &[u8], keeping: &mut Keeping<'_>) {
        self.decode(keeping, |decoder, sink| decoder.add(piece, sink));
    }

    fn decode(
        &mut self,
        keeping: &mut Keeping<'_>,
        work: impl FnOnce(&mut Decoder, Sink<'_>) -> Unpacked,
    ) {
        let (file, parts) = (&mut self.file, &mut self.parts);
        let unpacked = work(&mut self.decoder, &mut |bytes| {
            let number = file.keep(bytes, keeping);
            if let Some(parts) = parts.as_mut() {
                parts.add(bytes, &mut keeping.inside(number));
            }
        });
        if self.over.is_none() {
            self.over = cut(unpacked, keeping);
        }
    }

    /// No more will come.
    pub(super) fn end(&mut self, completeness: Completeness, keeping: &mut Keeping<'_>) {
        self.decode(keeping, Decoder::end);
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

/// Why nothing more will be decoded, if so; notes it.
fn cut(unpacked: Unpacked, keeping: &mut Keeping<'_>) -> Option<Cut> {
    match unpacked {
        Unpacked::Broken => {
            keeping.broke("a body is not in the coding it names");
            Some(Cut::Broken)
        }
        Unpacked::Limit => {
            keeping.out.note(Event::LimitReached(Limit::DecodedBytes));
            Some(Cut::Limit)
        }
        Unpacked::Open => None,
    }
}

/// The coding a body has; nothing if it has none, several, or one we do not know.
fn coding(value: &str) -> Option<Coding> {
    match value.to_ascii_lowercase().as_str() {
        "br" => Some(Coding::Brotli),
        "deflate" => Some(Coding::Deflate),
        "gzip" | "x-gzip" => Some(Coding::Gzip),
        "zstd" => Some(Coding::Zstd),
        _ => None,
    }
}
