//! COPY: tables to a client, from it, and from programs, which are written down and never run.

use super::machine::Session;
use super::queries::Told;
use super::reply::Refusal;
use crate::sql::Cursor;

/// Where a table comes from, or goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Copying {
    /// A file or a program of the server.
    Here,
    In,
    Out,
}

impl Copying {
    /// Reads what comes after COPY.
    pub(super) fn read(mut cursor: Cursor<'_>) -> Self {
        if cursor.clause("FROM STDIN") {
            Self::In
        } else if cursor.clause("TO STDOUT") {
            Self::Out
        } else {
            Self::Here
        }
    }
}

/// Lines of a table.
pub(super) fn data(session: &mut Session, told: &mut Told<'_>) {
    let lines = told.body.iter().filter(|byte| **byte == b'\n').count();
    if let Some(copied) = &mut session.copied {
        *copied += lines as u64;
    } else {
        session.broke("lines of a table that nobody asked for", told.out);
    }
}

pub(super) fn done(session: &mut Session, told: &mut Told<'_>) {
    if let Some(lines) = session.copied.take() {
        told.reply.complete(&format!("COPY {lines}"));
        session.ready(told.reply);
    }
}

pub(super) fn failed(session: &mut Session, told: &mut Told<'_>) {
    if session.copied.take().is_some() {
        let text = "COPY from stdin failed".to_owned();
        told.reply.refused(&Refusal { severity: "ERROR", code: "57014", text });
        session.ready(told.reply);
    }
}
