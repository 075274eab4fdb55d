use model::{ArtifactSource, Direction, Ending};

use super::*;
use crate::session::Session;
use crate::testing::{LIMITS, QUEUE_BYTES, Stage, end, events, tcp_to};

const FIRST: ArtifactNumber = ArtifactNumber(0);
const SECOND: ArtifactNumber = ArtifactNumber(1);

fn session(stage: &Stage) -> Session {
    Session::open(&stage.around, tcp_to(80)).expect("a permit")
}

fn start(number: ArtifactNumber) -> Keep {
    Keep::Start(ArtifactStart {
        number,
        source: ArtifactSource::HttpRequestBody,
        direction: Direction::FromVictim,
        name: Some("a.bin".to_owned()),
        media_type: None,
        part_of: (number != FIRST).then_some(FIRST),
    })
}

fn bytes(number: ArtifactNumber, bytes: &[u8]) -> Keep {
    Keep::Bytes(number, Bytes::copy_from_slice(bytes))
}

fn ended(number: ArtifactNumber) -> Keep {
    Keep::End(number, Completeness::Whole)
}

fn artifacts(records: &[Record]) -> Vec<&Artifact> {
    let mut artifacts = Vec::new();
    for record in records {
        if let Record::Artifact(artifact) = record {
            artifacts.push(&**artifact);
        }
    }
    artifacts
}

/// The parts of a file, put together by their offsets.
fn content(records: &[Record], of: ArtifactId) -> Vec<u8> {
    let mut all = Vec::new();
    for record in records {
        if let Record::ArtifactPart(part) = record
            && part.artifact == of
        {
            assert_eq!(part.offset, all.len() as u64, "a gap or an overlap");
            all.extend_from_slice(&part.bytes);
        }
    }
    all
}

fn parts(records: &[Record]) -> usize {
    records.iter().filter(|record| matches!(record, Record::ArtifactPart(_))).count()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_file_has_the_hashes_that_everybody_knows_it_by() {
    let stage = Stage::new();
    let mut session = session(&stage);
    for step in [start(FIRST), bytes(FIRST, b"a"), bytes(FIRST, b"bc"), ended(FIRST)] {
        session.keep(step);
    }
    session.close(Ending::Finished);
    let records = stage.records();
    let [artifact] = artifacts(&records)[..] else { panic!("{records:?}") };
    assert_eq!(
        hex(&artifact.hashes.sha256),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
    assert_eq!(hex(&artifact.hashes.sha1), "a9993e364706816aba3e25717850c26c9cd0d89d");
    assert_eq!(hex(&artifact.hashes.md5), "900150983cd24fb0d6963f7d28e17f72");
    assert_eq!((artifact.bytes, artifact.file_type), (3, Some("text")));
    assert_eq!(artifact.completeness, Completeness::Whole);
    assert_eq!((content(&records, artifact.id), parts(&records)), (b"abc".to_vec(), 1));
    assert_eq!(artifact.flow, end(&records).flow);
}

#[test]
fn small_pieces_gather_and_large_ones_go_as_they_are() {
    let stage = Stage::new();
    let mut session = session(&stage);
    session.keep(start(FIRST));
    for _ in 0..PART + 1 {
        session.keep(bytes(FIRST, b"x"));
    }
    assert_eq!(parts(&stage.records()), 1);
    session.keep(ended(FIRST));
    assert_eq!(parts(&stage.records()), 1);
    session.keep(start(SECOND));
    session.keep(bytes(SECOND, &[7; PART]));
    assert_eq!(parts(&stage.records()), 1);
}

#[test]
fn files_may_overlap_and_belong_together() {
    let stage = Stage::new();
    let mut session = session(&stage);
    for step in [
        start(FIRST),
        start(SECOND),
        bytes(FIRST, b"outer"),
        bytes(SECOND, b"inner"),
        ended(SECOND),
        bytes(FIRST, b" more"),
        ended(FIRST),
    ] {
        session.keep(step);
    }
    let records = stage.records();
    let [inner, outer] = artifacts(&records)[..] else { panic!("{records:?}") };
    assert_eq!((inner.part_of, outer.part_of), (Some(outer.id), None));
    assert_eq!(content(&records, inner.id), b"inner");
    assert_eq!(content(&records, outer.id), b"outer more");
}

#[test]
fn what_is_open_when_the_flow_ends_is_cut_and_comes_before_the_end() {
    let stage = Stage::new();
    let mut session = session(&stage);
    session.keep(start(FIRST));
    session.keep(bytes(FIRST, b"half of"));
    drop(session);
    let records = stage.records();
    let [artifact] = artifacts(&records)[..] else { panic!("{records:?}") };
    assert_eq!(artifact.completeness, Completeness::Cut(Cut::FlowEnded));
    assert_eq!(content(&records, artifact.id), b"half of");
    assert_eq!(end(&records).ending, Ending::Stopped);
}

#[test]
fn beyond_the_limit_bytes_are_hashed_and_not_stored() {
    let stage = Stage::new();
    let mut session = session(&stage);
    let whole = [1; 25_000];
    session.keep(start(FIRST));
    whole.chunks(6_000).for_each(|piece| session.keep(bytes(FIRST, piece)));
    session.keep(ended(FIRST));
    let records = stage.records();
    let [artifact] = artifacts(&records)[..] else { panic!("{records:?}") };
    assert_eq!((artifact.bytes, content(&records, artifact.id).len()), (25_000, 10_000));
    assert_eq!(artifact.hashes.sha256, <[u8; 32]>::from(Sha256::digest(whole)));
    assert_eq!(events(&records), [&Event::LimitReached(Limit::ArtifactBytes)]);
    assert_eq!(stage.counters().value(Counter::ArtifactBytes), 10_000);
    assert_eq!(stage.counters().value(Counter::ArtifactBytesUnstored), 15_000);
    assert_eq!(stage.counters().value(Counter::ArtifactsKept), 1);
}

#[test]
fn a_limit_reached_exactly_is_not_exceeded() {
    let stage = Stage::new();
    let mut session = session(&stage);
    session.keep(start(FIRST));
    session.keep(bytes(FIRST, &[1; 10_000]));
    assert!(events(&stage.records()).is_empty());
    session.keep(bytes(FIRST, b"1"));
    assert_eq!(events(&stage.records()), [&Event::LimitReached(Limit::ArtifactBytes)]);
    session.keep(bytes(FIRST, b"1"));
    assert!(events(&stage.records()).is_empty());
}

#[test]
fn too_many_files_are_left_out_and_said_so_once() {
    let stage = Stage::new();
    let mut session = session(&stage);
    for number in (0..5).map(ArtifactNumber) {
        session.keep(start(number));
        session.keep(bytes(number, b"1234"));
        session.keep(ended(number));
    }
    let records = stage.records();
    assert_eq!(artifacts(&records).len(), LIMITS.artifacts_per_flow);
    assert_eq!(events(&records), [&Event::LimitReached(Limit::ArtifactsPerFlow)]);
    assert_eq!(stage.counters().value(Counter::ArtifactBytesUnstored), 8);
}

#[test]
fn numbers_begin_anew_with_another_machine() {
    let stage = Stage::new();
    let mut session = session(&stage);
    session.keep(start(FIRST));
    session.keep(bytes(FIRST, b"left open"));
    session.keep(start(FIRST));
    session.keep(bytes(FIRST, b"another"));
    session.keep(ended(FIRST));
    let records = stage.records();
    let [left, another] = artifacts(&records)[..] else { panic!("{records:?}") };
    assert_eq!(left.completeness, Completeness::Cut(Cut::FlowEnded));
    assert_eq!(content(&records, another.id), b"another");
}

#[test]
fn parts_weigh_in_the_queue_as_payload_does() {
    let limits = crate::limits::Limits { artifact_bytes: u64::MAX, ..LIMITS };
    let stage = Stage::with(limits, QUEUE_BYTES);
    let mut session = session(&stage);
    session.keep(start(FIRST));
    assert!(!stage.is_full());
    session.keep(bytes(FIRST, &[0; QUEUE_BYTES]));
    assert!(stage.is_full());
}
