//! The three tables of the recipe, as whoever has used it knows them.

use model::Transport;
use rusqlite::Connection;
use rusqlite::types::Value;

use crate::support::{Fresh, answered, asked, flow, run, said, tcp, udp};

/// The names of the columns, and the rows.
fn table(fresh: &Fresh, sql: &str) -> (Vec<String>, Vec<Vec<Value>>) {
    let connection = Connection::open(fresh.path()).unwrap();
    let mut statement = connection.prepare(sql).unwrap();
    let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let rows = statement
        .query_map([], |row| (0..names.len()).map(|column| row.get(column)).collect())
        .unwrap();
    let rows = rows.collect::<rusqlite::Result<_>>().unwrap();
    (names, rows)
}

fn number(number: i64) -> Value {
    Value::Integer(number)
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// `SELECT INET_ATON('10.0.0.7')` in MySQL.
const VICTIM: i64 = 167_772_167;

#[test]
fn connection_log_has_every_connection_of_ipv4() {
    let fresh = Fresh::with(&[
        run(),
        tcp(1, 1.0, "1.2.3.4:80"),
        udp(2, 2.000_001, "10.0.0.1:53"),
        flow(3, 3.0, Transport::Icmp, ("10.0.0.7", "1.2.3.4:0")),
        flow(4, 4.0, Transport::Tcp, ("fd00::7", "[2001:db8::1]:80")),
        flow(5, 5.0, Transport::Tcp, ("255.255.255.255", "1.2.3.4:65535")),
    ]);
    let (names, rows) = table(&fresh, "SELECT * FROM connection_log ORDER BY established_time");
    assert_eq!(names, ["src_addr_v4", "sport", "dport", "protocol", "established_time"]);
    let row = |victim, sport, dport, protocol, time| {
        vec![number(victim), number(sport), number(dport), number(protocol), text(time)]
    };
    assert_eq!(
        rows,
        [
            row(VICTIM, 40_001, 80, 1, "2026-11-24 09:30:01.000000"),
            row(VICTIM, 40_002, 53, 2, "2026-11-24 09:30:02.000001"),
            row(4_294_967_295, 40_005, 65_535, 1, "2026-11-24 09:30:05.000000"),
        ]
    );
}

#[test]
fn sinkhole_data_has_what_victims_sent_and_nothing_else() {
    let fresh = Fresh::with(&[
        run(),
        tcp(1, 1.0, "1.2.3.4:80"),
        said(1, 1.5, 0, b"GET / HTTP/1.1\r\n\x00\xff"),
        answered(1, 1.6, 0, b"not received but sent"),
        udp(2, 2.0, "10.0.0.1:53"),
        said(2, 2.5, 0, b"question"),
    ]);
    let (names, rows) = table(&fresh, "SELECT * FROM sinkhole_data ORDER BY received_time");
    assert_eq!(names, ["src_addr_v4", "sport", "protocol", "received_time", "received_data"]);
    let row = |sport, protocol, time, bytes: &[u8]| {
        let bytes = Value::Blob(bytes.to_owned());
        vec![number(VICTIM), number(sport), number(protocol), text(time), bytes]
    };
    assert_eq!(
        rows,
        [
            row(40_001, 1, "2026-11-24 09:30:01.500000", b"GET / HTTP/1.1\r\n\x00\xff"),
            row(40_002, 2, "2026-11-24 09:30:02.500000", b"question"),
        ]
    );
}

#[test]
fn dns_log_has_every_question() {
    let fresh = Fresh::with(&[
        run(),
        udp(1, 1.0, "10.0.0.1:53"),
        asked(1, 1.25, "update.example.com"),
        asked(1, 1.5, "update.example.com"),
    ]);
    let (names, rows) = table(&fresh, "SELECT * FROM dns_log ORDER BY received_time");
    assert_eq!(names, ["src_addr_v4", "received_time", "query_domain", "query_type"]);
    let row = |time| vec![number(VICTIM), text(time), text("update.example.com"), number(1)];
    assert_eq!(rows, [row("2026-11-24 09:30:01.250000"), row("2026-11-24 09:30:01.500000")]);
}
