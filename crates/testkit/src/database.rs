//! A database, asked as an analyst would: SQL, through the program `sqlite3`.

#![expect(clippy::disallowed_types, reason = "tests run other people's programs")]

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::waiting::holds_soon;

/// Who sent bytes, as the database numbers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the victim.
    FromVictim = 0,
    /// To the victim.
    ToVictim = 1,
}

/// A database file, which need not be there yet.
#[derive(Clone, Debug)]
pub struct Database {
    path: PathBuf,
}

impl Database {
    /// The one at this path.
    #[must_use]
    pub const fn at(path: PathBuf) -> Self {
        Self { path }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The rows of an answer: a list of objects.
    #[must_use]
    pub fn rows(&self, question: &str) -> Value {
        self.ask(question).unwrap_or_else(|complaint| panic!("{question}: {complaint}"))
    }

    /// The one number of an answer.
    #[must_use]
    pub fn number(&self, question: &str) -> i64 {
        let rows = self.rows(question);
        only(&rows).as_i64().unwrap_or_else(|| panic!("{question}: {rows}"))
    }

    /// The one text of an answer.
    #[must_use]
    pub fn text(&self, question: &str) -> String {
        let rows = self.rows(question);
        only(&rows).as_str().unwrap_or_else(|| panic!("{question}: {rows}")).to_owned()
    }

    /// The first column of an answer, as texts.
    #[must_use]
    pub fn texts(&self, question: &str) -> Vec<String> {
        let rows = self.rows(question);
        let first = |row: &Value| row.as_object()?.values().next()?.as_str().map(str::to_owned);
        rows.as_array().unwrap().iter().map(|row| first(row).unwrap()).collect()
    }

    /// How many runs it has; none if it is not there.
    #[must_use]
    pub fn runs(&self) -> i64 {
        let rows = self.ask("SELECT count(*) FROM run").unwrap_or_default();
        only(&rows).as_i64().unwrap_or(0)
    }

    /// The bytes of one direction of the flows for which `condition` holds, in their order.
    #[must_use]
    pub fn stream(&self, direction: Direction, condition: &str) -> Vec<u8> {
        let direction = direction as u8;
        let pieces = self.texts(&format!(
            "SELECT hex(bytes) FROM payload JOIN flow ON flow.seq = payload.flow
             WHERE direction = {direction} AND ({condition}) ORDER BY flow, payload.seq"
        ));
        pieces.iter().flat_map(|piece| unhex(piece)).collect()
    }

    /// Asserts what holds of every payload and every end: offsets without gaps, times that do not
    /// go back, sums that add up.
    pub fn assert_consistent(&self) {
        let faults = [
            "SELECT * FROM (SELECT *, lag(offset + length, 1, 0) OVER each AS expected,
                lag(time, 1, 0) OVER each AS before
             FROM payload WINDOW each AS (PARTITION BY flow, direction, layer ORDER BY seq))
             WHERE offset <> expected OR time < before OR length <> length(bytes)",
            "SELECT * FROM flow_end WHERE unstored_bytes = 0 AND
             (bytes_from_victim, bytes_to_victim) <>
             (SELECT total(length) FILTER (WHERE direction = 0),
                     total(length) FILTER (WHERE direction = 1)
              FROM payload WHERE payload.flow = flow_end.flow)",
            "SELECT * FROM flow_end JOIN flow ON flow.seq = flow_end.flow WHERE closed < opened",
        ];
        for fault in faults {
            assert_eq!(self.rows(fault), Value::Array(Vec::new()), "{fault}");
        }
    }

    /// Waits until the answer is this.
    pub fn expect(&self, question: &str, answer: &Value) {
        if !holds_soon(|| self.ask(question).is_ok_and(|rows| rows == *answer)) {
            assert_eq!(self.rows(question), *answer, "{question}");
        }
    }

    /// Waits until there are so many events of this kind.
    pub fn expect_events(&self, kind: &str, count: usize) {
        let counted = format!("SELECT count(*) AS count FROM event WHERE kind = '{kind}'");
        self.expect(&counted, &json!([{ "count": count }]));
    }

    /// The details of the events of this kind, once there are so many.
    #[must_use]
    pub fn details(&self, kind: &str, count: usize) -> Vec<Value> {
        self.expect_events(kind, count);
        let details = format!("SELECT details FROM event WHERE kind = '{kind}' ORDER BY seq");
        let read = |text: &String| serde_json::from_str(text).unwrap();
        self.texts(&details).iter().map(read).collect()
    }

    /// Whether the file is sound.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.text("PRAGMA integrity_check") == "ok"
    }

    fn ask(&self, question: &str) -> Result<Value, String> {
        let mut sqlite = Command::new("sqlite3");
        sqlite.args(["-readonly", "-json", "-cmd", ".timeout 5000"]).arg(&self.path).arg(question);
        let output = sqlite.output().map_err(|error| format!("cannot run sqlite3: {error}"))?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        match &output.stdout[..] {
            _ if !output.status.success() => Err(text(&output.stderr)),
            [] => Ok(Value::Array(Vec::new())),
            rows => {
                serde_json::from_slice(rows).map_err(|error| format!("{error}: {}", text(rows)))
            }
        }
    }
}

/// The first column of the first row.
fn only(rows: &Value) -> &Value {
    rows.get(0).and_then(|row| row.as_object()?.values().next()).unwrap_or(&Value::Null)
}

/// The bytes that SQL's `hex()` wrote.
#[must_use]
pub fn unhex(digits: &str) -> Vec<u8> {
    let value = |digit: u8| char::from(digit).to_digit(16).unwrap() as u8;
    let pair = |pair: &[u8]| pair.iter().fold(0, |byte, digit| byte << 4 | value(*digit));
    digits.as_bytes().chunks(2).map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::programs::are_installed;

    #[test]
    fn answers_are_read() {
        if !are_installed(&["sqlite3"]) {
            return;
        }
        let nothing = Database::at(PathBuf::from(":memory:"));
        assert_eq!(nothing.number("SELECT 7 AS a, 8 AS b"), 7);
        assert_eq!(nothing.texts("VALUES ('one'), ('two')"), ["one", "two"]);
        assert_eq!(nothing.rows("SELECT 1 AS a WHERE 0").as_array().unwrap().len(), 0);
        assert_eq!(nothing.runs(), 0);
        assert!(nothing.is_sound());
    }

    #[test]
    fn hexadecimal_is_read() {
        assert_eq!(unhex("004DFf"), [0, 0x4d, 0xff]);
    }
}
