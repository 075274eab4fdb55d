//! SELECT: values that are known, and the columns of tables that have no rows.

use super::cursor::{Cursor, Named};
use super::statement::Asked;
use super::token::What;
use super::{Answer, Catalog, Column, Kind, Listed, Problem, Rows, Value, Written};

/// What ends the list of what is selected.
const ENDS: &[&str] =
    &["FROM", "INTO", "LIMIT", "WHERE", "ORDER", "GROUP", "UNION", "FOR", "HAVING"];

/// Most columns of an answer: a `*` is short and means many.
const COLUMNS: usize = 1_024;

/// What is selected.
pub(super) fn select(cursor: Cursor<'_>, asked: &Asked<'_>, catalog: &Catalog) -> Answer {
    rows(cursor, asked, catalog).unwrap_or_else(Answer::Refused)
}

fn rows(cursor: Cursor<'_>, asked: &Asked<'_>, catalog: &Catalog) -> Result<Answer, Problem> {
    let (mut list, after) = cursor.list();
    while list.keyword("ALL") || list.keyword("DISTINCT") || list.keyword("SQL_NO_CACHE") {}
    if list.keyword("TOP") {
        list.brackets();
        if matches!(list.peek(), Some(What::Number(_))) {
            list.take();
        }
    }
    let mut source = after;
    if source.clause("INTO OUTFILE") || source.clause("INTO DUMPFILE") {
        return Ok(Answer::Done { verb: "SELECT".to_owned(), rows: 1 });
    }
    let mut source = after;
    if source.clause("FROM") {
        return from_table(list, source, asked, catalog).map(Answer::Rows);
    }
    let (mut columns, mut row) = (Vec::new(), Vec::new());
    for part in list.parts().into_iter().take(COLUMNS) {
        let (name, value) = expression(part, asked, catalog)?;
        columns.push(Column { name, kind: value.kind() });
        row.push(value);
    }
    Ok(Answer::Rows(Rows { columns, rows: vec![row] }))
}

/// The columns that are asked for of a table. It has no rows, but what is counted of it has one.
fn from_table(
    wanted: Cursor<'_>,
    mut source: Cursor<'_>,
    asked: &Asked<'_>,
    catalog: &Catalog,
) -> Result<Rows, Problem> {
    let source = source.name();
    let list = source.as_ref().and_then(|named| listed(named, asked, catalog));
    let known = match source {
        Some(named) if asked.dialect.is_system(&named) => {
            list.iter().map(|list| list.column.to_owned()).collect()
        }
        Some(named) => match catalog.columns(&named, asked.connection.cx) {
            Some(columns) => columns,
            None => return Err(Problem::NoTable(named.name)),
        },
        // A selection inside it, or a function that gives rows.
        None => Vec::new(),
    };
    let mut answer = Rows::default();
    let mut counted = Vec::new();
    let mut places = Vec::new();
    for part in wanted.parts() {
        if list.as_ref().is_some_and(|list| part.is_star() || part.names(list.column)) {
            places.push(answer.columns.len());
        }
        if part.is_count() {
            let name = label(part, Some("count"), asked);
            answer.columns.push(Column { name, kind: Kind::Number });
            let rows = list.as_ref().map_or(0, |list| list.texts.len());
            counted.push(Value::Number(i64::try_from(rows).unwrap_or(i64::MAX)));
        } else if part.is_star() {
            answer.columns.extend(known.iter().map(|name| Column::text(name)));
        } else {
            answer.columns.push(Column::text(&column_name(part, asked)));
        }
    }
    answer.columns.truncate(COLUMNS);
    if answer.columns.is_empty() {
        answer.columns.push(Column::text("id"));
    }
    if counted.len() == answer.columns.len() {
        answer.rows.push(counted);
    } else if !places.is_empty() {
        let texts = list.map(|list| list.texts).unwrap_or_default();
        answer.rows = texts.iter().map(|text| row(text, &places, answer.columns.len())).collect();
    }
    Ok(answer)
}

/// A row that has a text in these places, and nothing in the others.
fn row(text: &str, places: &[usize], length: usize) -> Vec<Value> {
    let value = |place| if places.contains(&place) { Value::text(text) } else { Value::Null };
    (0..length).map(value).collect()
}

/// A table of the system that lists what is there.
struct List {
    column: &'static str,
    texts: Vec<String>,
}

fn listed(table: &Named, asked: &Asked<'_>, catalog: &Catalog) -> Option<List> {
    let is_meant = |(name, ..): &&(&str, &'static str, super::List)| {
        name.eq_ignore_ascii_case(&table.name) && asked.dialect.is_system(table)
    };
    let (_, column, list) = asked.dialect.lists.iter().find(is_meant)?;
    let texts = list(&Listed { connection: asked.connection, catalog });
    Some(List { column, texts })
}

/// What a column of a table is called: its alias, or its own name.
fn column_name(part: Cursor<'_>, asked: &Asked<'_>) -> String {
    let mut own = part;
    let named = own.name().map(|named| named.name);
    match part.rest {
        [.., token] if part.rest.len() > 1 => match &token.what {
            What::Name(name) | What::Word(name) => name.clone(),
            _ => label(part, named.as_deref(), asked),
        },
        _ => label(part, named.as_deref(), asked),
    }
}

impl<'a> Cursor<'a> {
    /// What comes before the first word that ends the list, and the rest from that word on.
    fn list(self) -> (Self, Self) {
        let mut depth = 0;
        for (place, token) in self.rest.iter().enumerate() {
            match &token.what {
                What::Sign('(') => depth += 1,
                What::Sign(')') => depth -= 1,
                What::Word(word)
                    if depth == 0 && ENDS.iter().any(|end| word.eq_ignore_ascii_case(end)) =>
                {
                    let (list, after) = self.rest.split_at_checked(place).unwrap_or_default();
                    return (Self { rest: list }, Self { rest: after });
                }
                _ => {}
            }
        }
        (self, Self { rest: &[] })
    }

    /// Goes to what comes after these words, if they come anywhere.
    fn clause(&mut self, words: &str) -> bool {
        let mut ahead = *self;
        while !ahead.is_over() {
            if ahead.keywords(words) {
                *self = ahead;
                return true;
            }
            ahead.take();
        }
        false
    }

    fn is_star(mut self) -> bool {
        while self.name().is_some() || self.sign('.') {}
        self.sign('*')
    }

    /// Whether it begins with this column, of whatever table.
    fn names(mut self, column: &str) -> bool {
        self.name().is_some_and(|named| named.name.eq_ignore_ascii_case(column))
    }

    fn is_count(mut self) -> bool {
        self.keyword("COUNT") && self.brackets().is_some()
    }
}

/// A column without a table: what it is called, and its value.
fn expression(
    mut part: Cursor<'_>,
    asked: &Asked<'_>,
    catalog: &Catalog,
) -> Result<(String, Value), Problem> {
    let whole = part;
    let (mut value, name) = operand(&mut part, asked, catalog)?;
    loop {
        let sign = match part.peek() {
            Some(What::Sign(sign @ ('+' | '-' | '*' | '%'))) => *sign,
            Some(What::Sign(':')) => {
                while part.sign(':') {}
                part.name();
                part.brackets();
                continue;
            }
            _ => break,
        };
        part.take();
        let (other, _) = operand(&mut part, asked, catalog)?;
        value = computed(&value, sign, &other);
    }
    let written = whole.before(part);
    part.keyword("AS");
    let alias = part.name().map(|named| named.name).or_else(|| part.text().map(str::to_owned));
    if !part.is_over() {
        return Err(asked.statement.unreadable(part));
    }
    let label = alias.unwrap_or_else(|| label(written, name.as_deref(), asked));
    Ok((label, value))
}

impl Cursor<'_> {
    /// What was taken since.
    fn before(self, later: Self) -> Self {
        let length = self.rest.len() - later.rest.len();
        Self { rest: self.rest.get(..length).unwrap_or_default() }
    }
}

/// What a column is called that nobody gave a name.
fn label(written: Cursor<'_>, name: Option<&str>, asked: &Asked<'_>) -> String {
    let start = written.rest.first().map_or(0, |token| token.start);
    let end = written.rest.last().map_or(0, |token| token.end);
    let text = asked.statement.all.get(start..end).unwrap_or_default();
    (asked.dialect.label)(&Written { text, name })
}

/// A value, and the name it is known by.
fn operand(
    part: &mut Cursor<'_>,
    asked: &Asked<'_>,
    catalog: &Catalog,
) -> Result<(Value, Option<String>), Problem> {
    let at = *part;
    let Some(token) = part.take() else { return Err(asked.statement.unreadable(at)) };
    match &token.what {
        What::Sign('-') => {
            let (value, name) = match part.peek() {
                Some(What::Number(_)) => operand(part, asked, catalog)?,
                _ => return Err(asked.statement.unreadable(at)),
            };
            Ok((computed(&Value::Number(0), '-', &value), name))
        }
        What::Number(number) => {
            let value = number.parse().map_or_else(|_| Value::text(number), Value::Number);
            Ok((value, None))
        }
        What::Text(text) => Ok((Value::text(text), None)),
        What::Variable(name) => variable(name, asked),
        What::Name(_) | What::Word(_) => {
            *part = at;
            known(part, asked, catalog)
        }
        // What a prepared statement is given later.
        What::Sign('?') => Ok((Value::Null, None)),
        What::Sign(_) => Err(asked.statement.unreadable(at)),
    }
}

/// A variable of the server, or one of the client's own, which nobody has set.
fn variable(name: &str, asked: &Asked<'_>) -> Result<(Value, Option<String>), Problem> {
    let Some(plain) = name.strip_prefix("@@") else { return Ok((Value::Null, None)) };
    let scopes = ["session.", "global.", "local."];
    let lower = plain.to_ascii_lowercase();
    let bare = scopes.iter().find_map(|scope| lower.strip_prefix(scope)).unwrap_or(&lower);
    let fact = asked.dialect.fact(&format!("@@{bare}"), asked.connection);
    fact.map(|value| (value, None)).ok_or_else(|| Problem::NoVariable(plain.to_owned()))
}

/// A function, or a word that means a value.
fn known(
    part: &mut Cursor<'_>,
    asked: &Asked<'_>,
    catalog: &Catalog,
) -> Result<(Value, Option<String>), Problem> {
    let Some(named) = part.name() else { return Err(asked.statement.unreadable(*part)) };
    let name = named.name.to_ascii_lowercase();
    let inside = part.brackets();
    let value = match (name.as_str(), inside) {
        (parameter, None) if parameter.starts_with('$') => Some(Value::Null),
        ("null", None) => Some(Value::Null),
        ("true", None) => Some(Value::Number(1)),
        ("false", None) => Some(Value::Number(0)),
        ("concat", Some(inside)) => Some(joined(inside, asked, catalog)?),
        ("count", Some(_)) => Some(Value::Number(1)),
        ("sleep" | "pg_sleep" | "benchmark", Some(_)) => Some(Value::Number(0)),
        (_, Some(_)) if catalog.has_function(&name) => Some(Value::Number(0)),
        (_, Some(_)) => asked.dialect.fact(&format!("{name}()"), asked.connection),
        (_, None) => asked.dialect.fact(&name, asked.connection),
    };
    match value {
        Some(value) => Ok((value, Some(named.name))),
        None if inside.is_some() => Err(Problem::NoFunction(named.name)),
        None => Err(Problem::NoColumn(named.name)),
    }
}

/// What CONCAT gives.
fn joined(inside: Cursor<'_>, asked: &Asked<'_>, catalog: &Catalog) -> Result<Value, Problem> {
    let mut text = String::new();
    for mut part in inside.parts() {
        let shallow = part.rest.len() <= CONCAT_WORDS;
        if !shallow {
            return Ok(Value::Null);
        }
        let (value, _) = operand(&mut part, asked, catalog)?;
        text.extend(value.shown());
    }
    Ok(Value::Text(text))
}

/// Most words of a part of CONCAT: brackets in brackets go no deeper than this.
const CONCAT_WORDS: usize = 64;

fn computed(left: &Value, sign: char, right: &Value) -> Value {
    let (Value::Number(left), Value::Number(right)) = (left, right) else { return Value::Null };
    let result = match sign {
        '+' => left.checked_add(*right),
        '-' => left.checked_sub(*right),
        '*' => left.checked_mul(*right),
        _ => left.checked_rem(*right),
    };
    result.map_or(Value::Null, Value::Number)
}
