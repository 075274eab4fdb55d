//! Those who watch networks and machines, and what is watched through.

use crate::Carrier::{Datagram, Stream};
use crate::Verdict;

use super::reader::{Judged, Reader, is_printable, require};
use super::{Signature, marked, shaped};

pub(super) const SIGNATURES: &[Signature] = &[
    marked("zabbix", Stream, &[10050, 10051], zabbix),
    marked("munin", Stream, &[4949], munin),
    shaped("munin", Stream, &[4949], munin_command),
    marked("openflow", Stream, &[6633, 6653], openflow),
    marked("netflow", Datagram, &[2055, 9995, 9996], netflow),
    marked("sflow", Datagram, &[6343], sflow),
    marked("gelf", Datagram, &[12201], gelf),
    shaped("statsd", Datagram, &[8125], statsd),
    marked("collectd", Datagram, &[25826], collectd),
    marked("lumberjack", Stream, &[5044], lumberjack),
    marked("ipmi", Datagram, &[623], ipmi),
    marked("nestlogsink", Stream, &[11095], weave),
];

/// A header: letters, flags (1 is always set; 2 packed, 4 large), a length.
fn zabbix(head: &mut Reader<'_>) -> Judged {
    head.literal(b"ZBXD")?;
    require(head.byte_in(1..=7)? & 1 == 1)?;
    Ok(Verdict::Yes)
}

fn munin(head: &mut Reader<'_>) -> Judged {
    head.word(&["cap multigraph", "cap dirtyconfig"])?;
    Ok(Verdict::Yes)
}

fn munin_command(head: &mut Reader<'_>) -> Judged {
    head.word(&["cap", "list", "nodes", "config", "fetch", "version", "spoolfetch", "quit"])?;
    head.end_of_word()?;
    Ok(Verdict::OnItsPort)
}

/// A hello of a version from 1.0 to 1.5: header only, or with one element of bits.
fn openflow(head: &mut Reader<'_>) -> Judged {
    let version = head.byte_in(1..=6)?;
    head.literal(&[0])?;
    let length = head.big16(8..=64)?;
    require(length % 8 == 0)?;
    head.take(4)?;
    if length > 8 {
        require(version >= 4)?;
        head.literal(&[0, 1, 0])?;
    }
    Ok(Verdict::Yes)
}

/// Version 5, 9 or 10 (RFC 3954 §5.1, RFC 7011 §3.1); 10 says how long it is.
fn netflow(head: &mut Reader<'_>) -> Judged {
    let whole = u32::try_from(head.rest().len()).unwrap_or(u32::MAX);
    head.literal(&[0])?;
    match head.byte_of(&[5, 9, 10])? {
        10 => head.big16(whole..=whole)?,
        5 => {
            let records = head.big16(1..=30)?;
            require(records * 48 + 24 == whole)?;
            records
        }
        _ => return Ok(Verdict::OnItsPort),
    };
    Ok(Verdict::Yes)
}

/// Version 5 of an agent with an address of version 4 or 6.
fn sflow(head: &mut Reader<'_>) -> Judged {
    head.literal(&[0, 0, 0, 5, 0, 0, 0])?;
    head.byte_in(1..=2)?;
    Ok(Verdict::Yes)
}

/// A chunk, or JSON with its version first.
fn gelf(head: &mut Reader<'_>) -> Judged {
    match head.byte_of(&[0x1e, b'{'])? {
        b'{' => {
            let rest = head.rest();
            require(rest.windows(15).any(|part| part == b"\"short_message\""))?;
        }
        _ => head.literal(&[0x0f])?,
    }
    Ok(Verdict::Yes)
}

/// `name:value|kind`.
fn statsd(head: &mut Reader<'_>) -> Judged {
    head.until(b':', 128, |byte| byte.is_ascii_alphanumeric() || b"._-,=".contains(&byte))?;
    head.until(b'|', 24, |byte| byte.is_ascii_digit() || b"+-.".contains(&byte))?;
    head.byte_of(b"cgmhsd")?;
    Ok(Verdict::Yes)
}

/// A part that says the host: type 0, its length, a name that ends in NUL.
fn collectd(head: &mut Reader<'_>) -> Judged {
    head.literal(&[0, 0])?;
    let length = head.big16(6..=255)? as usize;
    head.all(length.saturating_sub(5), is_printable)?;
    head.literal(&[0])?;
    Ok(Verdict::Yes)
}

/// A window: version 1 or 2, how many events come.
fn lumberjack(head: &mut Reader<'_>) -> Judged {
    head.byte_in(b'1'..=b'2')?;
    head.literal(b"W")?;
    head.big32(1..=0xffff)?;
    Ok(Verdict::Likely)
}

/// RMCP of version 6 with no acknowledgement wanted, of a class that exists.
fn ipmi(head: &mut Reader<'_>) -> Judged {
    head.literal(&[6, 0])?;
    head.byte()?;
    head.byte_of(&[0x06, 0x07])?;
    Ok(Verdict::Yes)
}

/// A Weave message over TCP: a length, version 1 with both ends, a number, and node ids with the
/// vendor number of Nest (18-B4-30).
fn weave(head: &mut Reader<'_>) -> Judged {
    head.little16(24..=4_096)?;
    head.byte()?;
    head.byte_in(0x10..=0x1f)?;
    head.take(4)?;
    head.take(5)?;
    head.literal(&[0x30, 0xb4, 0x18])?;
    Ok(Verdict::Yes)
}
