//! How fast the reader is: `cargo run --release -p store --example read_speed [FOLDER]`.
//!
//! Prints, for each thing an analyst may ask of a large database, how long the answer takes.

#![expect(clippy::disallowed_methods, reason = "a stopwatch for people")]

use std::error::Error;
use std::io::{Write, stdout};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Instant;

use bytes::Bytes;
use model::{
    Basis, Direction, DnsQuery, Ending, Event, EventRecord, Flow, FlowClosed, FlowId, FlowName,
    Layer, NameSource, OrigDst, Payload, Record, Run, RunId, SensorId, Timestamp, Transport,
    Victim,
};
use store::{Cursor, Filter, Limited, PayloadBytes, ReadError, Reader, Writer, WriterSettings};

const FLOWS: u64 = 500_000;

/// Pieces of 64 KiB in one flow more.
const PIECES: u64 = 8_000;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).map_or_else(std::env::temp_dir, PathBuf::from);
    let path = folder.join("read_speed.db");
    write(Writer::open(&path, WriterSettings::default())?)?;
    let (flows, megabytes) = (FLOWS, std::fs::metadata(&path)?.len() >> 20);
    writeln!(stdout(), "{flows} flows and questions, {PIECES} pieces of 64 KiB, {megabytes} MB")?;
    let asked = ask(&path);
    std::fs::remove_file(&path)?;
    asked
}

fn ask(path: &PathBuf) -> Result<(), Box<dyn Error>> {
    let any = Filter::default;
    let reader = Reader::open(path)?;
    let flows = |filter: Filter, limit| count(|visit| reader.flows(&filter, limit, |_| visit()));
    let dns =
        |filter: Filter, limit| count(|visit| reader.dns_queries(&filter, limit, |_| visit()));
    let data = |filter: Filter, limit| count(|visit| reader.data(&filter, limit, |_| visit()));
    let twenty = Limited::Newest(20);
    let named = |name: &str| Filter { name: Some(name.to_owned()), ..any() };
    let proto = |proto: &str| Filter { proto: Some(proto.to_owned()), ..any() };
    let grep = Filter { grep: Some(b"no such bytes".to_vec()), ..any() };
    timed("runs", || Ok(reader.runs(&any(), Limited::All)?.len()))?;
    timed("summary", || Ok(reader.summary(RUN)?.map_or(0, |summary| summary.names.len())))?;
    timed("flows", || flows(any(), Limited::All))?;
    timed("flows, newest 20", || flows(any(), twenty))?;
    timed("flows, of no port", || flows(Filter { port: Some(1), ..any() }, Limited::All))?;
    timed("flows, of no name", || flows(named("*.none"), Limited::All))?;
    timed("flows, http, newest 20", || flows(proto("http"), twenty))?;
    timed("flows, of no protocol", || flows(proto("none"), Limited::All))?;
    let one = Filter { flow: Some(flow_id(FLOWS / 2).into()), ..any() };
    timed("flows, by id", || flows(one.clone(), Limited::All))?;
    timed("questions", || dns(any(), Limited::All))?;
    timed("questions, of one name", || dns(named("n4711.example.*"), Limited::All))?;
    timed("data, newest 20", || data(any(), twenty))?;
    timed("data, of one flow", || data(one.clone(), Limited::All))?;
    timed("data", || data(any(), Limited::All))?;
    timed("flows, with bytes none has", || flows(grep.clone(), Limited::All))?;
    follow(reader)
}

fn follow(reader: Reader) -> Result<(), Box<dyn Error>> {
    let mut follower = reader.follow(Cursor::default(), Filter::default(), PayloadBytes::Whole);
    timed("followed from the beginning", || {
        let mut changes = 0;
        loop {
            match follower.next_changes()?.len() {
                0 => return Ok(changes),
                more => changes += more,
            }
        }
    })?;
    timed("followed, nothing new", || Ok(follower.next_changes()?.len()))
}

/// Counts the rows of a reading.
fn count(
    read: impl FnOnce(&mut dyn FnMut() -> Result<(), ReadError>) -> Result<(), ReadError>,
) -> Result<usize, ReadError> {
    let mut rows = 0;
    read(&mut || {
        rows += 1;
        Ok(())
    })?;
    Ok(rows)
}

fn timed(
    what: &str,
    read: impl FnOnce() -> Result<usize, ReadError>,
) -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let rows = read()?;
    let millis = start.elapsed().as_secs_f64() * 1e3;
    Ok(writeln!(stdout(), "{what:30} {rows:>9} rows {millis:>10.1} ms")?)
}

const RUN: RunId = RunId::from_bytes([1; 16]);

fn write(mut writer: Writer) -> Result<(), Box<dyn Error>> {
    let sensor = SensorId::from_bytes([2; 16]);
    let run = Run { id: RUN, sensor, started: time(0), subject: "read_speed".to_owned() };
    let _ = writer.commit(&[Record::RunOpened(run)])?;
    for first in (0..FLOWS).step_by(1_000) {
        let batch: Vec<Record> = (first..first + 1_000).flat_map(story).collect();
        let _ = writer.commit(&batch)?;
    }
    let _ = writer.commit(&[opened(FLOWS)])?;
    static PIECE: &[u8] = &[7; 65_536];
    for piece in 0..PIECES {
        let _ = writer.commit(&[payload(FLOWS, piece * 65_536, Bytes::from_static(PIECE))])?;
    }
    Ok(())
}

/// A question, and a request to what it was about.
fn story(number: u64) -> [Record; 6] {
    const SENT: &[u8] = b"GET / HTTP/1.1\r\nHost: update.example.com\r\nUser-Agent: a\r\n\r\n";
    let name = format!("n{number}.example.com");
    let query = DnsQuery {
        name: name.clone(),
        query_type: 1,
        query_class: 1,
        response_code: Some(0),
        answers: vec!["93.184.216.34".to_owned()],
    };
    [
        opened(number),
        event(number, Event::Named(FlowName { name, source: NameSource::DnsAnswer })),
        event(number, Event::Dns(query)),
        payload(number, 0, Bytes::from_static(SENT)),
        event(number, Event::Recognised { protocol: "http", by: Basis::Content }),
        Record::FlowClosed(FlowClosed {
            flow: flow_id(number),
            closed: time(number),
            protocol: Some("http"),
            ending: Ending::Finished,
            bytes_from_victim: SENT.len() as u64,
            bytes_to_victim: 0,
            unstored: None,
        }),
    ]
}

fn opened(number: u64) -> Record {
    let [.., high, low] = number.to_be_bytes();
    let port = u16::from_be_bytes([high, low]);
    Record::FlowOpened(Flow {
        id: flow_id(number),
        run: RUN,
        opened: time(number),
        transport: Transport::Tcp,
        victim: Victim::new(SocketAddr::new(Ipv4Addr::new(192, 168, 50, 7).into(), port)),
        orig_dst: OrigDst::new(SocketAddr::new(Ipv4Addr::new(203, 0, high, low).into(), 443)),
    })
}

fn payload(number: u64, offset: u64, bytes: Bytes) -> Record {
    Record::Payload(Payload {
        flow: flow_id(number),
        time: time(number),
        direction: Direction::FromVictim,
        layer: Layer::Wire,
        offset,
        bytes,
    })
}

fn event(number: u64, event: Event) -> Record {
    let flow = Some(flow_id(number));
    Record::Event(EventRecord { run: RUN, flow, time: time(number), event })
}

/// Spread like real ids, which end in random bits.
fn flow_id(number: u64) -> FlowId {
    let spread = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    FlowId::from_bytes((u128::from(number) << 64 | u128::from(spread)).to_be_bytes())
}

fn time(number: u64) -> Timestamp {
    Timestamp::from_micros(1_790_000_000_000_000 + number.cast_signed())
}
