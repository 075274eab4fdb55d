//! Log lines and flows, with a simulated clock.

use std::sync::Arc;

use model::{Ending, Event, Flow, FlowClosed, FlowId, Limit, Record, Transport};
use tokio::io::{AsyncWriteExt, DuplexStream, duplex};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio::time::advance;

use super::desk::Desk;
use super::stream::Connection;
use super::*;
use crate::session::{Session, Whom};
use crate::testing::{LIMITS, Stage, events, tcp_to, victim};

/// A log listener without sockets, and a worker.
struct Hall {
    stage: Stage,
    desk: Desk,
}

impl Hall {
    fn new() -> Self {
        let settings = LogSettings {
            line_bytes: 512,
            prefix: "INPUT:SINKHOLE:".to_owned(),
            connections: 2,
            idle: Duration::from_secs(60),
            join_within: Duration::from_secs(5),
            waiting_lines: 4,
        };
        let announced = Arc::new(Announced::new(&settings, vec![9_999]));
        let stage = Stage::hearing(Arc::clone(&announced));
        let own = vec!["127.0.0.1:5140".parse().unwrap()];
        let desk = Desk::new(stage.around.clone(), announced, &settings, own);
        Self { stage, desk }
    }

    /// Hears of a packet to a port.
    fn hear(&self, port: u16, rest: &str) {
        self.desk.line(line("10.0.0.7", "93.184.216.34", port, rest).as_bytes());
    }

    fn hear_syn(&self, port: u16) {
        self.hear(port, "SYN URGP=0 ");
    }

    fn open(&self, whom: Whom) -> Session {
        Session::open(&self.stage.around, whom).expect("a permit")
    }

    async fn pass(&self, seconds: u64) {
        advance(Duration::from_secs(seconds)).await;
        self.desk.sweep();
    }

    fn count(&self, counter: Counter) -> u64 {
        self.stage.counters().value(counter)
    }
}

fn line(src: &str, dst: &str, port: u16, rest: &str) -> String {
    format!(
        "<4>Nov 20 09:51:00 box kernel: [ 4152.4] INPUT:SINKHOLE: IN=eth0 OUT= SRC={src} DST={dst} \
         LEN=60 TTL=64 ID=1 DF PROTO=TCP SPT=40000 DPT={port} WINDOW=65495 RES=0x00 {rest}"
    )
}

/// The openings, in order.
fn openings(records: &[Record]) -> Vec<&Flow> {
    let opening = records.iter().filter_map(|record| match record {
        Record::FlowOpened(flow) => Some(flow),
        _ => None,
    });
    opening.collect()
}

/// The ends, in order.
fn ends(records: &[Record]) -> Vec<&FlowClosed> {
    let end = records.iter().filter_map(|record| match record {
        Record::FlowClosed(closed) => Some(closed),
        _ => None,
    });
    end.collect()
}

/// Which flow each log line was joined to.
fn joined(records: &[Record]) -> Vec<Option<FlowId>> {
    let mut flows = Vec::new();
    for record in records {
        if let Record::Event(event) = record
            && matches!(event.event, Event::NetfilterLog(_))
        {
            flows.push(event.flow);
        }
    }
    flows
}

#[tokio::test(start_paused = true)]
async fn a_line_that_comes_first_waits_for_its_flow() {
    let hall = Hall::new();
    hall.hear_syn(80);
    let heard = hall.stage.around.recorder.now();
    hall.pass(4).await;
    let session = hall.open(tcp_to(80));
    let flow = session.flow().id;
    session.close(Ending::Finished);
    hall.pass(60).await;
    let records = hall.stage.records();
    assert_eq!((openings(&records).len(), joined(&records)), (1, vec![Some(flow)]));
    let Some(Record::Event(event)) = records.get(1) else { panic!("{records:?}") };
    assert_eq!(event.time, heard, "the time is that of the line");
}

#[tokio::test(start_paused = true)]
async fn a_line_that_comes_second_finds_its_flow() {
    let hall = Hall::new();
    let session = hall.open(tcp_to(80));
    hall.hear_syn(80);
    hall.hear(80, "ACK URGP=0 ");
    let flow = Some(session.flow().id);
    assert_eq!(joined(&hall.stage.records()), [flow, flow]);
    session.close(Ending::Finished);
    hall.pass(3).await;
    hall.hear(80, "ACK FIN URGP=0 ");
    hall.pass(6).await;
    let records = hall.stage.records();
    assert_eq!((joined(&records), openings(&records).len()), (vec![flow], 0));
}

#[tokio::test(start_paused = true)]
async fn a_first_packet_that_never_became_a_connection_is_a_flow() {
    let hall = Hall::new();
    let heard = hall.stage.around.recorder.now();
    hall.hear_syn(80);
    hall.pass(1).await;
    hall.hear_syn(80);
    assert!(hall.stage.records().is_empty(), "it waits");
    hall.pass(4).await;
    hall.pass(3).await;
    hall.hear_syn(80);
    let records = hall.stage.records();
    let [flow] = openings(&records)[..] else { panic!("{records:?}") };
    assert_eq!(Whom::of(flow), tcp_to(80));
    assert_eq!(flow.opened, heard);
    assert_eq!(joined(&records), [Some(flow.id); 3]);
    let [end] = ends(&records)[..] else { panic!("{records:?}") };
    assert_eq!((end.ending, end.bytes_from_victim), (Ending::NeverConnected, 0));
    assert_eq!(hall.count(Counter::FlowsOnlyLogged), 1);
    assert_eq!(hall.count(Counter::FlowsOpened), hall.count(Counter::FlowsClosed));
}

#[tokio::test(start_paused = true)]
async fn the_next_connection_from_the_same_port_is_another_flow() {
    let hall = Hall::new();
    hall.hear_syn(80);
    hall.open(tcp_to(80)).close(Ending::Finished);
    hall.hear_syn(80);
    let session = hall.open(tcp_to(80));
    let flow = session.flow().id;
    session.close(Ending::Finished);
    let records = hall.stage.records();
    let first = openings(&records)[0].id;
    assert_eq!(joined(&records), [Some(first), Some(flow)]);
    hall.pass(60).await;
    assert!(hall.stage.records().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_rule_behind_the_redirection_sees_our_port_and_is_understood() {
    let hall = Hall::new();
    let before = hall.open(tcp_to(80));
    hall.hear_syn(9_999);
    let other = Whom { victim: victim(40_001), ..tcp_to(80) };
    let line = line("10.0.0.7", "10.0.0.1", 9_999, "SYN URGP=0 ").replace("40000", "40001");
    hall.desk.line(line.as_bytes());
    let after = hall.open(other);
    let records = hall.stage.records();
    assert_eq!(joined(&records), [Some(before.flow().id), Some(after.flow().id)]);
}

#[tokio::test(start_paused = true)]
async fn another_destination_is_another_flow() {
    let hall = Hall::new();
    let session = hall.open(tcp_to(80));
    hall.hear_syn(443);
    hall.pass(5).await;
    let records = hall.stage.records();
    assert_eq!(openings(&records).len(), 2);
    assert_ne!(joined(&records), [Some(session.flow().id)]);
}

#[tokio::test(start_paused = true)]
async fn what_the_gateway_answers_is_joined_and_opens_nothing() {
    let hall = Hall::new();
    let session = hall.open(tcp_to(80));
    let answer = |port: u16| {
        format!(
            "INPUT:SINKHOLE: IN= OUT=eth0 SRC=93.184.216.34 DST=10.0.0.7 LEN=60 TTL=64 PROTO=TCP \
             SPT={port} DPT=40000 WINDOW=1 RES=0x00 ACK SYN URGP=0 "
        )
    };
    hall.desk.line(answer(80).as_bytes());
    hall.desk.line(answer(81).as_bytes());
    hall.pass(10).await;
    let records = hall.stage.records();
    assert_eq!(joined(&records), [Some(session.flow().id), None]);
    assert_eq!(openings(&records).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_ping_is_a_flow_without_ports() {
    let hall = Hall::new();
    let ping = "INPUT:SINKHOLE: IN=eth0 OUT= SRC=10.0.0.7 DST=1.2.3.4 LEN=84 TTL=64 ID=1 DF \
                PROTO=ICMP TYPE=8 CODE=0 ID=13118 SEQ=1 ";
    hall.desk.line(ping.as_bytes());
    hall.desk.line(ping.as_bytes());
    hall.desk.finish();
    let records = hall.stage.records();
    let [flow] = openings(&records)[..] else { panic!("{records:?}") };
    assert_eq!((flow.transport, flow.orig_dst.to_string()), (Transport::Icmp, "1.2.3.4:0".into()));
    assert_eq!(joined(&records).len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_flow_that_was_refused_is_not_there_twice() {
    let hall = Hall::new();
    let ports = 1..=LIMITS.open_flows_per_victim as u16;
    let _held: Vec<Session> = ports.map(|port| hall.open(tcp_to(port))).collect();
    hall.hear_syn(80);
    assert!(Session::open(&hall.stage.around, tcp_to(80)).is_none());
    hall.pass(10).await;
    let records = hall.stage.records();
    let [end] = ends(&records)[..] else { panic!("{records:?}") };
    assert_eq!((joined(&records), end.ending), (vec![Some(end.flow)], Ending::Refused));
}

#[tokio::test(start_paused = true)]
async fn when_too_many_lines_wait_the_oldest_waits_no_longer() {
    let hall = Hall::new();
    for port in 1..=6 {
        hall.hear_syn(port);
    }
    let records = hall.stage.records();
    let ports: Vec<u16> = openings(&records).iter().map(|flow| flow.orig_dst.port()).collect();
    assert_eq!(ports, [1, 2]);
    let limit = Event::LimitReached(Limit::LogLinesWaiting);
    assert_eq!(events(&records).iter().filter(|event| **event == &limit).count(), 2);
    hall.pass(5).await;
    assert_eq!(openings(&hall.stage.records()).len(), 4);
}

#[tokio::test(start_paused = true)]
async fn every_kind_of_line_is_counted() {
    let hall = Hall::new();
    let whole = line("10.0.0.7", "1.2.3.4", 80, "SYN URGP=0 ");
    let cut = whole.split_once("DPT=").unwrap().0;
    hall.desk.line(b"<6>Nov 20 09:51:00 box kernel: usb 1-1: new device");
    hall.desk.line(b"<4>Nov 20 09:51:00 box kernel: INPUT:SINKHOLE: \xff\xfe");
    hall.desk.line(cut.as_bytes());
    hall.desk.line(line("127.0.0.1", "127.0.0.1", 5_140, "ACK URGP=0 ").as_bytes());
    let records = hall.stage.records();
    let [Event::NetfilterGarbled { line, .. }, Event::NetfilterLog(packet)] = events(&records)[..]
    else {
        panic!("{records:?}")
    };
    assert!(line.ends_with("SINKHOLE: \u{fffd}\u{fffd}"), "{line}");
    assert_eq!(packet.truncated.as_deref(), Some(cut));
    assert_eq!(packet.host.as_deref(), Some("box"));
    for (counter, expected) in [
        (Counter::LogLines, 3),
        (Counter::LogLinesForeign, 1),
        (Counter::LogLinesGarbled, 1),
        (Counter::LogLinesTruncated, 1),
        (Counter::LogLinesOwn, 1),
    ] {
        assert_eq!(hall.count(counter), expected, "{counter:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_flow_that_ended_long_ago_is_forgotten() {
    let hall = Hall::new();
    hall.open(tcp_to(80)).close(Ending::Finished);
    hall.pass(60).await;
    hall.hear(80, "ACK URGP=0 ");
    hall.pass(5).await;
    assert_eq!(openings(&hall.stage.records()).len(), 2);
}

/// A connection to the log listener, and what reads it.
fn connect(hall: &Hall) -> (DuplexStream, JoinHandle<()>) {
    let (ours, theirs) = duplex(64);
    let permit = Arc::new(Semaphore::new(1)).try_acquire_owned().unwrap();
    let connection = Connection::new(theirs, hall.desk.clone());
    (ours, tokio::spawn(connection.until_over(Duration::from_secs(60), permit)))
}

#[tokio::test(start_paused = true)]
async fn a_stream_is_read_to_its_end_whatever_way_its_lines_end() {
    let hall = Hall::new();
    let (mut sender, reading) = connect(&hall);
    let first = line("10.0.0.7", "1.2.3.4", 80, "SYN URGP=0");
    let second = line("10.0.0.7", "1.2.3.4", 81, "SYN URGP=0");
    let third = line("10.0.0.7", "1.2.3.4", 82, "SYN URGP=0");
    let text = format!("{first}\n{} {second}{third}", second.len());
    sender.write_all(text.as_bytes()).await.unwrap();
    drop(sender);
    reading.await.unwrap();
    hall.desk.finish();
    assert_eq!(openings(&hall.stage.records()).len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_line_that_is_too_long_is_cut_and_said_to_be() {
    let hall = Hall::new();
    let (mut sender, reading) = connect(&hall);
    let long = line("10.0.0.7", "1.2.3.4", 80, &"A".repeat(600));
    let text = format!("{long}\n{long}\n{}\n", line("10.0.0.7", "1.2.3.4", 81, "SYN URGP=0"));
    sender.write_all(text.as_bytes()).await.unwrap();
    drop(sender);
    reading.await.unwrap();
    let records = hall.stage.records();
    assert_eq!(events(&records), [&Event::LimitReached(Limit::LineBytes)]);
    assert_eq!(hall.count(Counter::LogLinesTruncated), 2);
    assert_eq!(hall.count(Counter::LogLines), 3);
}

#[tokio::test(start_paused = true)]
async fn a_sender_that_is_silent_too_long_is_hung_up_on() {
    let hall = Hall::new();
    let (_sender, reading) = connect(&hall);
    reading.await.unwrap();
    let records = hall.stage.records();
    assert_eq!(events(&records), [&Event::LimitReached(Limit::LogIdle)]);
}

#[tokio::test(start_paused = true)]
async fn what_has_arrived_when_we_stop_is_read() {
    let hall = Hall::new();
    let (mut sender, reading) = connect(&hall);
    let text = format!("{}\n", line("10.0.0.7", "1.2.3.4", 80, "SYN URGP=0"));
    hall.stage.stop.throw();
    sender.write_all(text.as_bytes()).await.unwrap();
    reading.await.unwrap();
    hall.desk.finish();
    assert_eq!(openings(&hall.stage.records()).len(), 1);
}
