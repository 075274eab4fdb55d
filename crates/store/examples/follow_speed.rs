//! How fast followers are: `taskset -c 1 cargo run --release -p store --example follow_speed`.
//!
//! Prints, for MariaDB and PostgreSQL, rows a second that a follower far behind carries over while
//! new records keep coming, and rows a second of the server's own bulk loader for the same rows.
//! Server, writer and follower share whatever cores they are given.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a stopwatch for people, which may stop at the first surprise"
)]

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::{Duration, Instant};

use bytes::Bytes;
use model::{
    Direction, DnsQuery, Ending, Event, EventRecord, Flow, FlowClosed, FlowId, Layer, OrigDst,
    Payload, Record, Run, RunId, SensorId, Timestamp, Transport, Victim,
};
use store::follow::{Following, Patience, Reset, Surroundings, Target, prepare};
use store::{Reader, Writer, WriterSettings};
use testkit::servers::{Kind, Server};

/// Connections recorded before the follower begins; six rows each.
const CONNECTIONS: u64 = 100_000;

/// Connections that are recorded together, ten times a second, while it works.
const MEANWHILE: u64 = 100;

/// Tables that the bulk loader is given.
const TABLES: [&str; 4] = ["flow", "payload", "dns_query", "flow_end"];

fn main() {
    println!("{:12} {:>14} {:>14} {:>8}", "", "followed/s", "bulk loader/s", "ratio");
    for kind in Kind::ALL {
        let Some(server) = Server::start(kind) else { continue };
        server.make_database("evidence");
        let followed = followed(&server);
        let loaded = loaded(&server);
        println!(
            "{:12} {followed:>14.0} {loaded:>14.0} {:>8.2}",
            format!("{kind:?}"),
            followed / loaded
        );
    }
}

/// Rows a second of a follower.
fn followed(server: &Server) -> f64 {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("records.db");
    let mut writer = Writer::open(&path, WriterSettings::default()).unwrap();
    let _ = writer.commit(&[Record::RunOpened(run())]).unwrap();
    for first in (0..CONNECTIONS).step_by(300) {
        commit(&mut writer, first..(first + 300).min(CONNECTIONS));
    }
    let target: Target = server.url("evidence").parse().unwrap();
    prepare(&target, Reset::Keep).unwrap();
    let reader = Reader::open(&path).unwrap();
    let (stop, stopped) = sync_channel(1);
    let surroundings = Surroundings { now: || Timestamp::from_micros(0), chance: || 0.5 };
    let following =
        Following::new(&target, &reader, Patience::default(), surroundings, stopped).unwrap();
    let watching = Reader::open(&path).unwrap();
    let is_done = AtomicBool::new(false);
    let start = Instant::now();
    thread::scope(|threads| {
        threads.spawn(|| keep_recording(&mut writer, &is_done));
        let mut stop = Some(stop);
        following.run(&mut |followed| {
            if is_close(&watching, &followed.cursor) {
                stop = None;
                is_done.store(true, Ordering::Relaxed);
            }
        });
    });
    let rows =
        server.ask("evidence", &counts(&["flow", "payload", "dns_query", "flow_end", "event"]));
    rows.trim().parse::<f64>().unwrap() / start.elapsed().as_secs_f64()
}

/// Whether nearly all is carried over, by the flows.
fn is_close(watching: &Reader, cursor: &str) -> bool {
    let place = |json: &str| -> Option<i64> {
        let (_, rest) = json.split_once("\"flow_end\":")?;
        rest.split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok()
    };
    let end = serde_json::to_string(&watching.end().unwrap()).unwrap();
    place(&end).zip(place(cursor)).is_some_and(|(end, reached)| end - reached < 1_000)
}

fn keep_recording(writer: &mut Writer, is_done: &AtomicBool) {
    let mut first = CONNECTIONS;
    while !is_done.load(Ordering::Relaxed) {
        commit(writer, first..first + MEANWHILE);
        first += MEANWHILE;
        thread::park_timeout(Duration::from_millis(100));
    }
}

/// Rows a second of what the server has for loading a great many.
fn loaded(server: &Server) -> f64 {
    let mut took = Duration::ZERO;
    for table in TABLES {
        let file = server.file(table).display().to_string();
        let (away, back) = match server.kind() {
            Kind::MariaDb => (
                format!("SELECT * FROM {table} INTO OUTFILE '{file}' CHARACTER SET binary"),
                format!("LOAD DATA INFILE '{file}' INTO TABLE {table} CHARACTER SET binary"),
            ),
            Kind::Postgres => (
                format!("COPY {table} TO '{file}' (FORMAT binary)"),
                format!("COPY {table} FROM '{file}' (FORMAT binary)"),
            ),
        };
        server.ask("evidence", &away);
        server.ask("evidence", &format!("TRUNCATE TABLE {table}"));
        let start = Instant::now();
        server.ask("evidence", &back);
        took += start.elapsed();
    }
    let rows = server.ask("evidence", &counts(&TABLES));
    rows.trim().parse::<f64>().unwrap() / took.as_secs_f64()
}

fn counts(tables: &[&str]) -> String {
    let counts = tables.iter().map(|table| format!("(SELECT count(*) FROM {table})"));
    format!("SELECT {}", counts.collect::<Vec<_>>().join(" + "))
}

fn commit(writer: &mut Writer, numbers: std::ops::Range<u64>) {
    let records: Vec<Record> = numbers.flat_map(connection).collect();
    let _ = writer.commit(&records).unwrap();
}

fn connection(number: u64) -> [Record; 6] {
    const SENT: &[u8] = b"GET / HTTP/1.1\r\nHost: update.example.com\r\nUser-Agent: a\r\n\r\n";
    let flow = flow_id(number);
    let event = |event| {
        Record::Event(EventRecord { run: run().id, flow: Some(flow), time: time(number), event })
    };
    let payload = |direction, bytes| {
        let (layer, offset) = (Layer::Wire, 0);
        Record::Payload(Payload { flow, time: time(number), direction, layer, offset, bytes })
    };
    let query = DnsQuery {
        name: format!("n{number}.example.com"),
        query_type: 1,
        query_class: 1,
        response_code: Some(0),
        answers: vec!["93.184.216.34".to_owned()],
    };
    [
        Record::FlowOpened(opening(number)),
        payload(Direction::FromVictim, Bytes::from_static(SENT)),
        payload(Direction::ToVictim, Bytes::from_static(&[7; 300])),
        event(Event::Dns(query)),
        event(Event::Recognised { protocol: "http", by: model::Basis::Content }),
        Record::FlowClosed(FlowClosed {
            flow,
            closed: time(number),
            protocol: Some("http"),
            ending: Ending::Finished,
            bytes_from_victim: SENT.len() as u64,
            bytes_to_victim: 300,
            unstored: None,
        }),
    ]
}

fn opening(number: u64) -> Flow {
    let [.., high, low] = number.to_be_bytes();
    let port = u16::from_be_bytes([high, low]);
    Flow {
        id: flow_id(number),
        run: run().id,
        opened: time(number),
        transport: Transport::Tcp,
        victim: Victim::new(SocketAddr::new(Ipv4Addr::new(192, 168, 50, 7).into(), port)),
        orig_dst: OrigDst::new(SocketAddr::new(Ipv4Addr::new(203, 0, high, low).into(), 443)),
    }
}

fn run() -> Run {
    Run {
        id: RunId::from_bytes([1; 16]),
        sensor: SensorId::from_bytes([2; 16]),
        started: time(0),
        subject: "follow_speed".to_owned(),
    }
}

/// Sortable by time and spread below that, like real ids.
fn flow_id(number: u64) -> FlowId {
    let spread = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    FlowId::from_bytes((u128::from(number) << 64 | u128::from(spread)).to_be_bytes())
}

fn time(number: u64) -> Timestamp {
    Timestamp::from_micros(1_790_000_000_000_000 + (number & 0xffff_ffff) as i64)
}
