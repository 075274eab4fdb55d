//! Messages after a login: statements, which are written down and answered.

use super::copy::{self, Copying};
use super::dialect::{self, DIALECT};
use super::extended;
use super::machine::{Session, State, Step, Transaction};
use super::message::Fields;
use super::reply::{Form, Refusal, Reply};
use crate::frames::Frame;
use crate::sql::{Answer, Connection, Rows, Statement, answer, statements};
use crate::{Cx, Next, Out, command_text};

/// A message, and where its answer goes.
pub(super) struct Told<'a> {
    pub(super) body: &'a [u8],
    pub(super) reply: &'a mut Reply,
    pub(super) cx: &'a Cx<'a>,
    pub(super) out: &'a mut Out,
}

/// A message and what is done about it.
type Obey = fn(&mut Session, &mut Told<'_>);

/// Every message that is obeyed, by its letter.
const MESSAGES: &[(u8, Obey)] = &[
    (b'B', extended::bind),
    (b'C', extended::close),
    (b'D', extended::describe),
    (b'E', extended::execute),
    (b'H', |_, _| {}),
    (b'P', extended::parse),
    (b'Q', query),
    (b'S', extended::sync),
    (b'c', copy::done),
    (b'd', copy::data),
    (b'f', copy::failed),
];

/// Does what a message wants.
pub(super) fn obey(
    session: &mut Session,
    frame: &Frame,
    reply: &mut Reply,
    (cx, out): (&Cx<'_>, &mut Out),
) -> Step {
    let kind = frame.head.first().copied().unwrap_or_default();
    if kind == b'X' {
        return Step::Leave(Next::Close);
    }
    let mut told = Told { body: &frame.body, reply, cx, out };
    match MESSAGES.iter().find(|(known, _)| *known == kind) {
        Some((_, obey)) => obey(session, &mut told),
        None => {
            session.broke("an unknown message", told.out);
            let text = format!("invalid frontend message type {kind}");
            told.reply.refused(&Refusal { severity: "FATAL", code: "08P01", text });
            return Step::Leave(Next::Close);
        }
    }
    Step::GoOn(State::Ready)
}

impl Told<'_> {
    pub(super) fn note(&mut self, command: &str) {
        command_text::note("postgres", command.to_owned(), self.cx, self.out);
    }
}

/// Statements, each with its own answer; after one that is refused the rest is left.
fn query(session: &mut Session, told: &mut Told<'_>) {
    let text = Fields(told.body).text();
    told.note(&text);
    let statements = statements(&text, &DIALECT);
    if statements.is_empty() {
        told.reply.message(b'I', &[]);
    }
    for statement in &statements {
        let done = session.run(statement, told.cx);
        let is_refused = done.is_err();
        let waits = say(done, session, told.reply);
        if waits {
            return;
        }
        if is_refused {
            break;
        }
    }
    session.ready(told.reply);
}

/// What a statement came to.
pub(super) enum Done {
    /// The client is to send the lines of a table.
    CopyIn,
    /// It gets the lines of one, which has none.
    CopyOut,
    Rows(Rows),
    /// Its tag.
    Tag(String),
}

/// Says what a statement came to; whether the client speaks next.
fn say(done: Result<Done, Refusal>, session: &mut Session, reply: &mut Reply) -> bool {
    match done {
        Ok(Done::Rows(rows)) => {
            reply.columns(&rows.columns, Form::Text);
            reply.rows(&rows, Form::Text);
            reply.complete(&format!("SELECT {}", rows.rows.len()));
        }
        Ok(Done::Tag(tag)) => reply.complete(&tag),
        Ok(Done::CopyIn) => {
            session.copied = Some(0);
            reply.message(b'G', &[0, 0, 0]);
            return true;
        }
        Ok(Done::CopyOut) => {
            reply.message(b'H', &[0, 0, 0]);
            reply.message(b'c', &[]);
            reply.complete("COPY 0");
        }
        Err(refusal) => reply.refused(&refusal),
    }
    false
}

impl Session {
    /// Runs one statement.
    pub(super) fn run(&mut self, statement: &Statement<'_>, cx: &Cx<'_>) -> Result<Done, Refusal> {
        let done = self.try_to_run(statement, cx);
        if done.is_err() && self.transaction == Transaction::Inside {
            self.transaction = Transaction::Failed;
        }
        done
    }

    fn try_to_run(&mut self, statement: &Statement<'_>, cx: &Cx<'_>) -> Result<Done, Refusal> {
        let mut cursor = statement.cursor();
        if let Some(state) = dialect::transaction(statement.cursor()) {
            self.transaction = state;
        } else if self.transaction == Transaction::Failed {
            return Err(Refusal {
                severity: "ERROR",
                code: "25P02",
                text: "current transaction is aborted, commands ignored until end of transaction \
                       block"
                    .to_owned(),
            });
        }
        let (user, database) = (self.who.user.clone(), self.who.database.clone());
        let connection = Connection { cx, user: &user, database: &database };
        if cursor.keyword("SHOW") {
            return dialect::show(cursor, &connection).map(Done::Rows);
        }
        if cursor.keyword("COPY") {
            return Ok(match Copying::read(cursor) {
                Copying::In => Done::CopyIn,
                Copying::Out => Done::CopyOut,
                Copying::Here => Done::Tag("COPY 0".to_owned()),
            });
        }
        if let Some(tag) = dialect::tag_of(cursor) {
            return Ok(Done::Tag(tag.to_owned()));
        }
        match answer(statement, &DIALECT, &connection, &mut self.catalog) {
            Answer::Done { verb, rows } => Ok(Done::Tag(dialect::tag(&verb, rows))),
            Answer::Rows(rows) => Ok(Done::Rows(rows)),
            Answer::Refused(problem) => Err(dialect::refusal(&problem)),
        }
    }

    /// The client speaks next.
    pub(super) fn ready(&self, reply: &mut Reply) {
        let state = match self.transaction {
            Transaction::Failed => b'E',
            Transaction::Inside => b'T',
            Transaction::None => b'I',
        };
        reply.message(b'Z', &[state]);
    }
}
