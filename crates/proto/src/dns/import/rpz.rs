//! Response policy zones as text (draft-vixie-dnsop-dns-rpz): names with what becomes of them.
//!
//! | record | meaning |
//! |---|---|
//! | `NAME CNAME .` | there is no such name |
//! | `NAME CNAME *.` | the name has no records |
//! | `NAME CNAME rpz-drop.` | silence |
//! | `NAME CNAME rpz-passthru.` | as usual |
//! | anything else | that record |
//!
//! Rules about addresses, clients and name servers (`rpz-ip`, `rpz-client-ip`, `rpz-nsip`,
//! `rpz-nsdname`) are refused: what they are about does not happen here.

use model::DnsQuery;

use super::super::denial::Denial;
use super::super::static_names::{StaticAnswer, StaticRecords, read_data};
use super::{Fault, ListError, Rows, at};

/// Reads the zone.
pub(super) fn read(text: &str, rows: &mut Rows) -> Result<(), ListError> {
    let mut zone = Zone::default();
    let mut lines = text.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        let mut entry = without_comment(line).to_owned();
        // An entry in brackets goes on over lines (RFC 1035 §5.1).
        while outside_quotes(&entry, '(') > outside_quotes(&entry, ')') {
            let Some((_, more)) = lines.next() else {
                return Err(at(number + 1)("a bracket is not closed".to_owned()));
            };
            entry.push(' ');
            entry += without_comment(more);
        }
        zone.entry(&entry, rows).map_err(at(number + 1))?;
    }
    Ok(())
}

/// What entries depend on that stand further down.
#[derive(Debug, Default)]
struct Zone {
    /// The name of the zone itself, with its final dot, once it is known.
    apex: Option<String>,
    /// What relative names end in, below the apex.
    below_apex: String,
    /// The owner of the entry before.
    owner: String,
    ttl: Option<u32>,
}

impl Zone {
    fn entry(&mut self, entry: &str, rows: &mut Rows) -> Result<(), Fault> {
        let mut words = words(entry);
        if entry.starts_with([' ', '\t']) && !words.is_empty() {
            words.insert(0, self.owner.clone());
        }
        let mut words = words.into_iter();
        match (words.next(), words.as_slice()) {
            (None, _) => Ok(()),
            (Some(word), [ttl]) if word == "$TTL" => {
                self.ttl = Some(seconds(ttl).ok_or_else(|| format!("{ttl} is no time"))?);
                Ok(())
            }
            (Some(word), [origin]) if word == "$ORIGIN" => self.set_origin(origin),
            (Some(word), _) if word.starts_with('$') => Err(format!("{word} is not understood")),
            (Some(owner), rest) => {
                self.owner.clone_from(&owner);
                self.record(&owner, rest, rows)
            }
        }
    }

    fn set_origin(&mut self, origin: &str) -> Result<(), Fault> {
        let origin = origin.to_ascii_lowercase();
        if self.apex.is_none() {
            self.apex = Some(origin);
            return Ok(());
        }
        self.below_apex = self.trigger(&origin)?;
        Ok(())
    }

    /// The name an owner stands for: all that is before the name of the zone.
    fn trigger(&self, owner: &str) -> Result<String, Fault> {
        let owner = owner.to_ascii_lowercase();
        if !owner.ends_with('.') {
            return Ok(match (owner.as_str(), self.below_apex.as_str()) {
                ("@", below) => below.to_owned(),
                (_, "") => owner,
                (_, below) => format!("{owner}.{below}"),
            });
        }
        let apex = self.apex.as_deref().unwrap_or(".");
        let before = owner
            .strip_suffix(apex)
            .filter(|before| before.is_empty() || before.ends_with('.') || apex == ".");
        let before = before.ok_or_else(|| format!("{owner} is not in the zone {apex}"))?;
        Ok(before.trim_end_matches('.').to_owned())
    }

    fn record(&mut self, owner: &str, rest: &[String], rows: &mut Rows) -> Result<(), Fault> {
        let (ttl, record_type, data) = typed(rest)?;
        if record_type == SOA && self.apex.is_none() && owner.ends_with('.') {
            self.apex = Some(owner.to_ascii_lowercase());
        }
        let name = self.trigger(owner)?;
        if name.is_empty() {
            // About the zone itself, and nobody's name.
            return Ok(());
        }
        if let Some(kind) = name.rsplit('.').next().filter(|label| label.starts_with("rpz-")) {
            return Err(format!("rules about {kind} are not supported, only those about names"));
        }
        let ttl = ttl.or(self.ttl);
        if record_type == CNAME {
            return rows.answer(&name, ttl, action(&name, &data)?);
        }
        read_data(record_type, &data).map_err(|error| error.to_string())?;
        rows.record(&name, ttl, |records| records.others.push((record_type, data)))
    }
}

const CNAME: u16 = 5;
const SOA: u16 = 6;

fn action(name: &str, target: &str) -> Result<StaticAnswer, Fault> {
    let target = target.to_ascii_lowercase();
    match target.as_str() {
        "." => Ok(StaticAnswer::Denied(Denial::NoSuchName)),
        "*." => Ok(StaticAnswer::Records(StaticRecords::default())),
        "rpz-drop." => Ok(StaticAnswer::Denied(Denial::Silence)),
        "rpz-passthru." => Ok(StaticAnswer::AsUsual),
        // How the first draft wrote rpz-passthru.
        itself if itself.trim_end_matches('.') == name => Ok(StaticAnswer::AsUsual),
        other if other.starts_with("rpz-") || other.starts_with("*.") => {
            Err(format!("the action {other} is not supported"))
        }
        other => super::pattern(other)
            .map(StaticAnswer::Alias)
            .ok_or_else(|| format!("\"{other}\" is not a domain name")),
    }
}

/// Time to live and class, in any order, then type and data.
fn typed(mut words: &[String]) -> Result<(Option<u32>, u16, String), Fault> {
    let mut ttl = None;
    while let [word, rest @ ..] = words {
        if let Some(seconds) = seconds(word) {
            ttl = Some(seconds);
        } else if !word.eq_ignore_ascii_case("IN") {
            break;
        }
        words = rest;
    }
    let [record_type, data @ ..] = words else {
        return Err("a name without a record".to_owned());
    };
    let number = DnsQuery::type_number(record_type);
    let number = number.ok_or_else(|| format!("\"{record_type}\" is not a type of records"))?;
    Ok((ttl, number, data.join(" ")))
}

/// Reads a number of seconds, or BIND's `1h30m`.
fn seconds(word: &str) -> Option<u32> {
    let mut sum: u32 = 0;
    let mut number: Option<u32> = None;
    for letter in word.chars() {
        if let Some(digit) = letter.to_digit(10) {
            number = Some(number.unwrap_or_default().checked_mul(10)?.checked_add(digit)?);
            continue;
        }
        let unit = match letter.to_ascii_lowercase() {
            's' => 1,
            'm' => 60,
            'h' => 3_600,
            'd' => 86_400,
            'w' => 604_800,
            _ => return None,
        };
        sum = sum.checked_add(number.take()?.checked_mul(unit)?)?;
    }
    (!word.is_empty()).then(|| sum.checked_add(number.unwrap_or_default()))?
}

/// The words of an entry, brackets taken off; quoted ones keep their quotes.
fn words(entry: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut is_quoted = false;
    for letter in entry.chars() {
        is_quoted ^= letter == '"';
        match letter {
            ' ' | '\t' | '\r' | '(' | ')' if !is_quoted => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
            }
            _ => word.push(letter),
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

fn without_comment(line: &str) -> &str {
    let mut is_quoted = false;
    let end = line.find(|letter| {
        is_quoted ^= letter == '"';
        letter == ';' && !is_quoted
    });
    line.get(..end.unwrap_or(line.len())).unwrap_or_default()
}

fn outside_quotes(entry: &str, wanted: char) -> usize {
    let mut is_quoted = false;
    let count = |letter: &char| {
        is_quoted ^= *letter == '"';
        *letter == wanted && !is_quoted
    };
    entry.chars().filter(count).count()
}

#[cfg(test)]
mod tests {
    use super::super::{ListFormat, read_list};
    use super::*;

    fn rows(text: &str) -> Vec<(String, StaticAnswer, Option<u32>)> {
        let rows = read_list(ListFormat::Rpz, text).unwrap();
        rows.into_iter().map(|row| (row.pattern, row.answer, row.ttl)).collect()
    }

    fn records(others: &[(u16, &str)]) -> StaticAnswer {
        let others = others.iter().map(|(number, data)| (*number, (*data).to_owned())).collect();
        StaticAnswer::Records(StaticRecords { others, ..StaticRecords::default() })
    }

    #[test]
    fn every_action_and_local_data_are_understood() {
        let text = "$TTL 1h\n$ORIGIN rpz.example.\n\
            @ IN SOA ns.example. admin.example. (\n  1 ; serial\n  2 3 4 5 )\n  NS localhost.\n\
            gone.test CNAME .\n*.gone.test.rpz.example. CNAME .\n\
            nodata.test 60 IN CNAME *.\ndrop.test IN 1m30s CNAME rpz-drop.\n\
            pass.test CNAME rpz-passthru.\nold.test CNAME old.test.\n\
            alias.test CNAME garden.example.net.\n\
            local.test A 192.0.2.1 ; a comment\n  AAAA 2001:db8::1\n  TXT \"a; (b\"\n\
            $ORIGIN sub.rpz.example.\nx CNAME .\n";
        let (gone, hour) = (StaticAnswer::Denied(Denial::NoSuchName), Some(3_600));
        let local = records(&[(1, "192.0.2.1"), (28, "2001:db8::1"), (16, "\"a; (b\"")]);
        let expected = [
            ("gone.test", gone.clone(), hour),
            ("*.gone.test", gone.clone(), hour),
            ("nodata.test", records(&[]), Some(60)),
            ("drop.test", StaticAnswer::Denied(Denial::Silence), Some(90)),
            ("pass.test", StaticAnswer::AsUsual, hour),
            ("old.test", StaticAnswer::AsUsual, hour),
            ("alias.test", StaticAnswer::Alias("garden.example.net".to_owned()), hour),
            ("local.test", local, hour),
            ("x.sub", gone, hour),
        ];
        assert_eq!(rows(text), expected.map(|(name, answer, ttl)| (name.to_owned(), answer, ttl)));
    }

    #[test]
    fn a_zone_that_does_not_say_its_name_has_relative_names() {
        let text = "@ SOA a. b. 1 2 3 4 5\n@ NS a.\nbad.test CNAME .\n";
        assert_eq!(rows(text).len(), 1);
        let text = "rpz.local. SOA a. b. 1 2 3 4 5\nbad.test.rpz.local. CNAME .\n";
        assert_eq!(rows(text)[0].0, "bad.test");
    }

    #[test]
    fn what_is_not_about_names_is_refused_with_its_line() {
        for (entry, fault) in [
            ("32.1.2.0.192.rpz-ip CNAME .", "rules about rpz-ip are not supported, only those"),
            ("24.0.2.0.192.rpz-client-ip CNAME .", "rules about rpz-client-ip are"),
            ("ns.test.rpz-nsdname CNAME .", "rules about rpz-nsdname are"),
            ("a.test CNAME rpz-tcp-only.", "the action rpz-tcp-only. is not supported"),
            ("a.test CNAME *.garden.", "the action *.garden. is not supported"),
            ("$INCLUDE other", "$INCLUDE is not understood"),
            ("a.test A 1.2.3", "\"1.2.3\" cannot be the data of a record of type A"),
            ("a.test XX 1", "\"XX\" is not a type of records"),
            ("a.test", "a name without a record"),
            ("a.other. CNAME .", "a.other. is not in the zone rpz."),
            ("a.test SOA ( 1", "a bracket is not closed"),
        ] {
            let text = format!("$ORIGIN rpz.\n{entry}\n");
            let error = read_list(ListFormat::Rpz, &text).unwrap_err().to_string();
            assert!(error.starts_with(&format!("line 2: {fault}")), "{error}");
        }
    }
}
