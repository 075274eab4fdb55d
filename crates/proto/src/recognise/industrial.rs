//! Plants, buildings and trains.

use crate::Carrier::{Datagram, Stream};
use crate::Verdict;

use super::reader::{Judged, Reader, Step, require};
use super::{Signature, marked};

pub(super) const SIGNATURES: &[Signature] = &[
    marked("s7comm", Stream, &[102], s7comm),
    marked("mms", Stream, &[102], mms),
    marked("dnp3", Stream, &[20000], dnp3),
    marked("dnp3", Datagram, &[20000], dnp3),
    marked("iec104", Stream, &[2404], iec104),
    marked("enip", Stream, &[44818], ethernet_ip),
    marked("enip", Datagram, &[44818], ethernet_ip),
    marked("opcua", Stream, &[4840], opc_ua),
    marked("trdp", Stream, &[17225], trdp),
    marked("trdp", Datagram, &[17224, 17225], trdp),
    marked("bacnet", Datagram, &[47808], bacnet),
    marked("fins", Stream, &[9600], fins),
    marked("fox", Stream, &[1911, 4911], fox),
];

/// Longest parameters of a connection request that are looked at.
const PARAMETERS: usize = 64;

/// A connection to a rack and a slot of a controller: the called TSAP begins with a kind of
/// connection, 1 to 3 (as Siemens' programming tools set it).
fn s7comm(head: &mut Reader<'_>) -> Judged {
    let called = called_tsap(head)?;
    require(matches!(called, [1..=3, _]))?;
    Ok(Verdict::Yes)
}

/// Any other TSAP over ISO transport (RFC 1006): MMS, as nearly all that is left.
fn mms(head: &mut Reader<'_>) -> Judged {
    let called = called_tsap(head)?;
    require(!matches!(called, [1..=3, _]))?;
    Ok(Verdict::Yes)
}

/// The called TSAP (parameter 0xc2) of a connection request (ISO 8073 §13.3) in a TPKT.
fn called_tsap<'a>(head: &mut Reader<'a>) -> Step<&'a [u8]> {
    head.literal(&[3, 0])?;
    let packet = head.big16(14..=255)?;
    let header = head.byte_in(9..=250)?;
    require(u32::from(header) + 5 == packet)?;
    head.literal(&[0xe0, 0, 0])?;
    head.take(2)?;
    head.byte_of(&[0x00, 0x10, 0x20])?;
    let parameters = head.take(usize::from(header).saturating_sub(6).min(PARAMETERS))?;
    find_parameter(Reader::new(parameters), 0xc2).ok_or(Verdict::No)
}

fn find_parameter(mut parameters: Reader<'_>, wanted: u8) -> Option<&[u8]> {
    loop {
        let code = parameters.byte().ok()?;
        let length = parameters.byte().ok()?;
        let value = parameters.take(usize::from(length)).ok()?;
        if code == wanted {
            return Some(value);
        }
    }
}

/// The data link layer: start, a length from 5, a control byte, two addresses.
fn dnp3(head: &mut Reader<'_>) -> Judged {
    head.literal(&[0x05, 0x64])?;
    head.byte_in(5..=255)?;
    head.byte()?;
    Ok(Verdict::Yes)
}

/// A frame that starts data transfer, tests, or stops: U format (IEC 60870-5-104 §5.3).
fn iec104(head: &mut Reader<'_>) -> Judged {
    head.literal(&[0x68, 4])?;
    head.byte_of(&[0x07, 0x13, 0x43])?;
    head.literal(&[0, 0, 0])?;
    Ok(Verdict::Yes)
}

/// The encapsulation header: a command, a length, no status, no options.
fn ethernet_ip(head: &mut Reader<'_>) -> Judged {
    head.byte_of(&[0x04, 0x63, 0x64, 0x65, 0x66, 0x6f, 0x70])?;
    head.literal(&[0])?;
    head.little16(0..=0x0600)?;
    head.take(4)?;
    head.literal(&[0; 4])?;
    head.take(8)?;
    head.literal(&[0; 4])?;
    Ok(Verdict::Yes)
}

/// A hello, or the opening of a channel, as a final chunk (OPC 10000-6 §7.1.2).
fn opc_ua(head: &mut Reader<'_>) -> Judged {
    head.word(&["HELF", "OPNF", "RHEF"])?;
    head.little32(12..=8_192)?;
    Ok(Verdict::Yes)
}

/// Number, version 1.x, a kind in two letters (IEC 61375-2-3 annex A).
fn trdp(head: &mut Reader<'_>) -> Judged {
    head.take(4)?;
    head.literal(&[1])?;
    head.byte()?;
    match head.byte_of(b"PM")? {
        b'P' => head.byte_of(b"drpe")?,
        _ => head.byte_of(b"nrpqce")?,
    };
    Ok(Verdict::Yes)
}

/// BVLC: type, function, the datagram's length; then a network layer of version 1.
fn bacnet(head: &mut Reader<'_>) -> Judged {
    let whole = u32::try_from(head.rest().len()).unwrap_or(u32::MAX);
    head.literal(&[0x81])?;
    head.byte_in(0..=0x0c)?;
    head.big16(whole..=whole)?;
    Ok(Verdict::Yes)
}

/// Omron's header.
fn fins(head: &mut Reader<'_>) -> Judged {
    head.literal(b"FINS")?;
    head.big32(8..=4_096)?;
    Ok(Verdict::Yes)
}

/// Tridium's hello.
fn fox(head: &mut Reader<'_>) -> Judged {
    head.literal(b"fox a ")?;
    Ok(Verdict::Yes)
}
