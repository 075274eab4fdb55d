//! How other programs of this kind lose evidence: each defect has a test that it is not ours.
//!
//! The numbers are fixed; what each is about is said at its test.

use serde_json::json;
use testkit::load::Load;
use testkit::programs::{python, python_value, start};
use testkit::{Direction, Gateway, status, wait_until};

const SINKGATE: &str = env!("CARGO_BIN_EXE_sinkgate");

/// A program peeks, and closes without an event when too little came in time: silent clients,
/// clients of protocols in which the server speaks first, and payloads of 4 to 15 bytes are lost.
#[test]
#[ignore = "end to end: needs root"]
fn defect_1_silent_clients_and_short_payloads_are_recorded() {
    let Some(gateway) = Gateway::start(SINKGATE, &[], &[]) else { return };
    let said = python_value(
        &gateway.network.victim,
        r"
import json, socket
held, said = [], []
for length in range(0, 20):
    for port in 25, 31337:
        s = socket.create_connection(('203.0.113.9', port))
        s.sendall(b'0123456789abcdefghij'[:length])
        held.append(s)
        said.append(dict(dst_port=port, length=length))
for s in held: s.settimeout(1)
still_open = 0
for s in held:
    s.setblocking(False)
    try: still_open += s.recv(1) != b''
    except BlockingIOError: still_open += 1
print(json.dumps([still_open, sorted(said, key=lambda row: (row['dst_port'], row['length']))]))
import sys; sys.stdout.flush()
",
    );
    assert_eq!(said[0], 40, "a connection was closed because it said too little");
    gateway.database.expect(
        "SELECT dst_port, (SELECT coalesce(sum(length), 0) FROM payload
             WHERE payload.flow = flow.seq AND direction = 0) AS length
         FROM flow ORDER BY dst_port, length",
        &said[1],
    );
}

/// A program stores `data[:length % 1024]`: of 1,024 bytes nothing, of 1,500 only 476. And it
/// stops reading at the first short read.
#[test]
#[ignore = "end to end: needs root"]
fn defect_2_payloads_of_any_length_and_in_any_pieces_are_whole() {
    let Some(gateway) = Gateway::start(SINKGATE, &[], &[]) else { return };
    let sent = python_value(
        &gateway.network.victim,
        r"
import json, random, socket
sent = []
for length in 1023, 1024, 1025, 1500, 2048, 65536, 65537:
    bytes = random.Random(length).randbytes(length)
    s = socket.create_connection(('203.0.113.9', 1000 + length % 60000))
    s.sendall(bytes); s.shutdown(socket.SHUT_WR)
    while s.recv(9): pass
    sent.append(dict(length=length, bytes=bytes.hex().upper()))
print(json.dumps(sent))
",
    );
    gateway.database.expect(
        "SELECT bytes_from_victim AS length, (SELECT group_concat(hex(bytes), '') FROM (
             SELECT bytes FROM payload WHERE payload.flow = flow.seq ORDER BY offset)) AS bytes
         FROM flow JOIN flow_end ON flow_end.flow = flow.seq ORDER BY length",
        &sent,
    );
    // A request in pieces that arrive one by one.
    python(
        &gateway.network.victim,
        r"
import socket, fcntl, struct, termios
s = socket.create_connection(('203.0.113.9', 8080))
s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
for byte in b'GET /in-pieces HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n':
    s.send(bytes([byte]))
    while struct.unpack('i', fcntl.ioctl(s, termios.TIOCOUTQ, b'    '))[0]: pass
answer = b''
while piece := s.recv(9999): answer += piece
assert answer.startswith(b'HTTP/1.1 200'), answer
",
    );
    gateway.database.expect(
        "SELECT count(*) AS ended FROM flow_end JOIN flow ON flow.seq = flow WHERE dst_port = 8080",
        &json!([{"ended": 1}]),
    );
    let said = gateway.database.stream(Direction::FromVictim, "dst_port = 8080");
    assert!(said.starts_with(b"GET /in-pieces HTTP/1.1\r\n") && said.ends_with(b"\r\n\r\n"));
}

/// A program hands a part of one shared buffer on, which the next datagram overwrites; and cuts
/// datagrams at 1,024 bytes.
#[test]
#[ignore = "end to end: needs root"]
fn defect_3_datagrams_in_a_burst_keep_their_own_bytes() {
    let Some(gateway) = Gateway::start(SINKGATE, &[], &[]) else { return };
    python(
        &gateway.network.victim,
        r"
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for burst in range(20):
    for number in range(50):
        s.sendto(b'%04d' % (burst * 50 + number) * 350, ('203.0.113.9', 5000 + number))
",
    );
    gateway.database.expect(
        "SELECT count(*) AS datagrams, count(DISTINCT bytes) AS different, sum(length) AS bytes,
             sum(hex(bytes) = replace(printf('%350s', ''), ' ', hex(substr(bytes, 1, 4))))
             AS whole FROM payload",
        &json!([{"datagrams": 1_000, "different": 1_000, "bytes": 1_400_000, "whole": 1_000}]),
    );
}

/// A program remembers connections by source address and port alone, so a scan from one port is
/// all said to be for its first destination.
#[test]
#[ignore = "end to end: needs root"]
fn defect_4_a_scan_from_one_source_port_keeps_its_destinations() {
    let Some(gateway) = Gateway::start(SINKGATE, &[], &[]) else { return };
    python(
        &gateway.network.victim,
        r"
import socket
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.bind(('', 5555))
held = []
for port in range(1, 201):
    u.sendto(b'%d' % port, ('203.0.113.9', port))
    t = socket.socket(); t.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    t.bind(('', 5555)); t.connect(('203.0.113.9', port)); t.sendall(b'%d' % port)
    held.append(t)
",
    );
    gateway.database.expect(
        "SELECT transport, count(*) AS flows, sum(CAST(bytes AS TEXT) = dst_port) AS right,
             min(victim_port) AS lowest, max(victim_port) AS highest
         FROM flow JOIN payload ON payload.flow = flow.seq
         WHERE direction = 0 GROUP BY transport ORDER BY transport",
        &json!([
            {"transport": 6, "flows": 200, "right": 200, "lowest": 5555, "highest": 5555},
            {"transport": 17, "flows": 200, "right": 200, "lowest": 5555, "highest": 5555},
        ]),
    );
}

/// A program grows with every connection it ever had, and keeps sockets of those that failed.
#[test]
#[ignore = "end to end: needs root"]
fn defect_5_nothing_grows_with_connections_that_are_over() {
    let Some(gateway) = Gateway::start(SINKGATE, &[], &[]) else { return };
    let server = gateway.server();
    let visit = |count: u32| {
        let talks = Load::FULL
            .connections(&gateway.network.victim, count, |number| vec![7; number as usize % 99]);
        assert_eq!(talks.len(), count as usize);
    };
    let ended = |count: i64| {
        wait_until("all are ended", || {
            gateway.database.number("SELECT count(*) FROM flow_end") == count
        });
    };
    let memory = || -> u64 {
        let size = status(server, "VmRSS").unwrap();
        size.split(' ').next().unwrap().parse().unwrap()
    };
    let sockets = || std::fs::read_dir(format!("/proc/{server}/fd")).unwrap().count();
    visit(5_000);
    ended(5_000);
    let before = (memory(), sockets());
    visit(10_000);
    ended(15_000);
    let grown = memory().saturating_sub(before.0);
    assert!(grown < 8 * 1_024, "{grown} KiB for 10,000 connections that are over");
    wait_until("their sockets are closed", || sockets() <= before.1 + 4);
}

/// A program leaves out sources with private addresses, and writes 1.2.3.4 for its own address in
/// what it stores.
#[test]
#[ignore = "end to end: needs root"]
fn defect_6_private_addresses_are_recorded_and_our_own_stays_in_the_payload() {
    let Some(gateway) = Gateway::start(SINKGATE, &[], &[]) else { return };
    python(
        &gateway.network.victim,
        r"
import socket
s = socket.create_connection(('10.66.0.1', 8080))
s.sendall(b'GET /10.66.0.1 HTTP/1.1\r\nHost: 10.66.0.1\r\nConnection: close\r\n\r\n')
while s.recv(9999): pass
",
    );
    gateway.database.expect(
        "SELECT victim, dst, protocol FROM flow JOIN flow_end ON flow_end.flow = flow.seq",
        &json!([{"victim": "10.66.0.2", "dst": "10.66.0.1", "protocol": "http"}]),
    );
    let said = gateway.database.stream(Direction::FromVictim, "dst_port = 8080");
    let expected = b"GET /10.66.0.1 HTTP/1.1\r\nHost: 10.66.0.1\r\nConnection: close\r\n\r\n";
    assert_eq!(said, expected);
    let event = "SELECT details ->> 'target' AS target FROM event WHERE kind = 'http.request'";
    gateway.database.expect(event, &json!([{"target": "/10.66.0.1"}]));
}

/// A program starts one thread per event, without bound; tries once, in no order.
#[test]
#[ignore = "end to end: needs root"]
fn defect_7_while_the_database_is_held_up_records_wait_in_order() {
    let Some(gateway) = Gateway::start(SINKGATE, &[], &[]) else { return };
    while_held_up(&gateway, || {
        python(
            &gateway.network.victim,
            r"
import socket
for number in range(300):
    s = socket.create_connection(('203.0.113.9', 31337)); s.sendall(b'%04d' % number); s.close()
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for number in range(300): u.sendto(b'%04d' % number, ('203.0.113.9', 31338))
",
        );
    });
    gateway.database.expect(
        "SELECT count(*) AS flows, (SELECT group_concat(CAST(bytes AS TEXT), '') FROM (
             SELECT bytes FROM payload JOIN flow ON flow.seq = payload.flow
             WHERE transport = 17 ORDER BY payload.seq)) AS said FROM flow",
        &json!([{
            "flows": 301,
            "said": (0..300).map(|number| format!("{number:04}")).collect::<String>(),
        }]),
    );
    gateway.database.expect(
        "SELECT count(DISTINCT bytes) AS said FROM payload JOIN flow ON flow.seq = payload.flow
         WHERE transport = 6",
        &json!([{"said": 300}]),
    );
}

/// Programs suppress what the database complains about, or give up after some tries.
#[test]
#[ignore = "end to end: needs root"]
fn defect_8_a_database_that_refuses_is_heard_of_and_tried_again() {
    let Some(mut gateway) = Gateway::start(SINKGATE, &[], &[]) else { return };
    while_held_up(&gateway, || {
        python(
            &gateway.network.victim,
            "import socket
s = socket.create_connection(('203.0.113.9', 31337)); s.sendall(b'once'); s.close()",
        );
        wait_until("the log says so", || gateway.log().contains("cannot write"));
    });
    gateway
        .database
        .expect("SELECT CAST(bytes AS TEXT) AS said FROM payload", &json!([{"said": "once"}]));
    gateway.stop();
    let counters = gateway.counters();
    assert_eq!(counters["records_lost"], 0);
    assert_eq!(counters["records_queued"], counters["records_committed"]);
}

/// Somebody holds the database's lock for writing while this happens.
fn while_held_up(gateway: &Gateway, happens: impl FnOnce()) {
    let held = gateway.folder.file("held");
    let script = format!(
        "import sqlite3, time
connection = sqlite3.connect('{}', isolation_level=None, timeout=20)
connection.execute('BEGIN IMMEDIATE'); open('{}', 'w').close(); time.sleep(1000)",
        gateway.database.path().display(),
        held.display()
    );
    let holder = start(&gateway.network.gateway, "python3", &["-c", &script]);
    wait_until("the database is held", || held.exists());
    happens();
    drop(holder);
}

/// A program writes one of n log lines: of 6,400 requests some 400.
#[test]
#[ignore = "end to end: needs root"]
fn defect_9_the_same_request_many_times_is_many_rows() {
    let Some(gateway) = Gateway::start(SINKGATE, &[], &[]) else { return };
    python(
        &gateway.network.victim,
        r"
import http.client
connection = http.client.HTTPConnection('203.0.113.9', 8080, timeout=20)
for _ in range(6_400):
    connection.request('GET', '/same')
    connection.getresponse().read()
",
    );
    gateway.database.expect(
        "SELECT count(*) AS requests FROM event
         WHERE kind = 'http.request' AND details ->> 'target' = '/same'",
        &json!([{"requests": 6_400}]),
    );
}

/// A kernel log that is limited to some lines per second is no recorder.
#[test]
#[ignore = "end to end: needs root"]
fn defect_10_a_burst_of_any_protocol_is_recorded_to_the_last_packet() {
    let Some(gateway) = Gateway::start(SINKGATE, &[], &[]) else { return };
    python(
        &gateway.network.victim,
        r"
import socket
gre = socket.socket(socket.AF_INET, socket.SOCK_RAW, 47)
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for number in range(1_000):
    gre.sendto(b'%d' % number, ('203.0.113.9', 0))
    udp.sendto(b'%d' % number, ('203.0.113.9', 1 + number))
    socket.create_connection(('203.0.113.9', 1 + number)).close()
",
    );
    let per_transport = "SELECT transport, count(DISTINCT dst_port) AS ports FROM flow
        WHERE transport IN (6, 17, 47) GROUP BY transport ORDER BY transport";
    gateway.database.expect(
        per_transport,
        &json!([
            {"transport": 6, "ports": 1_000},
            {"transport": 17, "ports": 1_000},
            {"transport": 47, "ports": 1},
        ]),
    );
    let packets = "SELECT count(DISTINCT bytes) AS packets FROM payload
        JOIN flow ON flow.seq = payload.flow WHERE transport = 47";
    gateway.database.expect(packets, &json!([{"packets": 1_000}]));
}
