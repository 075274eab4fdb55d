//! What is neither TCP nor UDP to somebody: echo, other ICMP, any other protocol, groups.

use serde_json::json;
use testkit::programs::{python, run};
use testkit::{Direction, Gateway, unhex};

const SINKGATE: &str = env!("CARGO_BIN_EXE_sinkgate");

#[test]
#[ignore = "end to end: needs root"]
fn any_address_answers_an_echo_and_the_payload_is_recorded() {
    let Some(gateway) = Gateway::start(SINKGATE, &["ping"], &[]) else { return };
    for address in ["198.51.100.200", "8.8.8.8", "10.66.0.1", "2001:db8::7", "fd66::1"] {
        let arguments = ["-c", "2", "-i", "0.2", "-W", "10", "-p", "deadbeef", address];
        let outcome = run(&gateway.network.victim, "ping", &arguments);
        assert!(outcome.stdout.contains(" 0% packet loss"), "{outcome:?}");
    }
    let six = "SELECT dst, transport, sum(direction = 0) AS asked, sum(direction = 1) AS answered,
            min(hex(bytes) LIKE '%DEADBEEFDEADBEEF%') AS is_whole
        FROM flow JOIN payload ON payload.flow = flow.seq GROUP BY dst, transport ORDER BY dst";
    let row = |dst: &str, transport: u8| json!({"dst": dst, "transport": transport, "asked": 2, "answered": 2, "is_whole": 1});
    gateway.database.expect(
        six,
        &json!([
            row("10.66.0.1", 1),
            row("198.51.100.200", 1),
            row("2001:db8::7", 58),
            row("8.8.8.8", 1),
            row("fd66::1", 58),
        ]),
    );
}

#[test]
#[ignore = "end to end: needs root"]
fn other_icmp_is_recorded_and_not_answered() {
    let Some(gateway) = Gateway::start(SINKGATE, &[], &[]) else { return };
    python(
        &gateway.network.victim,
        r"
import socket, struct
def checksum(data):
    total = sum(struct.unpack(f'!{len(data) // 2}H', data))
    total = (total >> 16) + (total & 0xffff)
    return ~(total + (total >> 16)) & 0xffff
# A timestamp request (RFC 792).
body = struct.pack('!HHIII', 7, 1, 12345, 0, 0)
head = struct.pack('!BBH', 13, 0, checksum(b'\x0d\x00\x00\x00' + body))
s = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
s.sendto(head + body, ('203.0.113.9', 0))
",
    );
    gateway.database.expect(
        "SELECT transport, victim, dst, substr(hex(bytes), 1, 4) AS kind, length FROM flow
         JOIN payload ON payload.flow = flow.seq",
        &json!([{
            "transport": 1, "victim": "10.66.0.2", "dst": "203.0.113.9", "kind": "0D00", "length": 20,
        }]),
    );
}

#[test]
#[ignore = "end to end: needs root"]
fn any_other_protocol_is_recorded_with_its_number_and_bytes() {
    let Some(gateway) = Gateway::start(SINKGATE, &[], &[]) else { return };
    python(
        &gateway.network.victim,
        r"
import socket
for number in 2, 47, 50, 89, 132, 253:
    s = socket.socket(socket.AF_INET, socket.SOCK_RAW, number)
    s.sendto(b'four %03d' % number, ('203.0.113.9', 0))
for number in 47, 132, 253:
    s = socket.socket(socket.AF_INET6, socket.SOCK_RAW, number)
    s.sendto(b'six  %03d' % number, ('2001:db8::7', 0))
",
    );
    let row = |transport: u8, said: &str, dst: &str| json!({"transport": transport, "said": format!("{said}{transport:03}"), "dst": dst});
    gateway.database.expect(
        "SELECT transport, CAST(bytes AS TEXT) AS said, dst FROM flow
         JOIN payload ON payload.flow = flow.seq WHERE transport NOT IN (1, 58)
         ORDER BY said",
        &json!([
            row(2, "four ", "203.0.113.9"),
            row(47, "four ", "203.0.113.9"),
            row(50, "four ", "203.0.113.9"),
            row(89, "four ", "203.0.113.9"),
            row(132, "four ", "203.0.113.9"),
            row(253, "four ", "203.0.113.9"),
            row(47, "six  ", "2001:db8::7"),
            row(132, "six  ", "2001:db8::7"),
            row(253, "six  ", "2001:db8::7"),
        ]),
    );
}

#[test]
#[ignore = "end to end: needs root"]
fn what_is_meant_for_a_group_or_for_everybody_is_recorded() {
    let Some(gateway) = Gateway::start(SINKGATE, &["dig"], &[]) else { return };
    python(
        &gateway.network.victim,
        r"
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
s.sendto(b'everybody', ('255.255.255.255', 67))
s.sendto(b'all of this link', ('10.66.0.255', 137))
s.sendto(b'M-SEARCH', ('239.255.255.250', 1900))
s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
s.sendto(b'all nodes', ('ff02::1', 1900, 0, socket.if_nametoindex('v0')))
",
    );
    gateway.database.expect(
        "SELECT dst, dst_port, CAST(bytes AS TEXT) AS said FROM flow
         JOIN payload ON payload.flow = flow.seq WHERE transport = 17 ORDER BY said",
        &json!([
            {"dst": "239.255.255.250", "dst_port": 1900, "said": "M-SEARCH"},
            {"dst": "ff02::1", "dst_port": 1900, "said": "all nodes"},
            {"dst": "10.66.0.255", "dst_port": 137, "said": "all of this link"},
            {"dst": "255.255.255.255", "dst_port": 67, "said": "everybody"},
        ]),
    );
    // A question to a group is understood all the same.
    let question = ["-p", "5353", "@224.0.0.251", "+tries=1", "+time=1", "printer.local", "A"];
    let _ = run(&gateway.network.victim, "dig", &question);
    gateway.database.expect(
        "SELECT name, response_code FROM dns_query",
        &json!([{"name": "printer.local", "response_code": null}]),
    );
}

#[test]
#[ignore = "end to end: needs root"]
fn the_bytes_of_a_packet_are_what_follows_its_ip_header() {
    let Some(gateway) = Gateway::start(SINKGATE, &[], &[]) else { return };
    python(
        &gateway.network.victim,
        r"
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_RAW, 47)
s.sendto(bytes(range(256)) * 5, ('203.0.113.9', 0))
s.setsockopt(socket.IPPROTO_IP, socket.IP_OPTIONS, b'\x94\x04\x00\x00')
s.sendto(b'behind options', ('203.0.113.10', 0))
",
    );
    gateway.database.expect(
        "SELECT dst, length FROM flow JOIN payload ON payload.flow = flow.seq
         WHERE transport = 47 ORDER BY dst",
        &json!([{"dst": "203.0.113.10", "length": 14}, {"dst": "203.0.113.9", "length": 1280}]),
    );
    let bytes = |dst: &str| {
        gateway.database.stream(Direction::FromVictim, &format!("transport = 47 AND dst = '{dst}'"))
    };
    assert_eq!(bytes("203.0.113.9"), unhex(&hex_of_all_bytes().repeat(5)));
    assert_eq!(bytes("203.0.113.10"), b"behind options");
}

fn hex_of_all_bytes() -> String {
    (0..=255).map(|byte: u8| format!("{byte:02x}")).collect()
}
