//! A fresh database per test, kept when the test fails; and records to put into it.

use std::net::SocketAddr;
use std::path::PathBuf;

use bytes::Bytes;
use model::{
    Artifact, ArtifactId, ArtifactPart, ArtifactSource, Completeness, Direction, DnsQuery, Ending,
    Event, EventRecord, Flow, FlowClosed, FlowId, FlowName, Hashes, Layer, NameSource, OrigDst,
    Payload, Record, Run, RunClosed, RunId, SensorId, Timestamp, Transport, Victim,
};
use store::{Committed, ReadError, Reader, Writer, WriterSettings};
use tempfile::TempDir;

/// A folder of its own for one test.
pub(crate) struct Fresh {
    folder: Option<TempDir>,
}

impl Fresh {
    pub(crate) fn new() -> Self {
        Self { folder: Some(tempfile::tempdir().unwrap()) }
    }

    pub(crate) fn folder(&self) -> PathBuf {
        self.folder.as_ref().unwrap().path().to_owned()
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder().join("records.db")
    }

    pub(crate) fn writer(&self) -> Writer {
        Writer::open(self.path(), WriterSettings::default()).unwrap()
    }

    pub(crate) fn reader(&self) -> Reader {
        Reader::open(self.path()).unwrap()
    }

    /// A database with these records, closed again.
    pub(crate) fn with(records: &[Record]) -> Self {
        let fresh = Self::new();
        let _ = write(&mut fresh.writer(), records);
        fresh
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let kept = self.folder.take().map(TempDir::keep);
            eprintln!("the database is kept in {kept:?}");
        }
    }
}

pub(crate) fn write(writer: &mut Writer, records: &[Record]) -> Committed {
    writer.commit(records).unwrap()
}

/// Takes a row that is handed over.
type Visit<'a, R> = &'a mut dyn FnMut(R) -> Result<(), ReadError>;

/// Every row that a reading hands over.
pub(crate) fn gathered<R>(read: impl FnOnce(Visit<'_, R>) -> Result<(), ReadError>) -> Vec<R> {
    let mut rows = Vec::new();
    read(&mut |row| {
        rows.push(row);
        Ok(())
    })
    .unwrap();
    rows
}

pub(crate) const VICTIM: &str = "10.0.0.7";

/// Seconds after the beginning of the story.
pub(crate) fn at(seconds: f64) -> Timestamp {
    let beginning = Timestamp::parse("2026-11-24T09:30:00Z").unwrap();
    Timestamp::from_micros(beginning.as_micros() + (seconds * 1e6) as i64)
}

pub(crate) fn run_id() -> RunId {
    "0197f300-0000-7000-8000-000000000001".parse().unwrap()
}

pub(crate) fn run() -> Record {
    Record::RunOpened(Run {
        id: run_id(),
        sensor: SensorId::from_bytes([2; 16]),
        started: at(0.0),
        subject: "./sample.bin".to_owned(),
    })
}

pub(crate) fn run_closed(seconds: f64) -> Record {
    Record::RunClosed(RunClosed { run: run_id(), stopped: at(seconds) })
}

pub(crate) fn flow_id(number: u16) -> FlowId {
    format!("0197f3aa-{number:04x}-7000-8000-00000000000f").parse().unwrap()
}

pub(crate) fn tcp(number: u16, seconds: f64, to: &str) -> Record {
    flow(number, seconds, Transport::Tcp, (VICTIM, to))
}

pub(crate) fn udp(number: u16, seconds: f64, to: &str) -> Record {
    flow(number, seconds, Transport::Udp, (VICTIM, to))
}

pub(crate) fn flow(
    number: u16,
    seconds: f64,
    transport: Transport,
    (victim, to): (&str, &str),
) -> Record {
    let victim = SocketAddr::new(victim.parse().unwrap(), 40_000 + number);
    Record::FlowOpened(Flow {
        id: flow_id(number),
        run: run_id(),
        opened: at(seconds),
        transport,
        victim: Victim::new(victim),
        orig_dst: OrigDst::new(to.parse().unwrap()),
    })
}

pub(crate) fn closed(number: u16, seconds: f64, protocol: Option<&'static str>) -> Record {
    Record::FlowClosed(FlowClosed {
        flow: flow_id(number),
        closed: at(seconds),
        protocol,
        ending: Ending::Finished,
        bytes_from_victim: 11,
        bytes_to_victim: 22,
        unstored: None,
    })
}

pub(crate) fn said(number: u16, seconds: f64, offset: u64, bytes: &[u8]) -> Record {
    payload(number, seconds, (Direction::FromVictim, offset), bytes)
}

pub(crate) fn answered(number: u16, seconds: f64, offset: u64, bytes: &[u8]) -> Record {
    payload(number, seconds, (Direction::ToVictim, offset), bytes)
}

fn payload(
    number: u16,
    seconds: f64,
    (direction, offset): (Direction, u64),
    bytes: &[u8],
) -> Record {
    Record::Payload(Payload {
        flow: flow_id(number),
        time: at(seconds),
        direction,
        layer: Layer::Wire,
        offset,
        bytes: Bytes::copy_from_slice(bytes),
    })
}

/// Bytes of a part, at most.
const PART: usize = 4_096;

/// The one file of a flow: its parts, and what is known of it.
pub(crate) fn taken(number: u16, seconds: f64, bytes: &[u8]) -> Vec<Record> {
    let parts = bytes.chunks(PART).zip(0_u64..);
    let parts =
        parts.map(|(part, place)| artifact_part(number, seconds, place * PART as u64, part));
    parts.chain([artifact(number, seconds, bytes)]).collect()
}

pub(crate) fn artifact_part(number: u16, seconds: f64, offset: u64, bytes: &[u8]) -> Record {
    Record::ArtifactPart(ArtifactPart {
        artifact: artifact_id(number),
        run: run_id(),
        flow: flow_id(number),
        time: at(seconds),
        offset,
        bytes: Bytes::copy_from_slice(bytes),
    })
}

pub(crate) fn artifact(number: u16, seconds: f64, bytes: &[u8]) -> Record {
    Record::Artifact(Box::new(Artifact {
        id: artifact_id(number),
        flow: flow_id(number),
        opened: at(seconds),
        closed: at(seconds + 0.1),
        source: ArtifactSource::HttpRequestBody,
        direction: Direction::FromVictim,
        name: Some("report.docx".to_owned()),
        media_type: Some("image/png".to_owned()),
        file_type: Some("zip"),
        bytes: bytes.len() as u64,
        hashes: Hashes { sha256: sha256(bytes), sha1: [1; 20], md5: [2; 16] },
        part_of: None,
        completeness: Completeness::Whole,
    }))
}

pub(crate) fn artifact_id(number: u16) -> ArtifactId {
    format!("0197f3ab-{number:04x}-7000-8000-00000000000f").parse().unwrap()
}

/// Stands for the hash of these bytes: their beginning. The store calculates none.
pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    let byte = |place: usize| bytes.get(place).copied().unwrap_or(0);
    std::array::from_fn(byte)
}

pub(crate) fn event(number: u16, seconds: f64, event: Event) -> Record {
    Record::Event(EventRecord {
        run: run_id(),
        flow: Some(flow_id(number)),
        time: at(seconds),
        event,
    })
}

pub(crate) fn named(number: u16, seconds: f64, name: &str, source: NameSource) -> Record {
    event(number, seconds, Event::Named(FlowName { name: name.to_owned(), source }))
}

pub(crate) fn query(name: &str) -> DnsQuery {
    DnsQuery {
        name: name.to_owned(),
        query_type: 1,
        query_class: 1,
        response_code: Some(0),
        answers: vec!["198.51.100.9".to_owned()],
    }
}

pub(crate) fn asked(number: u16, seconds: f64, name: &str) -> Record {
    event(number, seconds, Event::Dns(query(name)))
}
