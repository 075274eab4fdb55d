//! Rows here and rows there, in words that can be compared.

use std::collections::BTreeMap;

use rusqlite::Connection;
use rusqlite::types::ValueRef;
use serde_json::Value;
use testkit::servers::{Kind, Server};

use super::sensor::Sensor;

/// What is in a column: how it is made text depends on the database.
#[derive(Clone, Copy)]
enum Kin {
    Bytes,
    Id,
    Json,
    Plain,
    Text,
    Time,
}
use Kin::{Bytes, Id, Json, Plain, Text, Time};

struct Table {
    name: &'static str,
    here: &'static str,
    /// The column there, the one here.
    columns: &'static [(&'static str, &'static str, Kin)],
}

const TABLES: &[Table] = &[
    Table {
        name: "run",
        here: "run",
        columns: &[
            ("id", "id", Id),
            ("sensor", "sensor", Id),
            ("started", "started", Time),
            ("subject", "subject", Text),
        ],
    },
    Table {
        name: "flow",
        here: "flow JOIN run ON run.seq = flow.run",
        columns: &[
            ("id", "flow.id", Id),
            ("run", "run.id", Id),
            ("sensor", "sensor", Id),
            ("opened", "opened", Time),
            ("transport", "transport", Plain),
            ("victim_v4", "victim_v4", Plain),
            ("victim_port", "victim_port", Plain),
            ("dst_port", "dst_port", Plain),
        ],
    },
    Table {
        name: "flow_end",
        here: "flow_end JOIN flow ON flow.seq = flow_end.flow",
        columns: &[
            ("flow", "flow.id", Id),
            ("closed", "closed", Time),
            ("protocol", "protocol", Plain),
            ("ending", "ending", Plain),
            ("bytes_from_victim", "bytes_from_victim", Plain),
            ("bytes_to_victim", "bytes_to_victim", Plain),
            ("unstored_limit", "unstored_limit", Plain),
            ("unstored_bytes", "unstored_bytes", Plain),
            ("unstored_sha256", "unstored_sha256", Bytes),
        ],
    },
    Table {
        name: "flow_name",
        here: "flow_name JOIN flow ON flow.seq = flow_name.flow",
        columns: &[
            ("flow", "flow.id", Id),
            ("seq", "flow_name.seq", Plain),
            ("time", "time", Time),
            ("name", "name", Text),
            ("source", "source", Plain),
        ],
    },
    Table {
        name: "payload",
        here: "payload JOIN flow ON flow.seq = payload.flow",
        columns: &[
            ("flow", "flow.id", Id),
            ("seq", "payload.seq", Plain),
            ("time", "time", Time),
            ("direction", "direction", Plain),
            ("layer", "layer", Plain),
            ("position", "offset", Plain),
            ("length", "length", Plain),
            ("bytes", "bytes", Bytes),
        ],
    },
    Table {
        name: "artifact",
        here: "artifact JOIN flow ON flow.seq = artifact.flow JOIN run ON run.seq = flow.run",
        columns: &[
            ("id", "artifact.id", Id),
            ("flow", "flow.id", Id),
            ("sensor", "run.sensor", Id),
            ("opened", "artifact.opened", Time),
            ("closed", "closed", Time),
            ("source", "source", Plain),
            ("direction", "direction", Plain),
            ("name", "name", Text),
            ("media_type", "media_type", Text),
            ("file_type", "file_type", Plain),
            ("bytes", "bytes", Plain),
            ("stored_bytes", "stored_bytes", Plain),
            ("sha256", "sha256", Bytes),
            ("sha1", "sha1", Bytes),
            ("md5", "md5", Bytes),
            ("part_of", "part_of", Id),
            ("completeness", "completeness", Plain),
            ("content", "content", Id),
        ],
    },
    Table {
        name: "artifact_part",
        here: "artifact_part JOIN run ON run.seq = artifact_part.run",
        columns: &[
            ("content", "content", Id),
            ("sensor", "run.sensor", Id),
            ("seq", "artifact_part.seq", Plain),
            ("position", "offset", Plain),
            ("length", "length", Plain),
            ("bytes", "bytes", Bytes),
        ],
    },
    Table {
        name: "dns_query",
        here: "dns_query JOIN run ON run.seq = dns_query.run LEFT JOIN flow ON flow.seq = dns_query.flow",
        columns: &[
            ("run", "run.id", Id),
            ("seq", "dns_query.seq", Plain),
            ("flow", "flow.id", Id),
            ("time", "time", Time),
            ("name", "name", Text),
            ("query_type", "query_type", Plain),
            ("query_class", "query_class", Plain),
            ("response_code", "response_code", Plain),
            ("answers", "answers", Json),
        ],
    },
    Table {
        name: "event",
        here: "event JOIN run ON run.seq = event.run LEFT JOIN flow ON flow.seq = event.flow",
        columns: &[
            ("run", "run.id", Id),
            ("seq", "event.seq", Plain),
            ("flow", "flow.id", Id),
            ("time", "time", Time),
            ("kind", "kind", Plain),
            ("details", "details", Json),
        ],
    },
    Table {
        name: "counter",
        here: "counter JOIN run ON run.seq = counter.run",
        columns: &[
            ("run", "run.id", Id),
            ("name", "name", Plain),
            ("value", "value", Plain),
            ("time", "time", Time),
        ],
    },
];

/// Every row of every table of these sensors is there, and nothing else.
pub(super) fn assert_equal(sensors: &[Sensor], server: &Server) {
    for table in TABLES {
        let mut here: Vec<String> =
            sensors.iter().flat_map(|sensor| local(table, sensor)).collect();
        let there = server.ask("evidence", &query(table, server.kind()));
        let mut there: Vec<String> = there.lines().map(|line| table.comparable(line)).collect();
        if ["artifact_part", "payload"].contains(&table.name) {
            there = whole_pieces(there);
        }
        here.sort();
        there.sort();
        assert_eq!(here.len(), there.len(), "rows of {}", table.name);
        let differs = here.iter().zip(&there).find(|(here, there)| here != there);
        assert!(differs.is_none(), "{}: {:.300?}", table.name, differs.unwrap());
    }
}

/// How many rows of a table are here.
pub(super) fn count(sensor: &Sensor, table: &str) -> i64 {
    let connection = Connection::open(sensor.path()).unwrap();
    let sql = format!("SELECT count(*) FROM {table}");
    connection.query_row(&sql, [], |row| row.get(0)).unwrap()
}

fn local(table: &Table, sensor: &Sensor) -> Vec<String> {
    let connection = Connection::open(sensor.path()).unwrap();
    let columns: Vec<&str> = table.columns.iter().map(|(_, here, _)| *here).collect();
    let sql = format!("SELECT {} FROM {}", columns.join(", "), table.here);
    let mut statement = connection.prepare(&sql).unwrap();
    let rows = statement.query_map([], |row| {
        let cells =
            (0..).zip(table.columns).map(|(place, (.., kin))| match row.get_ref(place).unwrap() {
                ValueRef::Null => "-".to_owned(),
                ValueRef::Integer(number) => number.to_string(),
                ValueRef::Text(text) if matches!(kin, Plain) => {
                    String::from_utf8(text.to_vec()).unwrap()
                }
                ValueRef::Text(bytes) | ValueRef::Blob(bytes) => hex(bytes),
                ValueRef::Real(number) => number.to_string(),
            });
        Ok(cells.collect::<Vec<_>>().join("\t"))
    });
    rows.unwrap().map(|line| table.comparable(&line.unwrap())).collect()
}

fn query(table: &Table, kind: Kind) -> String {
    let cells: Vec<String> =
        table.columns.iter().map(|(name, _, kin)| cell(name, *kin, kind)).collect();
    format!("SELECT {} FROM {}", cells.join(", "), table.name)
}

fn cell(name: &str, kin: Kin, kind: Kind) -> String {
    let text = match (kind, kin) {
        (Kind::MariaDb, Bytes | Id | Json | Text) => format!("LOWER(HEX({name}))"),
        (Kind::MariaDb, Time) => format!("TIMESTAMPDIFF(MICROSECOND, '1970-01-01', {name})"),
        (Kind::MariaDb, Plain) => name.to_owned(),
        (Kind::Postgres, Bytes) => format!("encode({name}, 'hex')"),
        (Kind::Postgres, Id) => format!("replace({name}::text, '-', '')"),
        (Kind::Postgres, Json) => format!("encode(convert_to({name}::text, 'UTF8'), 'hex')"),
        (Kind::Postgres, Text) => format!("encode(convert_to({name}, 'UTF8'), 'hex')"),
        (Kind::Postgres, Time) => format!("(extract(epoch FROM {name}) * 1000000)::bigint::text"),
        (Kind::Postgres, Plain) => format!("{name}::text"),
    };
    format!("COALESCE({text}, '-')")
}

impl Table {
    /// The line with JSON in one form and with what each database has instead of U+0000.
    fn comparable(&self, line: &str) -> String {
        let cells = line.split('\t').zip(self.columns).map(|(cell, (_, _, kin))| match kin {
            Json if cell != "-" => {
                let text =
                    String::from_utf8(from_hex(cell)).unwrap().replace("\\\\u0000", "\\\\u 0000");
                let json: Value = serde_json::from_str(&text).unwrap();
                json.to_string().replace("\\u0000", "\u{2400}")
            }
            Text => cell.replace("f09f988000", "f09f9880e29080"),
            _ => cell.to_owned(),
        });
        cells.collect::<Vec<_>>().join("\t")
    }
}

/// Pieces that were cut for the sake of the other database, put together again.
fn whole_pieces(rows: Vec<String>) -> Vec<String> {
    let mut whole: BTreeMap<String, Vec<(u64, u64, String)>> = BTreeMap::new();
    for row in rows {
        let mut cells = row.rsplitn(4, '\t');
        let bytes = cells.next().unwrap().to_owned();
        let mut number = || cells.next().unwrap().parse().unwrap();
        let (length, position) = (number(), number());
        let key = cells.next().unwrap().to_owned();
        whole.entry(key).or_default().push((position, length, bytes));
    }
    let line = |(key, mut pieces): (String, Vec<(u64, u64, String)>)| {
        pieces.sort_unstable();
        let position = pieces.first().unwrap().0;
        let length: u64 = pieces.iter().map(|(_, length, _)| length).sum();
        let bytes: String = pieces.iter().map(|(_, _, bytes)| bytes.as_str()).collect();
        format!("{key}\t{position}\t{length}\t{bytes}")
    };
    whole.into_iter().map(line).collect()
}

/// The recipe's tables, asked as its users ask them, say the same everywhere.
pub(super) fn assert_recipe_equal(sensors: &[Sensor], server: &Server) {
    for sql in [
        "SELECT src_addr_v4, sport, dport, protocol, established_time FROM connection_log \
         ORDER BY established_time, src_addr_v4",
        "SELECT src_addr_v4, sport, protocol, received_time, LENGTH(received_data) \
         FROM sinkhole_data WHERE protocol = 1 AND src_addr_v4 > 1 ORDER BY received_time",
        "SELECT src_addr_v4, received_time, query_domain, query_type FROM dns_log \
         WHERE query_domain LIKE '%.test' ORDER BY received_time",
    ] {
        let mut here: Vec<String> =
            sensors.iter().flat_map(|sensor| asked_here(sensor, sql)).collect();
        let there = server.ask("evidence", sql);
        let mut there: Vec<String> = there.lines().map(same_time).collect();
        here.sort();
        there.sort();
        assert!(!here.is_empty());
        assert_eq!(here, there, "{sql}");
    }
    let found = server.ask(
        "evidence",
        "SELECT DISTINCT INET_NTOA(src_addr_v4) FROM connection_log \
         WHERE src_addr_v4 = INET_ATON('10.0.0.8')",
    );
    assert_eq!(found, "10.0.0.8\n");
}

fn asked_here(sensor: &Sensor, sql: &str) -> Vec<String> {
    let connection = Connection::open(sensor.path()).unwrap();
    let mut statement = connection.prepare(sql).unwrap();
    let columns = statement.column_count();
    let rows = statement.query_map([], |row| {
        let cells = (0..columns).map(|column| match row.get_ref(column).unwrap() {
            ValueRef::Integer(number) => number.to_string(),
            // As the client of MariaDB writes a backslash.
            ValueRef::Text(text) => String::from_utf8(text.to_vec()).unwrap(),
            other => format!("{other:?}"),
        });
        Ok(cells.collect::<Vec<_>>().join("\t"))
    });
    rows.unwrap().map(|line| same_time(&line.unwrap())).collect()
}

/// The line as every client writes it: PostgreSQL's leaves out zeros at the end of a time, and
/// MariaDB's doubles backslashes.
fn same_time(line: &str) -> String {
    let cells = line.split('\t').map(|cell| match cell.split_once('.') {
        Some((seconds, micros)) if seconds.starts_with("2026-") => {
            format!("{seconds}.{}", micros.trim_end_matches('0'))
        }
        _ => cell.replace("\\\\", "\\"),
    });
    cells.collect::<Vec<_>>().join("\t").replace(".\t", "\t").trim_end_matches('.').to_owned()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn from_hex(text: &str) -> Vec<u8> {
    let pair = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
    (0..text.len()).step_by(2).map(pair).collect()
}
