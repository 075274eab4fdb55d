//! Messages: OP_MSG of today, OP_QUERY of the first hello and of old, and their answers.

use super::bson::{Document, Value};
use crate::frames::{Frame, Shape};

/// A length of all, then numbers and the operation.
pub(super) const SHAPE: Shape = Shape { head: 16, body };

/// Longest message (the server's own limit).
const LONGEST: usize = 48_000_000;

fn body(head: &[u8]) -> Option<usize> {
    let length = usize::try_from(i32::from_le_bytes(*head.first_chunk()?)).ok()?;
    (length <= LONGEST).then_some(length)?.checked_sub(16)
}

const REPLY: u32 = 1;
const QUERY: u32 = 2_004;
const MESSAGE: u32 = 2_013;

/// A request.
#[derive(Debug)]
pub(super) struct Request {
    number: u32,
    form: Form,
    /// Of which database something is asked.
    pub(super) database: String,
    pub(super) command: Document,
}

/// How it was asked, and so how it is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Message,
    Query,
    /// Nobody waits for an answer.
    Silent,
}

impl Request {
    /// Reads a request; nothing if it cannot be read.
    pub(super) fn read(frame: &Frame) -> Option<Self> {
        let number = u32::from_le_bytes(*frame.head.get(4..)?.first_chunk()?);
        let operation = u32::from_le_bytes(*frame.head.get(12..)?.first_chunk()?);
        match operation {
            MESSAGE => message(number, &frame.body),
            QUERY => query(number, &frame.body),
            _ => None,
        }
    }

    /// The bytes that answer it with a document, if it wants to be answered.
    pub(super) fn answer(&self, document: &Document) -> Vec<u8> {
        let mut body = Vec::new();
        let operation = match self.form {
            Form::Silent => return Vec::new(),
            Form::Message => {
                body.extend([0; 5]);
                MESSAGE
            }
            Form::Query => {
                // Flags, cursor, place, how many documents.
                for number in [8_u32, 0, 0, 0, 1] {
                    body.extend(number.to_le_bytes());
                }
                REPLY
            }
        };
        document.write(&mut body);
        let length = u32::try_from(body.len() + 16).unwrap_or(u32::MAX);
        let head = [length, self.number.wrapping_add(1_000), self.number, operation];
        [head.map(u32::to_le_bytes).concat(), body].concat()
    }
}

/// Flags, then sections: the command, and lists of documents that belong to it.
fn message(number: u32, body: &[u8]) -> Option<Request> {
    /// The client goes on without an answer.
    const MORE: u32 = 2;
    let flags = u32::from_le_bytes(*body.first_chunk()?);
    let mut rest = body.get(4..)?;
    let mut command = Document::default();
    while let Some((kind, after)) = rest.split_first() {
        let taken = match kind {
            0 => {
                let (document, length) = Document::read(after)?;
                command.0.splice(0..0, document.0);
                length
            }
            1 => {
                let length = usize::try_from(i32::from_le_bytes(*after.first_chunk()?)).ok()?;
                command.0.push(list(after.get(4..length)?)?);
                length
            }
            // A checksum.
            _ => break,
        };
        rest = after.get(taken..)?;
    }
    let database = command.text("$db").unwrap_or("admin").to_owned();
    let form = if flags & MORE == 0 { Form::Message } else { Form::Silent };
    Some(Request { number, form, database, command })
}

/// A name, and documents.
fn list(bytes: &[u8]) -> Option<(String, Value)> {
    let end = bytes.iter().position(|byte| *byte == 0)?;
    let name = String::from_utf8_lossy(bytes.get(..end)?).into_owned();
    let mut rest = bytes.get(end + 1..)?;
    let mut documents = Vec::new();
    while !rest.is_empty() {
        let (document, length) = Document::read(rest)?;
        documents.push(Value::Document(document));
        rest = rest.get(length..)?;
    }
    Some((name, Value::Array(documents)))
}

/// Flags, a collection, two numbers, a document: a command, if the collection is `$cmd`.
fn query(number: u32, body: &[u8]) -> Option<Request> {
    let after = body.get(4..)?;
    let end = after.iter().position(|byte| *byte == 0)?;
    let name = String::from_utf8_lossy(after.get(..end)?).into_owned();
    let (document, _) = Document::read(after.get(end + 9..)?)?;
    let (database, collection) = name.split_once('.').unwrap_or((&name, ""));
    let command = if collection == "$cmd" {
        document
    } else {
        let find = ("find".to_owned(), Value::text(collection));
        Document(vec![find, ("filter".to_owned(), Value::Document(document))])
    };
    let database = database.to_owned();
    Some(Request { number, form: Form::Query, database, command })
}
