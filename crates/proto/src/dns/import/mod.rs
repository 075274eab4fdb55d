//! Lists of names in other people's formats, read to static names.

mod csv;
mod hosts;
mod rpz;

use std::collections::HashMap;

use super::static_names::{StaticAnswer, StaticName, StaticRecords};

/// A format that is understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListFormat {
    /// Lines of `name,type,value` with a time to live, if there is one.
    Csv,
    /// A hosts file: an address and its names on each line.
    Hosts,
    /// A response policy zone, as text (draft-vixie-dnsop-dns-rpz).
    Rpz,
}

/// A line that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {fault}")]
pub struct ListError {
    /// Counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub fault: String,
}

/// Reads a list. Lines about one name add up, and the shortest time to live of them holds.
///
/// # Errors
///
/// The first line that cannot be used: nothing is passed over in silence.
pub fn read_list(format: ListFormat, text: &str) -> Result<Vec<StaticName>, ListError> {
    let mut rows = Rows::default();
    let read = match format {
        ListFormat::Csv => csv::read(text, &mut rows),
        ListFormat::Hosts => hosts::read(text, &mut rows),
        ListFormat::Rpz => rpz::read(text, &mut rows),
    };
    read.map(|()| rows.rows)
}

/// What a line may be refused for.
type Fault = String;

/// A fault with its line.
fn at(line: usize) -> impl FnOnce(Fault) -> ListError {
    move |fault| ListError { line, fault }
}

/// The names read so far.
#[derive(Debug, Default)]
struct Rows {
    rows: Vec<StaticName>,
    by_pattern: HashMap<String, usize>,
}

impl Rows {
    /// Adds a record to a name.
    fn record(
        &mut self,
        name: &str,
        ttl: Option<u32>,
        add: impl FnOnce(&mut StaticRecords),
    ) -> Result<(), Fault> {
        let row = self.row(name, StaticAnswer::Records(StaticRecords::default()))?;
        let StaticAnswer::Records(records) = &mut row.answer else {
            return Err(contradiction(name));
        };
        add(records);
        row.keep_for(ttl);
        Ok(())
    }

    /// Gives a name its one answer.
    fn answer(&mut self, name: &str, ttl: Option<u32>, answer: StaticAnswer) -> Result<(), Fault> {
        let row = self.row(name, answer.clone())?;
        if row.answer != answer {
            return Err(contradiction(name));
        }
        row.keep_for(ttl);
        Ok(())
    }

    fn row(&mut self, name: &str, answer: StaticAnswer) -> Result<&mut StaticName, Fault> {
        let pattern = pattern(name).ok_or_else(|| format!("\"{name}\" is not a domain name"))?;
        let place = *self.by_pattern.entry(pattern.clone()).or_insert(self.rows.len());
        if place == self.rows.len() {
            self.rows.push(StaticName::new(pattern, answer));
        }
        self.rows.get_mut(place).ok_or_else(|| contradiction(name))
    }
}

impl StaticName {
    fn keep_for(&mut self, ttl: Option<u32>) {
        self.ttl = self.ttl.into_iter().chain(ttl).min();
    }
}

fn contradiction(name: &str) -> Fault {
    format!("\"{name}\" has records in one line and something else in another")
}

/// A name as patterns are compared: lower case, without a final dot; a `*` only in front.
fn pattern(name: &str) -> Option<String> {
    let text = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
    let labels = text.strip_prefix("*.").unwrap_or(&text);
    let fits = |label: &str| {
        let is_usual = |byte: u8| byte.is_ascii_graphic() && !b"*\\\"@()".contains(&byte);
        (1..=63).contains(&label.len()) && label.bytes().all(is_usual)
    };
    let is_name = text == "*" || labels.split('.').all(fits);
    (is_name && text.len() <= 253).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_about_one_name_add_up_and_never_contradict() {
        let mut rows = Rows::default();
        let v4 =
            |last: u8| move |records: &mut StaticRecords| records.a.push([192, 0, 2, last].into());
        rows.record("A.test.", Some(60), v4(1)).unwrap();
        rows.record("a.test", Some(30), v4(2)).unwrap();
        assert_eq!(rows.rows.len(), 1);
        assert_eq!(rows.rows[0].ttl, Some(30));
        let fault = rows.answer("a.test", None, StaticAnswer::AsUsual).unwrap_err();
        assert!(fault.starts_with("\"a.test\" has records"), "{fault}");
        rows.answer("b.test", None, StaticAnswer::AsUsual).unwrap();
        rows.answer("b.test", None, StaticAnswer::AsUsual).unwrap();
        assert!(rows.record("b.test", None, v4(1)).is_err());
    }

    #[test]
    fn what_is_not_a_name_is_no_pattern() {
        for name in ["", "a..b", "*a.test", "a.*.test", "a b", "a\\046b", &"a".repeat(64)] {
            assert_eq!(pattern(name), None, "{name}");
        }
        assert_eq!(pattern("*._tcp.A.test.").as_deref(), Some("*._tcp.a.test"));
        assert_eq!(pattern("*").as_deref(), Some("*"));
    }

    #[test]
    fn every_format_reads_a_hundred_thousand_lines() {
        let lines = |line: &dyn Fn(usize) -> String| (0..100_000).map(line).collect::<String>();
        let hosts = lines(&|number| format!("192.0.2.1 n{number}.test\n"));
        let csv = lines(&|number| format!("n{number}.test,A,192.0.2.1\n"));
        let rpz = lines(&|number| format!("n{number}.test CNAME .\n"));
        for (format, text) in
            [(ListFormat::Hosts, hosts), (ListFormat::Csv, csv), (ListFormat::Rpz, rpz)]
        {
            assert_eq!(read_list(format, &text).unwrap().len(), 100_000);
        }
    }
}
