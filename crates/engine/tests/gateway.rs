//! A whole gateway on loopback: what comes in through its doors is in the database when it stopped.

#![expect(clippy::unwrap_used, reason = "a failure here is a failed test")]
#![expect(clippy::disallowed_types, reason = "the test is the victim")]

use std::collections::BTreeSet;
use std::fs;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::path::Path;
use std::time::Duration;

use engine::{
    Authority, ClientCertificates, Clock, Doors, Entrance, Gateway, IdSource, Limits, LogSettings,
    ProgramLimits, REMEMBERED_FLOWS, Settings, TlsSettings, ToldStart, ToldTime,
};
use kernel::confined::{Confinement, Network};
use kernel::sockets::How;
use model::{CertificateAuthority, Counter, Ending, Persona, Run, RunId, SensorId};
use proto::Responses;
use store::{
    DataRow, EventRow, Filter, FlowRow, Limited, ReadError, Reader, Writer, WriterSettings,
};

/// A gateway that `REDIRECT` rules of the user's own would feed; without them, victims mean us.
fn start(folder: &Path) -> (Gateway, SocketAddr) {
    let address = free_address();
    let entrance =
        Entrance { addresses: vec![address], how: How::Redirected, tapped: Vec::new(), workers: 2 };
    let doors = Doors::open(&entrance).unwrap();
    let writer = Writer::open(folder.join("records.db"), WriterSettings::default()).unwrap();
    (Gateway::start(settings(), doors, writer).unwrap(), address)
}

/// One that hears log lines, too; where it does is the second address.
fn start_hearing(folder: &Path) -> (Gateway, SocketAddr, SocketAddr) {
    let (address, logs) = (free_address(), free_address());
    let entrance =
        Entrance { addresses: vec![address], how: How::Redirected, tapped: Vec::new(), workers: 2 };
    let log_settings = LogSettings {
        line_bytes: 8_192,
        prefix: "INPUT:SINKHOLE:".to_owned(),
        connections: 2,
        idle: Duration::from_secs(60),
        join_within: Duration::from_secs(60),
        waiting_lines: 1_000,
    };
    let doors = Doors::open(&entrance).unwrap().hear_logs(&[logs], log_settings).unwrap();
    let settings_of_writer =
        WriterSettings { remembered_flows: REMEMBERED_FLOWS, ..WriterSettings::default() };
    let writer = Writer::open(folder.join("records.db"), settings_of_writer).unwrap();
    (Gateway::start(settings(), doors, writer).unwrap(), address, logs)
}

/// A port that is free for TCP now; nobody else on this machine is given it so soon again.
fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// The authority of all tests, which nobody trusts: to make one takes a while.
fn authority() -> Authority {
    Authority::from_files(CertificateAuthority::default(), |file| {
        fs::read(Path::new("tests/authority").join(file))
    })
    .unwrap()
}

fn settings() -> Settings {
    let (ids, started) = (IdSource::new(), Clock::Real.now());
    Settings {
        run: Run {
            id: RunId::from_uuid(ids.next(started)),
            sensor: SensorId::from_uuid(ids.next(started)),
            started,
            subject: "a test".to_owned(),
        },
        told: ToldTime::new(ToldStart::Real, 1, started),
        persona: Persona {
            seed: [7; 16],
            host: "srv".to_owned(),
            http_server: "nginx".to_owned(),
            dns_version: "9.18".to_owned(),
            mail_server: "Postfix".to_owned(),
            public_address: [203, 0, 113, 77].into(),
            authority: CertificateAuthority::default(),
        },
        responses: Responses::default(),
        tls: TlsSettings {
            authority: authority(),
            client_certificates: ClientCertificates::Ignored,
            leaves: 100,
        },
        limits: Limits {
            open_flows: 10_000,
            open_flows_per_victim: 10_000,
            stored_bytes_per_flow: 1 << 30,
            artifact_bytes: 1 << 26,
            artifacts_per_flow: 1_000,
            undecided: Duration::from_secs(2),
            greeting: Duration::from_millis(200),
            guessed_greeting: Duration::from_millis(700),
            idle_tcp: Duration::from_secs(60),
            idle_udp: Duration::from_secs(60),
            life_time: Duration::from_secs(600),
            programs: ProgramLimits {
                at_once: 2,
                time: Duration::from_secs(60),
                waiting_datagrams: 4,
                confinement: Confinement { memory: 1 << 30, network: Network::Ours },
            },
        },
        queue_bytes: 1 << 20,
        gather: Duration::from_millis(10),
        keep: store::Keep::default(),
    }
}

fn flows(folder: &Path) -> Vec<FlowRow> {
    let reader = Reader::open(folder.join("records.db")).unwrap();
    let mut rows = Vec::new();
    reader
        .flows::<ReadError>(&Filter::default(), Limited::All, |row| {
            rows.push(row);
            Ok(())
        })
        .unwrap();
    rows
}

fn events(folder: &Path) -> Vec<EventRow> {
    let reader = Reader::open(folder.join("records.db")).unwrap();
    let mut rows = Vec::new();
    reader
        .events::<ReadError>(&Filter::default(), Limited::All, |row| {
            rows.push(row);
            Ok(())
        })
        .unwrap();
    rows
}

fn data(folder: &Path) -> Vec<DataRow> {
    let reader = Reader::open(folder.join("records.db")).unwrap();
    let mut rows = Vec::new();
    reader
        .data::<ReadError>(&Filter::default(), Limited::All, |row| {
            rows.push(row);
            Ok(())
        })
        .unwrap();
    rows
}

#[test]
fn every_connection_and_datagram_is_in_the_database_once_it_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let (gateway, address) = start(folder.path());
    let mut sent = BTreeSet::new();
    // Kept open: another socket on the same port would go on with the same conversation.
    let mut sockets = Vec::new();
    for number in 0..200 {
        let text = format!("connection {number}");
        TcpStream::connect(address).unwrap().write_all(text.as_bytes()).unwrap();
        sent.insert(text);
        let text = format!("datagram {number}");
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        socket.send_to(text.as_bytes(), address).unwrap();
        sockets.push(socket);
        sent.insert(text);
    }
    gateway.stop();
    let rows = data(folder.path());
    let stored = rows.iter().map(|row| String::from_utf8(row.bytes.clone().unwrap()).unwrap());
    assert_eq!(stored.collect::<BTreeSet<String>>(), sent);
    assert_eq!(flows(folder.path()).len(), 400);
    assert!(flows(folder.path()).iter().all(|flow| flow.end.is_some()));
}

#[test]
fn an_answer_follows_a_half_closed_request() {
    let folder = tempfile::tempdir().unwrap();
    let (gateway, address) = start(folder.path());
    let mut victim = TcpStream::connect(address).unwrap();
    victim.write_all(b"GET / HTTP/1.0\r\n\r\n").unwrap();
    victim.shutdown(Shutdown::Write).unwrap();
    let mut answer = Vec::new();
    victim.read_to_end(&mut answer).unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 200 OK\r\n"), "{}", String::from_utf8_lossy(&answer));
    gateway.stop();
    let flow = &flows(folder.path())[0];
    assert_eq!(flow.context.flow.orig_dst.address(), address);
    assert_eq!(flow.bytes_to_victim, answer.len() as u64);
}

/// glutton closes such connections after 200 ms without a trace.
#[test]
fn defect_1_a_victim_that_says_nothing_leaves_a_row() {
    let folder = tempfile::tempdir().unwrap();
    let (gateway, address) = start(folder.path());
    let victim = TcpStream::connect(address).unwrap();
    gateway.stop();
    drop(victim);
    let flow = &flows(folder.path())[0];
    assert_eq!(flow.bytes_from_victim, 0);
}

/// glutton stores `data[:length % 1024]`, and stops at the first short read.
#[test]
fn defect_2_bytes_are_whole_at_every_length_and_in_every_number_of_pieces() {
    let folder = tempfile::tempdir().unwrap();
    let (gateway, address) = start(folder.path());
    let lengths = [1, 3, 4, 15, 16, 1_023, 1_024, 1_025, 1_500, 2_048, 70_000];
    for length in lengths {
        let bytes: Vec<u8> = (0..length).map(|index| (index % 251) as u8).collect();
        let mut victim = TcpStream::connect(address).unwrap();
        victim.set_nodelay(true).unwrap();
        let (first, second) = bytes.split_at(length / 2);
        victim.write_all(first).unwrap();
        victim.write_all(second).unwrap();
    }
    gateway.stop();
    let mut by_flow: Vec<Vec<u8>> = Vec::new();
    for row in data(folder.path()) {
        if row.offset == 0 {
            by_flow.push(Vec::new());
        }
        by_flow.last_mut().unwrap().extend(row.bytes.unwrap());
    }
    let mut stored: Vec<usize> = by_flow.iter().map(Vec::len).collect();
    stored.sort_unstable();
    assert_eq!(stored, lengths);
    let is_whole =
        |bytes: &Vec<u8>| (0..).zip(bytes).all(|(index, byte)| *byte == (index % 251) as u8);
    assert!(by_flow.iter().all(is_whole));
}

/// What netfilter says of the first packet of a connection.
fn log_line(from: SocketAddr, to: SocketAddr) -> String {
    format!(
        "<4>Nov 20 09:51:00 box kernel: INPUT:SINKHOLE: IN=lo OUT= SRC={} DST={} LEN=60 TTL=64 ID=1 \
         DF PROTO=TCP SPT={} DPT={} WINDOW=65495 RES=0x00 SYN URGP=0 ",
        from.ip(),
        to.ip(),
        from.port(),
        to.port()
    )
}

/// Whichever comes first, over whatever it comes: half of the lines are sent after the connection
/// they are about was made, and half of those when it is over.
#[test]
fn a_connection_and_its_log_line_are_one_flow() {
    let folder = tempfile::tempdir().unwrap();
    let (gateway, address, logs) = start_hearing(folder.path());
    let mut lines = TcpStream::connect(logs).unwrap();
    let datagrams = UdpSocket::bind("127.0.0.1:0").unwrap();
    for number in 0..40 {
        let mut victim = TcpStream::connect(address).unwrap();
        let line = log_line(victim.local_addr().unwrap(), address);
        victim.write_all(b"hello").unwrap();
        if number % 4 == 0 {
            victim.shutdown(Shutdown::Both).unwrap();
        }
        match number % 3 {
            0 => lines.write_all(format!("{line}\n").as_bytes()).unwrap(),
            1 => lines.write_all(format!("{} {line}", line.len()).as_bytes()).unwrap(),
            _ => drop(datagrams.send_to(line.as_bytes(), logs).unwrap()),
        }
    }
    let never: SocketAddr = "10.0.0.7:40000".parse().unwrap();
    datagrams.send_to(log_line(never, address).as_bytes(), logs).unwrap();
    gateway.stop();
    let rows = flows(folder.path());
    assert_eq!(rows.len(), 41);
    let only_logged: Vec<&FlowRow> = rows
        .iter()
        .filter(|row| row.end.as_ref().unwrap().ending == Ending::NeverConnected)
        .collect();
    assert_eq!(only_logged.len(), 1);
    assert_eq!(only_logged[0].context.flow.victim.address(), never);
    let logged: Vec<EventRow> =
        events(folder.path()).into_iter().filter(|row| row.kind == "netfilter.log").collect();
    let of_flows: BTreeSet<String> =
        logged.iter().map(|row| row.context.as_ref().unwrap().flow.id.to_string()).collect();
    assert_eq!((logged.len(), of_flows.len()), (41, 41));
}

#[test]
fn the_log_listener_has_so_many_connections_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let (gateway, _, logs) = start_hearing(folder.path());
    let held: Vec<TcpStream> = (0..2).map(|_| TcpStream::connect(logs).unwrap()).collect();
    let mut refused = TcpStream::connect(logs).unwrap();
    assert_eq!(refused.read(&mut [0; 8]).unwrap_or_default(), 0);
    gateway.stop();
    drop(held);
    let events = events(folder.path());
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].details, r#"{"limit":"syslog.connections"}"#);
}

#[test]
fn lines_that_cannot_be_read_are_counted_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let (gateway, _, logs) = start_hearing(folder.path());
    let mut lines = TcpStream::connect(logs).unwrap();
    lines.write_all(b"<4>INPUT:SINKHOLE: \x1b[2J\xff\n<4>of no interest\n").unwrap();
    lines.shutdown(Shutdown::Write).unwrap();
    assert_eq!(lines.read(&mut [0; 8]).unwrap(), 0);
    let count = |counter| gateway.counters().value(counter);
    let counted = [Counter::LogLines, Counter::LogLinesGarbled, Counter::LogLinesForeign];
    assert_eq!(counted.map(count), [1, 1, 1]);
    gateway.stop();
    assert_eq!(events(folder.path())[0].kind, "netfilter.garbled");
}

#[test]
fn the_log_listener_has_a_port_of_its_own() {
    let address = free_address();
    let entrance =
        Entrance { addresses: vec![address], how: How::Redirected, tapped: Vec::new(), workers: 1 };
    let log_settings = LogSettings {
        line_bytes: 512,
        prefix: "A:".to_owned(),
        connections: 1,
        idle: Duration::from_secs(1),
        join_within: Duration::from_secs(1),
        waiting_lines: 1,
    };
    let refused = Doors::open(&entrance).unwrap().hear_logs(&[address], log_settings);
    assert!(refused.is_err());
}
