//! The recipe's three tables, column for column, as its queries expect them.

use serde_json::json;
use testkit::Gateway;
use testkit::programs::{python, run};

const SINKGATE: &str = env!("CARGO_BIN_EXE_sinkgate");

/// 10.66.0.2, as `INET_ATON` gives it.
const VICTIM: u32 = 10 << 24 | 66 << 16 | 2;

#[test]
#[ignore = "end to end: needs root"]
fn connection_log_and_sinkhole_data_have_the_recipes_rows() {
    let Some(gateway) = Gateway::start(SINKGATE, &[], &[]) else { return };
    python(
        &gateway.network.victim,
        r"
import socket
t = socket.socket(); t.bind(('', 40001)); t.connect(('203.0.113.9', 6667))
t.sendall(b'Hello, World!'); t.shutdown(socket.SHUT_WR)
while t.recv(9): pass
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.bind(('', 40002))
u.sendto(b'beacon', ('203.0.113.9', 1234))
six = socket.create_connection(('2001:db8::7', 80)); six.close()
",
    );
    gateway.database.expect("SELECT count(*) AS flows FROM flow", &json!([{"flows": 3}]));
    gateway.database.expect(
        "SELECT src_addr_v4, sport, dport, protocol FROM connection_log ORDER BY sport",
        &json!([
            {"src_addr_v4": VICTIM, "sport": 40001, "dport": 6667, "protocol": 1},
            {"src_addr_v4": VICTIM, "sport": 40002, "dport": 1234, "protocol": 2},
        ]),
    );
    gateway.database.expect(
        "SELECT src_addr_v4, sport, protocol, CAST(received_data AS TEXT) AS received_data
         FROM sinkhole_data ORDER BY sport",
        &json!([
            {"src_addr_v4": VICTIM, "sport": 40001, "protocol": 1, "received_data": "Hello, World!"},
            {"src_addr_v4": VICTIM, "sport": 40002, "protocol": 2, "received_data": "beacon"},
        ]),
    );
}

#[test]
#[ignore = "end to end: needs root"]
fn dns_log_has_the_recipes_rows() {
    let Some(gateway) = Gateway::start(SINKGATE, &["dig"], &["--set", "dns.mode=self"]) else {
        return;
    };
    for question in [["a.example", "A"], ["b.example", "AAAA"], ["c.example", "MX"]] {
        let arguments = [&["@10.66.0.1", "+short"], &question[..]].concat();
        assert!(run(&gateway.network.victim, "dig", &arguments).status.success());
    }
    gateway.database.expect(
        "SELECT src_addr_v4, query_domain, query_type FROM dns_log ORDER BY received_time",
        &json!([
            {"src_addr_v4": VICTIM, "query_domain": "a.example", "query_type": 1},
            {"src_addr_v4": VICTIM, "query_domain": "b.example", "query_type": 28},
            {"src_addr_v4": VICTIM, "query_domain": "c.example", "query_type": 15},
        ]),
    );
}

#[test]
#[ignore = "end to end: needs root"]
fn times_are_written_as_mysql_writes_them() {
    let Some(gateway) = Gateway::start(SINKGATE, &["dig"], &[]) else { return };
    let question = ["@10.66.0.1", "+short", "time.example"];
    assert!(run(&gateway.network.victim, "dig", &question).status.success());
    let shape = "____-__-__ __:__:__.______";
    gateway.database.expect(
        &format!(
            "SELECT (SELECT count(*) FROM connection_log WHERE established_time LIKE '{shape}')
                  + (SELECT count(*) FROM sinkhole_data WHERE received_time LIKE '{shape}')
                  + (SELECT count(*) FROM dns_log WHERE received_time LIKE '{shape}') AS times"
        ),
        &json!([{"times": 3}]),
    );
    let is_now = "SELECT abs(julianday('now') - julianday(established_time)) < 0.01 AS is_now
        FROM connection_log";
    gateway.database.expect(is_now, &json!([{"is_now": 1}]));
}
