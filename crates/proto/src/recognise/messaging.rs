//! Chats, and queues of messages between programs.

use crate::Carrier::{Datagram, Stream};
use crate::Verdict;

use super::reader::{Judged, Reader, is_graphic, is_text, require};
use super::{Signature, marked, shaped};

pub(super) const SIGNATURES: &[Signature] = &[
    marked("xmpp", Stream, &[5222, 5223, 5269, 5280], xmpp),
    shaped("xmpp", Stream, &[5222, 5269], xml),
    marked("mqtt-sn", Datagram, &[1883, 10000], mqtt_sn),
    marked("stomp", Stream, &[61613, 61614], stomp),
    marked("openwire", Stream, &[61616], openwire),
    marked("nats", Stream, &[4222], nats),
    marked("kafka", Stream, &[9092], kafka),
    marked("smpp", Stream, &[2775, 9000], smpp),
    marked("whatsapp", Stream, &[443, 5222], whatsapp),
    marked("xiaomi", Stream, &[5222], xiaomi),
    marked("telegram", Stream, &[443, 80, 5222], telegram),
    marked("oscar", Stream, &[5190], oscar),
    marked("ymsg", Stream, &[5050], ymsg),
    marked("msnp", Stream, &[1863], msnp),
    shaped("threema", Stream, &[5222], threema),
];

/// The stream's first tag (RFC 6120 §4.2), after a declaration of XML or without.
fn xmpp(head: &mut Reader<'_>) -> Judged {
    head.literal(b"<")?;
    if head.rest().starts_with(b"?") {
        head.until(b'>', 128, |byte| is_text(byte) || byte == b'\n')?;
        let blank = head.rest().iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        head.take(blank)?;
        head.literal(b"<")?;
    }
    head.literal(b"stream:stream")?;
    Ok(Verdict::Yes)
}

/// The declaration came alone.
fn xml(head: &mut Reader<'_>) -> Judged {
    head.literal(b"<?xml version=")?;
    Ok(Verdict::OnItsPort)
}

/// CONNECT: its length, type 4, flags, protocol 1 (MQTT-SN 1.2 §5.4.4).
fn mqtt_sn(head: &mut Reader<'_>) -> Judged {
    let whole = head.rest().len();
    require(usize::from(head.byte()?) == whole)?;
    head.literal(&[4])?;
    head.byte_of(&[0x00, 0x04, 0x08, 0x0c])?;
    head.literal(&[1])?;
    Ok(Verdict::Yes)
}

fn stomp(head: &mut Reader<'_>) -> Judged {
    head.word(&["STOMP\n", "STOMP\r\n", "CONNECT\n", "CONNECT\r\n"])?;
    Ok(Verdict::Yes)
}

/// WireFormatInfo: a length, type 1, the magic of ActiveMQ.
fn openwire(head: &mut Reader<'_>) -> Judged {
    head.big32(10..=0xffff)?;
    head.literal(b"\x01ActiveMQ")?;
    Ok(Verdict::Yes)
}

fn nats(head: &mut Reader<'_>) -> Judged {
    head.literal(b"CONNECT {")?;
    Ok(Verdict::Yes)
}

/// A request header: length, key, version, correlation, a client's name. Clients begin by asking for
/// versions (18) or metadata (3).
fn kafka(head: &mut Reader<'_>) -> Judged {
    head.big32(10..=0xffff)?;
    head.literal(&[0])?;
    head.byte_of(&[3, 18])?;
    head.big16(0..=15)?;
    head.take(4)?;
    let name = head.big16(1..=255)? as usize;
    head.all(name, is_graphic)?;
    Ok(Verdict::Yes)
}

/// A bind (SMPP 3.4 §4.1): length, command, no status, a number, a name.
fn smpp(head: &mut Reader<'_>) -> Judged {
    head.big32(17..=1_024)?;
    head.literal(&[0, 0, 0])?;
    head.byte_of(&[1, 2, 9])?;
    head.literal(&[0; 4])?;
    head.big32(1..=0x7fff_ffff)?;
    head.until(0, 16, is_graphic)?;
    Ok(Verdict::Yes)
}

/// The prologue: two letters, two bytes of version.
fn whatsapp(head: &mut Reader<'_>) -> Judged {
    head.literal(b"WA")?;
    head.byte_in(1..=6)?;
    head.byte_in(0..=9)?;
    Ok(Verdict::Yes)
}

/// A packet of Xiaomi's push service: magic, version, length.
fn xiaomi(head: &mut Reader<'_>) -> Judged {
    head.literal(&[0xc2, 0xfe, 0, 5])?;
    head.big32(1..=0xffff)?;
    Ok(Verdict::Yes)
}

/// The first bytes of a transport of MTProto: intermediate or padded. The third is one byte, and too
/// common to be believed.
fn telegram(head: &mut Reader<'_>) -> Judged {
    match head.byte_of(&[0xee, 0xdd])? {
        0xee => head.literal(&[0xee; 3])?,
        _ => head.literal(&[0xdd; 3])?,
    }
    Ok(Verdict::Likely)
}

/// A FLAP frame on the channel of new connections, of version 1.
fn oscar(head: &mut Reader<'_>) -> Judged {
    head.literal(&[0x2a, 0x01])?;
    head.take(2)?;
    head.big16(4..=2_048)?;
    head.literal(&[0, 0, 0, 1])?;
    Ok(Verdict::Yes)
}

fn ymsg(head: &mut Reader<'_>) -> Judged {
    head.literal(b"YMSG\0")?;
    Ok(Verdict::Yes)
}

fn msnp(head: &mut Reader<'_>) -> Judged {
    head.literal(b"VER ")?;
    head.until(b' ', 5, |byte| byte.is_ascii_digit())?;
    head.literal(b"MSNP")?;
    Ok(Verdict::Yes)
}

/// A public key of 32 bytes and a nonce's beginning of 16: chance, of a length, on a port.
fn threema(head: &mut Reader<'_>) -> Judged {
    let hello = head.take(48)?;
    require(hello.iter().filter(|byte| **byte >= 0x80).count() >= 8)?;
    Ok(Verdict::OnItsPort)
}
