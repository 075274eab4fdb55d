//! Hosts files (`hosts(5)`), which are also what many blocklists are.

use std::net::IpAddr;

use super::{Fault, ListError, Rows, at};

/// Reads lines of an address and its names; `#` begins a comment.
pub(super) fn read(text: &str, rows: &mut Rows) -> Result<(), ListError> {
    for (number, line) in text.lines().enumerate() {
        let content = line.split_once('#').map_or(line, |(content, _)| content);
        let mut words = content.split_whitespace();
        if let Some(address) = words.next() {
            read_names(address, words, rows).map_err(at(number + 1))?;
        }
    }
    Ok(())
}

fn read_names<'a>(
    address: &str,
    names: impl Iterator<Item = &'a str>,
    rows: &mut Rows,
) -> Result<(), Fault> {
    // The zone of a link-local address is of no use to anybody else: fe80::1%lo0.
    let bare = address.split_once('%').map_or(address, |(bare, _)| bare);
    let address: IpAddr =
        bare.parse().map_err(|_| format!("\"{address}\" is not an IP address"))?;
    let mut names = names.peekable();
    if names.peek().is_none() {
        return Err(format!("{address} has no name"));
    }
    names.try_for_each(|name| {
        rows.record(name, None, |records| match address {
            IpAddr::V4(address) => records.a.push(address),
            IpAddr::V6(address) => records.aaaa.push(address),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::super::{ListFormat, read_list};
    use crate::dns::StaticAnswer;

    #[test]
    fn an_address_has_one_or_more_names_and_a_name_several_addresses() {
        let text = "# a comment\n\n127.0.0.1\tA.test b.test # another\r\n\
                    ::1 a.test\nfe80::1%lo0 a.test\n192.0.2.1 a.test\n";
        let rows = read_list(ListFormat::Hosts, text).unwrap();
        assert_eq!(rows.len(), 2);
        let StaticAnswer::Records(records) = &rows[0].answer else { panic!("{:?}", rows[0]) };
        assert_eq!(
            records.a,
            ["127.0.0.1", "192.0.2.1"].map(|text| text.parse::<std::net::Ipv4Addr>().unwrap())
        );
        assert_eq!(
            records.aaaa,
            ["::1", "fe80::1"].map(|text| text.parse::<std::net::Ipv6Addr>().unwrap())
        );
    }

    #[test]
    fn a_line_that_is_none_is_refused_with_its_number() {
        for (line, fault) in [
            ("a.test 192.0.2.1", "\"a.test\" is not an IP address"),
            ("192.0.2.1", "192.0.2.1 has no name"),
            ("192.0.2.1 a..test", "\"a..test\" is not a domain name"),
        ] {
            let error = read_list(ListFormat::Hosts, &format!("::1 a.test\n{line}\n")).unwrap_err();
            assert_eq!(error.to_string(), format!("line 2: {fault}"));
        }
    }
}
