//! Files that are found in a body, each begun with its first byte: one without bytes leaves none.

use model::{ArtifactNumber, ArtifactSource, ArtifactStart, Completeness, Direction, Event};

use crate::Out;

/// The numbers of a flow's files; each is given once.
#[derive(Debug, Default)]
pub struct FileNumbers {
    next: u32,
}

impl FileNumbers {
    /// The next one.
    pub fn take(&mut self) -> ArtifactNumber {
        let number = ArtifactNumber(self.next);
        self.next += 1;
        number
    }
}

/// What files are made with.
pub(super) struct Keeping<'a> {
    /// The file they are parts or copies of.
    pub(super) whole: ArtifactNumber,
    pub(super) numbers: &'a mut FileNumbers,
    pub(super) out: &'a mut Out,
}

impl Keeping<'_> {
    /// The same for files in another one.
    pub(super) fn inside(&mut self, whole: ArtifactNumber) -> Keeping<'_> {
        Keeping { whole, numbers: self.numbers, out: self.out }
    }

    /// Notes a broken rule.
    pub(super) fn broke(&mut self, rule: &'static str) {
        self.out.note(Event::Broke { protocol: "http", rule: rule.into() });
    }
}

/// A file that may come.
#[derive(Debug)]
pub(super) struct KeptFile {
    pub(super) source: ArtifactSource,
    pub(super) name: Option<String>,
    pub(super) media_type: Option<String>,
    pub(super) number: Option<ArtifactNumber>,
}

impl KeptFile {
    /// Keeps its next bytes; says which file it is.
    pub(super) fn keep(&mut self, bytes: &[u8], keeping: &mut Keeping<'_>) -> ArtifactNumber {
        let number = match self.number {
            Some(number) => number,
            None => self.begin(keeping),
        };
        keeping.out.keep_bytes(number, bytes.to_vec());
        number
    }

    fn begin(&mut self, keeping: &mut Keeping<'_>) -> ArtifactNumber {
        let number = keeping.numbers.take();
        keeping.out.keep_start(ArtifactStart {
            number,
            source: self.source,
            direction: Direction::FromVictim,
            name: self.name.take(),
            media_type: self.media_type.take(),
            part_of: Some(keeping.whole),
        });
        self.number = Some(number);
        number
    }

    /// Ends it, if it has begun.
    pub(super) fn end(&self, completeness: Completeness, out: &mut Out) {
        if let Some(number) = self.number {
            out.keep_end(number, completeness);
        }
    }
}
