//! Memcached, as libmemcached's programs and a datagram use it.

use serde_json::json;
use testkit::Gateway;
use testkit::programs::{run, shell};

const SINKGATE: &str = env!("CARGO_BIN_EXE_sinkgate");

/// Nobody has this address.
const SERVER: &str = "203.0.113.112";

fn start(programs: &[&str], arguments: &[&str]) -> Option<Gateway> {
    Gateway::start(SINKGATE, programs, arguments)
}

#[test]
#[ignore = "end to end: needs root"]
fn libmemcached_speaks_both_protocols() {
    let Some(gateway) = start(&["memcping", "memcstat", "memccp"], &[]) else { return };
    let victim = &gateway.network.victim;
    shell(victim, &format!("memcping --servers={SERVER}"));
    for options in ["", "--binary"] {
        let line = format!(
            "seq 100 > /tmp/$$.values && memccp --servers={SERVER} {options} /tmp/$$.values \
             && rm /tmp/$$.values"
        );
        shell(victim, &line);
    }
    let statistics = shell(victim, &format!("memcstat --servers={SERVER}")).stdout;
    assert!(statistics.contains("version: 1.6.14"), "{statistics}");
    gateway.database.expect(
        "SELECT count(*) AS count FROM event WHERE kind = 'service.command'
         AND lower(details ->> 'command') LIKE 'set%.values%'",
        &json!([{"count": 2}]),
    );
    gateway.database.expect(
        "SELECT source, bytes FROM artifact",
        &json!([{"source": "stored-value", "bytes": 292}]),
    );
}

#[test]
#[ignore = "end to end: needs root"]
fn datagrams_are_answered_in_several() {
    let Some(gateway) = start(&["python3"], &[]) else { return };
    let script = format!(
        "import socket\n\
         link = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n\
         link.settimeout(20)\n\
         head = bytes([0, 7, 0, 0, 0, 1, 0, 0])\n\
         link.sendto(head + b'set a 0 0 1900\\r\\n' + b'x' * 1900 + b'\\r\\n', ('{SERVER}', 11211))\n\
         assert link.recv(2000)[8:] == b'STORED\\r\\n'\n\
         link.sendto(head + b'get a\\r\\n', ('{SERVER}', 11211))\n\
         first, second = link.recv(2000), link.recv(2000)\n\
         assert first[:8] == bytes([0, 7, 0, 0, 0, 2, 0, 0]), first[:8]\n\
         assert second[:8] == bytes([0, 7, 0, 1, 0, 2, 0, 0]), second[:8]\n\
         assert (first[8:] + second[8:]) == b'VALUE a 0 1900\\r\\n' + b'x' * 1900 + b'\\r\\nEND\\r\\n'"
    );
    let done = run(&gateway.network.victim, "python3", &["-c", &script]);
    assert!(done.status.success(), "{done:?}");
    gateway.database.expect(
        "SELECT details ->> 'protocol' AS protocol FROM event WHERE kind = 'flow.recognised'",
        &json!([{"protocol": "memcached"}]),
    );
}
