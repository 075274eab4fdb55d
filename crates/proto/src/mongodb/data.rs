//! What is there: one database of somebody else, and what the client made. Collections are empty.

use super::bson::{Document, Value, document};
use super::commands::{Told, ok, refused};
use super::machine::Session;
use crate::Cx;

/// Databases that every server has.
const SYSTEM_DATABASES: &[&str] = &["admin", "config", "local"];

pub(super) fn list_databases(session: &mut Session, told: &mut Told<'_>) -> Document {
    let mut names = session.catalog.databases(told.cx);
    names.extend(SYSTEM_DATABASES.iter().map(|name| (*name).to_owned()));
    names.sort_unstable();
    let databases: Vec<Value> = names.iter().map(|name| database(name)).collect();
    let total = i64::try_from(databases.len()).unwrap_or_default() * SIZE;
    ok([("databases", Value::Array(databases)), ("totalSize", Value::Long(total))])
}

/// What a small database takes on a disk.
const SIZE: i64 = 73_728;

fn database(name: &str) -> Value {
    Value::Document(document([
        ("name", Value::text(name)),
        ("sizeOnDisk", Value::Long(SIZE)),
        ("empty", Value::Boolean(false)),
    ]))
}

pub(super) fn list_collections(session: &mut Session, told: &mut Told<'_>) -> Document {
    let database = &told.request.database;
    let names = if SYSTEM_DATABASES.contains(&database.as_str()) {
        Vec::new()
    } else {
        session.catalog.tables(database, told.cx)
    };
    let described = |name: &String| {
        Value::Document(document([
            ("name", Value::text(name)),
            ("type", Value::text("collection")),
            ("options", Value::Document(Document::default())),
        ]))
    };
    cursor(&format!("{database}.$cmd.listCollections"), names.iter().map(described).collect())
}

/// FIND and AGGREGATE: nothing is found.
pub(super) fn find(_: &mut Session, told: &mut Told<'_>) -> Document {
    cursor(&space(told), Vec::new())
}

fn space(told: &Told<'_>) -> String {
    format!("{}.{}", told.request.database, told.collection())
}

/// A first batch of documents, and no more.
fn cursor(space: &str, batch: Vec<Value>) -> Document {
    let cursor = document([
        ("firstBatch", Value::Array(batch)),
        ("id", Value::Long(0)),
        ("ns", Value::text(space)),
    ]);
    ok([("cursor", Value::Document(cursor))])
}

pub(super) fn create(session: &mut Session, told: &mut Told<'_>) -> Document {
    make(session, told).unwrap_or_else(|| ok([]))
}

pub(super) fn insert(session: &mut Session, told: &mut Told<'_>) -> Document {
    let count = match told.request.command.find("documents") {
        Some(Value::Array(documents)) => i32::try_from(documents.len()).unwrap_or(i32::MAX),
        _ => 0,
    };
    make(session, told).unwrap_or_else(|| ok([("n", Value::Int(count))]))
}

/// Makes what a command names; a refusal if there is no room.
fn make(session: &mut Session, told: &Told<'_>) -> Option<Document> {
    let (database, collection) = (&told.request.database, told.collection());
    let is_there = session.catalog.tables(database, told.cx).iter().any(|name| name == collection);
    let made = session.catalog.make_database(database);
    let made = if is_there {
        made
    } else {
        made.and_then(|()| session.catalog.make_table(collection, Vec::new()))
    };
    made.err().map(|_| refused(14_031, "OutOfDiskSpace", "Cannot take more: out of disk space"))
}

pub(super) fn drop(session: &mut Session, told: &mut Told<'_>) -> Document {
    if !is_there(session, told, told.cx) {
        return refused(26, "NamespaceNotFound", "ns not found");
    }
    match session.catalog.drop_table(told.collection()) {
        Ok(()) => ok([("nIndexesWas", Value::Int(1)), ("ns", Value::Text(space(told)))]),
        Err(_) => refused(14_031, "OutOfDiskSpace", "Cannot take more: out of disk space"),
    }
}

fn is_there(session: &Session, told: &Told<'_>, cx: &Cx<'_>) -> bool {
    let tables = session.catalog.tables(&told.request.database, cx);
    tables.iter().any(|name| name.eq_ignore_ascii_case(told.collection()))
}

pub(super) fn drop_database(session: &mut Session, told: &mut Told<'_>) -> Document {
    let name = &told.request.database;
    match session.catalog.drop_database(name) {
        Ok(()) => ok([("dropped", Value::text(name))]),
        Err(_) => refused(14_031, "OutOfDiskSpace", "Cannot take more: out of disk space"),
    }
}
