//! What networks need to run: names, times, addresses, routes, who may in.

use crate::Carrier::{Datagram, Stream};
use crate::Verdict;

use super::reader::{Judged, Reader, Step, is_graphic, require};
use super::{Signature, marked, shaped};

pub(super) const SIGNATURES: &[Signature] = &[
    shaped("dns", Stream, &[], dns_that_is_not_answered),
    marked("ws-discovery", Datagram, &[3702], ws_discovery),
    marked("dhcp", Datagram, &[67, 68], dhcp),
    marked("dhcpv6", Datagram, &[546, 547], dhcp_v6),
    marked("radius", Datagram, &[1645, 1646, 1812, 1813], radius),
    marked("tacacs", Stream, &[49], tacacs),
    marked("diameter", Stream, &[3868], diameter),
    marked("bgp", Stream, &[179], bgp),
    marked("nat-pmp", Datagram, &[5351], nat_pmp),
    marked("rip", Datagram, &[520], rip),
    marked("gtp", Datagram, &[2123, 2152], gtp),
    marked("vxlan", Datagram, &[4789], vxlan),
];

/// A message longer than any that we answer, with its questions by the thousand: an attack on
/// resolvers. The header is that of a query (RFC 1035 §4.1.1), the first label is legible.
fn dns_that_is_not_answered(head: &mut Reader<'_>) -> Judged {
    head.big16(4_097..=0xffff)?;
    head.take(2)?;
    head.byte_of(&[0, 1])?;
    head.byte_of(&[0x00, 0x10, 0x20])?;
    head.big16(1..=0x4000)?;
    head.literal(&[0; 4])?;
    head.big16(0..=3)?;
    let label = head.byte_in(1..=63)?;
    head.all(usize::from(label), is_graphic)?;
    Ok(Verdict::Yes)
}

/// SOAP that names the discovery namespace.
fn ws_discovery(head: &mut Reader<'_>) -> Judged {
    let whole = head.rest();
    head.literal(b"<")?;
    require(whole.windows(12).any(|part| part == b"ws/2005/04/d" || part == b"ws-dd/ns/dis"))?;
    Ok(Verdict::Yes)
}

/// A client's message (RFC 2131 §2): Ethernet, no hops worth naming, the magic cookie.
fn dhcp(head: &mut Reader<'_>) -> Judged {
    head.literal(&[1])?;
    head.byte_in(1..=32)?;
    head.byte_in(0..=16)?;
    head.byte_in(0..=16)?;
    head.take(232)?;
    head.literal(&[0x63, 0x82, 0x53, 0x63])?;
    Ok(Verdict::Yes)
}

/// A client's message: a type, a number, and options that begin with one clients have (RFC 8415
/// §21).
fn dhcp_v6(head: &mut Reader<'_>) -> Judged {
    head.byte_of(&[1, 3, 4, 5, 6, 8, 9, 11])?;
    head.take(3)?;
    head.literal(&[0])?;
    head.byte_of(&[1, 3, 6, 8, 14, 25, 39])?;
    Ok(Verdict::OnItsPort)
}

/// A request (RFC 2865 §3, RFC 2866 §3): code, number, the length of the datagram.
fn radius(head: &mut Reader<'_>) -> Judged {
    let whole = u32::try_from(head.rest().len()).unwrap_or(u32::MAX);
    head.byte_of(&[1, 4, 12, 40, 43])?;
    head.byte()?;
    head.big16(whole..=whole)?;
    head.take(16)?;
    attributes(*head)?;
    Ok(Verdict::Yes)
}

/// Type, length, value, to the last byte.
fn attributes(mut list: Reader<'_>) -> Step<()> {
    require(!list.rest().is_empty())?;
    while !list.rest().is_empty() {
        list.byte_in(1..=255)?;
        let length = list.byte_in(2..=255)?;
        list.take(usize::from(length).saturating_sub(2))?;
    }
    Ok(())
}

/// Version 12.0 or 12.1, a type, the first packet (RFC 8907 §4.1).
fn tacacs(head: &mut Reader<'_>) -> Judged {
    head.byte_of(&[0xc0, 0xc1])?;
    head.byte_in(1..=3)?;
    head.literal(&[1])?;
    head.byte_of(&[0, 1, 4, 5])?;
    head.take(4)?;
    head.big32(5..=0xffff)?;
    Ok(Verdict::Yes)
}

/// Version 1, a length in words, no reserved flag, a command that is assigned (RFC 6733 §3).
fn diameter(head: &mut Reader<'_>) -> Judged {
    head.literal(&[1])?;
    let length = head.big24(20..=0xffff)?;
    require(length % 4 == 0)?;
    require(head.byte()? & 0x0f == 0)?;
    let command = head.big24(257..=0x00ff_ffff)?;
    require(matches!(command, 257..=350 | 8_388_608..=8_388_800))?;
    Ok(Verdict::Yes)
}

/// OPEN: sixteen ones, a length, type 1, version 4 (RFC 4271 §4.2).
fn bgp(head: &mut Reader<'_>) -> Judged {
    head.literal(&[0xff; 16])?;
    head.big16(19..=4_096)?;
    head.byte_in(1..=5)?;
    Ok(Verdict::Yes)
}

/// What is my address, or map a port (RFC 6886 §3); PCP is its version 2 (RFC 6887 §7).
fn nat_pmp(head: &mut Reader<'_>) -> Judged {
    head.byte_of(&[0, 2])?;
    head.byte_in(0..=2)?;
    Ok(Verdict::OnItsPort)
}

/// A request or a response of version 1 or 2, in entries of 20 bytes (RFC 2453 §3.6).
fn rip(head: &mut Reader<'_>) -> Judged {
    let whole = head.rest().len();
    require(whole > 4 && whole % 20 == 4)?;
    head.byte_in(1..=2)?;
    head.byte_in(1..=2)?;
    head.literal(&[0, 0])?;
    Ok(Verdict::OnItsPort)
}

/// Version 1 or 2, and what is left of the datagram in bytes (3GPP TS 29.060 §6).
fn gtp(head: &mut Reader<'_>) -> Judged {
    let whole = u32::try_from(head.rest().len()).unwrap_or(u32::MAX);
    let flags = head.byte_in(0x30..=0x4f)?;
    head.byte()?;
    let header = if flags < 0x40 { 8 } else { 4 };
    require(whole >= header)?;
    head.big16(whole - header..=whole - header)?;
    Ok(Verdict::OnItsPort)
}

/// The flag that says the network's number is valid, and nothing reserved (RFC 7348 §5).
fn vxlan(head: &mut Reader<'_>) -> Judged {
    head.literal(&[8, 0, 0, 0])?;
    head.take(3)?;
    head.literal(&[0])?;
    Ok(Verdict::OnItsPort)
}
