//! Commands: each is written down, and answered with a document.

use super::bson::{Document, Value, document};
use super::machine::Session;
use super::message::Request;
use super::{data, login};
use crate::derived::{Purpose, derived};
use crate::{Cx, Out, command_text, uptime};

/// The server of a long-term release.
const VERSION: &str = "5.0.29";

/// A command on its way.
pub(super) struct Told<'a> {
    pub(super) request: &'a Request,
    pub(super) cx: &'a Cx<'a>,
    pub(super) out: &'a mut Out,
}

/// A command and what is done about it.
type Obey = fn(&mut Session, &mut Told<'_>) -> Document;

/// Every command that is obeyed. The first field of a document says which it is.
const COMMANDS: &[(&str, Obey)] = &[
    ("aggregate", data::find),
    ("buildInfo", build_info),
    ("buildinfo", build_info),
    ("connectionStatus", |_, _| ok([])),
    ("count", |_, _| ok([("n", Value::Int(0))])),
    ("create", data::create),
    ("createIndexes", |_, _| ok([])),
    ("delete", |_, _| ok([("n", Value::Int(1))])),
    ("distinct", |_, _| ok([("values", Value::Array(Vec::new()))])),
    ("drop", data::drop),
    ("dropDatabase", data::drop_database),
    ("endSessions", |_, _| ok([])),
    ("find", data::find),
    ("getCmdLineOpts", |_, _| ok([("argv", Value::Array(vec![Value::text("/usr/bin/mongod")]))])),
    ("getLog", |_, _| {
        ok([("totalLinesWritten", Value::Int(0)), ("log", Value::Array(Vec::new()))])
    }),
    ("hello", hello),
    ("insert", data::insert),
    ("isMaster", hello),
    ("ismaster", hello),
    ("listCollections", data::list_collections),
    ("listDatabases", data::list_databases),
    ("logout", |_, _| ok([])),
    ("ping", |_, _| ok([])),
    ("saslContinue", login::go_on),
    ("saslStart", login::start),
    ("serverStatus", server_status),
    ("update", |_, _| ok([("n", Value::Int(1)), ("nModified", Value::Int(1))])),
    ("whatsmyuri", |_, told| {
        let you = (told.cx.persona.public_address, told.cx.flow.victim.address().port());
        ok([("you", Value::Text(format!("{}:{}", you.0, you.1)))])
    }),
];

/// Commands whose documents are passwords: those are noted as logins.
const LOGINS: &[&str] = &["saslContinue", "saslStart"];

/// Does what a request wants.
pub(super) fn answer(
    session: &mut Session,
    request: &Request,
    cx: &Cx<'_>,
    out: &mut Out,
) -> Document {
    let mut told = Told { request, cx, out };
    let name = told.name();
    if !LOGINS.contains(&name) {
        let mut text = format!("{} ", request.database);
        request.command.shown(&mut text);
        command_text::note("mongodb", text, cx, told.out);
    }
    match COMMANDS.iter().find(|(known, _)| *known == name) {
        Some((_, obey)) => obey(session, &mut told),
        None => {
            session.broke("an unknown command", told.out);
            refused(59, "CommandNotFound", &format!("no such command: '{name}'"))
        }
    }
}

impl<'a> Told<'a> {
    pub(super) fn name(&self) -> &'a str {
        self.request.command.0.first().map_or("", |(name, _)| name)
    }

    /// The collection that the command is about.
    pub(super) fn collection(&self) -> &'a str {
        match self.request.command.0.first() {
            Some((_, Value::Text(name))) => name,
            _ => "",
        }
    }
}

/// A document that says that all is well.
pub(super) fn ok<const N: usize>(fields: [(&str, Value); N]) -> Document {
    let mut answer = document(fields);
    answer.0.push(("ok".to_owned(), Value::Double(1.0)));
    answer
}

/// A document that says what is not.
pub(super) fn refused(code: i32, name: &str, text: &str) -> Document {
    document([
        ("ok", Value::Double(0.0)),
        ("errmsg", Value::text(text)),
        ("code", Value::Int(code)),
        ("codeName", Value::text(name)),
    ])
}

fn hello(_: &mut Session, told: &mut Told<'_>) -> Document {
    let command = &told.request.command;
    let primary = if told.name() == "hello" { "isWritablePrimary" } else { "ismaster" };
    let [chance, _] =
        derived(&told.cx.persona.seed, Purpose::Database, &told.cx.flow.id.to_string());
    let connection = i32::try_from(chance % 9_000).unwrap_or_default();
    let mut answer = document([
        ("helloOk", Value::Boolean(true)),
        (primary, Value::Boolean(true)),
        ("maxBsonObjectSize", Value::Int(16_777_216)),
        ("maxMessageSizeBytes", Value::Int(48_000_000)),
        ("maxWriteBatchSize", Value::Int(100_000)),
        ("localTime", Value::Date(told.cx.now.as_micros() / 1_000)),
        ("logicalSessionTimeoutMinutes", Value::Int(30)),
        ("connectionId", Value::Int(connection)),
        ("minWireVersion", Value::Int(0)),
        ("maxWireVersion", Value::Int(13)),
        ("readOnly", Value::Boolean(false)),
    ]);
    if command.find("saslSupportedMechs").is_some() {
        let mechanisms = ["SCRAM-SHA-1", "SCRAM-SHA-256"].map(Value::text).to_vec();
        answer.0.push(("saslSupportedMechs".to_owned(), Value::Array(mechanisms)));
    }
    answer.0.push(("ok".to_owned(), Value::Double(1.0)));
    answer
}

fn build_info(_: &mut Session, _: &mut Told<'_>) -> Document {
    ok([
        ("version", Value::text(VERSION)),
        ("gitVersion", Value::text("4e3d1b0cd7a9f9b9c2b1b3fc57a1ca3e5d4f3ff1")),
        ("modules", Value::Array(Vec::new())),
        ("allocator", Value::text("tcmalloc")),
        ("versionArray", Value::Array([5, 0, 29, 0].map(Value::Int).to_vec())),
        ("bits", Value::Int(64)),
        ("debug", Value::Boolean(false)),
        ("maxBsonObjectSize", Value::Int(16_777_216)),
    ])
}

fn server_status(_: &mut Session, told: &mut Told<'_>) -> Document {
    let uptime = i64::try_from(uptime::seconds(told.cx)).unwrap_or_default();
    ok([
        ("host", Value::text(&told.cx.persona.host)),
        ("version", Value::text(VERSION)),
        ("process", Value::text("mongod")),
        ("uptime", Value::Long(uptime)),
        ("localTime", Value::Date(told.cx.now.as_micros() / 1_000)),
    ])
}
