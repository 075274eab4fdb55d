//! Files taken from flows: parts as they come, and equal contents once.

use model::{Artifact, ArtifactId, ArtifactPart};
use rusqlite::OptionalExtension;

use super::batch::{Batch, direction_number, integer};

/// Under what the bytes of a file are, and how many of them there are.
struct Content {
    id: [u8; 16],
    stored_bytes: i64,
}

impl Batch<'_> {
    pub(super) fn artifact_part(&mut self, part: &ArtifactPart) -> rusqlite::Result<()> {
        let Some(flow) = self.flow(part.flow) else { return Ok(()) };
        let bytes = self.kept(&part.bytes);
        let length = integer(part.bytes.len() as u64);
        let row = (part.artifact.as_bytes(), integer(part.offset), length, bytes, flow);
        self.statements.artifact_part.execute(row).map(drop)
    }

    pub(super) fn artifact(&mut self, artifact: &Artifact) -> rusqlite::Result<()> {
        let Some(flow) = self.flow(artifact.flow) else { return Ok(()) };
        let content = self.content_of(artifact)?;
        let hashes = &artifact.hashes;
        self.statements
            .artifact
            .execute(rusqlite::params![
                artifact.id.as_bytes(),
                flow,
                artifact.opened.as_micros(),
                artifact.closed.as_micros(),
                artifact.source.name(),
                direction_number(artifact.direction),
                artifact.name,
                artifact.media_type,
                artifact.file_type,
                integer(artifact.bytes),
                content.stored_bytes,
                hashes.sha256,
                hashes.sha1,
                hashes.md5,
                artifact.part_of.as_ref().map(ArtifactId::as_bytes),
                artifact.completeness.name(),
                content.id,
            ])
            .map(drop)
    }

    /// Its own parts; or, if all its bytes are here already, those, and its own are removed.
    fn content_of(&mut self, artifact: &Artifact) -> rusqlite::Result<Content> {
        let known = &mut self.statements.artifact_known;
        let known = known.query_row([artifact.hashes.sha256], |row| row.get(0)).optional()?;
        let own = artifact.id.as_bytes();
        if let Some(id) = known {
            self.statements.artifact_parts_gone.execute([own])?;
            return Ok(Content { id, stored_bytes: integer(artifact.bytes) });
        }
        let stored = &mut self.statements.artifact_stored;
        let stored_bytes = stored.query_row([own], |row| row.get(0))?;
        Ok(Content { id: *own, stored_bytes })
    }
}
