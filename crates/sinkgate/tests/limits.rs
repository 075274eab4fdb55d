//! Every limit is kept, makes itself heard, and costs no more than it says.

use serde_json::{Value, json};
use testkit::load::Load;
use testkit::programs::{python, python_value, run, shell};
use testkit::{Gateway, Shell, SmallDisk, processor_time, status, wait_until};

const SINKGATE: &str = env!("CARGO_BIN_EXE_sinkgate");

/// How often a limit made itself heard.
fn heard_of(gateway: &Gateway, setting: &str) -> i64 {
    gateway.database.number(&format!(
        "SELECT count(*) FROM event WHERE kind = 'limit.reached' AND details ->> 'limit' = '{setting}'"
    ))
}

#[test]
#[ignore = "end to end: needs root"]
fn bytes_beyond_the_limit_of_a_flow_are_counted_and_hashed() {
    let arguments = ["--set", "limits.stored_bytes_per_flow=64KiB"];
    let Some(gateway) = Gateway::start(SINKGATE, &[], &arguments) else { return };
    python(&gateway.network.victim, SEND_MUCH);
    gateway.database.expect(
        "SELECT bytes_from_victim, unstored_limit FROM flow_end",
        &json!([{
            "bytes_from_victim": 1_000_000, "unstored_limit": "limits.stored_bytes_per_flow",
        }]),
    );
    let stored = gateway.database.number("SELECT sum(length) FROM payload");
    assert!(stored <= 65_536, "{stored}");
    let unstored = gateway.database.number("SELECT unstored_bytes FROM flow_end");
    assert_eq!(stored + unstored, 1_000_000);
    let hash = python(
        &gateway.network.victim,
        &format!(
            "import hashlib, random
print(hashlib.sha256(random.Random(3).randbytes(1_000_000)[{stored}:]).hexdigest().upper())"
        ),
    );
    assert_eq!(gateway.database.text("SELECT hex(unstored_sha256) FROM flow_end"), hash.trim());
    assert_eq!(heard_of(&gateway, "limits.stored_bytes_per_flow"), 1);
    wait_until("the counter is written", || {
        gateway.counters().get("bytes_unstored") == Some(&unstored.unsigned_abs())
    });
}

const SEND_MUCH: &str = "import random, socket
s = socket.create_connection(('203.0.113.9', 31337))
s.sendall(random.Random(3).randbytes(1_000_000)); s.shutdown(socket.SHUT_WR)
while s.recv(9): pass";

#[test]
#[ignore = "end to end: needs root"]
fn threat_5_one_victim_cannot_take_all_flows() {
    let arguments = ["--set", "limits.open_flows_per_victim=10"];
    let Some(gateway) = Gateway::start(SINKGATE, &[], &arguments) else { return };
    let outcome = python_value(
        &gateway.network.victim,
        r"
import json, socket
def call(address):
    s = socket.socket(socket.AF_INET6 if ':' in address else socket.AF_INET)
    s.settimeout(0.5)
    try:
        s.connect((address, 6667)); s.sendall(b'x')
        return s, 'refused' if s.recv(1) == b'' else 'odd'
    except TimeoutError: return s, 'open'
    except OSError: return s, 'refused'
calls = [call('203.0.113.9') for _ in range(12)]
other = call('2001:db8::7')
for s, _ in calls: s.close()
print(json.dumps([[what for _, what in calls], other[1]]))
",
    );
    let calls = [vec!["open"; 10], vec!["refused"; 2]].concat();
    assert_eq!(outcome, json!([calls, "open"]), "fd66::2 is another victim than 10.66.0.2");
    gateway.database.expect(
        "SELECT count(*) AS refused FROM flow_end WHERE ending = 'refused'",
        &json!([{"refused": 2}]),
    );
    assert_eq!(heard_of(&gateway, "limits.open_flows_per_victim"), 2);
    let ended = "SELECT count(*) AS ended FROM flow_end";
    gateway.database.expect(ended, &json!([{"ended": 13}]));
    python(&gateway.network.victim, SEND_MUCH);
    let again = "SELECT ending FROM flow_end ORDER BY seq DESC LIMIT 1";
    gateway.database.expect(again, &json!([{"ending": "finished"}]));
}

#[test]
#[ignore = "end to end: needs root"]
fn threat_5_a_scan_with_datagrams_makes_room_for_itself() {
    let arguments = ["--set", "limits.open_flows_per_victim=50"];
    let Some(gateway) = Gateway::start(SINKGATE, &["dig"], &arguments) else { return };
    python(
        &gateway.network.victim,
        "import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for port in range(2_000, 2_300): s.sendto(b'scan %d' % port, ('203.0.113.9', port))",
    );
    gateway.database.expect(
        "SELECT count(*) AS flows, sum('scan ' || dst_port = CAST(bytes AS TEXT)) AS right
         FROM flow JOIN payload ON payload.flow = flow.seq",
        &json!([{"flows": 300, "right": 300}]),
    );
    let made_room = "SELECT count(*) FROM flow_end WHERE ending = 'made-room'";
    wait_until("old ones made room", || gateway.database.number(made_room) >= 200);
    assert!(heard_of(&gateway, "limits.open_flows_per_victim") > 0);
    let question = ["@8.8.8.8", "+short", "+tries=1", "room.example"];
    let outcome = run(&gateway.network.victim, "dig", &question);
    assert!(!outcome.stdout.trim().is_empty(), "{outcome:?}");
}

#[test]
#[ignore = "end to end: needs root"]
fn threat_5_a_database_that_is_full_keeps_metadata_and_counts_what_it_lost() {
    let arguments = ["--set", "storage.max_bytes=8MiB"];
    let Some(mut gateway) = Gateway::start(SINKGATE, &["dig"], &arguments) else { return };
    upload(&gateway, 6);
    let question = ["@8.8.8.8", "+short", "+tries=1", "full.example"];
    let outcome = run(&gateway.network.victim, "dig", &question);
    assert!(!outcome.stdout.trim().is_empty(), "{outcome:?}");
    assert!(gateway.stop().success());
    let ends = "SELECT count(*) AS ends, sum(bytes_from_victim) AS bytes FROM flow
        JOIN flow_end ON flow_end.flow = flow.seq WHERE transport = 6";
    let rows = gateway.database.rows(ends);
    assert_eq!(rows, json!([{"ends": 6, "bytes": 6 * 3_000_000}]));
    let lost = gateway.database.number("SELECT sum(length) FROM payload WHERE bytes IS NULL");
    assert!(lost > 8_000_000, "{lost}");
    assert_eq!(gateway.counters().get("payload_bytes_lost"), Some(&lost.unsigned_abs()));
    assert_eq!(gateway.counters().get("records_lost"), Some(&0));
    assert!(heard_of(&gateway, "storage.max_bytes") >= 1);
    let size = std::fs::metadata(gateway.database.path()).unwrap().len();
    assert!(size <= 8 << 20, "{size}");
    assert!(gateway.database.is_sound());
}

/// Some connections, one after the other, with 3 MB each.
fn upload(gateway: &Gateway, connections: u32) {
    let script = format!(
        "import random, socket
for number in range({connections}):
    s = socket.create_connection(('203.0.113.9', 31337))
    s.sendall(random.Random(number).randbytes(3_000_000)); s.shutdown(socket.SHUT_WR)
    while s.recv(9): pass"
    );
    python(&gateway.network.victim, &script);
}

#[test]
#[ignore = "end to end: needs root"]
fn threat_5_a_full_disk_is_survived_and_recovered_from() {
    let Some(mut gateway) = Gateway::prepare(SINKGATE, &["dig", "mount"], &[]) else { return };
    let disk = SmallDisk::mounted_at(&gateway.folder.file("disk"), "12m");
    gateway.set_database(disk.database());
    gateway.begin();
    let server = gateway.server();
    upload(&gateway, 8);
    let question = ["@8.8.8.8", "+short", "+tries=1", "full-disk.example"];
    let outcome = run(&gateway.network.victim, "dig", &question);
    assert!(!outcome.stdout.trim().is_empty(), "{outcome:?}");
    let spent = processor_time(server);
    // Long enough to see a loop that never rests: a second at least, by the victim's clock.
    python(&gateway.network.victim, "import time; time.sleep(1)");
    let spent = processor_time(server) - spent;
    assert!(spent < 70, "{spent} hundredths of a second of work while there is none");
    assert_eq!(gateway.server(), server);
    disk.grow("200m");
    upload(&gateway, 1);
    wait_until("payload is stored again", || stored_last(&gateway) == 3_000_000);
    assert!(gateway.stop().success(), "{}", gateway.log());
    let counters = gateway.counters();
    let lost =
        gateway.database.number("SELECT coalesce(sum(length), 0) FROM payload WHERE bytes IS NULL");
    assert!(lost > 0);
    assert_eq!(counters.get("payload_bytes_lost"), Some(&lost.unsigned_abs()));
    let counter = |name: &str| counters.get(name).copied().unwrap_or(0);
    assert_eq!(counter("records_queued"), counter("records_committed") + counter("records_lost"));
    assert!(heard_of(&gateway, "storage.max_bytes") >= 1);
    assert!(gateway.database.is_sound());
}

#[test]
#[ignore = "end to end: needs root"]
fn threat_5_while_there_is_no_room_at_all_records_wait_and_nothing_is_lost() {
    let Some(mut gateway) = Gateway::prepare(SINKGATE, &["dd", "dig", "mount"], &[]) else {
        return;
    };
    let disk = SmallDisk::mounted_at(&gateway.folder.file("disk"), "30m");
    gateway.set_database(disk.database());
    gateway.begin();
    let hog = gateway.folder.file("disk/hog").display().to_string();
    gateway.network.gateway.try_shell(&format!("dd if=/dev/zero of={hog} bs=64k"));
    let (server, mut asked) = (gateway.server(), 0_u64);
    // Until the room that SQLite had already taken is used up.
    wait_until("the log says that nothing can be written", || {
        Load::FULL.questions(&gateway.network.victim, 2_000, || false);
        asked += 2_000;
        gateway.log().contains("cannot write")
    });
    let spent = processor_time(server);
    python(&gateway.network.victim, "import time; time.sleep(1)");
    let spent = processor_time(server) - spent;
    assert!(spent < 70, "{spent} hundredths of a second of work while there is none");
    std::fs::remove_file(hog).unwrap();
    let recorded = "SELECT count(*) FROM dns_query";
    wait_until("all of it is written", || {
        gateway.database.number(recorded).unsigned_abs() >= asked
    });
    assert!(gateway.stop().success(), "{}", gateway.log());
    assert_eq!(gateway.counters().get("records_lost"), Some(&0));
    assert!(gateway.database.is_sound());
}

/// How much of the newest connection is there.
fn stored_last(gateway: &Gateway) -> i64 {
    gateway.database.number(
        "SELECT coalesce(sum(length(bytes)), 0) FROM payload
         WHERE flow = (SELECT max(seq) FROM flow WHERE transport = 6)",
    )
}

#[test]
#[ignore = "end to end: needs root"]
fn threat_5_names_beyond_the_pool_share_addresses() {
    let arguments = ["--set", "dns.pool_names=5"];
    let Some(gateway) = Gateway::start(SINKGATE, &["dig"], &arguments) else { return };
    for number in 0..20 {
        let name = format!("name-{number}.example");
        let outcome = run(&gateway.network.victim, "dig", &["@8.8.8.8", "+short", &name]);
        assert!(!outcome.stdout.trim().is_empty(), "{outcome:?}");
    }
    gateway.database.expect(
        "SELECT count(*) AS asked, (SELECT count(*) FROM given_address) AS given FROM dns_query",
        &json!([{"asked": 20, "given": 5}]),
    );
    assert!(heard_of(&gateway, "dns.pool_names") >= 1);
}

#[test]
#[ignore = "end to end: needs root"]
fn threat_5_a_slow_disk_slows_the_victim_and_memory_stays_bounded() {
    let arguments = ["--set", "storage.queue_bytes=1MiB", "--set", "gateway.workers=1"];
    let Some(mut gateway) = Gateway::start(SINKGATE, &[], &arguments) else { return };
    let memory = |gateway: &Gateway| -> u64 {
        let size = status(gateway.server(), "VmRSS").unwrap();
        size.split(' ').next().unwrap().parse().unwrap()
    };
    upload(&gateway, 1);
    let before = memory(&gateway);
    upload(&gateway, 20);
    let grown = memory(&gateway).saturating_sub(before);
    assert!(grown < 64 * 1_024, "{grown} KiB");
    assert!(gateway.stop().success());
    let ends: Value = gateway.database.rows("SELECT sum(bytes_from_victim) AS sent FROM flow_end");
    assert_eq!(ends, json!([{"sent": 21 * 3_000_000}]));
    assert_eq!(gateway.database.number("SELECT sum(length(bytes)) FROM payload"), 21 * 3_000_000);
}

#[test]
#[ignore = "end to end: needs root"]
fn threat_5_what_is_unpacked_ends_at_its_limit() {
    let arguments = ["--set", "limits.decoded_bytes=1MiB"];
    let programs = ["brotli", "curl", "gzip", "zstd"];
    let Some(gateway) = Gateway::start(SINKGATE, &programs, &arguments) else { return };
    for (coding, program) in [("br", "brotli -c"), ("gzip", "gzip -c"), ("zstd", "zstd -c")] {
        let line = format!(
            "head -c 50000000 /dev/zero | {program} | curl -sSf --noproxy '*' -o /dev/null \
             -H 'Content-Encoding: {coding}' --data-binary @- http://203.0.113.9/bomb"
        );
        shell(&gateway.network.victim, &line);
    }
    gateway.database.expect(
        "SELECT bytes, completeness, count(*) AS times FROM artifact
         WHERE source = 'http-request-decoded' GROUP BY bytes, completeness",
        &json!([{"bytes": 1 << 20, "completeness": "limit", "times": 3}]),
    );
    assert_eq!(heard_of(&gateway, "limits.decoded_bytes"), 3);
}

#[test]
#[ignore = "end to end: needs root"]
fn threat_5_one_connection_has_no_more_requests_open_than_allowed() {
    let arguments = ["--set", "limits.http2_streams=2"];
    let Some(gateway) = Gateway::start(SINKGATE, &[], &arguments) else { return };
    let refused = python(&gateway.network.victim, OPEN_FIVE_REQUESTS);
    assert_eq!(refused.trim(), "[5, 7, 9]");
    gateway.database.expect(
        "SELECT count(*) AS asked FROM event WHERE kind = 'http.request'",
        &json!([{"asked": 2}]),
    );
    assert_eq!(heard_of(&gateway, "limits.http2_streams"), 1);
}

/// Begins five requests whose bodies never come, and prints which streams are reset as refused.
const OPEN_FIVE_REQUESTS: &str = r"
import socket
s = socket.create_connection(('203.0.113.9', 80))
frame = lambda kind, flags, stream, payload: (
    len(payload).to_bytes(3, 'big') + bytes([kind, flags]) + stream.to_bytes(4, 'big') + payload)
s.sendall(b'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n' + frame(4, 0, 0, b'')
          + b''.join(frame(1, 4, stream, b'\x83\x86\x84') for stream in range(1, 10, 2)))
stream, refused = s.makefile('rb'), []
while len(refused) < 3:
    head = stream.read(9)
    payload = stream.read(int.from_bytes(head[:3], 'big'))
    if (head[3], payload) == (3, (7).to_bytes(4, 'big')): refused.append(head[8])
print(refused)
";
