//! Which rows are wanted, and how that is said in SQL.

use std::net::IpAddr;
use std::str::FromStr;

use model::{FlowId, RunId, Timestamp, Transport};
use rusqlite::types::Value;

use super::tables::Table;
use crate::error::ReadError;

/// Which rows are wanted: those that pass everything that is given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of this run.
    pub run: Option<IdPrefix>,
    /// Of this flow.
    pub flow: Option<IdPrefix>,
    /// Of this victim.
    pub victim: Option<IpAddr>,
    /// What went to this name or address, or asked for this name; `*` stands for any characters.
    pub name: Option<String>,
    /// What was meant for this port.
    pub port: Option<u16>,
    /// What this transport carries (`tcp`), or what was recognised as this (`http`).
    pub proto: Option<String>,
    /// What happened then or later.
    pub since: Option<Timestamp>,
    /// Flows that carried these bytes in one direction, and what belongs to them.
    pub grep: Option<Vec<u8>>,
}

/// The beginning of an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdPrefix {
    first: [u8; 16],
    last: [u8; 16],
}

/// A text is not the beginning of an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected an id or the beginning of one: hexadecimal digits and hyphens")]
pub struct NotAnId;

impl FromStr for IdPrefix {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let digits = text.chars().filter(|letter| *letter != '-');
        let digits: Vec<u8> = digits
            .map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
            .collect::<Option<_>>()
            .ok_or(NotAnId)?;
        match digits.len() {
            1..=32 => Ok(Self { first: filled(&digits, 0), last: filled(&digits, 0xf) }),
            _ => Err(NotAnId),
        }
    }
}

impl From<FlowId> for IdPrefix {
    fn from(id: FlowId) -> Self {
        Self { first: *id.as_bytes(), last: *id.as_bytes() }
    }
}

impl From<RunId> for IdPrefix {
    fn from(id: RunId) -> Self {
        Self { first: *id.as_bytes(), last: *id.as_bytes() }
    }
}

/// Sixteen bytes out of digits, the missing ones filled in.
fn filled(digits: &[u8], filling: u8) -> [u8; 16] {
    let digit = |place: usize| digits.get(place).copied().unwrap_or(filling);
    std::array::from_fn(|byte| digit(byte * 2) << 4 | digit(byte * 2 + 1))
}

/// A condition in SQL with the values bound to it.
#[derive(Debug)]
pub(super) struct Conditions {
    pub(super) sql: String,
    pub(super) values: Vec<Value>,
}

impl Conditions {
    /// Everything.
    pub(super) fn none() -> Self {
        Self { sql: "TRUE".to_owned(), values: Vec::new() }
    }

    /// Narrows it down.
    pub(super) fn and(&mut self, sql: &str, values: impl IntoIterator<Item = Value>) {
        self.sql.push_str(" AND ");
        self.sql.push_str(sql);
        self.values.extend(values);
    }
}

impl Filter {
    /// What rows of `table` have to fulfil, all but the bytes.
    pub(super) fn conditions(&self, table: &Table) -> Conditions {
        let mut wanted = self.flow_conditions(table);
        if let Some(since) = self.since {
            let condition = format!("{} >= ?", table.time);
            wanted.and(&condition, [since.as_micros().into()]);
        }
        wanted
    }

    /// The same at any time.
    pub(super) fn flow_conditions(&self, table: &Table) -> Conditions {
        let mut wanted = Conditions::none();
        if let Some(run) = self.run {
            wanted.and("run.id BETWEEN ? AND ?", run.values());
        }
        if !table.has_flow {
            return self.without_flow(wanted);
        }
        if let Some(flow) = self.flow {
            wanted.and("flow.id BETWEEN ? AND ?", flow.values());
        }
        if let Some(victim) = self.victim {
            wanted.and("flow.victim = ?", [victim.to_canonical().to_string().into()]);
        }
        if let Some(port) = self.port {
            wanted.and("flow.dst_port = ?", [i64::from(port).into()]);
        }
        if let Some(name) = &self.name {
            let places = table.name.matches('?').count();
            wanted.and(table.name, vec![like(name).into(); places]);
        }
        if let Some(proto) = &self.proto {
            wanted.and_proto(proto);
        }
        wanted
    }

    /// Rows that have no flow pass only if nothing is asked of it.
    fn without_flow(&self, mut wanted: Conditions) -> Conditions {
        if self.needs_flow().is_some() {
            wanted.and("FALSE", []);
        }
        wanted
    }

    /// The first thing asked of a flow.
    fn needs_flow(&self) -> Option<&'static str> {
        let asked = [
            (self.flow.is_some(), "flow"),
            (self.victim.is_some(), "victim"),
            (self.name.is_some(), "name"),
            (self.port.is_some(), "port"),
            (self.proto.is_some(), "protocol"),
            (self.grep.is_some(), "bytes"),
        ];
        asked.into_iter().find(|(is_asked, _)| *is_asked).map(|(_, filter)| filter)
    }

    /// Refuses what could not be done, rather than showing more than was asked for.
    pub(super) fn only_run_and_time(&self, what: &'static str) -> Result<(), ReadError> {
        self.needs_flow().map_or(Ok(()), |filter| Err(ReadError::Unfit { what, filter }))
    }
}

impl IdPrefix {
    fn values(self) -> [Value; 2] {
        [self.first.to_vec().into(), self.last.to_vec().into()]
    }
}

impl Conditions {
    fn and_proto(&mut self, proto: &str) {
        let proto = proto.to_ascii_lowercase();
        match transport_number(&proto) {
            Some(number) => self.and("flow.transport = ?", [i64::from(number).into()]),
            None => self.and(
                "(EXISTS (SELECT 1 FROM flow_end AS e WHERE e.flow = flow.seq AND e.protocol = ?) \
                 OR EXISTS (SELECT 1 FROM event AS e WHERE e.flow = flow.seq \
                 AND e.kind = 'flow.recognised' AND e.details ->> 'protocol' = ?))",
                [proto.clone().into(), proto.into()],
            ),
        }
    }
}

fn transport_number(name: &str) -> Option<u8> {
    (0..=u8::MAX).find(|number| Transport::from_number(*number).to_string() == name)
}

/// A pattern for `LIKE … ESCAPE '\'`, which does not mind upper or lower case.
fn like(name: &str) -> String {
    let mut pattern = String::new();
    for letter in name.trim_end_matches('.').chars() {
        match letter {
            '*' => pattern.push('%'),
            '%' | '_' | '\\' => pattern.extend(['\\', letter]),
            _ => pattern.push(letter),
        }
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_of_an_id_is_a_range() {
        let prefix: IdPrefix = "0197f".parse().unwrap();
        assert_eq!(prefix.first[..4], [0x01, 0x97, 0xf0, 0x00]);
        assert_eq!(prefix.last[..4], [0x01, 0x97, 0xff, 0xff]);
        assert_eq!("0197F3A2-12".parse::<IdPrefix>(), "0197f3a212".parse());
    }

    #[test]
    fn what_is_not_an_id_is_refused() {
        for text in ["", "-", "g", "0197x", "012345678901234567890123456789012"] {
            assert_eq!(text.parse::<IdPrefix>(), Err(NotAnId), "{text:?}");
        }
    }

    #[test]
    fn only_the_star_has_a_meaning() {
        assert_eq!(like("*.a_b%c\\d."), "%.a\\_b\\%c\\\\d");
    }
}
