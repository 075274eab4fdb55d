//! How fast the writer is: `cargo run --release -p store --example write_speed [FOLDER]`.
//!
//! Prints, for each kind of load, records a second and processor time per thing recorded.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a stopwatch for people, which may stop at the first surprise"
)]

use std::error::Error;
use std::io::{Write, stdout};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use bytes::Bytes;
use model::{
    Direction, DnsQuery, Ending, Event, EventRecord, Flow, FlowClosed, FlowId, Layer, OrigDst,
    Payload, Record, Run, RunId, SensorId, Timestamp, Transport, Victim,
};
use nix::time::{ClockId, clock_gettime};
use store::{Writer, WriterSettings};

/// Records a second when a commit every 10 ms has about as many as here.
const LOADS: &[Load] = &[
    Load { name: "short connections", things: 600_000, per_batch: 300, make: short_connection },
    Load { name: "the same, calm", things: 30_000, per_batch: 3, make: short_connection },
    Load { name: "DNS questions", things: 1_000_000, per_batch: 1_000, make: dns_question },
    Load { name: "64 KiB of bulk", things: 20_000, per_batch: 64, make: bulk },
];

struct Load {
    name: &'static str,
    things: u64,
    per_batch: u64,
    make: fn(u64, &mut Vec<Record>),
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).map_or_else(std::env::temp_dir, PathBuf::from);
    writeln!(
        stdout(),
        "{:20} {:>12} {:>12} {:>10} {:>10}",
        "",
        "things/s",
        "µs cpu each",
        "worst ms",
        "MB"
    )?;
    for load in LOADS {
        let path = folder.join("write_speed.db");
        let mut writer = Writer::open(&path, WriterSettings::default())?;
        let measured = measure(load, &mut writer)?;
        drop(writer);
        let megabytes = std::fs::metadata(&path)?.len() >> 20;
        writeln!(
            stdout(),
            "{:20} {:>12.0} {:>12.2} {:>10.1} {megabytes:>10}",
            load.name,
            load.things as f64 / measured.wall.as_secs_f64(),
            measured.processor.as_secs_f64() * 1e6 / load.things as f64,
            measured.worst.as_secs_f64() * 1e3,
        )?;
        std::fs::remove_file(&path)?;
    }
    Ok(())
}

struct Measured {
    wall: Duration,
    processor: Duration,
    worst: Duration,
}

/// Times the commits alone, not the making of the records.
fn measure(load: &Load, writer: &mut Writer) -> Result<Measured, Box<dyn Error>> {
    let _ = writer.commit(&[Record::RunOpened(run())])?;
    let _ = writer.commit(&[Record::FlowOpened(flow(u64::MAX))])?;
    let mut measured =
        Measured { wall: Duration::ZERO, processor: Duration::ZERO, worst: Duration::ZERO };
    let mut batch = Vec::new();
    for number in 0..load.things {
        (load.make)(number, &mut batch);
        if (number + 1) % load.per_batch == 0 {
            let (wall, processor) = (Instant::now(), processor_time());
            let _ = writer.commit(&batch)?;
            measured.wall += wall.elapsed();
            measured.processor += processor_time() - processor;
            measured.worst = measured.worst.max(wall.elapsed());
            batch.clear();
        }
    }
    Ok(measured)
}

fn short_connection(number: u64, batch: &mut Vec<Record>) {
    const SENT: &[u8] = b"GET / HTTP/1.1\r\nHost: update.example.com\r\nUser-Agent: a\r\n\r\n";
    batch.push(Record::FlowOpened(flow(number)));
    batch.push(payload(number, Direction::FromVictim, Bytes::from_static(SENT)));
    batch.push(Record::FlowClosed(FlowClosed {
        flow: flow_id(number),
        closed: time(number),
        protocol: Some("http"),
        ending: Ending::Finished,
        bytes_from_victim: SENT.len() as u64,
        bytes_to_victim: 0,
        unstored: None,
    }));
}

/// All in one conversation, as load generators ask.
fn dns_question(number: u64, batch: &mut Vec<Record>) {
    static MESSAGE: &[u8] = &[7; 60];
    let query = DnsQuery {
        name: format!("n{number}.example.com"),
        query_type: 1,
        query_class: 1,
        response_code: Some(0),
        answers: vec!["93.184.216.34".to_owned()],
    };
    batch.push(payload(u64::MAX, Direction::FromVictim, Bytes::from_static(MESSAGE)));
    batch.push(Record::Event(EventRecord {
        run: run().id,
        flow: Some(flow_id(u64::MAX)),
        time: time(number),
        event: Event::Dns(query),
    }));
    batch.push(payload(u64::MAX, Direction::ToVictim, Bytes::from_static(MESSAGE)));
}

fn bulk(_: u64, batch: &mut Vec<Record>) {
    static PIECE: &[u8] = &[7; 65_536];
    batch.push(payload(u64::MAX, Direction::FromVictim, Bytes::from_static(PIECE)));
}

fn payload(flow: u64, direction: Direction, bytes: Bytes) -> Record {
    Record::Payload(Payload {
        flow: flow_id(flow),
        time: time(flow),
        direction,
        layer: Layer::Wire,
        offset: 0,
        bytes,
    })
}

fn flow(number: u64) -> Flow {
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
        subject: "write_speed".to_owned(),
    }
}

/// Spread like real ids, which end in random bits.
fn flow_id(number: u64) -> FlowId {
    let spread = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    FlowId::from_bytes((u128::from(number) << 64 | u128::from(spread)).to_be_bytes())
}

fn time(number: u64) -> Timestamp {
    Timestamp::from_micros(1_790_000_000_000_000 + (number & 0xffff_ffff) as i64)
}

fn processor_time() -> Duration {
    clock_gettime(ClockId::CLOCK_PROCESS_CPUTIME_ID).unwrap().into()
}
