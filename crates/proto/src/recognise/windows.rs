//! What Windows machines say to each other.

use crate::Carrier::{Datagram, Stream};
use crate::Verdict;

use super::reader::{Judged, Reader, Step, require};
use super::{Signature, marked, shaped};

pub(super) const SIGNATURES: &[Signature] = &[
    marked("smb", Stream, &[139, 445], smb),
    marked("netbios-ssn", Stream, &[139], netbios_session),
    shaped("smb", Stream, &[445], direct_tcp),
    marked("dcerpc", Stream, &[135, 593], dcerpc),
    marked("kerberos", Stream, &[88, 464], kerberos_stream),
    marked("ms-nmf", Stream, &[808], message_framing),
    marked("kerberos", Datagram, &[88, 464], kerberos),
    marked("dcerpc", Datagram, &[135], dcerpc_datagram),
    marked("netbios-dgm", Datagram, &[138], netbios_datagram),
    marked("ms-sql-browser", Datagram, &[1434], sql_browser),
    marked("smb-mailslot", Datagram, &[], smb_datagram),
];

/// A session message (RFC 1002 §4.3.1) with a header of SMB 1, 2, or one of 3's transforms.
fn smb(head: &mut Reader<'_>) -> Judged {
    head.literal(&[0])?;
    head.big24(4..=0x1_ffff)?;
    head.byte_of(&[0xff, 0xfe, 0xfd, 0xfc])?;
    head.literal(b"SMB")?;
    Ok(Verdict::Yes)
}

fn smb_datagram(head: &mut Reader<'_>) -> Judged {
    head.byte_of(&[0xff, 0xfe])?;
    head.literal(b"SMB")?;
    Ok(Verdict::Yes)
}

/// A session request: two encoded names of 34 bytes (RFC 1002 §4.3.2).
fn netbios_session(head: &mut Reader<'_>) -> Judged {
    head.literal(&[0x81, 0])?;
    head.big16(68..=68)?;
    encoded_name(head)?;
    Ok(Verdict::Yes)
}

/// The framing alone, around what is no SMB: fuzzers do that.
fn direct_tcp(head: &mut Reader<'_>) -> Judged {
    head.literal(&[0])?;
    head.big24(32..=0x1_ffff)?;
    Ok(Verdict::OnItsPort)
}

/// A common header of version 5 (C706 §12.6.3.1): a bind, a request or the like, in either byte
/// order, with a length that has room for it.
fn dcerpc(head: &mut Reader<'_>) -> Judged {
    head.literal(&[5])?;
    head.byte_in(0..=1)?;
    head.byte_of(&[0, 11, 14, 16, 17, 18, 19])?;
    head.byte()?;
    let order = head.byte_of(&[0x00, 0x10])?;
    head.byte_in(0..=3)?;
    head.literal(&[0, 0])?;
    match order {
        0x10 => head.little16(16..=0xffff)?,
        _ => head.big16(16..=0xffff)?,
    };
    Ok(Verdict::Yes)
}

/// The connectionless header of version 4 (C706 §12.6.4.1): a request or a ping of a client.
fn dcerpc_datagram(head: &mut Reader<'_>) -> Judged {
    require(head.rest().len() >= 80)?;
    head.literal(&[4])?;
    head.byte_of(&[0, 1])?;
    head.take(2)?;
    head.byte_of(&[0x00, 0x10])?;
    head.byte_in(0..=3)?;
    head.literal(&[0])?;
    Ok(Verdict::Yes)
}

/// A message with its length in front (RFC 4120 §7.2.2).
fn kerberos_stream(head: &mut Reader<'_>) -> Judged {
    head.big32(20..=0x4_0000)?;
    kerberos(head)
}

/// `[APPLICATION n] SEQUENCE { [1] 5, [2] type }`: a request to the KDC (RFC 4120 §5.4.1); or a
/// change of a password (RFC 3244 §2), which frames an AP-REQ.
fn kerberos(head: &mut Reader<'_>) -> Judged {
    let tag = head.byte_of(&[0x6a, 0x6c, 0x00])?;
    if tag == 0 {
        return password_change(head);
    }
    head.ber_length()?;
    head.literal(&[0x30])?;
    head.ber_length()?;
    head.literal(&[0xa1, 3, 2, 1, 5, 0xa2, 3, 2, 1])?;
    require(head.byte()? == tag - 0x60)?;
    Ok(Verdict::Yes)
}

fn password_change(head: &mut Reader<'_>) -> Judged {
    head.byte()?;
    head.byte_of(&[0x00, 0xff])?;
    head.byte_of(&[0x01, 0x80])?;
    head.big16(10..=0x4000)?;
    head.literal(&[0x6e])?;
    Ok(Verdict::Yes)
}

/// A version record, a mode record, then where to: .NET's framing (MC-NMF §2.2.3).
fn message_framing(head: &mut Reader<'_>) -> Judged {
    head.literal(&[0, 1, 0, 1])?;
    head.byte_in(1..=4)?;
    head.literal(&[2])?;
    head.varint()?;
    head.word(&["net.", "soap", "http"])?;
    Ok(Verdict::Yes)
}

/// 16 bytes as 32 letters from A to P (RFC 1001 §14.1); the root scope after it.
fn encoded_name(head: &mut Reader<'_>) -> Step<()> {
    head.literal(&[32])?;
    head.all(32, |letter| matches!(letter, b'A'..=b'P'))?;
    head.literal(&[0])
}

/// A datagram with its source and two names (RFC 1002 §4.4.1).
fn netbios_datagram(head: &mut Reader<'_>) -> Judged {
    let whole = u32::try_from(head.rest().len()).unwrap_or(u32::MAX);
    head.byte_in(0x10..=0x12)?;
    head.byte_in(0..=0x0f)?;
    head.take(8)?;
    head.big16(68..=whole)?;
    head.literal(&[0, 0])?;
    encoded_name(head)?;
    Ok(Verdict::Yes)
}

/// Which instances are there (MC-SQLR §2.2): all, one by name, one's administrator port.
fn sql_browser(head: &mut Reader<'_>) -> Judged {
    let whole = head.rest().len();
    match head.byte_of(&[2, 3, 4, 0x0f])? {
        2 | 3 => require(whole == 1)?,
        _ => {}
    }
    Ok(Verdict::OnItsPort)
}
