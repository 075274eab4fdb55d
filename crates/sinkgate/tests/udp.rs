//! UDP: every port and both families, answers from where the question went, whole datagrams.

use serde_json::json;
use testkit::Gateway;
use testkit::programs::{python, python_value, run};

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
for family, addresses in (
    (socket.AF_INET, ('203.0.113.9', '10.66.0.1', '8.8.8.8')),
    (socket.AF_INET6, ('2001:db8::7', 'fd66::1')),
):
    for address in addresses:
        for port in 1, 69, 123, 4711, 9999, 65535:
            s = socket.socket(family, socket.SOCK_DGRAM)
            s.connect((address, port))
            said = f'to {address} {port}'
            s.send(said.encode())
            victim, victim_port = s.getsockname()[:2]
            sent.append(dict(victim=victim, victim_port=victim_port, dst=address, dst_port=port, said=said))
print(json.dumps(sorted(sent, key=lambda row: (row['dst'], row['dst_port']))))
"#,
    );
    gateway.database.expect(
        "SELECT victim, victim_port, dst, dst_port, CAST(bytes AS TEXT) AS said
         FROM flow JOIN payload ON payload.flow = flow.seq
         WHERE transport = 17 AND direction = 0 ORDER BY dst, dst_port",
        &sent,
    );
}

#[test]
#[ignore = "end to end: needs root"]
fn an_answer_comes_from_the_original_destination() {
    let Some(gateway) = Gateway::start(SINKGATE, &["dig"], &[]) else { return };
    // dig believes only what comes from whom it asked.
    for server in ["@203.0.113.77", "@2001:db8::77", "@10.66.0.1"] {
        let arguments = ["-p", "5353", server, "+short", "+tries=1", "odd-port.example", "A"];
        let outcome = run(&gateway.network.victim, "dig", &arguments);
        let address = outcome.stdout.trim().parse::<std::net::Ipv4Addr>();
        assert!(address.is_ok(), "{server}: {outcome:?}");
    }
    gateway.database.expect(
        "SELECT dst, dst_port, sum(direction = 0) AS asked, sum(direction = 1) AS answered
         FROM flow JOIN payload ON payload.flow = flow.seq GROUP BY flow.seq ORDER BY dst",
        &json!([
            {"dst": "10.66.0.1", "dst_port": 5353, "asked": 1, "answered": 1},
            {"dst": "2001:db8::77", "dst_port": 5353, "asked": 1, "answered": 1},
            {"dst": "203.0.113.77", "dst_port": 5353, "asked": 1, "answered": 1},
        ]),
    );
}

#[test]
#[ignore = "end to end: needs root"]
fn the_longest_datagrams_are_kept_whole() {
    let Some(gateway) = Gateway::start(SINKGATE, &[], &[]) else { return };
    let sums = python_value(
        &gateway.network.victim,
        r"
import json, random, socket
sent = []
for family, address in (socket.AF_INET, '203.0.113.9'), (socket.AF_INET6, '2001:db8::7'):
    for length in 0, 1, 1472, 1473, 9000, 65507:
        bytes = random.Random(length).randbytes(length)
        socket.socket(family, socket.SOCK_DGRAM).sendto(bytes, (address, 7000 + length % 1000))
        sent.append(dict(dst=address, length=length, bytes=bytes.hex().upper()))
print(json.dumps(sorted(sent, key=lambda row: (row['dst'], row['length']))))
",
    );
    gateway.database.expect(
        "SELECT dst, length, hex(bytes) AS bytes FROM flow
         JOIN payload ON payload.flow = flow.seq ORDER BY dst, length",
        &sums,
    );
    gateway.database.assert_consistent();
}

#[test]
#[ignore = "end to end: needs root"]
fn a_conversation_that_is_idle_ends_and_the_next_datagram_begins_another() {
    let arguments = ["--set", "limits.idle_udp=1s"];
    let Some(gateway) = Gateway::start(SINKGATE, &[], &arguments) else { return };
    let say = |word: &str| {
        let script = format!(
            "import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(('0.0.0.0', 5555))
s.sendto(b'{word}', ('203.0.113.9', 4000))"
        );
        python(&gateway.network.victim, &script);
    };
    say("one");
    gateway.database.expect("SELECT ending FROM flow_end", &json!([{"ending": "idle"}]));
    say("two");
    gateway.database.expect(
        "SELECT victim_port, CAST(bytes AS TEXT) AS said FROM flow
         JOIN payload ON payload.flow = flow.seq ORDER BY flow.seq",
        &json!([{"victim_port": 5555, "said": "one"}, {"victim_port": 5555, "said": "two"}]),
    );
}

#[test]
#[ignore = "end to end: needs root"]
fn datagrams_between_the_same_ends_are_one_conversation() {
    let Some(gateway) = Gateway::start(SINKGATE, &[], &[]) else { return };
    python(
        &gateway.network.victim,
        r"
import socket
s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
for count in range(50):
    s.sendto(b'%02d' % count, ('2001:db8::7', 4000))
    s.sendto(b'%02d' % count, ('2001:db8::7', 4001))
",
    );
    gateway.database.expect(
        "SELECT dst_port, group_concat(CAST(bytes AS TEXT), '') = (SELECT
             group_concat(printf('%02d', value), '') FROM (WITH RECURSIVE n(value) AS
             (VALUES (0) UNION ALL SELECT value + 1 FROM n WHERE value < 49) SELECT * FROM n))
             AS is_in_order
         FROM flow JOIN payload ON payload.flow = flow.seq GROUP BY flow.seq ORDER BY dst_port",
        &json!([{"dst_port": 4000, "is_in_order": 1}, {"dst_port": 4001, "is_in_order": 1}]),
    );
    gateway.database.assert_consistent();
}
