//! Lines of `name,type,value`, with a time to live if there is one; fields may be in quotes
//! (RFC 4180).
//!
//! The type `answer` stands for what is no record: one of the words of [`Denial`], `no-data` or
//! `as-usual`.

use model::DnsQuery;

use super::super::denial::Denial;
use super::super::static_names::{StaticAnswer, StaticRecords, read_data};
use super::{Fault, ListError, Rows, at};

/// Reads the lines; one that begins like a heading is passed over if it is the first.
pub(super) fn read(text: &str, rows: &mut Rows) -> Result<(), ListError> {
    for (number, line) in text.lines().enumerate() {
        let is_empty = line.trim().is_empty() || line.starts_with('#');
        let is_title = number == 0 && is_heading(line);
        if !is_empty && !is_title {
            read_line(line, rows).map_err(at(number + 1))?;
        }
    }
    Ok(())
}

fn is_heading(line: &str) -> bool {
    let mut fields = line.split(',').map(|field| field.trim().trim_matches('"'));
    fields.nth(1).is_some_and(|field| field.eq_ignore_ascii_case("type"))
}

fn read_line(line: &str, rows: &mut Rows) -> Result<(), Fault> {
    let fields = fields(line)?;
    let (name, record_type, value, ttl) = match fields.as_slice() {
        [name, record_type, value] => (name, record_type, value, ""),
        [name, record_type, value, ttl] => (name, record_type, value, ttl.as_str()),
        other => return Err(format!("{} fields; name,type,value[,ttl] is expected", other.len())),
    };
    let ttl = match ttl {
        "" => None,
        number => Some(number.parse().map_err(|_| format!("\"{number}\" is no time to live"))?),
    };
    if record_type.eq_ignore_ascii_case("answer") {
        return rows.answer(name, ttl, answer(value)?);
    }
    match DnsQuery::type_number(record_type) {
        Some(CNAME) => {
            let target =
                super::pattern(value).ok_or_else(|| format!("\"{value}\" is not a domain name"))?;
            rows.answer(name, ttl, StaticAnswer::Alias(target))
        }
        Some(TXT) => rows.record(name, ttl, |records| records.txt.push(value.clone())),
        Some(number) => {
            read_data(number, value).map_err(|error| error.to_string())?;
            rows.record(name, ttl, |records| records.others.push((number, value.clone())))
        }
        None => Err(format!("\"{record_type}\" is not a type of records")),
    }
}

const CNAME: u16 = 5;
const TXT: u16 = 16;

fn answer(word: &str) -> Result<StaticAnswer, Fault> {
    match word {
        "as-usual" => Ok(StaticAnswer::AsUsual),
        "no-data" => Ok(StaticAnswer::Records(StaticRecords::default())),
        word => Denial::from_word(word)
            .map(StaticAnswer::Denied)
            .ok_or_else(|| format!("\"{word}\" is not an answer")),
    }
}

/// Takes a line apart. A quote inside quotes is written twice.
fn fields(line: &str) -> Result<Vec<String>, Fault> {
    let mut fields = Vec::new();
    let mut rest = line.trim_end();
    loop {
        let (field, after) = match rest.trim_start().strip_prefix('"') {
            Some(quoted) => quoted_field(quoted)?,
            None => {
                let end = rest.find(',').unwrap_or(rest.len());
                let (field, after) = rest.split_at(end);
                (field.trim().to_owned(), after)
            }
        };
        fields.push(field);
        match after.trim_start().strip_prefix(',') {
            Some(next) => rest = next,
            None if after.trim().is_empty() => return Ok(fields),
            None => return Err("text after the end of a quoted field".to_owned()),
        }
    }
}

/// A field whose first quote has been taken off, and what follows its last.
fn quoted_field(mut rest: &str) -> Result<(String, &str), Fault> {
    let mut field = String::new();
    loop {
        let (part, after) =
            rest.split_once('"').ok_or_else(|| "a quoted field does not end".to_owned())?;
        field += part;
        let Some(more) = after.strip_prefix('"') else { return Ok((field, after)) };
        field.push('"');
        rest = more;
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ListFormat, read_list};
    use super::*;

    #[test]
    fn every_kind_of_line_is_understood() {
        let text = "name,type,value,ttl\n\
                    a.test,A,192.0.2.1,60\n\
                    a.test,txt,\"say \"\"hi\"\", please\"\n\
                    # a comment\n\n\
                    _sip._udp.a.test,SRV,10 5 5060 sip.a.test.,\n\
                    *.b.test,CNAME,A.test.\n\
                    c.test,answer,silence\n";
        let rows = read_list(ListFormat::Csv, text).unwrap();
        let records = StaticRecords {
            txt: vec!["say \"hi\", please".to_owned()],
            others: vec![(1, "192.0.2.1".to_owned())],
            ..StaticRecords::default()
        };
        assert_eq!((&rows[0].answer, rows[0].ttl), (&StaticAnswer::Records(records), Some(60)));
        assert_eq!(rows[2].pattern, "*.b.test");
        assert_eq!(rows[2].answer, StaticAnswer::Alias("a.test".to_owned()));
        assert_eq!(rows[3].answer, StaticAnswer::Denied(Denial::Silence));
    }

    #[test]
    fn a_line_that_is_none_is_refused_with_its_number() {
        for (line, fault) in [
            ("a.test,A", "2 fields; name,type,value[,ttl] is expected"),
            ("a.test,AX,1", "\"AX\" is not a type of records"),
            ("a.test,A,1.2.3", "\"1.2.3\" cannot be the data of a record of type A"),
            ("a.test,A,192.0.2.1,x", "\"x\" is no time to live"),
            ("a.test,TXT,\"open", "a quoted field does not end"),
            ("a.test,TXT,\"a\"b", "text after the end of a quoted field"),
            ("a.test,answer,perhaps", "\"perhaps\" is not an answer"),
        ] {
            let error = read_list(ListFormat::Csv, &format!("\n{line}\n")).unwrap_err();
            assert_eq!(error.to_string(), format!("line 2: {fault}"));
        }
    }
}
