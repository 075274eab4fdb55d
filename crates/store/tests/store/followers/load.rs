//! Records as a busy gateway makes them, and as a hostile victim does.

use std::net::SocketAddr;

use bytes::Bytes;
use model::{
    Artifact, ArtifactId, ArtifactPart, ArtifactSource, Basis, Completeness, Counter,
    CounterReading, Cut, Direction, DnsQuery, Ending, Event, EventRecord, Flow, FlowClosed, FlowId,
    FlowName, Hashes, HttpRequest, Layer, Limit, NameSource, OrigDst, Payload, Record, Run, RunId,
    SensorId, Timestamp, Transport, Unstored, Victim,
};

use crate::support::at;

/// What one sensor has to say.
pub(super) struct Load {
    sensor: u8,
    flows: u64,
}

impl Load {
    pub(super) fn of_sensor(sensor: u8) -> Self {
        Self { sensor, flows: 0 }
    }

    pub(super) fn run(&self) -> Record {
        Record::RunOpened(Run {
            id: self.run_id(),
            sensor: SensorId::from_bytes([self.sensor; 16]),
            started: at(0.0),
            subject: "eth0, a \u{1f600}\u{0}\u{fffd}".to_owned(),
        })
    }

    fn run_id(&self) -> RunId {
        RunId::from_bytes([0x10 + self.sensor; 16])
    }

    /// Some flows with everything that belongs to them.
    pub(super) fn several(&mut self) -> Vec<Record> {
        (0..5)
            .flat_map(|_| self.flow(Transport::Tcp, "10.0.0.7", b"GET / HTTP/1.1\r\n\r\n"))
            .collect()
    }

    /// Flows enough for a batch that takes a while.
    pub(super) fn many(&mut self) -> Vec<Record> {
        (0..40).flat_map(|_| self.flow(Transport::Udp, "10.0.0.7", &[7; 500])).collect()
    }

    /// Bytes and texts that databases stumble over.
    pub(super) fn hostile(&mut self) -> Vec<Record> {
        let mut every: Vec<u8> = (0..=255).collect();
        every.extend_from_slice("\u{1f600}'\"\\`;--\u{0}\u{1a}".as_bytes());
        every.extend_from_slice(b"\xed\xa0\x80\xf8\x88\x80\x80\x80\xc0\x80");
        let mut records = self.flow(Transport::Tcp, "2001:db8::7", &every);
        records.extend(self.flow(Transport::Icmp, "255.255.255.255", b""));
        let body: Vec<u8> =
            (0..16_u32 << 20).map(|place| (place * 7 + place / 251) as u8).collect();
        records.extend(self.flow(Transport::Tcp, "0.0.0.1", &body));
        // Two empty datagrams are at the same place of their flow.
        let mut twice = self.flow(Transport::Udp, "10.0.0.8", b"");
        let empty = twice.iter().position(|record| matches!(record, Record::Payload(_))).unwrap();
        let again = twice.get(empty).unwrap().clone();
        twice.insert(empty, again);
        records.extend(twice);
        records
    }

    /// A flow with texts of 200,000 bytes and more.
    pub(super) fn long_texts(&mut self) -> Vec<Record> {
        let mut records = self.flow(Transport::Tcp, "10.0.0.7", b"");
        let place = records.iter().rposition(|record| matches!(record, Record::Event(_))).unwrap();
        let Record::Event(model) = records.get(place).unwrap().clone() else { unreachable!() };
        let flow = records.iter().find_map(|record| match record {
            Record::FlowOpened(flow) => Some(flow.id),
            _ => None,
        });
        let more =
            long_events().map(|event| Record::Event(EventRecord { event, flow, ..model.clone() }));
        records.splice(place..place, more);
        records
    }

    fn flow(&mut self, transport: Transport, victim: &str, bytes: &[u8]) -> Vec<Record> {
        let number = self.flows;
        self.flows += 1;
        let time = at(1.0 + number as f64 / 1_000.0);
        let flow =
            FlowId::from_bytes((u128::from(self.sensor) << 120 | u128::from(number)).to_be_bytes());
        let mut records = vec![self.opening(flow, (transport, victim), time)];
        records.push(payload(flow, time, Direction::FromVictim, bytes));
        records.push(payload(flow, time, Direction::ToVictim, b"200\0\xff"));
        records.extend(self.file(flow, time, bytes));
        for event in events(number) {
            records.push(Record::Event(EventRecord {
                run: self.run_id(),
                flow: Some(flow),
                time,
                event,
            }));
        }
        let event = Event::LimitReached(Limit::OpenFlows);
        records.push(Record::Event(EventRecord { run: self.run_id(), flow: None, time, event }));
        records.push(ending(flow, time, bytes));
        records.push(self.counters(time, number));
        records
    }

    /// A file of which these bytes are stored and one is not: so none is taken for another.
    fn file(&self, flow: FlowId, time: Timestamp, bytes: &[u8]) -> [Record; 2] {
        let mut sha256 = [self.sensor; 32];
        bytes.iter().zip(&mut sha256).for_each(|(byte, place)| *place = *byte);
        let id = ArtifactId::from_bytes(*flow.as_bytes());
        let part = ArtifactPart {
            artifact: id,
            run: self.run_id(),
            flow,
            time,
            offset: 0,
            bytes: Bytes::copy_from_slice(bytes),
        };
        let artifact = Artifact {
            id,
            flow,
            opened: time,
            closed: time,
            source: ArtifactSource::HttpFormFile,
            direction: Direction::FromVictim,
            name: Some("../\u{1f600}\u{0}'.exe".to_owned()),
            media_type: None,
            file_type: Some("pe"),
            bytes: bytes.len() as u64 + 1,
            hashes: Hashes { sha256, sha1: [0xfe; 20], md5: [0; 16] },
            part_of: (!bytes.is_empty()).then_some(id),
            completeness: Completeness::Cut(Cut::FlowEnded),
        };
        [Record::ArtifactPart(part), Record::Artifact(Box::new(artifact))]
    }

    fn opening(
        &self,
        id: FlowId,
        (transport, victim): (Transport, &str),
        opened: Timestamp,
    ) -> Record {
        Record::FlowOpened(Flow {
            id,
            run: self.run_id(),
            opened,
            transport,
            victim: Victim::new(SocketAddr::new(victim.parse().unwrap(), 65_535)),
            orig_dst: OrigDst::new("[2001:db8::1]:80".parse().unwrap()),
        })
    }

    fn counters(&self, time: Timestamp, value: u64) -> Record {
        let readings = Counter::ALL.map(|counter| CounterReading { counter, value });
        Record::Counters { run: self.run_id(), time, readings: readings.to_vec() }
    }
}

fn payload(flow: FlowId, time: Timestamp, direction: Direction, bytes: &[u8]) -> Record {
    let (layer, bytes) = (Layer::Wire, Bytes::copy_from_slice(bytes));
    Record::Payload(Payload { flow, time, direction, layer, offset: 0, bytes })
}

fn events(number: u64) -> [Event; 4] {
    [
        Event::Named(FlowName {
            name: format!("h\u{f6}st-{number}\u{1f600}.test"),
            source: NameSource::HostHeader,
        }),
        Event::Dns(DnsQuery {
            name: format!("n{number}\\000.test"),
            query_type: 65_535,
            query_class: 1,
            response_code: number.is_multiple_of(2).then_some(3),
            answers: vec!["\"\u{1f600}\\\"".to_owned()],
        }),
        Event::HttpRequest(HttpRequest {
            method: "GE\u{0}T\\u0000".to_owned(),
            target: "/\u{1f600}?'\"\\".to_owned(),
            version: "1.1",
            ..HttpRequest::default()
        }),
        Event::Recognised { protocol: "http", by: Basis::Content },
    ]
}

fn long_events() -> [Event; 4] {
    let long = "a".repeat(200_000);
    [
        Event::Named(FlowName { name: long.clone(), source: NameSource::HostHeader }),
        Event::Dns(DnsQuery {
            name: "long.test".to_owned(),
            query_type: 1,
            query_class: 1,
            response_code: Some(0),
            answers: (0..20_000).map(|number| format!("answer {number}")).collect(),
        }),
        Event::HttpRequest(HttpRequest {
            method: "GET".to_owned(),
            target: "/\u{1f600}".repeat(50_000),
            version: "1.1",
            ..HttpRequest::default()
        }),
        Event::NetfilterGarbled { why: "it is long".into(), line: long },
    ]
}

fn ending(flow: FlowId, closed: Timestamp, bytes: &[u8]) -> Record {
    let unstored = bytes.is_empty().then_some(Unstored {
        limit: Limit::StoredBytesPerFlow,
        bytes: 1 << 40,
        sha256_from_victim: [0xfe; 32],
    });
    Record::FlowClosed(FlowClosed {
        flow,
        closed,
        protocol: unstored.is_none().then_some("http"),
        ending: Ending::Finished,
        bytes_from_victim: bytes.len() as u64,
        bytes_to_victim: 5,
        unstored,
    })
}
