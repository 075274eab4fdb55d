//! What a database server has of its own for loading a great many rows.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use testkit::servers::{Kind, Server};

use crate::clock::Stopwatch;

/// The tables whose rows are loaded.
const TABLES: [&str; 4] = ["flow", "payload", "dns_query", "flow_end"];

/// Takes the rows that are there out, and loads them again; gives the rows a second.
pub(crate) fn rows_a_second(server: &Server, database: &str) -> Result<f64> {
    let mut took = Duration::ZERO;
    for table in TABLES {
        let file = server.file(table).display().to_string();
        let (away, back) = match server.kind() {
            Kind::MariaDb => (
                format!("SELECT * FROM {table} INTO OUTFILE '{file}' CHARACTER SET binary"),
                format!("LOAD DATA INFILE '{file}' INTO TABLE {table} CHARACTER SET binary"),
            ),
            Kind::Postgres => (
                format!("COPY {table} TO '{file}' (FORMAT binary)"),
                format!("COPY {table} FROM '{file}' (FORMAT binary)"),
            ),
        };
        server.ask(database, &away);
        server.ask(database, &format!("TRUNCATE TABLE {table}"));
        let watch = Stopwatch::start();
        server.ask(database, &back);
        took += watch.passed();
    }
    let rows = rows(server, database, &TABLES)?;
    ensure!(rows > 0, "there is nothing to load");
    Ok(rows as f64 / took.as_secs_f64())
}

/// How many rows are in these tables.
pub(crate) fn rows(server: &Server, database: &str, tables: &[&str]) -> Result<u64> {
    let counts = tables.iter().map(|table| format!("(SELECT count(*) FROM {table})"));
    let sum = counts.collect::<Vec<_>>().join(" + ");
    let counted = server.ask(database, &format!("SELECT {sum}"));
    counted.trim().parse().with_context(|| format!("cannot count rows: {counted}"))
}
