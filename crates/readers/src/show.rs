//! What was recorded, as tables, JSON, CSV, hex dumps and text.

mod carried;
mod counters;
mod data;
mod databases;
mod dns;
mod events;
mod files;
mod flows;
mod hex;
mod runs;
mod talk;
mod text;

use std::borrow::Cow;
use std::io::{self, Write};

use store::{
    ArtifactRow, CounterRow, DataRow, DnsRow, EventRow, Filter, FlowRow, FollowerRow, Limited,
    Reader, RunRow,
};

use crate::cell::Cell;
use crate::csv;
use crate::error::ShowError;
use crate::fields::{Row, fields, keys};
use crate::json;
use crate::table::{Table, Tabular};
use crate::view::View;
use carried::readings;
pub(crate) use counters::is_lost;
pub(crate) use dns::answer;
use hex::HexDump;
use talk::{Pieces, Talk};
use text::Text;

/// What can be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Numbers that show whether everything was recorded.
    Counters,
    /// Payload.
    Data,
    /// Databases that records are carried to.
    Databases,
    /// DNS questions.
    Dns,
    /// What was understood.
    Events,
    /// Files taken from flows.
    Files,
    /// Whom victims called.
    Flows,
    /// Analyses.
    Runs,
}

/// The form in which rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Comma-separated values.
    Csv,
    /// Bytes as a hex dump; what is no payload, as a table.
    Hex,
    /// One JSON object per line.
    Json,
    /// Columns that fit the terminal; payload, as a hex dump.
    Table,
    /// Bytes as text; what is no payload, as a table.
    Text,
}

/// Which rows are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Of which kind.
    pub what: What,
    /// Which of them.
    pub filter: Filter,
    /// How many.
    pub limit: Limited,
}

/// Writes the rows that are wanted. `out` should be buffered.
///
/// # Errors
///
/// If rows cannot be read or written. [`ShowError::is_closed_pipe`] is no failure.
pub fn show(
    reader: &Reader,
    wanted: &Wanted,
    (form, view): (Form, View),
    out: &mut dyn Write,
) -> Result<(), ShowError> {
    let Wanted { what, filter, limit } = wanted;
    match what {
        What::Counters => show_counters(reader, wanted, (form, view), out)?,
        What::Data => show_data(reader, wanted, (form, view), out)?,
        What::Databases => {
            let rows = reader.followers()?;
            let mut sheet = Sheet::<FollowerRow>::new(form, view, out)?;
            rows.iter().try_for_each(|row| sheet.push(row.clone()))?;
            sheet.finish()?;
            if !matches!(form, Form::Csv | Form::Json) {
                databases::write_shortened(&rows, view, out)?;
            }
        }
        What::Dns => {
            let mut sheet = Sheet::<DnsRow>::new(form, view, out)?;
            reader.dns_queries(filter, *limit, |row| sheet.push(row))?;
            sheet.finish()?;
        }
        What::Events => {
            let mut sheet = Sheet::<EventRow>::new(form, view, out)?;
            reader.events(filter, *limit, |row| sheet.push(row))?;
            sheet.finish()?;
        }
        What::Files => {
            let mut sheet = Sheet::<ArtifactRow>::new(form, view, out)?;
            reader.artifacts(filter, *limit, |row| sheet.push(row))?;
            sheet.finish()?;
        }
        What::Flows => {
            let mut sheet = Sheet::<FlowRow>::new(form, view, out)?;
            reader.flows(filter, *limit, |row| sheet.push(row))?;
            sheet.finish()?;
        }
        What::Runs => {
            let mut sheet = Sheet::<RunRow>::new(form, view, out)?;
            reader.runs(filter, *limit)?.into_iter().try_for_each(|row| sheet.push(row))?;
            sheet.finish()?;
        }
    }
    Ok(out.flush()?)
}

fn show_counters(
    reader: &Reader,
    wanted: &Wanted,
    (form, view): (Form, View),
    out: &mut dyn Write,
) -> Result<(), ShowError> {
    let mut rows = reader.counters(&wanted.filter)?;
    if let Limited::Newest(most) = wanted.limit {
        rows.drain(..rows.len().saturating_sub(most));
    }
    let followers = reader.followers()?;
    match form {
        Form::Csv => write_counters(&rows, &followers, Lines::Csv, out)?,
        Form::Json => write_counters(&rows, &followers, Lines::Json, out)?,
        Form::Hex | Form::Table | Form::Text => {
            counters::write(rows, view, out)?;
            databases::write_lines(&followers, view, out)?;
            databases::write_shortened(&followers, view, out)?;
        }
    }
    Ok(())
}

fn write_counters(
    rows: &[CounterRow],
    followers: &[FollowerRow],
    lines: Lines,
    out: &mut dyn Write,
) -> io::Result<()> {
    lines.begin::<CounterRow>(out)?;
    rows.iter().try_for_each(|row| lines.write(row, out))?;
    followers.iter().flat_map(readings).try_for_each(|reading| lines.write(&reading, out))
}

fn show_data(
    reader: &Reader,
    wanted: &Wanted,
    (form, view): (Form, View),
    out: &mut dyn Write,
) -> Result<(), ShowError> {
    match form {
        Form::Csv => show_lines(reader, wanted, Lines::Csv, out),
        Form::Json => show_lines(reader, wanted, Lines::Json, out),
        Form::Hex | Form::Table => show_talk(reader, wanted, Talk::new(HexDump, view), out),
        Form::Text => show_talk(reader, wanted, Talk::new(Text::default(), view), out),
    }
}

fn show_lines(
    reader: &Reader,
    wanted: &Wanted,
    lines: Lines,
    out: &mut dyn Write,
) -> Result<(), ShowError> {
    lines.begin::<DataRow>(out)?;
    reader.data(&wanted.filter, wanted.limit, |row| Ok(lines.write(&row, out)?))
}

fn show_talk<P: Pieces>(
    reader: &Reader,
    wanted: &Wanted,
    mut talk: Talk<P>,
    out: &mut dyn Write,
) -> Result<(), ShowError> {
    let visit = |row| -> Result<(), ShowError> { Ok(talk.push(&row, out)?) };
    reader.data(&wanted.filter, wanted.limit, visit)?;
    Ok(talk.finish(out)?)
}

/// Rows as lines, each on its own.
#[derive(Clone, Copy)]
enum Lines {
    Csv,
    Json,
}

impl Lines {
    fn begin<R: Row>(self, out: &mut dyn Write) -> io::Result<()> {
        match self {
            Self::Csv => out.write_all(csv::row(keys::<R>().map(Cow::Borrowed)).as_bytes()),
            Self::Json => Ok(()),
        }
    }

    fn write<R: Row>(self, row: &R, out: &mut dyn Write) -> io::Result<()> {
        let line = match self {
            Self::Csv => {
                let cells: Vec<Cell> = fields(row).map(|(_, cell)| cell).collect();
                csv::row(cells.iter().map(Cell::plain))
            }
            Self::Json => json::line(fields(row))?,
        };
        out.write_all(line.as_bytes())
    }
}

/// Rows that are being written, in any form but bytes.
struct Sheet<'o, R: 'static> {
    kind: Kind<R>,
    out: &'o mut dyn Write,
}

enum Kind<R: 'static> {
    Lines(Lines),
    Table(Table<R>),
}

impl<'o, R: Tabular> Sheet<'o, R> {
    fn new(form: Form, view: View, out: &'o mut dyn Write) -> io::Result<Self> {
        let kind = match form {
            Form::Csv => Kind::Lines(Lines::Csv),
            Form::Json => Kind::Lines(Lines::Json),
            Form::Hex | Form::Table | Form::Text => Kind::Table(Table::new(view)),
        };
        if let Kind::Lines(lines) = &kind {
            lines.begin::<R>(out)?;
        }
        Ok(Self { kind, out })
    }

    fn push(&mut self, row: R) -> Result<(), ShowError> {
        match &mut self.kind {
            Kind::Lines(lines) => lines.write(&row, self.out)?,
            Kind::Table(table) => table.push(row, self.out)?,
        }
        Ok(())
    }

    fn finish(self) -> io::Result<()> {
        match self.kind {
            Kind::Lines(_) => Ok(()),
            Kind::Table(table) => table.finish(self.out),
        }
    }
}
