//! PostgreSQL: one statement for all rows of a table, whose columns are arrays.

use std::future::Future;
use std::net::IpAddr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rusqlite::types::Value as Cell;
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;
use tokio_postgres::config::SslMode;
use tokio_postgres::error::SqlState;
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Config, Error, NoTls, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;
use uuid::Uuid;

use super::error::{Cause, Fault, NoAnswer};
use super::patience::Patience;
use super::source::{Batch, Most, Part};
use super::tables::{Again, Kind, Table};
use super::target::{Place, Target, Tls};
use super::tls;

/// A string in JSON may have 256 MiB, and a message 1 GiB.
pub(super) const MOST: Most = Most { bytes: 1 << 20, text: 128 << 20 };

/// Stands for the one character that PostgreSQL's text cannot hold, U+0000. The bytes themselves
/// are in the payload.
const INSTEAD_OF_NUL: &str = "\u{2400}";

/// A connection.
pub(super) struct Postgres {
    client: Client,
    answers: Answers,
}

impl Postgres {
    pub(super) fn connect(target: &Target, patience: &Patience) -> Result<Self, (Fault, Cause)> {
        let answers = Answers::new(patience.answer)?;
        let config = config(target, patience);
        let client = match target.tls {
            Tls::Off => answers.connect(&config, NoTls),
            Tls::Insecure | Tls::Require => {
                let tls = tls::config(target).map_err(|cause| (Fault::Other, cause))?;
                answers.connect(&config, MakeRustlsConnect::new(tls))
            }
        }?;
        let millis = patience.answer.as_millis();
        let session = format!("SET statement_timeout = {millis}; SET lock_timeout = {millis}");
        answers.wait_for(client.batch_execute(&session))?;
        Ok(Self { client, answers })
    }

    pub(super) fn first_row(&mut self, sql: &str) -> Result<Vec<String>, (Fault, Cause)> {
        use tokio_postgres::SimpleQueryMessage::Row;
        let messages = self.answers.wait_for(self.client.simple_query(sql))?;
        let row = messages.iter().find_map(|message| match message {
            Row(row) => Some(row),
            _ => None,
        });
        let Some(row) = row else { return Ok(Vec::new()) };
        Ok((0..row.len()).map(|column| row.get(column).unwrap_or_default().to_owned()).collect())
    }

    /// Runs statements: all of them, or none.
    pub(super) fn script(&mut self, sql: &str) -> Result<(), (Fault, Cause)> {
        self.answers.wait_for(self.client.batch_execute(sql))
    }

    pub(super) fn write(&mut self, batch: &Batch) -> Result<(), (Fault, Cause)> {
        let Self { client, answers } = self;
        let transaction = answers.wait_for(client.transaction())?;
        for part in &batch.parts {
            let columns = columns(part);
            let parameters: Vec<&(dyn ToSql + Sync)> =
                columns.iter().map(|column| &**column).collect();
            answers.wait_for(transaction.execute(&insert(part.table), &parameters))?;
        }
        answers.wait_for(transaction.commit())
    }
}

/// Waits for answers, but not for ever. The connection moves only meanwhile.
struct Answers {
    runtime: Runtime,
    longest: Duration,
}

impl Answers {
    fn new(longest: Duration) -> Result<Self, (Fault, Cause)> {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|cause| (Fault::Other, cause.into()))?;
        Ok(Self { runtime, longest })
    }

    fn connect<T>(&self, config: &Config, tls: T) -> Result<Client, (Fault, Cause)>
    where
        T: MakeTlsConnect<Socket>,
        T::Stream: Send + 'static,
    {
        let (client, connection) = self.wait_for(config.connect(tls))?;
        self.runtime.spawn(async {
            // Whoever waits for an answer hears of it, too.
            let _ = connection.await;
        });
        Ok(client)
    }

    fn wait_for<T>(
        &self,
        answer: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, (Fault, Cause)> {
        match self.runtime.block_on(async { timeout(self.longest, answer).await }) {
            Ok(answer) => answer.map_err(fault),
            Err(_) => Err((Fault::Silent, NoAnswer.into())),
        }
    }
}

fn config(target: &Target, patience: &Patience) -> Config {
    let mut config = Config::new();
    config
        .user(&target.user)
        .dbname(&target.database)
        .application_name("sinkgate")
        .connect_timeout(patience.connect)
        .tcp_user_timeout(patience.silence)
        .keepalives_idle(patience.silence / 2)
        .keepalives_interval((patience.silence / 4).max(Duration::from_secs(1)))
        .keepalives_retries(2)
        .ssl_mode(match target.tls {
            Tls::Off => SslMode::Disable,
            Tls::Insecure | Tls::Require => SslMode::Require,
        });
    if let Some(password) = target.secret() {
        config.password(password);
    }
    match &target.place {
        Place::Socket(path) => {
            // The folder, as everywhere with PostgreSQL, or the socket in it, whose name ends in
            // the port.
            let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
            let port = name.strip_prefix(".s.PGSQL.").and_then(|port| port.parse().ok());
            let folder = path.parent().filter(|_| port.is_some()).unwrap_or(path);
            config.host_path(folder).port(port.unwrap_or(5_432));
        }
        Place::Tcp { host, port } => {
            config.host(host).port(*port);
        }
    }
    config
}

fn insert(table: &Table) -> String {
    let names: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
    let arrays = (1..).zip(table.columns).map(|(number, column)| match column.kind {
        Kind::Address => format!("${number}::inet[]"),
        Kind::Bytes => format!("${number}::bytea[]"),
        Kind::Id => format!("${number}::uuid[]"),
        Kind::Json | Kind::Text => format!("${number}::text[]"),
        Kind::Number => format!("${number}::bigint[]"),
        Kind::Time => format!("${number}::timestamptz[]"),
    });
    let arrays: Vec<String> = arrays.collect();
    let cells = table.columns.iter().map(|column| match column.kind {
        Kind::Json => format!("new.{}::jsonb", column.name),
        _ => format!("new.{}", column.name),
    });
    let cells: Vec<String> = cells.collect();
    let again = match table.again {
        Again::Kept => "NOTHING".to_owned(),
        Again::Replaced(names) => {
            let anew = names.iter().map(|name| format!("{name} = excluded.{name}"));
            format!("UPDATE SET {}", anew.collect::<Vec<_>>().join(", "))
        }
    };
    let on = if table.again == Again::Kept { "" } else { "(run, name) " };
    format!(
        "INSERT INTO {table} ({names}) SELECT {cells} FROM unnest({arrays}) AS new ({names}) \
         ON CONFLICT {on}DO {again}",
        table = table.name,
        names = names.join(", "),
        cells = cells.join(", "),
        arrays = arrays.join(", "),
    )
}

type Column<'a> = Box<dyn ToSql + Sync + 'a>;

/// The rows turned on their side: an array for each column.
fn columns(part: &Part) -> Vec<Column<'_>> {
    let kinds = part.table.columns.iter().map(|column| column.kind).enumerate();
    kinds
        .map(|(place, kind)| array(kind, part.rows.iter().map(move |row| row.get(place))))
        .collect()
}

fn array<'a>(kind: Kind, cells: impl Iterator<Item = Option<&'a Cell>>) -> Column<'a> {
    match kind {
        Kind::Address => Box::new(cells.map(address).collect::<Vec<_>>()),
        Kind::Bytes => Box::new(cells.map(bytes).collect::<Vec<_>>()),
        Kind::Id => Box::new(cells.map(id).collect::<Vec<_>>()),
        Kind::Json => Box::new(cells.map(json).collect::<Vec<_>>()),
        Kind::Number => Box::new(cells.map(number).collect::<Vec<_>>()),
        Kind::Text => Box::new(cells.map(text).collect::<Vec<_>>()),
        Kind::Time => Box::new(cells.map(time).collect::<Vec<_>>()),
    }
}

fn address(cell: Option<&Cell>) -> Option<IpAddr> {
    text(cell)?.parse().ok()
}

fn bytes(cell: Option<&Cell>) -> Option<&[u8]> {
    match cell {
        Some(Cell::Blob(bytes)) => Some(bytes),
        _ => None,
    }
}

fn id(cell: Option<&Cell>) -> Option<Uuid> {
    bytes(cell).and_then(|bytes| Uuid::from_slice(bytes).ok())
}

fn number(cell: Option<&Cell>) -> Option<i64> {
    match cell {
        Some(Cell::Integer(number)) => Some(*number),
        _ => None,
    }
}

fn text(cell: Option<&Cell>) -> Option<String> {
    match cell {
        Some(Cell::Text(text)) => Some(text.replace('\0', INSTEAD_OF_NUL)),
        _ => None,
    }
}

fn json(cell: Option<&Cell>) -> Option<String> {
    text(cell).map(|json| if json.contains("\\u0000") { without_nul(&json) } else { json })
}

/// JSON whose strings have the stand-in wherever `\u0000` was written, but not where the
/// backslash is itself one that was written with two.
fn without_nul(json: &str) -> String {
    let mut written = String::with_capacity(json.len());
    let mut rest = json;
    while let Some((before, after)) = rest.split_once('\\') {
        written += before;
        if let Some(after) = after.strip_prefix("u0000") {
            written += INSTEAD_OF_NUL;
            rest = after;
        } else {
            let escaped = after.chars().next().map_or(0, char::len_utf8);
            let (escaped, after) = after.split_at(escaped);
            written.push('\\');
            written += escaped;
            rest = after;
        }
    }
    written + rest
}

fn time(cell: Option<&Cell>) -> Option<SystemTime> {
    let micros = number(cell)?;
    let span = Duration::from_micros(micros.unsigned_abs());
    if micros < 0 { UNIX_EPOCH.checked_sub(span) } else { UNIX_EPOCH.checked_add(span) }
}

/// By the classes of the standard (appendix A of PostgreSQL's manual).
fn fault(error: Error) -> (Fault, Cause) {
    let fault = match error.code() {
        None => Fault::Connection,
        Some(code) => match code.code() {
            "28000" | "28P01" => Fault::Account,
            "3D000" => Fault::NoDatabase,
            "42501" => Fault::Privilege,
            "42P01" | "42703" | "3F000" => Fault::NoTables,
            "25006" => Fault::NoRoom,
            _ if *code == SqlState::DISK_FULL || code.code().starts_with("58") => Fault::NoRoom,
            code if code.starts_with("08") || code.starts_with("57P") => Fault::Connection,
            "40001" | "40P01" | "53300" | "55P03" | "57014" => Fault::Connection,
            _ => Fault::Other,
        },
    };
    (fault, error.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_escaped_nul_is_replaced() {
        for (before, after) in [
            (r#"{"a":"x\u0000y"}"#, "{\"a\":\"x\u{2400}y\"}"),
            (r#"{"a":"\\u0000"}"#, r#"{"a":"\\u0000"}"#),
            (r#"{"a":"\\\u0000\n"}"#, "{\"a\":\"\\\\\u{2400}\\n\"}"),
        ] {
            let cell = Cell::Text(before.to_owned());
            assert_eq!(json(Some(&cell)).unwrap(), after);
        }
    }

    #[test]
    fn times_before_1970_are_times() {
        let time = time(Some(&Cell::Integer(-1_500_000))).unwrap();
        assert_eq!(UNIX_EPOCH.duration_since(time).unwrap(), Duration::from_micros(1_500_000));
    }
}
