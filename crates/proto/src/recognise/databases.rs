//! Databases and caches.

use crate::Carrier::Stream;
use crate::Verdict;

use super::reader::{Judged, Reader, require};
use super::{Signature, marked, shaped};

pub(super) const SIGNATURES: &[Signature] = &[
    marked("tds", Stream, &[1433], tds),
    marked("oracle-tns", Stream, &[1521, 1522, 1526], oracle),
    marked("cassandra", Stream, &[9042], cassandra),
    marked("aerospike", Stream, &[3000], aerospike),
    marked("zookeeper", Stream, &[2181], zookeeper),
    marked("drda", Stream, &[50000, 446], drda),
    marked("firebird", Stream, &[3050], firebird),
    marked("neo4j", Stream, &[7687], bolt),
    shaped("zookeeper", Stream, &[2181], four_letters),
];

/// A packet header (MS-TDS §2.2.3) before a login: what is offered (§2.2.6.5, whose first option
/// says the version) or the login itself (§2.2.6.4).
fn tds(head: &mut Reader<'_>) -> Judged {
    let kind = head.byte_of(&[0x01, 0x02, 0x10, 0x12])?;
    head.byte_in(0..=1)?;
    head.big16(9..=0x7fff)?;
    head.literal(&[0, 0])?;
    head.byte_in(0..=1)?;
    head.literal(&[0])?;
    match kind {
        0x12 => head.literal(&[0, 0])?,
        0x10 => {
            head.little32(36..=0x0002_0000)?;
            head.take(3)?;
            head.byte_in(0x70..=0x74)?;
        }
        _ => return Ok(Verdict::OnItsPort),
    }
    Ok(Verdict::Yes)
}

/// CONNECT: no checksums, and a version not below the one that is still understood.
fn oracle(head: &mut Reader<'_>) -> Judged {
    head.big16(34..=4_096)?;
    head.literal(&[0, 0, 1])?;
    head.byte()?;
    head.literal(&[0, 0])?;
    let version = head.big16(300..=330)?;
    head.big16(200..=version)?;
    Ok(Verdict::Yes)
}

/// A request frame: version 3 to 5, STARTUP or OPTIONS (CQL binary protocol §2).
fn cassandra(head: &mut Reader<'_>) -> Judged {
    head.byte_in(1..=5)?;
    head.byte_of(&[0x00, 0x10])?;
    head.big16(0..=0x7fff)?;
    match head.byte_of(&[0x01, 0x05])? {
        0x05 => head.literal(&[0; 4])?,
        _ => {
            head.big32(15..=512)?;
            head.literal(&[0])?;
            head.byte_in(1..=5)?;
        }
    }
    Ok(Verdict::Yes)
}

/// Version 2, a type, a length of six bytes, and for requests of information their names.
fn aerospike(head: &mut Reader<'_>) -> Judged {
    head.literal(&[2])?;
    let kind = head.byte_in(1..=4)?;
    head.literal(&[0, 0])?;
    head.big32(0..=0x0010_0000)?;
    match kind {
        1 => {
            let text = head.byte()?;
            require(text.is_ascii_lowercase() || text == b'\n')?;
        }
        2 => head.literal(&[0, 0])?,
        3 => head.literal(&[22])?,
        _ => {}
    }
    Ok(Verdict::Yes)
}

/// A connect request: length 44 or 45, version 0, no transaction seen, a time, no session.
fn zookeeper(head: &mut Reader<'_>) -> Judged {
    head.big32(44..=45)?;
    head.literal(&[0; 4])?;
    head.take(8)?;
    head.big32(1..=0x000f_ffff)?;
    Ok(Verdict::Yes)
}

/// A word of four letters.
fn four_letters(head: &mut Reader<'_>) -> Judged {
    head.word(&["ruok", "stat", "srvr", "conf", "cons", "envi", "mntr", "dump", "isro", "wchs"])?;
    Ok(Verdict::OnItsPort)
}

/// A DSS header with its magic, then EXCSAT (DRDA volume 3).
fn drda(head: &mut Reader<'_>) -> Judged {
    head.big16(10..=0x7fff)?;
    head.literal(&[0xd0])?;
    head.byte()?;
    head.take(2)?;
    head.take(2)?;
    head.literal(&[0x10, 0x41])?;
    Ok(Verdict::Yes)
}

/// op_connect, op_attach, the version of connections.
fn firebird(head: &mut Reader<'_>) -> Judged {
    head.literal(&[0, 0, 0, 1, 0, 0, 0, 19])?;
    head.big32(2..=3)?;
    Ok(Verdict::Yes)
}

/// The magic of Bolt, then four versions.
fn bolt(head: &mut Reader<'_>) -> Judged {
    head.literal(&[0x60, 0x60, 0xb0, 0x17])?;
    Ok(Verdict::Yes)
}
