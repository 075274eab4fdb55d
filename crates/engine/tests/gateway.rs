//! A whole gateway on loopback: what comes in through its doors is in the database when it stopped.

#![expect(clippy::unwrap_used, reason = "a failure here is a failed test")]
#![expect(clippy::disallowed_types, reason = "the test is the victim")]

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::path::Path;
use std::time::Duration;

use engine::{Clock, Doors, Entrance, Gateway, IdSource, Limits, Settings};
use kernel::sockets::How;
use model::{Persona, Run, RunId, SensorId};
use proto::Responses;
use store::{DataRow, Filter, FlowRow, Limited, ReadError, Reader, Writer, WriterSettings};

/// A gateway that `REDIRECT` rules of the user's own would feed; without them, victims mean us.
fn start(folder: &Path) -> (Gateway, SocketAddr) {
    let address = free_address();
    let entrance =
        Entrance { addresses: vec![address], how: How::Redirected, tapped: Vec::new(), workers: 2 };
    let doors = Doors::open(&entrance).unwrap();
    let writer = Writer::open(folder.join("records.db"), WriterSettings::default()).unwrap();
    (Gateway::start(settings(), doors, writer).unwrap(), address)
}

/// A port that is free for TCP now; nobody else on this machine is given it so soon again.
fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
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
        persona: Persona {
            seed: [7; 16],
            host: "srv".to_owned(),
            http_server: "nginx".to_owned(),
            dns_version: "9.18".to_owned(),
        },
        responses: Responses {
            dns: proto::dns::Answers::default(),
            line_bytes: 8_192,
            head_bytes: 65_536,
        },
        limits: Limits {
            open_flows: 10_000,
            open_flows_per_victim: 10_000,
            stored_bytes_per_flow: 1 << 30,
            idle_tcp: Duration::from_secs(60),
            idle_udp: Duration::from_secs(60),
            life_time: Duration::from_secs(600),
        },
        queue_bytes: 1 << 20,
        gather: Duration::from_millis(10),
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
