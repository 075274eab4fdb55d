//! MySQL and MariaDB: one statement for many rows, prepared, so that no byte of a victim is ever
//! part of SQL.

use std::error::Error as StdError;
use std::io;
use std::time::Duration;

use jiff::tz::Offset;
use mysql::prelude::Queryable;
use mysql::{Conn, Error, OptsBuilder, SslOpts, Value};
use rusqlite::types::Value as Cell;

use super::error::{Cause, Fault, NoAnswer};
use super::patience::Patience;
use super::source::{Batch, Most, Part, weight};
use super::tables::{Again, Kind, Table};
use super::target::{Place, Target, Tls};
use super::tls;

/// How many rows a statement may have. A few numbers only: each is prepared once per table.
const SIZES: [usize; 5] = [256, 64, 16, 4, 1];

/// Statements kept ready on the server: all of them.
const STATEMENTS: usize = 64;

/// Most bytes of one statement, however many the server takes.
const STATEMENT_BYTES: usize = 2 << 20;

/// Least bytes of payload in one row, however few the server takes.
const LEAST_PIECE: usize = 256;

/// Only a statement that changes nothing silently is one whose success we may rely on.
const SESSION: &str = "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', \
                       time_zone = '+00:00'";

/// A connection.
pub(super) struct MySql {
    connection: Conn,
    /// `max_allowed_packet` of the server.
    packet: usize,
}

impl MySql {
    pub(super) fn connect(target: &Target, patience: &Patience) -> Result<Self, (Fault, Cause)> {
        let mut connection = Conn::new(options(target, patience)).map_err(fault)?;
        let packet = connection.query_first("SELECT @@max_allowed_packet").map_err(fault)?;
        Ok(Self { connection, packet: packet.unwrap_or(STATEMENT_BYTES) })
    }

    /// What fits into a statement with room to spare. No session can make the packet larger, and
    /// no function of the server gives a text that is longer than it.
    pub(super) fn most(&self) -> Most {
        let bytes = (self.packet / 4).clamp(LEAST_PIECE, STATEMENT_BYTES / 2);
        Most { bytes, text: self.packet / 4 * 3 }
    }

    pub(super) fn first_row(&mut self, sql: &str) -> Result<Vec<String>, (Fault, Cause)> {
        let row: Option<mysql::Row> = self.connection.query_first(sql).map_err(fault)?;
        let values = row.map(mysql::Row::unwrap).unwrap_or_default();
        let text = |value| mysql::from_value_opt(value).unwrap_or_default();
        Ok(values.into_iter().map(text).collect())
    }

    /// Runs statements one by one: each of them commits.
    pub(super) fn script(&mut self, sql: &str) -> Result<(), (Fault, Cause)> {
        let statements = sql.split(";\n").filter(|statement| !statement.trim().is_empty());
        let mut run = statements.map(|statement| self.connection.query_drop(statement));
        run.try_for_each(|outcome| outcome.map_err(fault))
    }

    pub(super) fn write(&mut self, batch: &Batch) -> Result<(), (Fault, Cause)> {
        self.write_all(batch).map_err(fault)
    }

    /// Without the client's own transactions: one that fails would ask the server to undo it, and
    /// wait for an answer once more. Whoever fails hangs up, which undoes it too.
    fn write_all(&mut self, batch: &Batch) -> mysql::Result<()> {
        let room = (self.packet / 2).min(STATEMENT_BYTES);
        self.connection.query_drop("START TRANSACTION")?;
        for part in &batch.parts {
            let mut rows = &part.rows[..];
            while !rows.is_empty() {
                let (now, later) = rows.split_at(fitting(rows, room));
                self.connection.exec_drop(insert(part.table, now.len()), values(part, now))?;
                rows = later;
            }
        }
        self.connection.query_drop("COMMIT")
    }
}

fn options(target: &Target, patience: &Patience) -> OptsBuilder {
    let millis = |span: Duration| u32::try_from(span.as_millis()).ok();
    let seconds = u32::try_from(patience.silence.as_secs() / 4).unwrap_or(1).max(1);
    let options = OptsBuilder::new()
        .user(Some(target.user.as_str()))
        .pass(target.secret())
        .db_name(Some(target.database.as_str()).filter(|name| !name.is_empty()))
        .prefer_socket(false)
        .tcp_connect_timeout(Some(patience.connect))
        .read_timeout(Some(patience.answer))
        .write_timeout(Some(patience.answer))
        .tcp_keepalive_time_ms(millis(patience.silence / 2))
        .tcp_keepalive_probe_interval_secs(Some(seconds))
        .tcp_keepalive_probe_count(Some(2))
        .tcp_user_timeout_ms(millis(patience.silence))
        .stmt_cache_size(STATEMENTS)
        .init(vec![SESSION]);
    let options = match &target.place {
        Place::Socket(path) => options.socket(Some(path.to_string_lossy())),
        Place::Tcp { host, port } => options.ip_or_hostname(Some(host.as_str())).tcp_port(*port),
    };
    options.ssl_opts(encryption(target))
}

fn encryption(target: &Target) -> Option<SslOpts> {
    tls::choose_provider();
    let options = SslOpts::default().with_root_cert_path(target.authority.clone());
    match target.tls {
        Tls::Insecure => Some(
            options.with_danger_accept_invalid_certs(true).with_danger_skip_domain_validation(true),
        ),
        Tls::Off => None,
        Tls::Require => Some(options),
    }
}

/// How many of these rows go into the next statement.
fn fitting(rows: &[Vec<Cell>], room: usize) -> usize {
    let bytes = |count: usize| -> usize { rows.iter().take(count).flatten().map(weight).sum() };
    let fits = |size: &usize| *size <= rows.len() && bytes(*size) <= room;
    SIZES.into_iter().find(fits).unwrap_or(1)
}

fn insert(table: &Table, rows: usize) -> String {
    let names: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
    let places = vec!["?"; names.len()].join(", ");
    let all = vec![format!("({places})"); rows].join(", ");
    // Not `INSERT IGNORE`: that ignores what we have to know of, too.
    let again = match table.again {
        Again::Kept => "sensor = sensor".to_owned(),
        Again::Replaced(names) => {
            let anew: Vec<String> =
                names.iter().map(|name| format!("{name} = VALUES({name})")).collect();
            anew.join(", ")
        }
    };
    format!(
        "INSERT INTO {} ({}) VALUES {all} ON DUPLICATE KEY UPDATE {again}",
        table.name,
        names.join(", ")
    )
}

fn values(part: &Part, rows: &[Vec<Cell>]) -> Vec<Value> {
    let kinds = part.table.columns.iter().map(|column| column.kind);
    rows.iter()
        .flat_map(|row| kinds.clone().zip(row))
        .map(|(kind, cell)| value(kind, cell))
        .collect()
}

fn value(kind: Kind, cell: &Cell) -> Value {
    match (kind, cell) {
        (_, Cell::Null) => Value::NULL,
        (Kind::Time, Cell::Integer(micros)) => date(*micros),
        (_, Cell::Integer(number)) => Value::Int(*number),
        (_, Cell::Real(number)) => Value::Double(*number),
        (_, Cell::Text(text)) => Value::Bytes(text.as_bytes().to_vec()),
        (_, Cell::Blob(bytes)) => Value::Bytes(bytes.clone()),
    }
}

fn date(micros: i64) -> Value {
    // What no calendar has cannot come from a clock.
    let time = jiff::Timestamp::from_microsecond(micros).unwrap_or_default();
    let civil = Offset::UTC.to_datetime(time);
    let small = |number: i8| number.unsigned_abs();
    Value::Date(
        civil.year().unsigned_abs(),
        small(civil.month()),
        small(civil.day()),
        small(civil.hour()),
        small(civil.minute()),
        small(civil.second()),
        civil.subsec_nanosecond().unsigned_abs() / 1_000,
    )
}

/// By the numbers of the server (the same in MySQL and MariaDB as far as we need them).
fn fault(error: Error) -> (Fault, Cause) {
    match error {
        Error::MySqlError(said) => {
            let fault = match said.code {
                1045 | 1698 | 1396 | 1130 | 1251 => Fault::Account,
                1044 | 1142 | 1143 | 1227 | 1370 => Fault::Privilege,
                1049 => Fault::NoDatabase,
                1054 | 1146 => Fault::NoTables,
                3 | 28 | 1021 | 1030 | 1036 | 1114 | 1290 | 1792 | 1836 | 3100 => Fault::NoRoom,
                1040 | 1047 | 1053 | 1077 | 1079 | 1080 | 1159 | 1161 | 1205 | 1213 => {
                    Fault::Connection
                }
                _ => Fault::Other,
            };
            (fault, said.into())
        }
        Error::IoError(cause) if is_silence(&cause) => (Fault::Silent, NoAnswer.into()),
        Error::CodecError(cause) if cause.source().is_some_and(is_silence) => {
            (Fault::Silent, NoAnswer.into())
        }
        Error::IoError(cause) => (Fault::Connection, cause.into()),
        Error::DriverError(cause) => (Fault::Connection, cause.to_string().into()),
        Error::CodecError(cause) => (Fault::Connection, cause.to_string().into()),
        Error::TlsError(cause) => (Fault::Connection, cause.to_string().into()),
        other => (Fault::Other, other.to_string().into()),
    }
}

/// What a read or write says that took longer than it may.
fn is_silence(cause: &(dyn StdError + 'static)) -> bool {
    let cause: Option<&io::Error> = cause.downcast_ref();
    cause.is_some_and(|cause| cause.kind() == io::ErrorKind::WouldBlock)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_keep_their_microseconds() {
        assert_eq!(date(1_795_512_600_000_001), Value::Date(2026, 11, 24, 9, 30, 0, 1));
    }

    #[test]
    fn a_statement_takes_what_fits() {
        let row = || vec![Cell::Blob(vec![0; 100])];
        let rows: Vec<_> = (0..70).map(|_| row()).collect();
        assert_eq!(fitting(&rows, 1_000_000), 64);
        assert_eq!(fitting(&rows, 1_700), 16);
        assert_eq!(fitting(&rows, 50), 1);
        assert_eq!(fitting(&rows[..3], 1_000_000), 1);
    }
}
