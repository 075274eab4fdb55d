//! Packets of the server: done, refused, rows.

use crate::sql::{Column, Kind, Rows, Value};

/// Packets of one answer, which are numbered on from what is answered.
#[derive(Debug)]
pub(super) struct Reply {
    bytes: Vec<u8>,
    number: u8,
}

/// How the values of rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// As a prepared statement gives them.
    Binary,
    Text,
}

/// Whether other answers follow this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum More {
    Follows,
    Nothing,
}

/// An error of the server: its number, its state, its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) code: u16,
    pub(super) state: &'static str,
    pub(super) text: String,
}

/// A session that commits each statement.
const AUTOCOMMIT: u16 = 0x0002;

/// More answers follow.
const MORE: u16 = 0x0008;

/// Longest packet: a longer one is several.
const PACKET: usize = 0x00ff_ffff;

impl Reply {
    /// To the packet of this number.
    pub(super) const fn to(number: u8) -> Self {
        Self { bytes: Vec::new(), number: number.wrapping_add(1) }
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    pub(super) fn packet(&mut self, payload: &[u8]) {
        let payload = payload.get(..PACKET.min(payload.len())).unwrap_or_default();
        let length = u32::try_from(payload.len()).unwrap_or_default().to_le_bytes();
        self.bytes.extend(length.iter().take(3));
        self.bytes.push(self.number);
        self.bytes.extend(payload);
        self.number = self.number.wrapping_add(1);
    }

    /// So many rows were written.
    pub(super) fn done(&mut self, rows: u64, more: More) {
        let mut payload = vec![0];
        long_number(rows, &mut payload);
        payload.push(0);
        payload.extend(status(more).to_le_bytes());
        payload.extend([0, 0]);
        self.packet(&payload);
    }

    pub(super) fn refused(&mut self, refusal: &Refusal) {
        let mut payload = vec![0xff];
        payload.extend(refusal.code.to_le_bytes());
        payload.push(b'#');
        payload.extend(refusal.state.bytes());
        payload.extend(refusal.text.bytes());
        self.packet(&payload);
    }

    pub(super) fn rows(&mut self, rows: &Rows, form: Form, more: More) {
        let mut count = Vec::new();
        long_number(rows.columns.len() as u64, &mut count);
        self.packet(&count);
        self.columns(&rows.columns);
        for row in &rows.rows {
            let payload = match form {
                Form::Binary => binary_row(row),
                Form::Text => text_row(row),
            };
            self.packet(&payload);
        }
        self.end_of_list(more);
    }

    /// What columns, or the parameters of a statement, are like.
    pub(super) fn columns(&mut self, columns: &[Column]) {
        for column in columns {
            self.column(column);
        }
        self.end_of_list(More::Nothing);
    }

    /// A statement is prepared: its number, its columns, how many values it needs.
    pub(super) fn prepared(&mut self, number: u32, columns: &[Column], parameters: usize) {
        let short = |count: usize| u16::try_from(count).unwrap_or(u16::MAX).to_le_bytes();
        let mut payload = vec![0];
        payload.extend(number.to_le_bytes());
        payload.extend(short(columns.len()));
        payload.extend(short(parameters));
        payload.extend([0, 0, 0]);
        self.packet(&payload);
        if parameters > 0 {
            self.columns(&vec![Column::text("?"); parameters.min(usize::from(u16::MAX))]);
        }
        if !columns.is_empty() {
            self.columns(columns);
        }
    }

    fn column(&mut self, column: &Column) {
        /// utf8mb4_general_ci, and binary for numbers.
        const TEXTS: u16 = 45;
        const NUMBERS: u16 = 63;
        let (charset, length, kind) = match column.kind {
            Kind::Number => (NUMBERS, 21_u32, 0x08),
            Kind::Text => (TEXTS, 0x0400, 0xfd),
        };
        let mut payload = Vec::new();
        // Catalogue, database, table and its own name, name and its own name.
        for text in ["def", "", "", "", &column.name, ""] {
            long_bytes(text.as_bytes(), &mut payload);
        }
        payload.push(0x0c);
        payload.extend(charset.to_le_bytes());
        payload.extend(length.to_le_bytes());
        payload.extend([kind, 0, 0, 0, 0, 0]);
        self.packet(&payload);
    }

    fn end_of_list(&mut self, more: More) {
        let [low, high] = status(more).to_le_bytes();
        self.packet(&[0xfe, 0, 0, low, high]);
    }
}

const fn status(more: More) -> u16 {
    match more {
        More::Follows => AUTOCOMMIT | MORE,
        More::Nothing => AUTOCOMMIT,
    }
}

fn text_row(row: &[Value]) -> Vec<u8> {
    let mut payload = Vec::new();
    for value in row {
        match value.shown() {
            None => payload.push(0xfb),
            Some(text) => long_bytes(text.as_bytes(), &mut payload),
        }
    }
    payload
}

/// A mark, bits for what is not there (from the third on), the values.
fn binary_row(row: &[Value]) -> Vec<u8> {
    let mut missing = vec![0_u8; (row.len() + 9) / 8];
    let mut values = Vec::new();
    for (place, value) in (2..).zip(row) {
        match value {
            Value::Null => {
                missing.get_mut(place / 8).into_iter().for_each(|byte| *byte |= 1 << (place % 8));
            }
            Value::Number(number) => values.extend(number.to_le_bytes()),
            Value::Text(text) => long_bytes(text.as_bytes(), &mut values),
        }
    }
    [vec![0], missing, values].concat()
}

fn long_bytes(bytes: &[u8], out: &mut Vec<u8>) {
    long_number(bytes.len() as u64, out);
    out.extend(bytes);
}

fn long_number(number: u64, out: &mut Vec<u8>) {
    let bytes = number.to_le_bytes();
    let (mark, length) = match number {
        0..=0xfa => (None, 1),
        0xfb..=0xffff => (Some(0xfc), 2),
        0x1_0000..=0xff_ffff => (Some(0xfd), 3),
        _ => (Some(0xfe), 8),
    };
    out.extend(mark);
    out.extend(bytes.iter().take(length));
}
