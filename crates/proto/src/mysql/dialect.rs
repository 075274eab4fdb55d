//! What MySQL and MariaDB have of their own: variables, SHOW, USE, errors.

use super::Way;
use super::machine::Session;
use super::reply::Refusal;
use crate::derived::{Purpose, derived};
use crate::sql::{
    self, Answer, Column, Connection, Cursor, Dialect, Fact, Kind, Problem, Quotes, Rows,
    Statement, Value,
};
use crate::{Cx, uptime};

/// What a server of a long-term release of Ubuntu calls itself, by how it lets clients log in.
fn version(cx: &Cx<'_>) -> &'static str {
    match cx.rules.mysql.login {
        Way::Sha2 => "8.0.39-0ubuntu0.22.04.1",
        Way::Clear | Way::Native => "10.6.18-MariaDB-0ubuntu0.22.04.1",
    }
}

fn comment(cx: &Cx<'_>) -> &'static str {
    match cx.rules.mysql.login {
        Way::Sha2 => "(Ubuntu)",
        Way::Clear | Way::Native => "Ubuntu 22.04",
    }
}

/// The same in a greeting: clients of old think that nothing is newer than 5.
pub(super) fn greeted_version(cx: &Cx<'_>) -> String {
    match cx.rules.mysql.login {
        Way::Sha2 => version(cx).to_owned(),
        Way::Clear | Way::Native => format!("5.5.5-{}", version(cx)),
    }
}

/// What this connection is called: one of those since the server was started.
pub(super) fn connection_id(cx: &Cx<'_>) -> u32 {
    let [chance, _] = derived(&cx.persona.seed, Purpose::Database, &cx.flow.id.to_string());
    let count = uptime::seconds(cx) / 11 + chance % 5;
    u32::try_from(count).unwrap_or(u32::MAX)
}

pub(super) fn statistics(cx: &Cx<'_>) -> String {
    let uptime = uptime::seconds(cx);
    let questions = uptime / 3;
    format!(
        "Uptime: {uptime}  Threads: 2  Questions: {questions}  Slow queries: 0  Opens: 174  \
         Flush tables: 3  Open tables: 93  Queries per second avg: 0.333"
    )
}

pub(super) static DIALECT: Dialect = Dialect {
    double_quotes: Quotes::Text,
    facts: FACTS,
    lists: &[
        ("schemata", "schema_name", |asked| {
            let own = asked.catalog.databases(asked.connection.cx).into_iter();
            own.chain(SYSTEM_DATABASES.iter().map(|name| (*name).to_owned())).collect()
        }),
        ("tables", "table_name", |asked| asked.catalog.all_tables(asked.connection.cx)),
        ("user", "user", |_| ["mariadb.sys", "mysql", "root"].map(str::to_owned).to_vec()),
    ],
    system_schemas: &["information_schema", "mysql", "performance_schema", "sys", "dual"],
    label: |written| written.text.to_owned(),
};

/// Databases that every server has.
const SYSTEM_DATABASES: &[&str] = &["information_schema", "mysql", "performance_schema", "sys"];

const FACTS: &[(&str, Fact)] = &[
    ("connection_id()", |asked| Value::Number(i64::from(connection_id(asked.cx)))),
    ("current_date()", |asked| Value::text(date(asked))),
    ("current_timestamp()", |asked| Value::text(time(asked))),
    ("current_user", |asked| user(asked)),
    ("current_user()", |asked| user(asked)),
    ("database()", database),
    ("found_rows()", |_| Value::Number(0)),
    ("last_insert_id()", |_| Value::Number(0)),
    ("load_file()", |_| Value::Null),
    ("now()", |asked| Value::text(time(asked))),
    ("row_count()", |_| Value::Number(0)),
    ("schema()", database),
    ("session_user()", |asked| user(asked)),
    ("system_user()", |asked| user(asked)),
    ("unix_timestamp()", |asked| Value::Number(asked.cx.now.as_secs())),
    ("user()", |asked| user(asked)),
    ("uuid()", |asked| Value::text(asked.cx.flow.id.to_string())),
    ("version()", |asked| Value::text(version(asked.cx))),
    ("@@auto_increment_increment", |_| Value::Number(1)),
    ("@@autocommit", |_| Value::Number(1)),
    ("@@basedir", |_| Value::text("/usr")),
    ("@@character_set_client", |_| Value::text("utf8mb4")),
    ("@@character_set_connection", |_| Value::text("utf8mb4")),
    ("@@character_set_database", |_| Value::text("utf8mb4")),
    ("@@character_set_results", |_| Value::text("utf8mb4")),
    ("@@character_set_server", |_| Value::text("utf8mb4")),
    ("@@collation_connection", |_| Value::text("utf8mb4_general_ci")),
    ("@@collation_database", |_| Value::text("utf8mb4_general_ci")),
    ("@@collation_server", |_| Value::text("utf8mb4_general_ci")),
    ("@@datadir", |_| Value::text("/var/lib/mysql/")),
    ("@@have_ssl", |_| Value::text("YES")),
    ("@@hostname", |asked| Value::text(&asked.cx.persona.host)),
    ("@@init_connect", |_| Value::text("")),
    ("@@innodb_version", |_| Value::text("10.6.18")),
    ("@@interactive_timeout", |_| Value::Number(28_800)),
    ("@@license", |_| Value::text("GPL")),
    ("@@local_infile", |_| Value::Number(0)),
    ("@@lower_case_table_names", |_| Value::Number(0)),
    ("@@max_allowed_packet", |_| Value::Number(16_777_216)),
    ("@@max_connections", |_| Value::Number(151)),
    ("@@net_buffer_length", |_| Value::Number(16_384)),
    ("@@net_write_timeout", |_| Value::Number(60)),
    ("@@performance_schema", |_| Value::Number(0)),
    ("@@plugin_dir", |_| Value::text("/usr/lib/mysql/plugin/")),
    ("@@port", |_| Value::Number(3306)),
    ("@@protocol_version", |_| Value::Number(10)),
    ("@@query_cache_size", |_| Value::Number(0)),
    ("@@query_cache_type", |_| Value::text("OFF")),
    ("@@secure_file_priv", |_| Value::text("")),
    ("@@server_id", |_| Value::Number(1)),
    ("@@socket", |_| Value::text("/run/mysqld/mysqld.sock")),
    ("@@sql_mode", |_| {
        Value::text("STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION")
    }),
    ("@@system_time_zone", |_| Value::text("UTC")),
    ("@@time_zone", |_| Value::text("SYSTEM")),
    ("@@transaction_isolation", |_| Value::text("REPEATABLE-READ")),
    ("@@transaction_read_only", |_| Value::Number(0)),
    ("@@tx_isolation", |_| Value::text("REPEATABLE-READ")),
    ("@@tx_read_only", |_| Value::Number(0)),
    ("@@version", |asked| Value::text(version(asked.cx))),
    ("@@version_comment", |asked| Value::text(comment(asked.cx))),
    ("@@version_compile_machine", |_| Value::text("x86_64")),
    ("@@version_compile_os", |_| Value::text("debian-linux-gnu")),
    ("@@wait_timeout", |_| Value::Number(28_800)),
];

fn user(asked: &Connection<'_>) -> Value {
    Value::Text(format!("{}@{}", asked.user, asked.cx.persona.public_address))
}

fn database(asked: &Connection<'_>) -> Value {
    if asked.database.is_empty() { Value::Null } else { Value::text(asked.database) }
}

/// The time in the form of SQL.
fn time(asked: &Connection<'_>) -> String {
    let time = jiff::Timestamp::from_second(asked.cx.now.as_secs()).unwrap_or_default();
    time.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

fn date(asked: &Connection<'_>) -> String {
    time(asked).split(' ').next().unwrap_or_default().to_owned()
}

/// What a statement comes to.
pub(super) fn answer(
    statement: &Statement<'_>,
    session: &mut Session,
    cx: &Cx<'_>,
) -> Result<Answer, Refusal> {
    let mut cursor = statement.cursor();
    if let Some((_, obey)) = VERBS.iter().find(|(verb, _)| cursor.keywords(verb)) {
        return obey(cursor, session, cx);
    }
    let (user, database) = (session.user.clone(), session.database.clone());
    let connection = Connection { cx, user: &user, database: &database };
    match sql::answer(statement, &DIALECT, &connection, &mut session.catalog) {
        Answer::Refused(problem) => Err(refusal(&problem, &database)),
        answer => Ok(answer),
    }
}

/// What is done about statements that only this server has.
type Obey = fn(Cursor<'_>, &mut Session, &Cx<'_>) -> Result<Answer, Refusal>;

const VERBS: &[(&str, Obey)] = &[
    ("SHOW", show),
    ("USE", use_database),
    ("DESCRIBE", columns),
    ("DESC", columns),
    ("LOAD DATA LOCAL", |_, _, _| {
        let text = "The used command is not allowed with this MariaDB version".to_owned();
        Err(Refusal { code: 1148, state: "42000", text })
    }),
    ("CALL", nothing),
    ("CHANGE", nothing),
    ("CHECK", nothing),
    ("DEALLOCATE", nothing),
    ("DO", nothing),
    ("EXECUTE", nothing),
    ("FLUSH", nothing),
    ("INSTALL", nothing),
    ("KILL", nothing),
    ("LOAD DATA", nothing),
    ("LOCK", nothing),
    ("OPTIMIZE", nothing),
    ("PREPARE", nothing),
    ("RENAME", nothing),
    ("RESET", nothing),
    ("START SLAVE", nothing),
    ("STOP SLAVE", nothing),
    ("UNINSTALL", nothing),
    ("UNLOCK", nothing),
];

fn nothing(_: Cursor<'_>, _: &mut Session, _: &Cx<'_>) -> Result<Answer, Refusal> {
    Ok(Answer::Done { verb: String::new(), rows: 0 })
}

fn use_database(
    mut cursor: Cursor<'_>,
    session: &mut Session,
    cx: &Cx<'_>,
) -> Result<Answer, Refusal> {
    let name = cursor.name().map(|named| named.name).unwrap_or_default();
    let is_known = SYSTEM_DATABASES.contains(&name.as_str())
        || session.catalog.databases(cx).contains(&name)
        || session.database == name;
    if !is_known {
        let text = format!("Unknown database '{name}'");
        return Err(Refusal { code: 1049, state: "42000", text });
    }
    session.database = name;
    Ok(Answer::Done { verb: "USE".to_owned(), rows: 0 })
}

/// What SHOW shows, after its word.
type Show = fn(Cursor<'_>, &Session, &Cx<'_>) -> Rows;

const SHOWN: &[(&str, Show)] = &[
    ("DATABASES", databases),
    ("SCHEMAS", databases),
    ("TABLES", tables),
    ("FULL TABLES", tables),
    ("VARIABLES", variables),
    ("SESSION VARIABLES", variables),
    ("GLOBAL VARIABLES", variables),
    ("STATUS", status),
    ("GLOBAL STATUS", status),
    ("SESSION STATUS", status),
    ("GRANTS", grants),
    ("PROCESSLIST", processes),
    ("FULL PROCESSLIST", processes),
    ("ENGINES", |_, _, _| table(&["Engine", "Support", "Comment"], &[ENGINE])),
    ("WARNINGS", |_, _, _| table(&["Level", "Code", "Message"], &[])),
    ("ERRORS", |_, _, _| table(&["Level", "Code", "Message"], &[])),
    ("PLUGINS", |_, _, _| table(&["Name", "Status", "Type", "Library", "License"], &[])),
    ("COLLATION", |_, _, _| table(&["Collation", "Charset", "Id"], &[COLLATION])),
    ("CHARACTER SET", |_, _, _| {
        table(&["Charset", "Description", "Default collation"], &[CHARSET])
    }),
    ("MASTER STATUS", |_, _, _| table(&["File", "Position", "Binlog_Do_DB"], &[])),
    ("SLAVE STATUS", |_, _, _| table(&["Slave_IO_State", "Master_Host"], &[])),
    ("TABLE STATUS", |_, _, _| table(&["Name", "Engine", "Version", "Rows"], &[])),
    ("FUNCTION STATUS", |_, _, _| table(&["Db", "Name", "Type", "Definer"], &[])),
    ("PROCEDURE STATUS", |_, _, _| table(&["Db", "Name", "Type", "Definer"], &[])),
    ("TRIGGERS", |_, _, _| table(&["Trigger", "Event", "Table", "Statement"], &[])),
    ("EVENTS", |_, _, _| table(&["Db", "Name", "Definer", "Type"], &[])),
];

const ENGINE: &[&str] =
    &["InnoDB", "DEFAULT", "Supports transactions, row-level locking, foreign keys"];
const COLLATION: &[&str] = &["utf8mb4_general_ci", "utf8mb4", "45"];
const CHARSET: &[&str] = &["utf8mb4", "UTF-8 Unicode", "utf8mb4_general_ci"];

fn show(mut cursor: Cursor<'_>, session: &mut Session, cx: &Cx<'_>) -> Result<Answer, Refusal> {
    if let Some((_, show)) = SHOWN.iter().find(|(words, _)| cursor.keywords(words)) {
        return Ok(Answer::Rows(show(cursor, session, cx)));
    }
    let is_about_columns = ["COLUMNS FROM", "FIELDS FROM", "FULL COLUMNS FROM", "INDEX FROM"]
        .iter()
        .any(|words| cursor.keywords(words));
    if is_about_columns {
        return columns(cursor, session, cx);
    }
    Err(refusal(&Problem::Syntax(String::new()), &session.database))
}

fn table(columns: &[&str], rows: &[&[&str]]) -> Rows {
    let row = |row: &&[&str]| row.iter().map(|text| Value::text(*text)).collect();
    Rows {
        columns: columns.iter().map(|name| Column::text(name)).collect(),
        rows: rows.iter().map(row).collect(),
    }
}

fn databases(cursor: Cursor<'_>, session: &Session, cx: &Cx<'_>) -> Rows {
    let own = session.catalog.databases(cx).into_iter();
    let mut all: Vec<String> =
        own.chain(SYSTEM_DATABASES.iter().map(|name| (*name).to_owned())).collect();
    all.sort_unstable();
    Rows::list("Database", all.into_iter().filter(|name| is_like(name, cursor)))
}

/// The tables of this database, or of another one; if they are to be shown in full, with their kind.
fn tables(mut cursor: Cursor<'_>, session: &Session, cx: &Cx<'_>) -> Rows {
    let mut database = session.database.clone();
    if cursor.keyword("FROM") || cursor.keyword("IN") {
        database = cursor.name().map(|named| named.name).unwrap_or_default();
    }
    let names = session.catalog.tables(&database, cx).into_iter();
    Rows::list(&format!("Tables_in_{database}"), names.filter(|name| is_like(name, cursor)))
}

fn variables(cursor: Cursor<'_>, session: &Session, cx: &Cx<'_>) -> Rows {
    let connection = Connection { cx, user: &session.user, database: &session.database };
    let row = |(name, fact): &(&str, Fact)| {
        let name = name.strip_prefix("@@").filter(|name| is_like(name, cursor))?;
        Some(vec![Value::text(name), Value::text(fact(&connection).shown().unwrap_or_default())])
    };
    let columns = ["Variable_name", "Value"].map(Column::text).to_vec();
    Rows { columns, rows: FACTS.iter().filter_map(row).collect() }
}

fn status(cursor: Cursor<'_>, _: &Session, cx: &Cx<'_>) -> Rows {
    let uptime = uptime::seconds(cx);
    let known = [
        ("Connections", uptime / 11),
        ("Questions", uptime / 3),
        ("Threads_connected", 2),
        ("Threads_running", 1),
        ("Uptime", uptime),
    ];
    let shown = known.iter().filter(|(name, _)| is_like(name, cursor));
    let row =
        |(name, number): &(&str, u64)| vec![Value::text(*name), Value::text(number.to_string())];
    let columns = ["Variable_name", "Value"].map(Column::text).to_vec();
    Rows { columns, rows: shown.map(row).collect() }
}

/// Whether a name fits what comes after LIKE, if that is there.
fn is_like(name: &str, mut cursor: Cursor<'_>) -> bool {
    if !cursor.keyword("LIKE") && !cursor.keywords("WHERE Variable_name") {
        return true;
    }
    cursor.text().is_none_or(|pattern| sql::is_like(name, pattern))
}

fn grants(_: Cursor<'_>, session: &Session, _: &Cx<'_>) -> Rows {
    let user = &session.user;
    let name = format!("Grants for {user}@%");
    let grant = format!("GRANT ALL PRIVILEGES ON *.* TO `{user}`@`%` WITH GRANT OPTION");
    Rows::list(&name, std::iter::once(grant))
}

fn processes(_: Cursor<'_>, session: &Session, cx: &Cx<'_>) -> Rows {
    let mut rows =
        table(&["Id", "User", "Host", "db", "Command", "Time", "State", "Info", "Progress"], &[]);
    let host = format!("{}:{}", cx.persona.public_address, cx.flow.victim.address().port());
    let texts = [&session.user, &host, &session.database, "Query", "0", "starting"];
    let id = Value::Number(i64::from(connection_id(cx)));
    let row = std::iter::once(id).chain(texts.map(|text: &str| Value::text(text)));
    rows.rows.push(row.chain([Value::text("SHOW PROCESSLIST"), Value::text("0.000")]).collect());
    if let Some(first) = rows.columns.first_mut() {
        first.kind = Kind::Number;
    }
    rows
}

/// The columns of a table.
fn columns(mut cursor: Cursor<'_>, session: &mut Session, cx: &Cx<'_>) -> Result<Answer, Refusal> {
    let Some(named) = cursor.name() else {
        return Err(refusal(&Problem::Syntax(String::new()), &session.database));
    };
    let Some(names) = session.catalog.columns(&named, cx) else {
        return Err(refusal(&Problem::NoTable(named.name), &session.database));
    };
    let mut rows = table(&["Field", "Type", "Null", "Key", "Default", "Extra"], &[]);
    for name in names {
        let texts = [name.as_str(), "varchar(255)", "YES", ""].map(Value::text);
        rows.rows.push(texts.into_iter().chain([Value::Null, Value::text("")]).collect());
    }
    Ok(Answer::Rows(rows))
}

/// A refusal in the server's words.
pub(super) fn refusal(problem: &Problem, database: &str) -> Refusal {
    let (code, state, text) = match problem {
        Problem::Exists(name) => (1050, "42S01", format!("Table '{name}' already exists")),
        Problem::Full => (1041, "HY000", "Out of memory.".to_owned()),
        Problem::NoColumn(name) => {
            (1054, "42S22", format!("Unknown column '{name}' in 'field list'"))
        }
        Problem::NoFunction(name) => {
            (1305, "42000", format!("FUNCTION {database}.{name} does not exist"))
        }
        Problem::NoTable(_) if database.is_empty() => {
            (1046, "3D000", "No database selected".to_owned())
        }
        Problem::NoTable(name) => {
            (1146, "42S02", format!("Table '{database}.{name}' doesn't exist"))
        }
        Problem::NoVariable(name) => (1193, "HY000", format!("Unknown system variable '{name}'")),
        Problem::Syntax(rest) => {
            let near: String = rest.chars().take(80).collect();
            (
                1064,
                "42000",
                format!(
                    "You have an error in your SQL syntax; check the manual that corresponds to your \
                 MariaDB server version for the right syntax to use near '{near}' at line 1"
                ),
            )
        }
    };
    Refusal { code, state, text }
}
