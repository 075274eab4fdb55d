//! DNS, asked by dig: whatever server, whatever type, over UDP and TCP.

#![expect(clippy::unwrap_used, reason = "a failure here is a failed test")]

use std::net::{IpAddr, Ipv4Addr};

use serde_json::{Value, json};
use testkit::programs::{Outcome, python, run};
use testkit::{Gateway, Network, wait_until};

const SINKGATE: &str = env!("CARGO_BIN_EXE_sinkgate");

fn start(arguments: &[&str]) -> Option<Gateway> {
    Gateway::start(SINKGATE, &["dig"], arguments)
}

fn dig(gateway: &Gateway, line: &str) -> Outcome {
    let words: Vec<&str> = line.split(' ').collect();
    let outcome = run(&gateway.network.victim, "dig", &words);
    assert!(outcome.status.success(), "dig {line}: {outcome:?}");
    outcome
}

/// What dig prints of the answers alone.
fn short(gateway: &Gateway, line: &str) -> String {
    dig(gateway, &format!("+short {line}")).stdout.trim().to_owned()
}

fn address(gateway: &Gateway, line: &str) -> IpAddr {
    let answer = short(gateway, line);
    let address = answer.parse();
    assert!(address.is_ok(), "{line}: {answer:?}");
    address.unwrap()
}

#[test]
#[ignore = "end to end: needs root"]
fn every_usual_type_is_answered_over_udp_and_tcp_and_recorded() {
    let Some(gateway) = start(&[]) else { return };
    let questions = [
        ("A", 1, "everything.example"),
        ("AAAA", 28, "everything.example"),
        ("NS", 2, "everything.example"),
        ("SOA", 6, "everything.example"),
        ("MX", 15, "everything.example"),
        ("TXT", 16, "everything.example"),
        ("SRV", 33, "_sip._udp.everything.example"),
        ("CAA", 257, "everything.example"),
        ("ANY", 255, "everything.example"),
    ];
    for (word, number, name) in questions {
        for (server, way) in [("203.0.113.53", "+notcp"), ("2001:db8::53", "+tcp")] {
            let answer = short(&gateway, &format!("{way} @{server} {name} {word}"));
            assert!(!answer.is_empty(), "{word} {way}");
            gateway.database.expect(
                &format!(
                    "SELECT name, query_type, query_class, response_code,
                         answers <> '[]' AS has_answers
                     FROM dns_query JOIN flow ON flow.seq = dns_query.flow
                     WHERE query_type = {number} AND dst = '{server}'"
                ),
                &json!([{
                    "name": name, "query_type": number, "query_class": 1, "response_code": 0,
                    "has_answers": 1,
                }]),
            );
        }
    }
}

#[test]
#[ignore = "end to end: needs root"]
fn types_that_a_name_does_not_have_are_no_error() {
    let Some(gateway) = start(&[]) else { return };
    for word in ["CNAME", "HTTPS", "SVCB", "DS", "NAPTR", "TYPE65280"] {
        let outcome = dig(&gateway, &format!("@203.0.113.53 everything.example {word}"));
        assert!(outcome.stdout.contains("status: NOERROR"), "{word}: {outcome:?}");
    }
}

#[test]
#[ignore = "end to end: needs root"]
fn what_is_recorded_is_what_dig_was_told() {
    let Some(gateway) = start(&[]) else { return };
    let four = short(&gateway, "@203.0.113.53 told.example A");
    let mail = short(&gateway, "@203.0.113.53 told.example MX");
    gateway.database.expect(
        "SELECT query_type, answers FROM dns_query ORDER BY query_type",
        &json!([
            {"query_type": 1, "answers": json!([four]).to_string()},
            {"query_type": 15, "answers": json!([mail]).to_string()},
        ]),
    );
}

#[test]
#[ignore = "end to end: needs root"]
fn a_server_says_its_version_and_never_ours() {
    let Some(gateway) = start(&["--set", "persona.dns_version=9.18.28"]) else { return };
    let version = short(&gateway, "@203.0.113.53 version.bind TXT CH");
    assert_eq!(version, "\"9.18.28\"");
    let odd = dig(&gateway, "@203.0.113.53 version.bind TXT HS");
    assert!(odd.stdout.contains("status: REFUSED"), "{odd:?}");
}

#[test]
#[ignore = "end to end: needs root"]
fn a_name_keeps_its_address_on_every_ask_and_after_a_restart() {
    let Some(mut gateway) = start(&[]) else { return };
    let four = address(&gateway, "@203.0.113.53 kept.example A");
    let six = address(&gateway, "@203.0.113.53 kept.example AAAA");
    let other = address(&gateway, "@203.0.113.53 other.example A");
    assert_ne!(four, other, "every name has an address of its own");
    let is_kept = |gateway: &Gateway| {
        for server in ["@10.66.0.1", "@8.8.8.8", "@2001:db8::53", "+tcp @9.9.9.9"] {
            assert_eq!(address(gateway, &format!("{server} kept.example A")), four);
            assert_eq!(address(gateway, &format!("{server} KEPT.example AAAA")), six);
        }
    };
    is_kept(&gateway);
    gateway.stop();
    gateway.begin();
    // Another name first: the order of asking decides nothing.
    let _ = address(&gateway, "@203.0.113.53 another.example A");
    is_kept(&gateway);
    assert_eq!(address(&gateway, "@203.0.113.53 other.example A"), other);
}

#[test]
#[ignore = "end to end: needs root"]
fn an_address_given_survives_a_crash() {
    let Some(mut gateway) = start(&[]) else { return };
    let four = address(&gateway, "@203.0.113.53 crash.example A");
    wait_until("the address is on disk", || {
        gateway.database.number("SELECT count(*) FROM given_address") == 1
    });
    gateway.kill();
    gateway.begin();
    assert_eq!(address(&gateway, "@203.0.113.53 crash.example A"), four);
}

#[test]
#[ignore = "end to end: needs root"]
fn a_later_flow_to_an_address_given_carries_its_name() {
    let Some(mut gateway) = start(&[]) else { return };
    let four = address(&gateway, "@203.0.113.53 c2.example A");
    let six = address(&gateway, "@203.0.113.53 c2.example AAAA");
    let call = |gateway: &Gateway| {
        let script = format!(
            "import socket
for a in '{four}', '{six}':
    s = socket.create_connection((a, 4444)); s.sendall(b'hello'); s.close()
for f, a in (socket.AF_INET, '{four}'), (socket.AF_INET6, '{six}'):
    socket.socket(f, socket.SOCK_DGRAM).sendto(b'beacon', (a, 5555))"
        );
        python(&gateway.network.victim, &script);
    };
    call(&gateway);
    let names = "SELECT transport, dst, name, source, count(*) AS times FROM flow
        JOIN flow_name ON flow_name.flow = flow.seq GROUP BY transport, dst ORDER BY transport, dst";
    let named = |times: u8| {
        let mut rows: Vec<Value> = [6, 17]
            .iter()
            .flat_map(|transport| {
                [four.to_string(), six.to_string()].map(|dst| {
                    json!({
                        "transport": transport, "dst": dst, "name": "c2.example", "source": "dns",
                        "times": times,
                    })
                })
            })
            .collect();
        rows.sort_by_key(|row| (row["transport"].as_u64(), row["dst"].to_string()));
        Value::Array(rows)
    };
    gateway.database.expect(names, &named(1));
    gateway.stop();
    gateway.begin();
    call(&gateway);
    gateway.database.expect(names, &named(2));
}

#[test]
#[ignore = "end to end: needs root"]
fn the_reverse_of_an_address_given_is_its_name() {
    let Some(gateway) = start(&[]) else { return };
    for (kind, server) in [("A", "@203.0.113.53"), ("AAAA", "+tcp @2001:db8::53")] {
        let given = address(&gateway, &format!("{server} reverse.example {kind}"));
        assert_eq!(short(&gateway, &format!("{server} -x {given}")), "reverse.example.");
    }
    gateway.database.expect(
        "SELECT count(*) AS asked FROM dns_query WHERE query_type = 12
         AND answers = '[\"reverse.example.\"]'",
        &json!([{"asked": 2}]),
    );
}

#[test]
#[ignore = "end to end: needs root"]
fn mode_self_answers_as_the_recipe_did() {
    let Some(gateway) = start(&["--set", "dns.mode=self", "--set", "dns.ttl=600"]) else { return };
    for (question, answer) in [
        ("@10.66.0.1 a.example A", "a.example.\t\t600\tIN\tA\t10.66.0.1"),
        ("@10.66.0.1 b.example A", "b.example.\t\t600\tIN\tA\t10.66.0.1"),
        ("@fd66::1 a.example AAAA", "a.example.\t\t600\tIN\tAAAA\tfd66::1"),
    ] {
        let outcome = dig(&gateway, &format!("+noall +answer {question}"));
        assert_eq!(outcome.stdout.trim(), answer, "{question}");
    }
}

#[test]
#[ignore = "end to end: needs root"]
fn mode_self_answers_with_the_addresses_that_are_set() {
    let set = ["dns.mode=self", "dns.self_v4=192.0.2.7", "dns.self_v6=2001:db8::7"];
    let Some(gateway) = start(&set.map(|one| ["--set", one]).concat()) else { return };
    assert_eq!(short(&gateway, "@8.8.8.8 a.example A"), "192.0.2.7");
    assert_eq!(short(&gateway, "@8.8.8.8 a.example AAAA"), "2001:db8::7");
}

#[test]
#[ignore = "end to end: needs root"]
fn mode_fixed_always_answers_the_same() {
    let arguments = ["--set", "dns.mode=fixed", "--set", "dns.fixed_v4=198.18.0.5"];
    let Some(gateway) = start(&arguments) else { return };
    assert_eq!(short(&gateway, "@8.8.8.8 a.example A"), "198.18.0.5");
    assert_eq!(short(&gateway, "@9.9.9.9 b.example A"), "198.18.0.5");
    assert_eq!(short(&gateway, "@9.9.9.9 b.example AAAA"), "", "no address is set");
}

#[test]
#[ignore = "end to end: needs root"]
fn static_names_and_wildcards_override() {
    let Some(mut gateway) = Gateway::prepare(SINKGATE, &["dig"], &[]) else { return };
    gateway.configure(
        r#"
[[dns.static]]
name = "*.update.example"
a = ["203.0.113.80"]
aaaa = ["2001:db8::80"]

[[dns.static]]
name = "www.update.example"
cname = "edge.update.example"

[[dns.static]]
name = "kill-switch.example"
nxdomain = true
"#,
    );
    gateway.begin();
    for (question, answer) in [
        ("any.update.example A", "203.0.113.80"),
        ("deep.er.update.example AAAA", "2001:db8::80"),
        ("www.update.example A", "edge.update.example.\n203.0.113.80"),
    ] {
        assert_eq!(short(&gateway, &format!("@8.8.8.8 {question}")), answer, "{question}");
    }
    let missing = dig(&gateway, "@8.8.8.8 kill-switch.example A");
    assert!(missing.stdout.contains("status: NXDOMAIN"), "{missing:?}");
    assert_ne!(short(&gateway, "@8.8.8.8 update.example A"), "203.0.113.80", "not below itself");
}

#[test]
#[ignore = "end to end: needs root"]
fn what_does_not_fit_a_datagram_is_asked_again_over_tcp() {
    let Some(mut gateway) = Gateway::prepare(SINKGATE, &["dig"], &[]) else { return };
    let text = "x".repeat(3_000);
    gateway.configure(&format!("[[dns.static]]\nname = \"long.example\"\ntxt = [\"{text}\"]\n"));
    gateway.begin();
    for options in ["+noedns", "+bufsize=1232", "+bufsize=4096"] {
        let cut = dig(&gateway, &format!("+ignore {options} @8.8.8.8 long.example TXT"));
        assert!(cut.stdout.contains("tc"), "{options}: {cut:?}");
        let outcome = dig(&gateway, &format!("{options} @8.8.8.8 long.example TXT"));
        assert!(outcome.stdout.contains("retrying in TCP mode"), "{options}: {outcome:?}");
        let letters = outcome.stdout.chars().filter(|letter| *letter == 'x').count();
        assert!(letters >= 3_000, "{options}: {outcome:?}");
    }
    gateway.database.expect(
        "SELECT transport, count(*) AS questions FROM dns_query
         JOIN flow ON flow.seq = dns_query.flow GROUP BY transport ORDER BY transport",
        &json!([{"transport": 6, "questions": 3}, {"transport": 17, "questions": 6}]),
    );
}

#[test]
#[ignore = "end to end: needs root"]
fn garbage_is_survived_and_recorded() {
    let Some(gateway) = start(&[]) else { return };
    let server = gateway.server();
    let count = python(
        &gateway.network.victim,
        r"
import random, socket, struct
header = b'\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00'
messages = [
    header + b'\xc0\x0c\x00\x01\x00\x01',              # a pointer to itself
    header + b'\x01a\xc0\x10\xc0\x0e\x00\x01\x00\x01', # two that point to each other
    header + b'\xc0\xff\x00\x01\x00\x01',              # one that points behind the end
    header[:5] + b'\x02' + header[6:] + b'\x01a\x00\x00\x01\x00\x01\x01b\x00\x00\x1c\x00\x01',
    header[:5] + b'\xff' + header[6:],
    header[:4] + b'\xff\xff' * 4,
    header + b'\x3fab', b'', b'\x00', header[:11],
]
chance = random.Random(53)
for _ in range(500):
    message = bytearray(header + b'\x03www\x07example\x00\x00\x01\x00\x01')
    for _ in range(chance.randrange(1, 6)):
        message[chance.randrange(len(message))] = chance.randrange(256)
    messages.append(bytes(message[:chance.randrange(len(message) + 1)]))
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for message in messages:
    udp.sendto(message, ('8.8.8.8', 53))
    tcp = socket.create_connection(('9.9.9.9', 53))
    try:
        tcp.sendall(struct.pack('!H', len(message)) + message + b'\xff\xff')
        tcp.shutdown(socket.SHUT_WR)
        while tcp.recv(65536): pass
    except OSError: pass
    tcp.close()
print(len(messages))
",
    );
    let _ = address(&gateway, "@8.8.8.8 still-alive.example A");
    assert_eq!(gateway.server(), server, "it was started anew");
    let count: i64 = count.trim().parse().unwrap();
    wait_until("everything is recorded", || {
        gateway.database.number(
            "SELECT count(*) FROM payload JOIN flow ON flow.seq = payload.flow
             WHERE direction = 0 AND dst = '8.8.8.8' AND transport = 17",
        ) == count + 1
    });
    wait_until("every stream is ended", || {
        let ended = "SELECT count(*) FROM flow_end JOIN flow ON flow.seq = flow_end.flow
            WHERE dst = '9.9.9.9'";
        gateway.database.number(ended) == count
    });
    assert!(
        gateway.database.number("SELECT count(*) FROM event WHERE kind = 'protocol.broke'") > 9
    );
    gateway.database.assert_consistent();
}

#[test]
#[ignore = "end to end: needs root"]
fn threat_9_no_answer_has_an_odd_time_to_live_or_a_reserved_address() {
    let Some(gateway) = start(&[]) else { return };
    for number in 0..20 {
        let line = format!("+noall +answer @8.8.8.8 host-{number}.example A");
        let outcome = dig(&gateway, &line);
        let mut fields = outcome.stdout.split_whitespace();
        let ttl: u32 = fields.nth(1).unwrap().parse().unwrap();
        let address: Ipv4Addr = fields.nth(2).unwrap().parse().unwrap();
        assert!(ttl > 0, "{outcome:?}");
        let shared = u32::from(address) >> 22 == u32::from(Ipv4Addr::new(100, 64, 0, 0)) >> 22;
        let is_odd = address.is_private() || address.is_loopback() || address.is_link_local();
        let is_odd = is_odd || address.is_documentation() || address.is_multicast();
        assert!(!is_odd && !shared && (1..224).contains(&address.octets()[0]), "{outcome:?}");
    }
}

#[test]
#[ignore = "end to end: needs root"]
fn threat_9_two_installations_give_one_name_different_addresses() {
    let Some(one) = start(&[]) else { return };
    let mut other = Gateway::on(Network::new(), SINKGATE, &[]);
    other.begin();
    let ask = |gateway| address(gateway, "@8.8.8.8 compared.example A");
    assert_ne!(ask(&one), ask(&other));
}
