//! Texts longer than a server takes arrive as far as they fit, and it is said which.

use testkit::servers::{Kind, Server};

use super::load::Load;
use super::sensor::Sensor;
use super::{rows, server};

/// What a row may be long in all.
const PACKET: [&str; 1] = ["--max-allowed-packet=64K"];

#[test]
fn mariadb_gets_what_fits_of_texts_longer_than_its_packet() {
    let Some(server) = server(Kind::MariaDb, &PACKET) else { return };
    let mut sensor = Sensor::start(1, &server.url("evidence"));
    sensor.record(Load::long_texts);
    sensor.record(Load::several);
    sensor.wait_until_followed();
    for table in ["flow", "flow_name", "dns_query", "event", "flow_end"] {
        let there = server.ask("evidence", &format!("SELECT COUNT(*) FROM {table}"));
        assert_eq!(there.trim(), rows::count(&sensor, table).to_string(), "{table}");
    }
    assert_cut(&server, "flow_name", "name LIKE 'aaa%' AND name LIKE '%…'");
    let fits = "LENGTH(answers) > 20000 AND JSON_VALID(answers)";
    assert_cut(&server, "dns_query", &format!("{fits} AND answers LIKE '%\"…\"]'"));
    for (kind, key) in [("http.request", "target"), ("netfilter.garbled", "line")] {
        let long = format!("JSON_UNQUOTE(JSON_EXTRACT(details, '$.{key}'))");
        let fits = "LENGTH(details) > 20000 AND JSON_VALID(details)";
        assert_cut(&server, "event", &format!("kind = '{kind}' AND {fits} AND {long} LIKE '%…'"));
    }
    let shortened = sensor.kept().followed.shortened.unwrap();
    assert_eq!(shortened.texts, 4, "{shortened:?}");
    assert!(shortened.latest.contains(" bytes of details of event "), "{shortened:?}");
}

/// There is one such row.
fn assert_cut(server: &Server, table: &str, condition: &str) {
    let sql = format!("SELECT COUNT(*) FROM {table} WHERE {condition}");
    assert_eq!(server.ask("evidence", &sql), "1\n", "{sql}");
}

#[test]
fn postgres_has_no_such_limit() {
    let Some(server) = server(Kind::Postgres, &[]) else { return };
    let mut sensor = Sensor::start(1, &server.url("evidence"));
    sensor.record(Load::long_texts);
    sensor.wait_until_followed();
    assert_eq!(sensor.kept().followed.shortened, None);
    rows::assert_equal(&[sensor], &server);
}
