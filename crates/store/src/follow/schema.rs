//! The tables there: made, brought up to date, removed.

use super::error::FollowError;
use super::patience::Patience;
use super::remote::Remote;
use super::target::{Kind, Target};

/// What became of a database that was to be prepared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prepared {
    /// The database itself was made, too.
    pub is_new: bool,
    /// Version of its tables before; 0 is none.
    pub from: usize,
    /// Version of its tables now.
    pub to: usize,
}

/// Whether tables that are there stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reset {
    /// They stay, with their rows.
    Keep,
    /// They are removed first, with all their rows.
    Remove,
}

/// What a database says of its tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) version: usize,
    /// Other than that of any tables before.
    pub(super) identity: String,
}

/// Makes the database if need be, and its tables, or brings them up to date.
///
/// # Errors
///
/// If it cannot be reached, if the account may not do that, if the tables are those of a newer
/// version, or if something in the database has the name of a table of ours.
pub fn prepare(target: &Target, reset: Reset) -> Result<Prepared, FollowError> {
    let (mut remote, is_new) = match Remote::connect(target, &Patience::default()) {
        Err(FollowError::NoDatabase { .. }) => (create(target)?, true),
        outcome => (outcome?, false),
    };
    let dialect = Dialect::of(target.kind);
    remote.first_row(dialect.lock)?;
    dialect.check_encoding(&mut remote)?;
    let mut found = found(&mut remote)?;
    if reset == Reset::Remove && found.is_some() {
        remote.script(dialect.remove)?;
        found = None;
    }
    let from = found.map_or(0, |found| found.version);
    if from == 0 {
        dialect.check_room(&mut remote)?;
    }
    let known = dialect.steps.len();
    if from > known {
        return Err(FollowError::Newer { target: target.to_string(), found: from, known });
    }
    for (number, step) in (1_usize..).zip(dialect.steps).skip(from) {
        remote.script(&dialect.whole_step(number, step))?;
    }
    Ok(Prepared { is_new, from, to: known })
}

/// The statements that [`prepare`] runs in an empty database.
#[must_use]
pub fn statements(target: &Target) -> String {
    let dialect = Dialect::of(target.kind);
    let steps = (1..).zip(dialect.steps).map(|(number, step)| dialect.whole_step(number, step));
    steps.collect()
}

/// The tables, if they are those we write to.
pub(super) fn check(remote: &mut Remote, target: &Target) -> Result<Found, FollowError> {
    let known = Dialect::of(target.kind).steps.len();
    let target = target.to_string();
    match found(remote)? {
        None => {
            let cause = "there is no table sinkgate_schema".into();
            Err(FollowError::NoTables { target, cause })
        }
        Some(Found { version: found, .. }) if found > known => {
            Err(FollowError::Newer { target, found, known })
        }
        Some(Found { version: found, .. }) if found < known => {
            Err(FollowError::Older { target, found, known })
        }
        Some(found) => Ok(found),
    }
}

fn found(remote: &mut Remote) -> Result<Option<Found>, FollowError> {
    const VERSION: &str = "SELECT version, (SELECT identity FROM sinkgate_schema \
                           ORDER BY version LIMIT 1) AS identity \
                           FROM sinkgate_schema ORDER BY version DESC LIMIT 1";
    let row = match remote.first_row(VERSION) {
        Err(FollowError::NoTables { .. }) => return Ok(None),
        outcome => outcome?,
    };
    match &row[..] {
        [version, identity] => {
            let version = version.parse().unwrap_or(usize::MAX);
            Ok(Some(Found { version, identity: identity.clone() }))
        }
        _ => Ok(None),
    }
}

/// Makes a database, from one that every server has.
fn create(target: &Target) -> Result<Remote, FollowError> {
    let dialect = Dialect::of(target.kind);
    let patience = Patience::default();
    let mut server = Remote::connect(&target.with_database(dialect.other_database), &patience)?;
    server.script(&dialect.create.replace("NAME", &target.database))?;
    Remote::connect(target, &patience)
}

/// What has to be said differently to each kind of server.
struct Dialect {
    /// A database that is always there; empty if none has to be named.
    other_database: &'static str,
    create: &'static str,
    /// Keeps others from preparing the same database at the same time, until we hang up.
    lock: &'static str,
    encoding: &'static str,
    /// The first thing with one of our names.
    in_the_way: &'static str,
    /// Written down first of all, so that a step that was cut short is seen for what it is.
    versions: &'static str,
    /// Every step there was. A step that was released is never edited; a change is a new step.
    steps: &'static [&'static str],
    reached: &'static str,
    remove: &'static str,
}

impl Dialect {
    const fn of(kind: Kind) -> &'static Self {
        match kind {
            Kind::MySql => &MYSQL,
            Kind::Postgres => &POSTGRES,
        }
    }

    fn whole_step(&self, number: usize, step: &str) -> String {
        let reached = self.reached.replace("NUMBER", &number.to_string());
        format!("{}\n{step}\n{reached}\n", if number == 1 { self.versions } else { "" })
    }

    fn check_encoding(&self, remote: &mut Remote) -> Result<(), FollowError> {
        let row = remote.first_row(self.encoding)?;
        match row.into_iter().next() {
            Some(encoding) if !encoding.eq_ignore_ascii_case("utf8") => {
                Err(FollowError::NotUnicode { target: remote.target().to_owned(), encoding })
            }
            _ => Ok(()),
        }
    }

    fn check_room(&self, remote: &mut Remote) -> Result<(), FollowError> {
        let names = NAMES.map(|name| format!("'{name}'")).join(", ");
        let row = remote.first_row(&self.in_the_way.replace("NAMES", &names))?;
        match row.into_iter().next() {
            Some(name) => Err(FollowError::Foreign { target: remote.target().to_owned(), name }),
            None => Ok(()),
        }
    }
}

/// Every table and view of ours.
const NAMES: [&str; 14] = [
    "run",
    "run_end",
    "flow",
    "flow_end",
    "flow_name",
    "payload",
    "artifact",
    "artifact_part",
    "dns_query",
    "event",
    "counter",
    "connection_log",
    "sinkhole_data",
    "dns_log",
];

/// A step is not one transaction here, but can be repeated. What an earlier attempt has made is
/// not in the way: the table of versions is there then, although it is empty.
const MYSQL: Dialect = Dialect {
    other_database: "",
    create: "CREATE DATABASE IF NOT EXISTS `NAME` CHARACTER SET utf8mb4",
    // A cluster knows no such locks, and two who repeat the same step do no harm.
    lock: "SELECT 1",
    // Every table says its own.
    encoding: "SELECT 'utf8'",
    in_the_way: "SELECT table_name FROM information_schema.tables \
                 WHERE table_schema = DATABASE() AND table_name IN (NAMES) AND NOT EXISTS (\
                 SELECT 1 FROM information_schema.tables \
                 WHERE table_schema = DATABASE() AND table_name = 'sinkgate_schema') LIMIT 1",
    versions: "CREATE TABLE IF NOT EXISTS sinkgate_schema (\n    \
               version   INT NOT NULL PRIMARY KEY,\n    \
               identity  CHAR(36) CHARACTER SET ascii NOT NULL, -- of these tables and no others\n    \
               reached   DATETIME(6) NOT NULL\n\
               ) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;\n",
    steps: &[include_str!("migrations/mysql-0001.sql")],
    reached: "INSERT IGNORE INTO sinkgate_schema VALUES (NUMBER, UUID(), UTC_TIMESTAMP(6));",
    remove: "DROP VIEW IF EXISTS connection_log, sinkhole_data, dns_log;\n\
             DROP TABLE IF EXISTS run, run_end, flow, flow_end, flow_name, payload, artifact, \
             artifact_part, dns_query, event, counter, sinkgate_schema;\n",
};

const POSTGRES: Dialect = Dialect {
    other_database: "postgres",
    create: "CREATE DATABASE \"NAME\" ENCODING 'UTF8' TEMPLATE template0",
    lock: "SELECT 1 FROM pg_advisory_lock(hashtext('sinkgate schema'))",
    encoding: "SELECT pg_encoding_to_char(encoding) FROM pg_database \
               WHERE datname = current_database()",
    // Not from the information schema, which keeps silent about what others own.
    in_the_way: "SELECT relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace \
                 WHERE nspname = current_schema() AND relname IN (NAMES) LIMIT 1",
    versions: "CREATE TABLE sinkgate_schema (\n    \
               version   integer PRIMARY KEY,\n    \
               identity  uuid NOT NULL, -- of these tables and no others\n    \
               reached   timestamptz NOT NULL\n);\n",
    steps: &[include_str!("migrations/postgres-0001.sql")],
    reached: "INSERT INTO sinkgate_schema VALUES (NUMBER, gen_random_uuid(), now());",
    remove: "DROP VIEW IF EXISTS connection_log, sinkhole_data, dns_log;\n\
             DROP FUNCTION IF EXISTS inet_aton(text), inet_ntoa(bigint);\n\
             DROP TABLE IF EXISTS run, run_end, flow, flow_end, flow_name, payload, artifact, \
             artifact_part, dns_query, event, counter, sinkgate_schema;\n",
};
