//! Statements that are prepared, given values, described and run, each by a message of its own.

use std::collections::BTreeMap;

use super::dialect::DIALECT;
use super::machine::Session;
use super::message::Fields;
use super::queries::{Done, Told};
use super::reply::{Form, Refusal};
use crate::sql::{Rows, statements};

/// What is prepared.
#[derive(Debug, Default)]
pub(super) struct Extended {
    statements: BTreeMap<String, String>,
    portals: BTreeMap<String, Portal>,
    /// After an error, all is passed over up to the next sync.
    is_skipping: bool,
}

/// A statement with its values.
#[derive(Clone, Debug, Default)]
struct Portal {
    text: String,
    form: Form,
}

/// Most statements, and most portals; most bytes of all of them.
const NAMES: usize = 256;
const BYTES: usize = 1 << 20;

impl Extended {
    fn has_room(&self, more: usize) -> bool {
        let statements: usize = self.statements.values().map(String::len).sum();
        let portals: usize = self.portals.values().map(|portal| portal.text.len()).sum();
        let is_few = self.statements.len() < NAMES && self.portals.len() < NAMES;
        is_few && statements + portals + more <= BYTES
    }
}

/// Refuses, and passes over what follows.
fn refuse(refusal: &Refusal, session: &mut Session, told: &mut Told<'_>) {
    told.reply.refused(refusal);
    session.extended.is_skipping = true;
}

fn out_of_memory() -> Refusal {
    Refusal { severity: "ERROR", code: "53200", text: "out of memory".to_owned() }
}

fn unknown(what: &str, name: &str) -> Refusal {
    let (code, text) = match what {
        "portal" => ("34000", format!("portal \"{name}\" does not exist")),
        _ => ("26000", format!("prepared statement \"{name}\" does not exist")),
    };
    Refusal { severity: "ERROR", code, text }
}

/// Parse: a statement gets a name.
pub(super) fn parse(session: &mut Session, told: &mut Told<'_>) {
    if session.extended.is_skipping {
        return;
    }
    let mut fields = Fields(told.body);
    let (name, text) = (fields.text(), fields.text());
    told.note(&text);
    session.extended.statements.remove(&name);
    if !session.extended.has_room(text.len()) {
        return refuse(&out_of_memory(), session, told);
    }
    session.extended.statements.insert(name, text);
    told.reply.message(b'1', &[]);
}

/// Bind: a statement gets values, and a name for that.
pub(super) fn bind(session: &mut Session, told: &mut Told<'_>) {
    if session.extended.is_skipping {
        return;
    }
    let mut fields = Fields(told.body);
    let (portal, name) = (fields.text(), fields.text());
    let Some(text) = session.extended.statements.get(&name).cloned() else {
        return refuse(&unknown("statement", &name), session, told);
    };
    let values = values(&mut fields).unwrap_or_default();
    if !values.is_empty() {
        told.note(&format!("{text} -- {}", values.join(", ")));
    }
    let form = form(&mut fields).unwrap_or_default();
    session.extended.portals.remove(&portal);
    if !session.extended.has_room(text.len()) {
        return refuse(&out_of_memory(), session, told);
    }
    session.extended.portals.insert(portal, Portal { text, form });
    told.reply.message(b'2', &[]);
}

/// The values, those in binary form as numbers in hexadecimal.
fn values(fields: &mut Fields<'_>) -> Option<Vec<String>> {
    let forms = usize::from(fields.short()?);
    let forms = fields.take(forms.checked_mul(2)?)?;
    let count = usize::from(fields.short()?);
    let mut values = Vec::new();
    for place in 0..count {
        let form = match forms.len() {
            2 => forms.get(1),
            _ => forms.get(place * 2 + 1),
        };
        let length = usize::try_from(fields.long()?).ok();
        values.push(match (length, form) {
            (None, _) => "NULL".to_owned(),
            (Some(length), Some(1)) => {
                format!("0x{}", crate::hexadecimal::hexadecimal(fields.take(length)?))
            }
            (Some(length), _) => format!("'{}'", String::from_utf8_lossy(fields.take(length)?)),
        });
    }
    Some(values)
}

/// In which form rows are wanted. If that is said for each column, the first counts.
fn form(fields: &mut Fields<'_>) -> Option<Form> {
    let count = fields.short()?;
    let is_binary = count > 0 && fields.short()? == 1;
    Some(if is_binary { Form::Binary } else { Form::Text })
}

/// Describe: what a statement needs, and what it or a portal gives.
pub(super) fn describe(session: &mut Session, told: &mut Told<'_>) {
    if session.extended.is_skipping {
        return;
    }
    let mut fields = Fields(told.body);
    let (kind, name) = (fields.byte(), fields.text());
    let portal = match kind {
        Some(b'S') => {
            let Some(text) = session.extended.statements.get(&name).cloned() else {
                return refuse(&unknown("statement", &name), session, told);
            };
            describe_parameters(&text, told);
            Portal { text, form: Form::Text }
        }
        _ => match session.extended.portals.get(&name).cloned() {
            Some(portal) => portal,
            None => return refuse(&unknown("portal", &name), session, told),
        },
    };
    match rows_of(&portal.text, session, told) {
        Ok(Some(rows)) => told.reply.columns(&rows.columns, portal.form),
        Ok(None) => told.reply.message(b'n', &[]),
        Err(refusal) => refuse(&refusal, session, told),
    }
}

/// All parameters are text.
fn describe_parameters(text: &str, told: &mut Told<'_>) {
    let count = statements(text, &DIALECT).first().map_or(0, |first| first.parameters());
    let mut body = u16::try_from(count).unwrap_or(u16::MAX).to_be_bytes().to_vec();
    for _ in 0..count.min(usize::from(u16::MAX)) {
        body.extend(25_u32.to_be_bytes());
    }
    told.reply.message(b't', &body);
}

/// The rows of a statement that only reads.
fn rows_of(text: &str, session: &mut Session, told: &Told<'_>) -> Result<Option<Rows>, Refusal> {
    let statements = statements(text, &DIALECT);
    let Some(first) = statements.first().filter(|first| first.gives_rows()) else {
        return Ok(None);
    };
    match session.run(first, told.cx)? {
        Done::Rows(rows) => Ok(Some(rows)),
        _ => Ok(None),
    }
}

/// Execute: a portal is run.
pub(super) fn execute(session: &mut Session, told: &mut Told<'_>) {
    if session.extended.is_skipping {
        return;
    }
    let name = Fields(told.body).text();
    let Some(portal) = session.extended.portals.get(&name).cloned() else {
        return refuse(&unknown("portal", &name), session, told);
    };
    let parsed = statements(&portal.text, &DIALECT);
    let Some(first) = parsed.first() else { return told.reply.message(b'I', &[]) };
    match session.run(first, told.cx) {
        Ok(Done::Rows(rows)) => {
            told.reply.rows(&rows, portal.form);
            told.reply.complete(&format!("SELECT {}", rows.rows.len()));
        }
        Ok(Done::Tag(tag)) => told.reply.complete(&tag),
        Ok(Done::CopyIn) => {
            session.copied = Some(0);
            told.reply.message(b'G', &[0, 0, 0]);
        }
        Ok(Done::CopyOut) => {
            told.reply.message(b'H', &[0, 0, 0]);
            told.reply.message(b'c', &[]);
            told.reply.complete("COPY 0");
        }
        Err(refusal) => refuse(&refusal, session, told),
    }
}

/// Close: a statement or a portal is forgotten.
pub(super) fn close(session: &mut Session, told: &mut Told<'_>) {
    if session.extended.is_skipping {
        return;
    }
    let mut fields = Fields(told.body);
    let (kind, name) = (fields.byte(), fields.text());
    if kind == Some(b'S') {
        session.extended.statements.remove(&name);
    } else {
        session.extended.portals.remove(&name);
    }
    told.reply.message(b'3', &[]);
}

/// Sync: whatever went wrong, we go on.
pub(super) fn sync(session: &mut Session, told: &mut Told<'_>) {
    session.extended.is_skipping = false;
    session.ready(told.reply);
}
