//! Commands after a login: each is written down, and answered.

use super::dialect::{self, DIALECT, answer};
use super::login;
use super::machine::{Session, State, Step};
use super::message::Response;
use super::reply::{Form, More, Refusal, Reply};
use crate::sql::{Answer, statements};
use crate::{Cx, Next, Out, command_text};

/// What a command is about, and where its answer goes.
pub(super) struct Told<'a> {
    /// What follows the byte that says which command it is.
    pub(super) about: &'a [u8],
    pub(super) reply: &'a mut Reply,
    pub(super) cx: &'a Cx<'a>,
    pub(super) out: &'a mut Out,
}

/// A command and what is done about it.
type Obey = fn(&mut Session, &mut Told<'_>) -> Step;

/// Every command that is obeyed, by its byte.
const COMMANDS: &[(u8, Obey)] = &[
    (0x01, |_, _| Step::Leave(Next::Close)),
    (0x02, use_database),
    (0x03, query),
    (0x04, list_fields),
    (0x09, statistics),
    (0x0e, done),
    (0x11, change_user),
    (0x16, prepare),
    (0x17, execute),
    (0x18, |_, _| go_on()),
    (0x19, close_statement),
    (0x1a, done),
    (0x1b, |_, told| {
        told.reply.columns(&[]);
        go_on()
    }),
    (0x1f, done),
];

/// Does what a packet wants.
pub(super) fn obey(
    session: &mut Session,
    packet: &[u8],
    reply: &mut Reply,
    (cx, out): (&Cx<'_>, &mut Out),
) -> Step {
    let (verb, about) = packet.split_first().unwrap_or((&0, &[]));
    let mut told = Told { about, reply, cx, out };
    match COMMANDS.iter().find(|(known, _)| known == verb) {
        Some((_, obey)) => obey(session, &mut told),
        None => {
            session.broke("an unknown command", told.out);
            let text = "Unknown command".to_owned();
            told.reply.refused(&Refusal { code: 1047, state: "08S01", text });
            go_on()
        }
    }
}

fn go_on() -> Step {
    Step::GoOn(State::Command)
}

fn done(_: &mut Session, told: &mut Told<'_>) -> Step {
    told.reply.done(0, More::Nothing);
    go_on()
}

impl Told<'_> {
    fn text(&self) -> String {
        String::from_utf8_lossy(self.about).into_owned()
    }

    fn note(&mut self, command: &str) {
        command_text::note("mysql", command.to_owned(), self.cx, self.out);
    }
}

fn use_database(session: &mut Session, told: &mut Told<'_>) -> Step {
    let name = told.text();
    told.note(&format!("USE {name}"));
    session.database = name;
    done(session, told)
}

/// Statements, each with its own answer; after one that is refused the rest is left.
fn query(session: &mut Session, told: &mut Told<'_>) -> Step {
    let text = told.text();
    told.note(&text);
    let statements = statements(&text, &DIALECT);
    if statements.is_empty() {
        let text = "Query was empty".to_owned();
        told.reply.refused(&Refusal { code: 1065, state: "42000", text });
    }
    for (number, statement) in (1..).zip(&statements) {
        let more = if number < statements.len() { More::Follows } else { More::Nothing };
        let answer = answer(statement, session, told.cx);
        let is_refused = answer.is_err();
        say(answer, (Form::Text, more), session, told);
        if is_refused {
            break;
        }
    }
    go_on()
}

/// Says what a statement came to.
fn say(
    answer: Result<Answer, Refusal>,
    (form, more): (Form, More),
    session: &Session,
    told: &mut Told<'_>,
) {
    match answer {
        Ok(Answer::Done { rows, .. }) => told.reply.done(rows, more),
        Ok(Answer::Rows(rows)) => told.reply.rows(&rows, form, more),
        Ok(Answer::Refused(problem)) => {
            told.reply.refused(&dialect::refusal(&problem, &session.database));
        }
        Err(refusal) => told.reply.refused(&refusal),
    }
}

/// The fields of a table, which clients ask for to complete words: they do without.
fn list_fields(_: &mut Session, told: &mut Told<'_>) -> Step {
    told.reply.columns(&[]);
    go_on()
}

fn statistics(_: &mut Session, told: &mut Told<'_>) -> Step {
    let text = dialect::statistics(told.cx);
    told.reply.packet(text.as_bytes());
    go_on()
}

fn change_user(session: &mut Session, told: &mut Told<'_>) -> Step {
    match Response::changed(told.about) {
        Some(response) => login::begin(response, session, told.reply, (told.cx, told.out)),
        None => {
            session.broke("a change of the user that cannot be read", told.out);
            let text = "Unknown command".to_owned();
            told.reply.refused(&Refusal { code: 1047, state: "08S01", text });
            go_on()
        }
    }
}

fn prepare(session: &mut Session, told: &mut Told<'_>) -> Step {
    let text = told.text();
    told.note(&text);
    let parsed = statements(&text, &DIALECT);
    let columns = match parsed.first() {
        Some(first) if first.gives_rows() => answer(first, session, told.cx),
        _ => Ok(Answer::Done { verb: String::new(), rows: 0 }),
    };
    let columns = match columns {
        Ok(Answer::Rows(rows)) => rows.columns,
        Ok(Answer::Done { .. }) => Vec::new(),
        refused => {
            say(refused, (Form::Text, More::Nothing), session, told);
            return go_on();
        }
    };
    let parameters = parsed.first().map_or(0, |first| first.marks());
    match session.prepared.add(text, parameters) {
        Ok(number) => told.reply.prepared(number, &columns, parameters),
        Err(refusal) => told.reply.refused(&refusal),
    }
    go_on()
}

fn execute(session: &mut Session, told: &mut Told<'_>) -> Step {
    let Some(run) = session.prepared.run(told.about) else {
        let text = "Unknown prepared statement handler (0) given to mysqld_stmt_execute".to_owned();
        told.reply.refused(&Refusal { code: 1243, state: "HY000", text });
        return go_on();
    };
    if !run.values.is_empty() {
        told.note(&format!("{} -- {}", run.text, run.values.join(", ")));
    }
    let parsed = statements(&run.text, &DIALECT);
    if let Some(first) = parsed.first() {
        let answer = answer(first, session, told.cx);
        say(answer, (Form::Binary, More::Nothing), session, told);
    }
    go_on()
}

/// Nobody waits for an answer to this.
fn close_statement(session: &mut Session, told: &mut Told<'_>) -> Step {
    session.prepared.close(told.about);
    go_on()
}
