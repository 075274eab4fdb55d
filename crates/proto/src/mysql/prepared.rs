//! Statements that a client prepares once and has run with values of its own.

use std::collections::BTreeMap;

use super::message::Fields;
use super::reply::Refusal;

/// Statements by their numbers.
#[derive(Debug, Default)]
pub(super) struct Prepared {
    statements: BTreeMap<u32, Statement>,
    last: u32,
}

#[derive(Debug)]
struct Statement {
    text: String,
    parameters: usize,
}

/// A statement that is to be run, and its values as they can be read.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) text: String,
    pub(super) values: Vec<String>,
}

/// Most statements, and most bytes of all of them.
const STATEMENTS: usize = 256;
const BYTES: usize = 1 << 20;

impl Prepared {
    pub(super) fn add(&mut self, text: String, parameters: usize) -> Result<u32, Refusal> {
        let bytes: usize = self.statements.values().map(|one| one.text.len()).sum();
        if self.statements.len() >= STATEMENTS || bytes + text.len() > BYTES {
            let text = format!(
                "Can't create more than max_prepared_stmt_count statements (current value: \
                 {STATEMENTS})"
            );
            return Err(Refusal { code: 1461, state: "42000", text });
        }
        self.last += 1;
        self.statements.insert(self.last, Statement { text, parameters });
        Ok(self.last)
    }

    pub(super) fn close(&mut self, packet: &[u8]) {
        if let Some(number) = number(packet) {
            self.statements.remove(&number);
        }
    }

    /// What COM_STMT_EXECUTE wants run.
    pub(super) fn run(&self, packet: &[u8]) -> Option<Run> {
        let statement = self.statements.get(&number(packet)?)?;
        // Number, flags, how often.
        let about = packet.get(9..).unwrap_or_default();
        let values = values(about, statement.parameters).unwrap_or_default();
        Some(Run { text: statement.text.clone(), values })
    }
}

fn number(packet: &[u8]) -> Option<u32> {
    Some(u32::from_le_bytes(*packet.first_chunk()?))
}

/// Bits for what is not there, kinds, values; nothing if a kind is one we do not read.
fn values(about: &[u8], count: usize) -> Option<Vec<String>> {
    let mut fields = Fields(about);
    if count == 0 {
        return Some(Vec::new());
    }
    let missing = fields.take(count.div_ceil(8))?;
    let [1] = *fields.take(1)? else { return None };
    let kinds = fields.take(count.checked_mul(2)?)?;
    let is_missing =
        |place: usize| missing.get(place / 8).is_some_and(|byte| byte >> (place % 8) & 1 == 1);
    let mut values = Vec::new();
    for (place, kind) in kinds.chunks(2).enumerate() {
        let value = match kind.first()? {
            _ if is_missing(place) => "NULL".to_owned(),
            kind => value(*kind, &mut fields)?,
        };
        values.push(value);
    }
    Some(values)
}

/// One value by its kind (Protocol::ColumnType).
fn value(kind: u8, fields: &mut Fields<'_>) -> Option<String> {
    let whole = |bytes: &[u8]| {
        let number = bytes.iter().rev().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
        number.to_string()
    };
    Some(match kind {
        0x01 => whole(fields.take(1)?),
        0x02 => whole(fields.take(2)?),
        0x03 => whole(fields.take(4)?),
        0x08 => whole(fields.take(8)?),
        0x04 => f32::from_le_bytes(*fields.take(4)?.first_chunk()?).to_string(),
        0x05 => f64::from_le_bytes(*fields.take(8)?.first_chunk()?).to_string(),
        0x06 => "NULL".to_owned(),
        0x0f | 0xf6..=0xff => format!("'{}'", String::from_utf8_lossy(fields.long()?)),
        _ => return None,
    })
}
