//! Games, telephones, and programs that phone home in a way of their own.

use crate::Carrier::{Datagram, Stream};
use crate::Verdict;

use super::reader::{Judged, Reader, is_graphic, require};
use super::{Signature, marked, shaped};

pub(super) const SIGNATURES: &[Signature] = &[
    marked("avast", Stream, &[80], avast),
    marked("ookla", Stream, &[5060, 8080], ookla),
    shaped("ookla", Stream, &[5060, 8080], ookla_hello),
    marked("worldofwarcraft", Stream, &[3724, 1119], world_of_warcraft),
    marked("tencentgames", Stream, &[], tencent),
    shaped("tencentgames", Stream, &[20731, 31003], tencent_packed),
    marked("tes_online", Stream, &[24120, 24504], elder_scrolls),
    marked("minecraft", Stream, &[25565], minecraft),
    marked("hp_virtgrp", Stream, &[5223], hp_virtual_group),
    marked("source-engine", Datagram, &[27015], source_engine),
    marked("raknet", Datagram, &[19132], raknet),
    marked("teamspeak", Datagram, &[9987], teamspeak),
];

/// A packet of Avast's cloud: letters, then a length.
fn avast(head: &mut Reader<'_>) -> Judged {
    head.literal(b"NOSA")?;
    head.big16(8..=0xffff)?;
    Ok(Verdict::Yes)
}

/// A speed test says hello with its session's UUID.
fn ookla(head: &mut Reader<'_>) -> Judged {
    head.literal(b"HI ")?;
    head.all(8, |digit| digit.is_ascii_hexdigit())?;
    head.literal(b"-")?;
    Ok(Verdict::Yes)
}

fn ookla_hello(head: &mut Reader<'_>) -> Judged {
    head.literal(b"HI\n")?;
    Ok(Verdict::OnItsPort)
}

/// A length, then the words.
fn world_of_warcraft(head: &mut Reader<'_>) -> Judged {
    head.literal(&[0x30, 0])?;
    head.literal(b"WORLD OF WARCRAFT CONNECTION")?;
    Ok(Verdict::Yes)
}

/// The magic of Tencent's game connections, in both of its versions.
fn tencent(head: &mut Reader<'_>) -> Judged {
    match head.byte_of(&[0x33, 0x43])? {
        0x33 => {
            head.literal(&[0x66, 0x00])?;
            head.byte()?;
            head.literal(&[0x00])?;
        }
        _ => {
            head.literal(&[0x66, 0xaa, 0x00])?;
            head.big32(0..=0xffff)?;
        }
    }
    Ok(Verdict::Yes)
}

/// A length with zlib behind it, or the magic of a third version.
fn tencent_packed(head: &mut Reader<'_>) -> Judged {
    match head.byte_of(&[0x00, 0x42])? {
        0x42 => {
            head.literal(&[0x15])?;
            head.take(2)?;
            head.literal(&[0x03])?;
        }
        _ => {
            head.literal(&[0])?;
            head.big16(8..=0xffff)?;
            head.literal(&[0x78])?;
            head.byte_of(&[0x01, 0x5e, 0x9c, 0xda])?;
        }
    }
    Ok(Verdict::OnItsPort)
}

/// A length; two ones; the length of what is left of it.
fn elder_scrolls(head: &mut Reader<'_>) -> Judged {
    let outer = head.big32(12..=0xffff)?;
    head.literal(&[0, 1, 0, 1])?;
    head.big32(outer - 8..=outer - 8)?;
    Ok(Verdict::Yes)
}

/// A handshake: length, packet 0, a version, an address, and at its end which state comes next.
fn minecraft(head: &mut Reader<'_>) -> Judged {
    let length = head.varint()?;
    require((7..=300).contains(&length))?;
    head.literal(&[0])?;
    let version = head.varint()?;
    require((4..=1_000).contains(&version))?;
    let address = head.byte_in(1..=253)?;
    require(u32::from(address) + 6 <= length && length <= u32::from(address) + 8)?;
    head.all(usize::from(address), |letter| letter == 0 || is_graphic(letter))?;
    head.take(2)?;
    head.byte_in(1..=3)?;
    Ok(Verdict::Yes)
}

/// A group of virtual machines talks: type 22, a length of 132.
fn hp_virtual_group(head: &mut Reader<'_>) -> Judged {
    head.literal(&[0x16, 0, 0x84, 0])?;
    Ok(Verdict::Yes)
}

/// A question to a server of Valve's: four ones, then a letter.
fn source_engine(head: &mut Reader<'_>) -> Judged {
    head.literal(&[0xff; 4])?;
    if head.byte_of(b"TUVWiq")? == b'T' {
        head.literal(b"Source Engine Query\0")?;
    }
    Ok(Verdict::Likely)
}

/// An unconnected ping or an opening, with its magic.
fn raknet(head: &mut Reader<'_>) -> Judged {
    match head.byte_of(&[0x01, 0x02, 0x05])? {
        0x05 => {}
        _ => head.take(8).map(drop)?,
    }
    head.literal(&[0, 0xff, 0xff, 0, 0xfe, 0xfe, 0xfe, 0xfe, 0xfd, 0xfd, 0xfd, 0xfd])?;
    Ok(Verdict::Yes)
}

fn teamspeak(head: &mut Reader<'_>) -> Judged {
    head.literal(b"TS3INIT1")?;
    Ok(Verdict::Yes)
}
