//! Connections as the recorder commits them: six rows each, with names, ports and ids that differ.

use std::net::{Ipv4Addr, SocketAddr};
use std::ops::Range;

use bytes::Bytes;
use model::{
    Basis, Direction, DnsQuery, Ending, Event, EventRecord, Flow, FlowClosed, FlowId, Layer,
    OrigDst, Payload, Record, Run, RunId, SensorId, Timestamp, Transport, Victim,
};

/// What all of them belong to.
pub(crate) fn run() -> Run {
    Run {
        id: RunId::from_bytes([1; 16]),
        sensor: SensorId::from_bytes([2; 16]),
        started: time(0),
        subject: "bench".to_owned(),
    }
}

/// The records of connections with these numbers.
pub(crate) fn connections(numbers: Range<u64>) -> Vec<Record> {
    numbers.flat_map(connection).collect()
}

fn connection(number: u64) -> [Record; 6] {
    const SENT: &[u8] = b"GET / HTTP/1.1\r\nHost: update.example.com\r\nUser-Agent: a\r\n\r\n";
    const ANSWERED: &[u8] = &[7; 300];
    let flow = flow_id(number);
    let query = DnsQuery {
        name: format!("n{number}.example.com"),
        query_type: 1,
        query_class: 1,
        response_code: Some(0),
        answers: vec!["93.184.216.34".to_owned()],
    };
    [
        Record::FlowOpened(opening(number)),
        payload(number, Direction::FromVictim, SENT),
        payload(number, Direction::ToVictim, ANSWERED),
        event(number, Event::Dns(query)),
        event(number, Event::Recognised { protocol: "http", by: Basis::Content }),
        Record::FlowClosed(FlowClosed {
            flow,
            closed: time(number),
            protocol: Some("http"),
            ending: Ending::Finished,
            bytes_from_victim: SENT.len() as u64,
            bytes_to_victim: ANSWERED.len() as u64,
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

fn payload(number: u64, direction: Direction, bytes: &'static [u8]) -> Record {
    Record::Payload(Payload {
        flow: flow_id(number),
        time: time(number),
        direction,
        layer: Layer::Wire,
        offset: 0,
        bytes: Bytes::from_static(bytes),
    })
}

fn event(number: u64, event: Event) -> Record {
    let flow = Some(flow_id(number));
    Record::Event(EventRecord { run: run().id, flow, time: time(number), event })
}

/// Sortable by time and spread below that, like real ids.
fn flow_id(number: u64) -> FlowId {
    let spread = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    FlowId::from_bytes((u128::from(number) << 64 | u128::from(spread)).to_be_bytes())
}

fn time(number: u64) -> Timestamp {
    Timestamp::from_micros(1_790_000_000_000_000 + number.cast_signed())
}
