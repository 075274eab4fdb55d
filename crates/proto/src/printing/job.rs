//! What is printed, as a file.

use model::{ArtifactNumber, ArtifactSource, ArtifactStart, Direction};

use crate::Out;

/// Begins to keep what is printed.
pub(super) fn start(number: ArtifactNumber, name: Option<String>, out: &mut Out) {
    out.keep_start(ArtifactStart {
        number,
        source: ArtifactSource::PrintJob,
        direction: Direction::FromVictim,
        name,
        media_type: None,
        part_of: None,
    });
}
