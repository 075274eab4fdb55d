//! From any earlier version of the tables to the present one, forward only.

use rusqlite::{Connection, TransactionBehavior};

/// Every step there was. A step that was released is never edited; a change is a new step.
const MIGRATIONS: &[&str] = &[include_str!("migrations/0001-records.sql")];

/// Marks a file as ours in its header ("skgt"), so that `file` and we can tell.
const APPLICATION_ID: i32 = 0x736b_6774;

/// Why the tables of a file cannot be brought up to date.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MigrationError {
    #[error("it was written by a newer sinkgate (tables of version {found}, known is {known})")]
    Newer { found: usize, known: usize },
    #[error("it is a database of another program")]
    NotOurs,
    #[error("SQLite failed")]
    Sqlite(#[from] rusqlite::Error),
}

/// Brings the tables up to date. Doing it twice does nothing the second time.
pub(crate) fn migrate(connection: &mut Connection) -> Result<(), MigrationError> {
    let found = match check(connection) {
        Ok(found) => found,
        Err(MigrationError::NotOurs) if is_empty(connection)? => 0,
        Err(error) => return Err(error),
    };
    for (number, step) in (1_u32..).zip(MIGRATIONS).skip(found) {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch(step)?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", number)?;
        transaction.commit()?;
    }
    Ok(())
}

/// The version of the tables, if we can read them.
pub(crate) fn check(connection: &Connection) -> Result<usize, MigrationError> {
    let owner: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let found: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let found = found as usize;
    let known = MIGRATIONS.len();
    match found {
        _ if owner != APPLICATION_ID => Err(MigrationError::NotOurs),
        _ if found > known => Err(MigrationError::Newer { found, known }),
        _ => Ok(found),
    }
}

/// The schema of a new database, as it stands in `docs/reference/schema.sql`.
///
/// # Errors
///
/// If SQLite refuses a step, which a test rules out.
pub fn schema() -> rusqlite::Result<String> {
    let mut connection = Connection::open_in_memory()?;
    match migrate(&mut connection) {
        Ok(()) | Err(MigrationError::Newer { .. } | MigrationError::NotOurs) => {}
        Err(MigrationError::Sqlite(error)) => return Err(error),
    }
    let mut written =
        format!("-- The tables of a sinkgate database, version {}.\n", MIGRATIONS.len());
    let mut statement = connection.prepare(
        "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT GLOB 'sqlite_*' \
         ORDER BY rowid",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        written = written + "\n" + row.get_ref(0)?.as_str()? + ";\n";
    }
    Ok(written)
}

fn is_empty(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row("SELECT count(*) = 0 FROM sqlite_schema", [], |row| row.get(0))
}
