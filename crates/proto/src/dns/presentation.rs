//! Record data as people write it (RFC 1035 §5.1), for what is recorded.

use std::fmt::Write;

use hickory_proto::rr::RData;

use super::name::full_text;

/// The data of one record, without its owner.
pub(super) fn presented(data: &RData) -> String {
    match data {
        RData::A(address) => address.0.to_string(),
        RData::AAAA(address) => address.0.to_string(),
        RData::CAA(caa) => {
            let flags = u8::from(caa.issuer_critical) << 7;
            format!("{flags} {} {}", caa.tag, quoted(&caa.value))
        }
        RData::CNAME(target) => full_text(&target.0),
        RData::HINFO(hinfo) => format!("{} {}", quoted(&hinfo.cpu), quoted(&hinfo.os)),
        RData::MX(mx) => format!("{} {}", mx.preference, full_text(&mx.exchange)),
        RData::NS(server) => full_text(&server.0),
        RData::PTR(name) => full_text(&name.0),
        RData::SOA(soa) => format!(
            "{} {} {} {} {} {} {}",
            full_text(&soa.mname),
            full_text(&soa.rname),
            soa.serial,
            soa.refresh,
            soa.retry,
            soa.expire,
            soa.minimum
        ),
        RData::SRV(srv) => {
            format!("{} {} {} {}", srv.priority, srv.weight, srv.port, full_text(&srv.target))
        }
        RData::TXT(txt) => {
            txt.txt_data.iter().map(|string| quoted(string)).collect::<Vec<_>>().join(" ")
        }
        other => other.to_string(),
    }
}

/// A character string in quotes; what is not plain text as `\DDD`.
fn quoted(bytes: &[u8]) -> String {
    let mut text = String::from('"');
    for byte in bytes {
        match byte {
            b'"' | b'\\' => text.extend(['\\', char::from(*byte)]),
            b' '..=b'~' => text.push(char::from(*byte)),
            odd => write!(text, "\\{odd:03}").unwrap_or_default(),
        }
    }
    text.push('"');
    text
}
