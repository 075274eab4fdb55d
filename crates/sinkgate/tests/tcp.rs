//! TCP: every port and both families, every byte both ways, and how it ended.

use serde_json::json;
use testkit::programs::{python, python_value};
use testkit::{Direction, Gateway, Shell};

const SINKGATE: &str = env!("CARGO_BIN_EXE_sinkgate");

#[test]
#[ignore = "end to end: needs root"]
fn every_port_is_taken_and_the_original_destination_is_kept() {
    let Some(gateway) = Gateway::start(SINKGATE, &[], &[]) else { return };
    let sent = python_value(
        &gateway.network.victim,
        r#"
import json, socket
sent = []
for address in '203.0.113.9', '10.66.0.1', '8.8.8.8', '2001:db8::7', 'fd66::1':
    for port in 1, 22, 53, 80, 4711, 9999, 31337, 65535:
        s = socket.create_connection((address, port))
        said = f'to {address} {port}'
        s.sendall(said.encode())
        s.shutdown(socket.SHUT_WR)
        victim, victim_port = s.getsockname()[:2]
        sent.append(dict(victim=victim, victim_port=victim_port, dst=address, dst_port=port, said=said))
        while s.recv(65536): pass
print(json.dumps(sorted(sent, key=lambda row: (row['dst'], row['dst_port']))))
"#,
    );
    gateway.database.expect(
        "SELECT victim, victim_port, dst, dst_port, CAST(bytes AS TEXT) AS said
         FROM flow JOIN payload ON payload.flow = flow.seq
         WHERE transport = 6 AND direction = 0 ORDER BY dst, dst_port",
        &sent,
    );
}

#[test]
#[ignore = "end to end: needs root"]
fn a_connection_that_says_nothing_has_a_row() {
    let Some(gateway) = Gateway::start(SINKGATE, &["nc"], &[]) else { return };
    gateway.network.victim.shell("nc -z -w 5 203.0.113.9 6667; nc -z -w 5 2001:db8::7 6697");
    gateway.database.expect(
        "SELECT dst, dst_port, bytes_from_victim, bytes_to_victim
         FROM flow JOIN flow_end ON flow_end.flow = flow.seq ORDER BY dst",
        &json!([
            {"dst": "2001:db8::7", "dst_port": 6697, "bytes_from_victim": 0, "bytes_to_victim": 0},
            {"dst": "203.0.113.9", "dst_port": 6667, "bytes_from_victim": 0, "bytes_to_victim": 0},
        ]),
    );
}

#[test]
#[ignore = "end to end: needs root"]
fn a_silent_connection_has_a_row_while_it_is_open() {
    let Some(gateway) = Gateway::start(SINKGATE, &["nc"], &[]) else { return };
    let silent =
        testkit::programs::start(&gateway.network.victim, "nc", &["-d", "203.0.113.9", "6667"]);
    gateway.database.expect(
        "SELECT dst_port, (SELECT count(*) FROM flow_end) AS ended FROM flow",
        &json!([{"dst_port": 6667, "ended": 0}]),
    );
    drop(silent);
    gateway.database.expect("SELECT ending FROM flow_end", &json!([{"ending": "finished"}]));
}

#[test]
#[ignore = "end to end: needs root"]
fn a_victim_that_is_done_sending_still_gets_its_answer() {
    let Some(gateway) = Gateway::start(SINKGATE, &[], &[]) else { return };
    let answer = python(
        &gateway.network.victim,
        r"
import socket
s = socket.create_connection(('203.0.113.9', 8081))
s.sendall(b'GET /half HTTP/1.0\r\n\r\n')
s.shutdown(socket.SHUT_WR)
answer = b''
while piece := s.recv(65536): answer += piece
print(answer.hex())
",
    );
    let answer = testkit::unhex(answer.trim());
    assert!(answer.starts_with(b"HTTP/1.1 200 OK\r\n"), "{answer:?}");
    // Who hung up first depends on whether our answer was out before we heard that they are done.
    gateway.database.expect(
        "SELECT ending IN ('finished', 'we-closed') AS is_over, protocol FROM flow_end",
        &json!([{"is_over": 1, "protocol": "http"}]),
    );
    assert_eq!(gateway.database.stream(Direction::ToVictim, "dst_port = 8081"), answer);
}

#[test]
#[ignore = "end to end: needs root"]
fn a_reset_is_noticed() {
    let Some(gateway) = Gateway::start(SINKGATE, &[], &[]) else { return };
    python(
        &gateway.network.victim,
        r"
import socket, struct
for address in '203.0.113.9', '2001:db8::7':
    s = socket.create_connection((address, 4444))
    s.sendall(b'last words')
    # No reset before they are acknowledged: it would overtake them.
    import fcntl, termios
    while struct.unpack('i', fcntl.ioctl(s, termios.TIOCOUTQ, b'    '))[0]: pass
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
    s.close()
",
    );
    gateway
        .database
        .expect("SELECT ending FROM flow_end", &json!([{"ending": "reset"}, {"ending": "reset"}]));
}

#[test]
#[ignore = "end to end: needs root"]
fn both_directions_are_recorded_byte_for_byte() {
    let Some(mut gateway) = Gateway::start(SINKGATE, &[], &[]) else { return };
    let heard = python(
        &gateway.network.victim,
        r"
import random, socket
sent = random.Random(7).randbytes(3_000_000)
s = socket.create_connection(('2001:db8::7', 8080))
s.sendall(b'POST /upload HTTP/1.1\r\nHost: a.example\r\nContent-Length: 3000000\r\n\r\n')
for start in range(0, len(sent), 77_777):
    s.sendall(sent[start:start + 77_777])
s.sendall(b'GET /logo.png HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n')
heard = b''
while piece := s.recv(65536): heard += piece
print(heard.hex())
raw = socket.create_connection(('203.0.113.9', 31337))
raw.sendall(bytes(range(256)) * 2_000)
raw.shutdown(socket.SHUT_WR)
while raw.recv(65536): pass
",
    );
    gateway.stop();
    let sent = python(
        &gateway.network.victim,
        r"
import random
head = b'POST /upload HTTP/1.1\r\nHost: a.example\r\nContent-Length: 3000000\r\n\r\n'
tail = b'GET /logo.png HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n'
print((head + random.Random(7).randbytes(3_000_000) + tail).hex())
",
    );
    let database = &gateway.database;
    let are_equal = |direction, flow, expected: &[u8]| {
        let recorded = database.stream(direction, flow);
        assert_eq!(recorded.len(), expected.len());
        assert!(recorded == expected, "{direction:?} differs");
    };
    are_equal(Direction::FromVictim, "dst_port = 8080", &testkit::unhex(sent.trim()));
    are_equal(Direction::ToVictim, "dst_port = 8080", &testkit::unhex(heard.trim()));
    let raw = (0..=255).collect::<Vec<u8>>().repeat(2_000);
    are_equal(Direction::FromVictim, "dst_port = 31337", &raw);
    are_equal(Direction::ToVictim, "dst_port = 31337", b"");
    database.assert_consistent();
}

#[test]
#[ignore = "end to end: needs root"]
fn netcat_of_both_makes_is_satisfied() {
    let Some(gateway) = Gateway::start(SINKGATE, &["nc", "ncat"], &[]) else { return };
    gateway.network.victim.shell(
        "printf 'NICK one\\r\\n' | timeout 20 nc -N 203.0.113.9 6667
         printf 'NICK two\\r\\n' | timeout 20 nc -N -6 2001:db8::7 6667
         printf 'NICK three\\r\\n' | timeout 20 ncat --send-only 203.0.113.9 6668",
    );
    gateway.database.expect(
        "SELECT dst_port, CAST(bytes AS TEXT) AS said FROM flow
         JOIN payload ON payload.flow = flow.seq WHERE direction = 0 ORDER BY flow.opened",
        &json!([
            {"dst_port": 6667, "said": "NICK one\r\n"},
            {"dst_port": 6667, "said": "NICK two\r\n"},
            {"dst_port": 6668, "said": "NICK three\r\n"},
        ]),
    );
}

#[test]
#[ignore = "end to end: needs root"]
fn an_unknown_protocol_is_kept_open_until_it_has_been_idle() {
    let arguments = ["--set", "limits.idle_tcp=1s"];
    let Some(gateway) = Gateway::start(SINKGATE, &[], &arguments) else { return };
    let answer = python(
        &gateway.network.victim,
        r"
import socket
s = socket.create_connection(('203.0.113.9', 31337))
s.sendall(b'\x00\x01\x02knock')
print(len(s.recv(65536)))
",
    );
    assert_eq!(answer.trim(), "0", "nothing is echoed; the other side closes when it is idle");
    gateway.database.expect(
        "SELECT ending, protocol, bytes_from_victim, bytes_to_victim FROM flow_end",
        &json!([
            {"ending": "idle", "protocol": null, "bytes_from_victim": 8, "bytes_to_victim": 0},
        ]),
    );
}

#[test]
#[ignore = "end to end: needs root"]
fn a_busy_connection_ends_with_its_life_time() {
    let arguments = ["--set", "limits.life_time=1s"];
    let Some(gateway) = Gateway::start(SINKGATE, &[], &arguments) else { return };
    python(
        &gateway.network.victim,
        r"
import socket
s = socket.create_connection(('203.0.113.9', 31337))
s.settimeout(0.05)
while True:
    try:
        s.sendall(b'.')
        if s.recv(1) == b'': break
    except TimeoutError: pass
    except OSError: break
",
    );
    gateway.database.expect("SELECT ending FROM flow_end", &json!([{"ending": "life-time"}]));
}

#[test]
#[ignore = "end to end: needs root"]
fn what_is_said_up_to_a_stop_is_recorded() {
    let Some(mut gateway) = Gateway::start(SINKGATE, &[], &[]) else { return };
    let talking = testkit::programs::start(
        &gateway.network.victim,
        "python3",
        &[
            "-c",
            r"
import socket, sys
s = socket.create_connection(('203.0.113.9', 31337))
count = 0
try:
    while True:
        s.sendall(b'%08d' % count)
        count += 1
except OSError: pass
",
        ],
    );
    testkit::wait_until("it talks", || gateway.database.number("SELECT count(*) FROM payload") > 2);
    assert!(gateway.stop().success(), "{}", gateway.log());
    drop(talking);
    let said = gateway.database.stream(Direction::FromVictim, "dst_port = 31337");
    for (count, word) in said.chunks_exact(8).enumerate() {
        assert_eq!(word, format!("{count:08}").as_bytes());
    }
    let ends = gateway.database.rows("SELECT ending FROM flow_end");
    assert_eq!(ends, json!([{"ending": "stopped"}]));
    gateway.database.assert_consistent();
}
