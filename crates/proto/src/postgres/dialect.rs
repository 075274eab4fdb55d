//! What PostgreSQL has of its own: settings, tags of what is done, errors.

use super::machine::Transaction;
use super::reply::Refusal;
use crate::derived::{Purpose, derived};
use crate::sql::{
    Column, Connection, Cursor, Dialect, Fact, Problem, Quotes, Rows, Value, Written,
};
use crate::{Cx, uptime};

/// The server of a long-term release of Ubuntu.
const VERSION: &str = "14.13 (Ubuntu 14.13-0ubuntu0.22.04.1)";

/// What a client is told of the server once it was let in.
pub(super) const REPORTED: &[(&str, &str)] = &[
    ("client_encoding", "UTF8"),
    ("DateStyle", "ISO, MDY"),
    ("default_transaction_read_only", "off"),
    ("in_hot_standby", "off"),
    ("integer_datetimes", "on"),
    ("IntervalStyle", "postgres"),
    ("is_superuser", "on"),
    ("server_encoding", "UTF8"),
    ("server_version", VERSION),
    ("standard_conforming_strings", "on"),
    ("TimeZone", "Etc/UTC"),
];

/// Settings that are shown besides.
const SHOWN: &[(&str, &str)] = &[
    ("config_file", "/etc/postgresql/14/main/postgresql.conf"),
    ("data_directory", "/var/lib/postgresql/14/main"),
    ("hba_file", "/etc/postgresql/14/main/pg_hba.conf"),
    ("lc_collate", "C.UTF-8"),
    ("listen_addresses", "*"),
    ("log_directory", "log"),
    ("max_connections", "100"),
    ("port", "5432"),
    ("search_path", "\"$user\", public"),
    ("server_version_num", "140013"),
    ("shared_buffers", "128MB"),
    ("shared_preload_libraries", ""),
    ("ssl", "on"),
    ("statement_timeout", "0"),
    ("transaction_isolation", "read committed"),
    ("transaction_read_only", "off"),
];

/// The process that serves this connection.
pub(super) fn process(cx: &Cx<'_>) -> u32 {
    let [chance, _] = derived(&cx.persona.seed, Purpose::Database, &cx.flow.id.to_string());
    let number = 1_000 + (uptime::seconds(cx) / 13 + chance % 7) % 4_000_000;
    u32::try_from(number).unwrap_or_default()
}

pub(super) static DIALECT: Dialect = Dialect {
    double_quotes: Quotes::Name,
    facts: FACTS,
    lists: &[
        ("pg_database", "datname", |asked| {
            let own = ["postgres", "template0", "template1"].map(str::to_owned);
            [asked.catalog.databases(asked.connection.cx), own.to_vec()].concat()
        }),
        ("pg_tables", "tablename", |asked| asked.catalog.all_tables(asked.connection.cx)),
        ("tables", "table_name", |asked| asked.catalog.all_tables(asked.connection.cx)),
        ("pg_user", "usename", |_| vec!["postgres".to_owned()]),
        ("pg_roles", "rolname", |_| vec!["postgres".to_owned()]),
        ("pg_shadow", "usename", |_| vec!["postgres".to_owned()]),
    ],
    system_schemas: &["information_schema", "pg_catalog", "pg_"],
    label,
};

/// Functions and columns lend their names; values and parameters have none.
fn label(written: &Written<'_>) -> String {
    let nameless = |name: &&str| name.starts_with('$') || name.eq_ignore_ascii_case("null");
    let name = written.name.filter(|name| !nameless(name));
    name.map_or_else(|| "?column?".to_owned(), str::to_lowercase)
}

const FACTS: &[(&str, Fact)] = &[
    ("current_catalog", |asked| Value::text(asked.database)),
    ("current_database()", |asked| Value::text(asked.database)),
    ("current_date", |asked| Value::text(time(asked, "%Y-%m-%d"))),
    ("current_schema", |_| Value::text("public")),
    ("current_schema()", |_| Value::text("public")),
    ("current_timestamp", |asked| Value::text(time(asked, TIME))),
    ("current_user", |asked| Value::text(asked.user)),
    ("inet_server_addr()", |asked| Value::text(asked.cx.flow.orig_dst.address().ip().to_string())),
    ("inet_server_port()", |asked| {
        Value::Number(i64::from(asked.cx.flow.orig_dst.address().port()))
    }),
    ("lo_creat()", |_| Value::Number(16_441)),
    ("lo_create()", |_| Value::Number(16_441)),
    ("lo_export()", |_| Value::Number(1)),
    ("lo_from_bytea()", |_| Value::Number(16_441)),
    ("lo_import()", |_| Value::Number(16_441)),
    ("lo_unlink()", |_| Value::Number(1)),
    ("now()", |asked| Value::text(time(asked, TIME))),
    ("pg_backend_pid()", |asked| Value::Number(i64::from(process(asked.cx)))),
    ("pg_is_in_recovery()", |_| Value::text("f")),
    ("pg_ls_dir()", |_| Value::Null),
    ("pg_postmaster_start_time()", |_| Value::Null),
    ("pg_read_file()", |_| Value::text("")),
    ("pg_reload_conf()", |_| Value::text("t")),
    ("session_user", |asked| Value::text(asked.user)),
    ("set_config()", |_| Value::text("")),
    ("user", |asked| Value::text(asked.user)),
    ("version()", |_| Value::Text(whole_version())),
];

const TIME: &str = "%Y-%m-%d %H:%M:%S+00";

fn whole_version() -> String {
    format!(
        "PostgreSQL {VERSION} on x86_64-pc-linux-gnu, compiled by gcc (Ubuntu \
         11.4.0-1ubuntu1~22.04) 11.4.0, 64-bit"
    )
}

fn time(asked: &Connection<'_>, form: &str) -> String {
    let time = jiff::Timestamp::from_second(asked.cx.now.as_secs()).unwrap_or_default();
    time.strftime(form).to_string()
}

/// SHOW: one setting, or all.
pub(super) fn show(mut cursor: Cursor<'_>, connection: &Connection<'_>) -> Result<Rows, Refusal> {
    let all = || REPORTED.iter().chain(SHOWN);
    if cursor.keyword("ALL") {
        let row = |(name, value): &(&str, &str)| vec![Value::text(*name), Value::text(*value)];
        let columns = ["name", "setting"].map(Column::text).to_vec();
        return Ok(Rows { columns, rows: all().map(row).collect() });
    }
    let name = cursor.name().map(|named| named.name.to_ascii_lowercase()).unwrap_or_default();
    let name = match name.as_str() {
        "transaction" => "transaction_isolation".to_owned(),
        "time" => "timezone".to_owned(),
        _ => name,
    };
    if name == "session_authorization" {
        return Ok(Rows::list(&name, std::iter::once(connection.user.to_owned())));
    }
    match all().find(|(known, _)| known.eq_ignore_ascii_case(&name)) {
        Some((known, value)) => Ok(Rows::list(known, std::iter::once((*value).to_owned()))),
        None => Err(Refusal {
            severity: "ERROR",
            code: "42704",
            text: format!("unrecognized configuration parameter \"{name}\""),
        }),
    }
}

/// What a statement makes of the transaction, if it is about it.
pub(super) fn transaction(mut cursor: Cursor<'_>) -> Option<Transaction> {
    match cursor.word()?.as_str() {
        "BEGIN" => Some(Transaction::Inside),
        "START" => Some(Transaction::Inside),
        "ABORT" | "COMMIT" | "END" | "ROLLBACK" if !cursor.keyword("TO") => Some(Transaction::None),
        _ => None,
    }
}

/// Statements that only this server has, or has in words of its own: they are done.
const TAGS: &[(&str, &str)] = &[
    ("ABORT", "ROLLBACK"),
    ("CHECKPOINT", "CHECKPOINT"),
    ("CLOSE", "CLOSE CURSOR"),
    ("CLUSTER", "CLUSTER"),
    ("COMMENT", "COMMENT"),
    ("DEALLOCATE ALL", "DEALLOCATE ALL"),
    ("DEALLOCATE", "DEALLOCATE"),
    ("DECLARE", "DECLARE CURSOR"),
    ("DISCARD ALL", "DISCARD ALL"),
    ("DO", "DO"),
    ("END", "COMMIT"),
    ("LISTEN", "LISTEN"),
    ("LOAD", "LOAD"),
    ("LOCK", "LOCK TABLE"),
    ("NOTIFY", "NOTIFY"),
    ("REINDEX", "REINDEX"),
    ("RESET", "RESET"),
    ("START TRANSACTION", "START TRANSACTION"),
    ("TRUNCATE", "TRUNCATE TABLE"),
    ("UNLISTEN", "UNLISTEN"),
    ("VACUUM", "VACUUM"),
];

pub(super) fn tag_of(mut cursor: Cursor<'_>) -> Option<&'static str> {
    TAGS.iter().find(|(words, _)| cursor.keywords(words)).map(|(_, tag)| *tag)
}

/// The tag of what was done.
pub(super) fn tag(verb: &str, rows: u64) -> String {
    match verb {
        "INSERT" => format!("INSERT 0 {rows}"),
        "DELETE" | "SELECT" | "UPDATE" => format!("{verb} {rows}"),
        _ => verb.to_owned(),
    }
}

/// A refusal in the server's words.
pub(super) fn refusal(problem: &Problem) -> Refusal {
    let (code, text) = match problem {
        Problem::Exists(name) => ("42P07", format!("relation \"{name}\" already exists")),
        Problem::Full => ("53200", "out of memory".to_owned()),
        Problem::NoColumn(name) => ("42703", format!("column \"{name}\" does not exist")),
        Problem::NoFunction(name) => ("42883", format!("function {name}() does not exist")),
        Problem::NoTable(name) => ("42P01", format!("relation \"{name}\" does not exist")),
        Problem::NoVariable(name) => ("42601", format!("syntax error at or near \"{name}\"")),
        Problem::Syntax(rest) => match rest.split_whitespace().next() {
            Some(word) => ("42601", format!("syntax error at or near \"{word}\"")),
            None => ("42601", "syntax error at end of input".to_owned()),
        },
    };
    Refusal { severity: "ERROR", code, text }
}
