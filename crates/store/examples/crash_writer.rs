//! Writes flows until it is killed: `crash_writer FILE`, for the test in `tests/store/crash.rs`.
//!
//! After each commit it prints how many flows are in the database.

use std::error::Error;
use std::io::{Write, stdout};
use std::net::{Ipv4Addr, SocketAddr};

use bytes::Bytes;
use model::{
    Direction, Ending, Flow, FlowClosed, FlowId, Layer, OrigDst, Payload, Record, Run, RunId,
    SensorId, Timestamp, Transport, Victim,
};
use store::{Writer, WriterSettings};

const RUN: RunId = RunId::from_bytes([1; 16]);

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args_os().nth(1).ok_or("usage: crash_writer FILE")?;
    let mut writer = Writer::open(path, WriterSettings::default())?;
    let _ = writer.commit(&[run()])?;
    for number in 1_u64.. {
        let _ = writer.commit(&flow(number))?;
        writeln!(stdout(), "{number}")?;
        stdout().flush()?;
    }
    Ok(())
}

fn run() -> Record {
    Record::RunOpened(Run {
        id: RUN,
        sensor: SensorId::from_bytes([2; 16]),
        started: Timestamp::from_micros(0),
        subject: "crash_writer".to_owned(),
    })
}

/// A whole flow of five bytes.
fn flow(number: u64) -> [Record; 3] {
    let id = FlowId::from_bytes(u128::from(number).to_be_bytes());
    let time = Timestamp::from_micros(number.cast_signed());
    let victim = SocketAddr::new(Ipv4Addr::new(10, 0, 0, 7).into(), 40_000);
    let meant = SocketAddr::new(Ipv4Addr::new(203, 0, 113, 9).into(), 443);
    let opened = Record::FlowOpened(Flow {
        id,
        run: RUN,
        opened: time,
        transport: Transport::Tcp,
        victim: Victim::new(victim),
        orig_dst: OrigDst::new(meant),
    });
    let payload = Record::Payload(Payload {
        flow: id,
        time,
        direction: Direction::FromVictim,
        layer: Layer::Wire,
        offset: 0,
        bytes: Bytes::from_static(b"hello"),
    });
    let closed = Record::FlowClosed(FlowClosed {
        flow: id,
        closed: time,
        protocol: None,
        ending: Ending::Finished,
        bytes_from_victim: 5,
        bytes_to_victim: 0,
        unstored: None,
    });
    [opened, payload, closed]
}
