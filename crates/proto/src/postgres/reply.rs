//! Messages of the server.

use crate::sql::{Column, Kind, Rows, Value};

/// Messages that are sent together.
#[derive(Debug, Default)]
pub(super) struct Reply {
    bytes: Vec<u8>,
}

/// How values are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Form {
    Binary,
    #[default]
    Text,
}

/// An error of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) severity: &'static str,
    /// Its SQLSTATE.
    pub(super) code: &'static str,
    pub(super) text: String,
}

/// The numbers of the types that are given: int4 and text.
const INT4: u32 = 23;
const TEXT: u32 = 25;

impl Reply {
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// A byte that is no message: the answer to a wish for encryption.
    pub(super) fn byte(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    pub(super) fn message(&mut self, kind: u8, body: &[u8]) {
        let length = u32::try_from(body.len() + 4).unwrap_or(u32::MAX);
        self.bytes.push(kind);
        self.bytes.extend(length.to_be_bytes());
        self.bytes.extend(body);
    }

    /// What is asked for in a login.
    pub(super) fn authentication(&mut self, step: u32, about: &[u8]) {
        self.message(b'R', &[&step.to_be_bytes(), about].concat());
    }

    pub(super) fn parameter(&mut self, name: &str, value: &str) {
        self.message(b'S', format!("{name}\0{value}\0").as_bytes());
    }

    pub(super) fn refused(&mut self, refusal: &Refusal) {
        let Refusal { severity, code, text } = refusal;
        let text = text.replace('\0', "");
        let fields = format!("S{severity}\0V{severity}\0C{code}\0M{text}\0\0");
        self.message(b'E', fields.as_bytes());
    }

    pub(super) fn complete(&mut self, tag: &str) {
        self.message(b'C', format!("{tag}\0").as_bytes());
    }

    /// What the columns are like.
    pub(super) fn columns(&mut self, columns: &[Column], form: Form) {
        let mut body = short(columns.len()).to_vec();
        for column in columns {
            let (kind, size) = match column.kind {
                Kind::Number => (INT4, 4_i16),
                Kind::Text => (TEXT, -1),
            };
            body.extend(column.name.bytes().filter(|byte| *byte != 0));
            // No table, and no column of it.
            body.extend([0; 7]);
            body.extend(kind.to_be_bytes());
            body.extend(size.to_be_bytes());
            body.extend((-1_i32).to_be_bytes());
            body.extend([0, u8::from(form == Form::Binary)]);
        }
        self.message(b'T', &body);
    }

    pub(super) fn rows(&mut self, rows: &Rows, form: Form) {
        for row in &rows.rows {
            let mut body = short(row.len()).to_vec();
            for value in row {
                match bytes_of(value, form) {
                    None => body.extend((-1_i32).to_be_bytes()),
                    Some(bytes) => {
                        body.extend(u32::try_from(bytes.len()).unwrap_or_default().to_be_bytes());
                        body.extend(bytes);
                    }
                }
            }
            self.message(b'D', &body);
        }
    }
}

fn bytes_of(value: &Value, form: Form) -> Option<Vec<u8>> {
    match (value, form) {
        (Value::Number(number), Form::Binary) => {
            Some(i32::try_from(*number).unwrap_or(i32::MAX).to_be_bytes().to_vec())
        }
        _ => value.shown().map(String::into_bytes),
    }
}

fn short(count: usize) -> [u8; 2] {
    u16::try_from(count).unwrap_or(u16::MAX).to_be_bytes()
}
