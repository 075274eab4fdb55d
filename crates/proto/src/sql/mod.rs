//! Statements of SQL as the databases share it: what a client says, and the answer of a database that
//! holds what this client made, and tables of somebody else's that are empty.
//!
//! ```text
//!   text ─▶ token ─▶ statement ─┬─▶ selection   SELECT: facts of the dialect, tables
//!                               └─▶ catalog     CREATE, DROP, INSERT …: what is there by now
//! ```
//!
//! What only one database has (SHOW, COPY, EXEC) it reads itself, with the same [`Cursor`].

mod catalog;
mod cursor;
mod like;
mod selection;
mod statement;
mod token;

use crate::Cx;

pub(crate) use catalog::Catalog;
pub(crate) use cursor::Cursor;
pub(crate) use like::is_like;
pub(crate) use statement::{Statement, answer, statements};

/// What one database calls its own.
#[derive(Debug)]
pub(crate) struct Dialect {
    /// What double quotes mean.
    pub(crate) double_quotes: Quotes,
    /// What is known by a name: functions end in `()`, variables begin with `@@`; in lower case.
    pub(crate) facts: &'static [(&'static str, Fact)],
    /// Tables of the system that list what is there: the table, the column, what is in it.
    pub(crate) lists: &'static [(&'static str, &'static str, List)],
    /// Schemas of tables that every server has; those are there, and seem empty.
    pub(crate) system_schemas: &'static [&'static str],
    /// What a column is called that nobody gave a name, after how it was written.
    pub(crate) label: fn(&Written<'_>) -> String,
}

/// What a pair of quotes holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quotes {
    #[cfg_attr(not(test), expect(dead_code, reason = "MySQL has them for texts"))]
    Name,
    Text,
}

/// A value that is known.
pub(crate) type Fact = fn(&Connection<'_>) -> Value;

/// What a list has.
pub(crate) type List = fn(&Listed<'_>) -> Vec<String>;

/// Who asks for a list, and what there is.
pub(crate) struct Listed<'a> {
    pub(crate) connection: &'a Connection<'a>,
    pub(crate) catalog: &'a Catalog,
}

/// Who asks, and where.
pub(crate) struct Connection<'a> {
    pub(crate) cx: &'a Cx<'a>,
    pub(crate) user: &'a str,
    pub(crate) database: &'a str,
}

/// How an expression was written.
pub(crate) struct Written<'a> {
    pub(crate) text: &'a str,
    /// The function or the column it is.
    #[expect(dead_code, reason = "MySQL calls a column what was written")]
    pub(crate) name: Option<&'a str>,
}

/// A value of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Null,
    Number(i64),
    Text(String),
}

/// A column of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) kind: Kind,
}

/// What is in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Number,
    Text,
}

/// What a statement comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It is done, by the words it begins with; so many rows were written.
    Done {
        verb: String,
        rows: u64,
    },
    Refused(Problem),
    Rows(Rows),
}

/// Rows, and what their columns are called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rows {
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Vec<Value>>,
}

/// Why a statement is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    /// A table or a database of this name is there already.
    Exists(String),
    Full,
    NoColumn(String),
    NoFunction(String),
    NoTable(String),
    NoVariable(String),
    /// From here on it cannot be read.
    Syntax(String),
}

impl Rows {
    /// One column of texts.
    pub(crate) fn list(name: &str, texts: impl Iterator<Item = String>) -> Self {
        let columns = vec![Column::text(name)];
        Self { columns, rows: texts.map(|text| vec![Value::Text(text)]).collect() }
    }
}

impl Column {
    pub(crate) fn text(name: &str) -> Self {
        Self { name: name.to_owned(), kind: Kind::Text }
    }
}

impl Value {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// As it is written; nothing for what is not there.
    pub(crate) fn shown(&self) -> Option<String> {
        match self {
            Self::Null => None,
            Self::Number(number) => Some(number.to_string()),
            Self::Text(text) => Some(text.clone()),
        }
    }

    pub(crate) const fn kind(&self) -> Kind {
        match self {
            Self::Number(_) => Kind::Number,
            Self::Null | Self::Text(_) => Kind::Text,
        }
    }
}

impl Dialect {
    /// A value that is known by this name.
    fn fact(&self, name: &str, connection: &Connection<'_>) -> Option<Value> {
        let known = self.facts.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        known.map(|(_, fact)| fact(connection))
    }
}
