//! Statements: what they begin with says what is done.

use super::cursor::{Cursor, Named};
use super::selection;
use super::token::{Token, What, tokens};
use super::{Answer, Catalog, Connection, Dialect, Problem};

/// One statement.
#[derive(Debug)]
pub(crate) struct Statement<'a> {
    /// The text it was said in, others with it.
    pub(super) all: &'a str,
    tokens: Vec<Token>,
}

/// The statements of a text; what is empty is none.
pub(crate) fn statements<'a>(text: &'a str, dialect: &Dialect) -> Vec<Statement<'a>> {
    let all = tokens(text, dialect.double_quotes);
    let parts = all.split(|token| token.what == What::Sign(';'));
    let statement = |part: &[Token]| {
        part.first()?;
        Some(Statement { all: text, tokens: part.to_vec() })
    };
    parts.filter_map(statement).collect()
}

/// What is done about statements that begin so. The first words that fit count.
type Obey = fn(Cursor<'_>, &Asked<'_>, &mut Catalog) -> Result<u64, Problem>;

/// A statement, who asks, and in which words.
pub(super) struct Asked<'a> {
    pub(super) statement: &'a Statement<'a>,
    pub(super) dialect: &'a Dialect,
    pub(super) connection: &'a Connection<'a>,
}

/// Statements that every database has and that give no rows.
const VERBS: &[(&str, Obey)] = &[
    ("CREATE DATABASE", create_database),
    ("CREATE SCHEMA", create_database),
    ("CREATE TABLE", create_table),
    ("CREATE TEMP TABLE", create_table),
    ("CREATE TEMPORARY TABLE", create_table),
    ("CREATE UNLOGGED TABLE", create_table),
    ("CREATE FUNCTION", create_function),
    ("CREATE AGGREGATE FUNCTION", create_function),
    ("CREATE OR REPLACE FUNCTION", create_function),
    ("CREATE", |_, _, _| Ok(0)),
    ("DROP DATABASE", drop_database),
    ("DROP SCHEMA", drop_database),
    ("DROP TABLE", drop_table),
    ("DROP", |_, _, _| Ok(0)),
    ("INSERT", insert),
    ("REPLACE", insert),
    ("UPDATE", update),
    ("DELETE", delete),
    ("TRUNCATE", truncate),
    ("ALTER TABLE", alter_table),
    ("ALTER", |_, _, _| Ok(0)),
    ("ANALYZE", |_, _, _| Ok(0)),
    ("BEGIN", |_, _, _| Ok(0)),
    ("COMMIT", |_, _, _| Ok(0)),
    ("END", |_, _, _| Ok(0)),
    ("GRANT", |_, _, _| Ok(0)),
    ("RELEASE", |_, _, _| Ok(0)),
    ("REVOKE", |_, _, _| Ok(0)),
    ("ROLLBACK", |_, _, _| Ok(0)),
    ("SAVEPOINT", |_, _, _| Ok(0)),
    ("SET", |_, _, _| Ok(0)),
    ("START TRANSACTION", |_, _, _| Ok(0)),
];

/// What a statement comes to.
pub(crate) fn answer(
    statement: &Statement<'_>,
    dialect: &Dialect,
    connection: &Connection<'_>,
    catalog: &mut Catalog,
) -> Answer {
    let asked = Asked { statement, dialect, connection };
    let mut cursor = statement.cursor();
    if cursor.keyword("SELECT") || cursor.keywords("VALUES") {
        return selection::select(cursor, &asked, catalog);
    }
    for (verb, obey) in VERBS {
        if cursor.keywords(verb) {
            return match obey(cursor, &asked, catalog) {
                Ok(rows) => Answer::Done { verb: verb_of(verb, cursor), rows },
                Err(problem) => Answer::Refused(problem),
            };
        }
    }
    Answer::Refused(statement.unreadable(cursor))
}

/// What was done, in words: of `CREATE` and `DROP` with what it is about.
fn verb_of(verb: &str, mut cursor: Cursor<'_>) -> String {
    let short = verb.replace("OR REPLACE ", "").replace("TEMP ", "").replace("TEMPORARY ", "");
    if matches!(verb, "CREATE" | "DROP" | "ALTER")
        && let Some(what) = cursor.word()
    {
        return format!("{short} {what}");
    }
    short.replace("UNLOGGED ", "")
}

impl Statement<'_> {
    pub(crate) fn cursor(&self) -> Cursor<'_> {
        Cursor { rest: &self.tokens }
    }

    /// Whether it gives rows, and changes nothing.
    pub(crate) fn gives_rows(&self) -> bool {
        let mut cursor = self.cursor();
        ["SELECT", "SHOW", "DESC", "DESCRIBE"].iter().any(|verb| cursor.keyword(verb))
    }

    /// How many values it has to be given, each a `?`.
    pub(crate) fn marks(&self) -> usize {
        self.tokens.iter().filter(|token| token.what == What::Sign('?')).count()
    }

    /// It cannot be read from here on.
    pub(crate) fn unreadable(&self, cursor: Cursor<'_>) -> Problem {
        Problem::Syntax(self.from(cursor).to_owned())
    }

    /// The text from here on.
    pub(crate) fn from(&self, cursor: Cursor<'_>) -> &str {
        let end = self.tokens.last().map_or(0, |last| last.end);
        let start = cursor.rest.first().map_or(end, |token| token.start);
        self.all.get(start..end).unwrap_or_default()
    }
}

impl Asked<'_> {
    /// A table that is there, whoever made it.
    fn table(
        &self,
        named: Option<Named>,
        cursor: Cursor<'_>,
        catalog: &Catalog,
    ) -> Result<(), Problem> {
        let Some(named) = named else { return Err(self.statement.unreadable(cursor)) };
        if self.dialect.is_system(&named) || catalog.columns(&named, self.connection.cx).is_some() {
            return Ok(());
        }
        Err(Problem::NoTable(named.name))
    }
}

impl Dialect {
    /// Whether every server has this table.
    pub(super) fn is_system(&self, table: &Named) -> bool {
        let schema = table.schema.as_deref();
        let is_known = |name: &str| {
            self.system_schemas.iter().any(|known| {
                name.eq_ignore_ascii_case(known)
                    || (known.ends_with('_') && name.to_ascii_lowercase().starts_with(known))
            })
        };
        schema.is_some_and(is_known) || is_known(&table.name)
    }
}

fn create_table(
    mut cursor: Cursor<'_>,
    asked: &Asked<'_>,
    catalog: &mut Catalog,
) -> Result<u64, Problem> {
    let is_meek = cursor.keywords("IF NOT EXISTS");
    let Some(named) = cursor.name() else { return Err(asked.statement.unreadable(cursor)) };
    if catalog.columns(&named, asked.connection.cx).is_some() {
        return if is_meek { Ok(0) } else { Err(Problem::Exists(named.name)) };
    }
    let columns = cursor.brackets().map(|inside| inside.parts()).unwrap_or_default();
    let columns = columns.into_iter().filter_map(|mut column| Some(column.name()?.name));
    catalog.make_table(&named.name, columns.filter(|name| !is_constraint(name)).collect())?;
    Ok(0)
}

/// What begins a line of a table that is no column.
fn is_constraint(word: &str) -> bool {
    let words = ["PRIMARY", "KEY", "UNIQUE", "CONSTRAINT", "INDEX", "FOREIGN", "CHECK"];
    words.iter().any(|known| word.eq_ignore_ascii_case(known))
}

fn drop_table(
    mut cursor: Cursor<'_>,
    asked: &Asked<'_>,
    catalog: &mut Catalog,
) -> Result<u64, Problem> {
    let is_meek = cursor.keywords("IF EXISTS");
    for mut part in cursor.parts() {
        let Some(named) = part.name() else { return Err(asked.statement.unreadable(part)) };
        if catalog.columns(&named, asked.connection.cx).is_some() {
            catalog.drop_table(&named.name)?;
        } else if !is_meek {
            return Err(Problem::NoTable(named.name));
        }
    }
    Ok(0)
}

fn create_database(
    mut cursor: Cursor<'_>,
    asked: &Asked<'_>,
    catalog: &mut Catalog,
) -> Result<u64, Problem> {
    let is_meek = cursor.keywords("IF NOT EXISTS");
    let Some(named) = cursor.name() else { return Err(asked.statement.unreadable(cursor)) };
    if !is_meek && catalog.databases(asked.connection.cx).contains(&named.name) {
        return Err(Problem::Exists(named.name));
    }
    catalog.make_database(&named.name)?;
    Ok(1)
}

fn drop_database(
    mut cursor: Cursor<'_>,
    asked: &Asked<'_>,
    catalog: &mut Catalog,
) -> Result<u64, Problem> {
    cursor.keywords("IF EXISTS");
    let Some(named) = cursor.name() else { return Err(asked.statement.unreadable(cursor)) };
    catalog.drop_database(&named.name)?;
    Ok(0)
}

/// A function of the client's own: it brings the program with it, and asks for it by this name.
fn create_function(
    mut cursor: Cursor<'_>,
    asked: &Asked<'_>,
    catalog: &mut Catalog,
) -> Result<u64, Problem> {
    cursor.keywords("IF NOT EXISTS");
    let Some(named) = cursor.name() else { return Err(asked.statement.unreadable(cursor)) };
    catalog.make_function(&named.name)?;
    Ok(0)
}

/// As many rows as there are brackets after VALUES, or one.
fn insert(
    mut cursor: Cursor<'_>,
    asked: &Asked<'_>,
    catalog: &mut Catalog,
) -> Result<u64, Problem> {
    while cursor.keyword("INTO") || cursor.keyword("IGNORE") || cursor.keyword("DELAYED") {}
    let named = cursor.name();
    asked.table(named, cursor, catalog)?;
    cursor.brackets();
    if !cursor.keyword("VALUES") && !cursor.keyword("VALUE") {
        return Ok(1);
    }
    let mut rows = 0;
    while cursor.brackets().is_some() {
        rows += 1;
        cursor.sign(',');
    }
    Ok(rows)
}

fn update(
    mut cursor: Cursor<'_>,
    asked: &Asked<'_>,
    catalog: &mut Catalog,
) -> Result<u64, Problem> {
    cursor.keyword("ONLY");
    let named = cursor.name();
    asked.table(named, cursor, catalog)?;
    Ok(1)
}

fn delete(
    mut cursor: Cursor<'_>,
    asked: &Asked<'_>,
    catalog: &mut Catalog,
) -> Result<u64, Problem> {
    cursor.keyword("FROM");
    let named = cursor.name();
    asked.table(named, cursor, catalog)?;
    Ok(0)
}

fn truncate(
    mut cursor: Cursor<'_>,
    asked: &Asked<'_>,
    catalog: &mut Catalog,
) -> Result<u64, Problem> {
    cursor.keyword("TABLE");
    let named = cursor.name();
    asked.table(named, cursor, catalog)?;
    Ok(0)
}

fn alter_table(
    mut cursor: Cursor<'_>,
    asked: &Asked<'_>,
    catalog: &mut Catalog,
) -> Result<u64, Problem> {
    cursor.keywords("IF EXISTS");
    let named = cursor.name();
    asked.table(named, cursor, catalog)?;
    Ok(0)
}
