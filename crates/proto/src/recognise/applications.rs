//! Programs that call functions of others.

use crate::Carrier::{Datagram, Stream};
use crate::Verdict;

use super::reader::{Judged, Reader, Step, is_graphic, require};
use super::{Signature, marked};

pub(super) const SIGNATURES: &[Signature] = &[
    marked("ajp", Stream, &[8009], ajp),
    marked("fastcgi", Stream, &[9000], fastcgi),
    marked("rmi", Stream, &[1099, 1098], rmi),
    marked("java-serialization", Stream, &[], java_objects),
    marked("t3", Stream, &[7001], weblogic),
    marked("jdwp", Stream, &[5005, 8000], jdwp),
    marked("giop", Stream, &[683, 2809], giop),
    marked("thrift", Stream, &[9090], thrift),
    marked("thrift", Stream, &[9090], thrift_framed),
    marked("sunrpc", Stream, &[111, 2049], sunrpc_stream),
    marked("sunrpc", Datagram, &[111, 2049], sunrpc),
    marked("z3950", Stream, &[210], z3950),
    marked("dubbo", Stream, &[20880], dubbo),
    marked("erlang", Stream, &[4369], port_mapper),
];

/// A packet for the container: magic, length, a code that a server sends.
fn ajp(head: &mut Reader<'_>) -> Judged {
    head.literal(&[0x12, 0x34])?;
    head.big16(1..=8_192)?;
    head.byte_of(&[2, 7, 8, 10])?;
    Ok(Verdict::Yes)
}

/// A request begins: version 1, type 1, eight bytes, a role (FastCGI §5.1), or a question about
/// values (§4.1).
fn fastcgi(head: &mut Reader<'_>) -> Judged {
    head.literal(&[1])?;
    match head.byte_of(&[1, 9])? {
        9 => {
            head.literal(&[0, 0])?;
            head.big16(0..=512)?;
            head.byte_in(0..=8)?;
            head.literal(&[0])?;
            head.byte_in(1..=32)?;
            head.byte_of(&[0])?;
            head.literal(b"FCGI_")?;
        }
        _ => {
            head.big16(1..=0xffff)?;
            head.literal(&[0, 8])?;
            head.byte_in(0..=8)?;
            head.literal(&[0, 0])?;
            head.byte_in(1..=3)?;
        }
    }
    Ok(Verdict::Yes)
}

/// The stream header of RMI's wire protocol: version 1 or 2, one of three kinds.
fn rmi(head: &mut Reader<'_>) -> Judged {
    head.literal(b"JRMI\0")?;
    head.byte_in(1..=2)?;
    head.byte_in(b'K'..=b'M')?;
    Ok(Verdict::Yes)
}

/// The stream header of serialized objects: magic, version 5.
fn java_objects(head: &mut Reader<'_>) -> Judged {
    head.literal(&[0xac, 0xed, 0, 5])?;
    Ok(Verdict::Yes)
}

fn weblogic(head: &mut Reader<'_>) -> Judged {
    head.word(&["t3 ", "t3s "])?;
    head.byte_in(b'0'..=b'9')?;
    let version = head.line(32)?;
    require(version.contains(&b'.'))?;
    Ok(Verdict::Yes)
}

fn jdwp(head: &mut Reader<'_>) -> Judged {
    head.literal(b"JDWP-Handshake")?;
    Ok(Verdict::Yes)
}

/// CORBA: magic, version 1.0 to 1.2.
fn giop(head: &mut Reader<'_>) -> Judged {
    head.literal(b"GIOP\x01")?;
    head.byte_in(0..=3)?;
    Ok(Verdict::Yes)
}

/// A message in the strict binary protocol: version 1, a call, a method's name.
fn thrift(head: &mut Reader<'_>) -> Judged {
    thrift_call(head)?;
    Ok(Verdict::Yes)
}

/// The same with its length in front.
fn thrift_framed(head: &mut Reader<'_>) -> Judged {
    head.big32(12..=0x00ff_ffff)?;
    thrift_call(head)?;
    Ok(Verdict::Yes)
}

fn thrift_call(head: &mut Reader<'_>) -> Step<()> {
    head.literal(&[0x80, 0x01, 0x00])?;
    head.byte_of(&[1, 4])?;
    let name = head.big32(1..=256)? as usize;
    head.all(name, is_graphic).map(drop)
}

/// A record mark (RFC 5531 §11), then a call.
fn sunrpc_stream(head: &mut Reader<'_>) -> Judged {
    head.byte_in(0x80..=0x80)?;
    head.big24(40..=0x0010_0000)?;
    sunrpc(head)
}

/// A call of RPC version 2 (RFC 5531 §9) for a program of the ranges that are assigned (§13).
fn sunrpc(head: &mut Reader<'_>) -> Judged {
    head.take(4)?;
    head.literal(&[0, 0, 0, 0, 0, 0, 0, 2])?;
    head.big32(100_000..=0x5fff_ffff)?;
    head.big32(0..=1_024)?;
    head.big32(0..=1_024)?;
    Ok(Verdict::Yes)
}

/// An InitRequest (ISO 23950): `[20] { [2]? reference, [3] versions as bits, [4] options … }`.
fn z3950(head: &mut Reader<'_>) -> Judged {
    head.literal(&[0xb4])?;
    head.ber_length()?;
    if head.byte_of(&[0x82, 0x83])? == 0x82 {
        let reference = head.byte_in(0..=64)?;
        head.take(usize::from(reference))?;
        head.literal(&[0x83])?;
    }
    head.byte_in(2..=3)?;
    head.byte_in(0..=7)?;
    Ok(Verdict::Yes)
}

/// Magic, a request, no status.
fn dubbo(head: &mut Reader<'_>) -> Judged {
    head.literal(&[0xda, 0xbb])?;
    require(head.byte()? & 0x80 != 0)?;
    Ok(Verdict::Yes)
}

/// A question to the Erlang port mapper: a length, then which names, which port, or an entry.
fn port_mapper(head: &mut Reader<'_>) -> Judged {
    head.big16(1..=512)?;
    match head.byte_of(b"nzxdk")? {
        b'z' | b'x' => head.all(1, is_graphic).map(drop)?,
        _ => {}
    }
    Ok(Verdict::OnItsPort)
}
