//! Files taken from flows: rows, and what is in one of them.

use std::str::FromStr;

use model::{ArtifactId, ArtifactSource, Completeness, Direction, Hashes, Timestamp};
use rusqlite::{Connection, OptionalExtension};

use super::columns::Columns;
use super::rows::{FlowContext, read_direction};
use super::{ReadError, Reader};

/// One file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArtifactRow {
    /// The flow it was taken from.
    pub context: FlowContext,
    /// Its id.
    pub id: ArtifactId,
    /// When it began.
    pub opened: Timestamp,
    /// When it ended.
    pub closed: Timestamp,
    /// What part of what protocol it was.
    pub source: ArtifactSource,
    /// Who sent it.
    pub direction: Direction,
    /// What the peer called it.
    pub name: Option<String>,
    /// What type the peer said it has.
    pub media_type: Option<String>,
    /// What its first bytes say it is.
    pub file_type: Option<String>,
    /// How many bytes it has.
    pub bytes: u64,
    /// How many of them are in the database.
    pub stored_bytes: u64,
    /// Hashes of all its bytes.
    pub hashes: Hashes,
    /// The file that it is a part or a decoded copy of.
    pub part_of: Option<ArtifactId>,
    /// Whether it came to its end.
    pub completeness: Completeness,
}

/// The beginning of a SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sha256Prefix {
    first: [u8; 32],
    last: [u8; 32],
}

/// A text is not the beginning of a SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a SHA-256 or the beginning of one: up to 64 hexadecimal digits")]
pub struct NotASha256;

/// The bytes of a file, as far as they are in the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    id: [u8; 16],
    /// Of all its bytes.
    pub sha256: [u8; 32],
    /// How many bytes it has.
    pub bytes: u64,
    /// How many of them are in the database.
    pub stored_bytes: u64,
}

impl ArtifactRow {
    pub(super) fn read(columns: &mut Columns<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            context: FlowContext::read(columns)?,
            id: ArtifactId::from_bytes(columns.take()?),
            opened: columns.time()?,
            closed: columns.time()?,
            source: columns.one_of(ArtifactSource::ALL, ArtifactSource::name)?,
            direction: read_direction(columns)?,
            name: columns.take()?,
            media_type: columns.take()?,
            file_type: columns.take()?,
            bytes: columns.count()?,
            stored_bytes: columns.count()?,
            hashes: Hashes { sha256: columns.take()?, sha1: columns.take()?, md5: columns.take()? },
            part_of: columns.take::<Option<[u8; 16]>>()?.map(ArtifactId::from_bytes),
            completeness: columns.one_of(Completeness::ALL, Completeness::name)?,
        })
    }
}

impl FromStr for Sha256Prefix {
    type Err = NotASha256;

    fn from_str(text: &str) -> Result<Self, NotASha256> {
        let digits: Option<Vec<u8>> = text
            .chars()
            .map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
            .collect();
        let digits = digits.filter(|digits| (1..=64).contains(&digits.len())).ok_or(NotASha256)?;
        Ok(Self { first: filled(&digits, 0), last: filled(&digits, 0xf) })
    }
}

/// Thirty-two bytes out of digits, the missing ones filled in.
fn filled(digits: &[u8], filling: u8) -> [u8; 32] {
    let digit = |place: usize| digits.get(place).copied().unwrap_or(filling);
    std::array::from_fn(|byte| digit(byte * 2) << 4 | digit(byte * 2 + 1))
}

/// The different files whose SHA-256 begins like this, at most `most`; of equal ones that of which
/// the most is stored.
pub(super) fn contents(
    connection: &Connection,
    prefix: Sha256Prefix,
    most: usize,
) -> rusqlite::Result<Vec<Content>> {
    // With max(), SQLite takes the other columns from the row that has it.
    let mut statement = connection.prepare_cached(
        "SELECT content, sha256, bytes, max(stored_bytes) FROM artifact \
         WHERE sha256 BETWEEN ? AND ? GROUP BY sha256 ORDER BY sha256 LIMIT ?",
    )?;
    let read = |columns: &mut Columns<'_>| {
        let (id, sha256) = (columns.take()?, columns.take()?);
        Ok(Content { id, sha256, bytes: columns.count()?, stored_bytes: columns.count()? })
    };
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let values = rusqlite::params![prefix.first, prefix.last, most];
    statement.query_map(values, |row| read(&mut Columns::of(row)))?.collect()
}

/// Hands over the bytes of a file, a part at a time; parts that are lost are left out.
pub(super) fn visit<E: From<ReadError>>(
    reader: &Reader,
    content: &Content,
    mut visit: impl FnMut(&[u8]) -> Result<(), E>,
) -> Result<(), E> {
    let mut seq = 0;
    loop {
        let part = part_after(&reader.connection, content, seq);
        let part = part.map_err(|cause| reader.failed("the bytes of a file", cause))?;
        let Some((next, bytes)) = part else { return Ok(()) };
        visit(&bytes.unwrap_or_default())?;
        seq = next;
    }
}

fn part_after(
    connection: &Connection,
    content: &Content,
    seq: i64,
) -> rusqlite::Result<Option<(i64, Option<Vec<u8>>)>> {
    let mut statement = connection.prepare_cached(
        "SELECT seq, bytes FROM artifact_part WHERE content = ? AND seq > ? ORDER BY seq LIMIT 1",
    )?;
    let values = rusqlite::params![content.id, seq];
    statement.query_row(values, |row| Ok((row.get(0)?, row.get(1)?))).optional()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_of_a_hash_is_a_range() {
        let prefix: Sha256Prefix = "bA7".parse().unwrap();
        assert_eq!((prefix.first[..2].to_vec(), prefix.first[2]), (vec![0xba, 0x70], 0));
        assert_eq!((prefix.last[..2].to_vec(), prefix.last[2]), (vec![0xba, 0x7f], 0xff));
        for text in ["", "g", "ba-7", &"a".repeat(65)] {
            assert_eq!(text.parse::<Sha256Prefix>(), Err(NotASha256), "{text:?}");
        }
    }
}
