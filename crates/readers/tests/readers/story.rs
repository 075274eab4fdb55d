//! What a small and a hostile program did, in a database of its own.

use std::path::PathBuf;

use bytes::Bytes;
use model::{
    Artifact, ArtifactId, ArtifactPart, ArtifactSource, Basis, Completeness, Counter,
    CounterReading, Cut, Direction, DnsQuery, Ending, Event, EventRecord, Flow, FlowClosed, FlowId,
    FlowName, Hashes, HttpRequest, Layer, Limit, NameSource, OrigDst, Payload, Record, Run,
    RunClosed, RunId, SensorId, Timestamp, Transport, Unstored, Victim,
};
use store::{Reader, Writer, WriterSettings};
use tempfile::TempDir;

/// A database, kept when the test fails.
pub(crate) struct Story {
    folder: Option<TempDir>,
    writer: Option<Writer>,
}

impl Story {
    /// Without a record.
    pub(crate) fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("records.db");
        let writer = Writer::open(path, WriterSettings::default()).unwrap();
        Self { folder: Some(folder), writer: Some(writer) }
    }

    pub(crate) fn of(records: &[Record]) -> Self {
        let mut story = Self::empty();
        story.goes_on(records);
        story
    }

    pub(crate) fn goes_on(&mut self, records: &[Record]) {
        let _ = self.writer.as_mut().unwrap().commit(records).unwrap();
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.as_ref().unwrap().path().join("records.db")
    }

    pub(crate) fn reader(&self) -> Reader {
        Reader::open(self.path()).unwrap()
    }
}

impl Drop for Story {
    fn drop(&mut self) {
        drop(self.writer.take());
        if std::thread::panicking() {
            let kept = self.folder.take().map(TempDir::keep);
            eprintln!("the database is kept in {kept:?}");
        }
    }
}

/// Milliseconds after the beginning.
pub(crate) fn at(millis: i64) -> Timestamp {
    let beginning = Timestamp::parse("2026-11-24T09:30:00Z").unwrap();
    Timestamp::from_micros(beginning.as_micros() + millis * 1_000)
}

pub(crate) fn run_id() -> RunId {
    "0197f300-0000-7000-8000-000000000001".parse().unwrap()
}

/// A downloader: a name, a request, a talk with something unknown.
pub(crate) fn downloader() -> Vec<Record> {
    const REQUEST: &[u8] = b"GET /stage2.bin HTTP/1.1\r\nHost: update.example.com\r\n\r\n";
    const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    let mut records = started();
    records.extend([
        flow(1, 120, (Transport::Udp, "10.0.0.1:53")),
        payload(1, 121, (Direction::FromVictim, 0), b"\x12\x34question"),
        event(1, 121, Event::Recognised { protocol: "dns", by: Basis::Content }),
        question(1, 121, "update.example.com", &["93.184.216.34"]),
        payload(1, 122, (Direction::ToVictim, 0), b"\x12\x34answer"),
        question(1, 130, "wpad.corp.example", &[]),
        flow(2, 250, (Transport::Tcp, "93.184.216.34:80")),
        named(2, 250, "update.example.com", NameSource::DnsAnswer),
        payload(2, 300, (Direction::FromVictim, 0), REQUEST),
        event(2, 300, Event::Recognised { protocol: "http", by: Basis::Content }),
        named(2, 300, "update.example.com", NameSource::HostHeader),
        payload(2, 301, (Direction::ToVictim, 0), ANSWER),
        event(2, 301, Event::HttpRequest(request())),
        part(2, 302, b"PK\x03\x04 a stolen document"),
        file(2, 302, ("holiday.jpg", "image/jpeg", "zip"), 22),
        ended(2, 1_400, (Some("http"), Ending::Finished), (54, 42_000)),
        flow(3, 2_000, (Transport::Tcp, "198.51.100.200:6667")),
        payload(3, 2_100, (Direction::FromVictim, 0), b"NICK bot\r\nUSER a b"),
        payload(3, 2_150, (Direction::FromVictim, 18), b" c :d\r\n\x00\x01\x02\x7f\xff"),
    ]);
    records
}

/// And its end, with a loss.
pub(crate) fn downloader_ends() -> Vec<Record> {
    let unstored = Unstored {
        limit: Limit::StoredBytesPerFlow,
        bytes: 5_000_000,
        sha256_from_victim: [0xab; 32],
    };
    let mut last = ended(3, 4_000, (None, Ending::ResetByVictim), (5_000_030, 0));
    if let Record::FlowClosed(closed) = &mut last {
        closed.unstored = Some(unstored);
    }
    vec![
        part(3, 2_200, b"half"),
        half_a_file(3, 2_200),
        event(3, 3_000, Event::LimitReached(Limit::StoredBytesPerFlow)),
        last,
        ended(1, 60_122, (Some("dns"), Ending::Idle), (60, 76)),
        counters(&[
            (Counter::FlowsAccepted, 3),
            (Counter::FlowsOpened, 3),
            (Counter::FlowsClosed, 3),
            (Counter::BytesRead, 5_000_144),
            (Counter::ArtifactsKept, 2),
            (Counter::RecordsQueued, 21),
            (Counter::RecordsCommitted, 20),
            (Counter::DatagramsLostInKernel, 7),
        ]),
        Record::RunClosed(RunClosed { run: run_id(), stopped: at(61_000) }),
    ]
}

/// A program that writes at the analyst.
pub(crate) fn hostile() -> Vec<Record> {
    let request = HttpRequest {
        method: "GET".to_owned(),
        target: "/\u{1b}]0;owned\u{7}\u{9b}2J\u{202e}gpj.exe".to_owned(),
        version: "1.1",
        host: Some("=cmd|' /C calc'!A0".to_owned()),
        status: 200,
        ..HttpRequest::default()
    };
    let mut records = started();
    records.extend([
        flow(1, 100, (Transport::Tcp, "[2001:db8::1]:80")),
        named(1, 100, "=HYPERLINK(\"http://a\")\r\n\u{1b}[2J", NameSource::HostHeader),
        payload(
            1,
            101,
            (Direction::FromVictim, 0),
            b"\x1b[2J\x9b2J\r\nforged\rline \xe2\x80\xae\n",
        ),
        event(1, 102, Event::HttpRequest(request)),
        question(1, 103, "\u{1b}[31m=1+1.example", &["-v \u{85}"]),
        part(1, 150, b"\x1b[2J\x9b"),
        file(1, 150, ("=1+1\u{1b}[2J\u{202e}gpj.exe\r\n", "\u{9b}31m/@x", "text"), 5),
        ended(1, 200, (Some("http"), Ending::Finished), (20, 0)),
    ]);
    records
}

fn started() -> Vec<Record> {
    vec![Record::RunOpened(Run {
        id: run_id(),
        sensor: SensorId::from_bytes([2; 16]),
        started: at(0),
        subject: "./sample.bin --quiet".to_owned(),
    })]
}

fn flow_id(number: u16) -> FlowId {
    format!("0197f3aa-{number:04x}-7000-8000-00000000000f").parse().unwrap()
}

pub(crate) fn flow(number: u16, millis: i64, (transport, to): (Transport, &str)) -> Record {
    let victim = format!("10.0.0.7:{}", 40_000 + number);
    Record::FlowOpened(Flow {
        id: flow_id(number),
        run: run_id(),
        opened: at(millis),
        transport,
        victim: Victim::new(victim.parse().unwrap()),
        orig_dst: OrigDst::new(to.parse().unwrap()),
    })
}

pub(crate) fn payload(
    number: u16,
    millis: i64,
    (direction, offset): (Direction, u64),
    bytes: &'static [u8],
) -> Record {
    Record::Payload(Payload {
        flow: flow_id(number),
        time: at(millis),
        direction,
        layer: Layer::Wire,
        offset,
        bytes: Bytes::from_static(bytes),
    })
}

fn part(number: u16, millis: i64, bytes: &'static [u8]) -> Record {
    Record::ArtifactPart(ArtifactPart {
        artifact: artifact_id(number),
        run: run_id(),
        flow: flow_id(number),
        time: at(millis),
        offset: 0,
        bytes: Bytes::from_static(bytes),
    })
}

/// The file of a flow: what it was called, what it was said to be, what it is.
fn file(
    number: u16,
    millis: i64,
    (name, media_type, file_type): (&str, &str, &'static str),
    bytes: u64,
) -> Record {
    Record::Artifact(Box::new(Artifact {
        id: artifact_id(number),
        flow: flow_id(number),
        opened: at(millis),
        closed: at(millis + 40),
        source: ArtifactSource::HttpFormFile,
        direction: Direction::FromVictim,
        name: Some(name.to_owned()),
        media_type: Some(media_type.to_owned()),
        file_type: Some(file_type),
        bytes,
        hashes: Hashes { sha256: [0xa0 + number as u8; 32], sha1: [0xb1; 20], md5: [0xc2; 16] },
        part_of: None,
        completeness: Completeness::Whole,
    }))
}

/// A file whose end never came, and of which a limit kept out some.
fn half_a_file(number: u16, millis: i64) -> Record {
    let Record::Artifact(mut half) = file(number, millis, ("", "", ""), 5_000_000) else {
        unreachable!()
    };
    (half.name, half.media_type, half.file_type) = (None, None, None);
    half.source = ArtifactSource::HttpRequestBody;
    half.completeness = Completeness::Cut(Cut::FlowEnded);
    Record::Artifact(half)
}

fn artifact_id(number: u16) -> ArtifactId {
    format!("0197f3ab-{number:04x}-7000-8000-00000000000f").parse().unwrap()
}

fn ended(
    number: u16,
    millis: i64,
    (protocol, ending): (Option<&'static str>, Ending),
    (sent, got): (u64, u64),
) -> Record {
    Record::FlowClosed(FlowClosed {
        flow: flow_id(number),
        closed: at(millis),
        protocol,
        ending,
        bytes_from_victim: sent,
        bytes_to_victim: got,
        unstored: None,
    })
}

fn event(number: u16, millis: i64, event: Event) -> Record {
    let flow = Some(flow_id(number));
    Record::Event(EventRecord { run: run_id(), flow, time: at(millis), event })
}

fn named(number: u16, millis: i64, name: &str, source: NameSource) -> Record {
    event(number, millis, Event::Named(FlowName { name: name.to_owned(), source }))
}

fn question(number: u16, millis: i64, name: &str, answers: &[&str]) -> Record {
    let query = DnsQuery {
        name: name.to_owned(),
        query_type: 1,
        query_class: 1,
        response_code: Some(if answers.is_empty() { 3 } else { 0 }),
        answers: answers.iter().map(|answer| (*answer).to_owned()).collect(),
    };
    event(number, millis, Event::Dns(query))
}

fn request() -> HttpRequest {
    HttpRequest {
        method: "GET".to_owned(),
        target: "/stage2.bin".to_owned(),
        version: "1.1",
        host: Some("update.example.com".to_owned()),
        status: 200,
        ..HttpRequest::default()
    }
}

fn counters(readings: &[(Counter, u64)]) -> Record {
    let reading =
        |(counter, value): &(Counter, u64)| CounterReading { counter: *counter, value: *value };
    let readings = readings.iter().map(reading).collect();
    Record::Counters { run: run_id(), time: at(61_000), readings }
}
