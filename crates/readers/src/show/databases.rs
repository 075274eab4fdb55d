//! Databases that records are carried to.

use std::io::{self, Write};

use store::{FlowContext, FollowerRow};

use crate::cell::Cell;
use crate::fields::{Field, Row, field, optional_text, optional_time};
use crate::table::{Column, Need, Tabular, left, right};
use crate::terminal;
use crate::view::{Tone, View};

impl Row for FollowerRow {
    const FIELDS: &'static [Field<Self>] = &[
        field("database", name),
        field("lag_rows", lag),
        field("retries", retries),
        field("succeeded", succeeded),
        field("failed", |row| {
            optional_time(row.followed.failed.as_ref().map(|failed| failed.time))
        }),
        field("error", error),
        field("shortened_texts", |row| Cell::Number(shortened(row))),
        field("latest_shortened", |row| {
            optional_text(row.followed.shortened.as_ref().map(|shortened| &shortened.latest))
        }),
    ];

    fn context(&self) -> Option<&FlowContext> {
        None
    }
}

impl Tabular for FollowerRow {
    const COLUMNS: &'static [Column<Self>] = &[
        left("DATABASE", Need::Least(24), name),
        right("BEHIND", Need::Whole, lag),
        right("RETRIES", Need::Whole, retries),
        left("LAST SUCCESS UTC", Need::Whole, succeeded),
        left("LAST ERROR", Need::Least(24), error),
    ];

    const NOTHING: &'static str = "no other database; --database URL carries records to one";

    fn tone(&self) -> Tone {
        if is_in_trouble(self) { Tone::Alarm } else { Tone::Plain }
    }
}

fn name(row: &FollowerRow) -> Cell {
    Cell::text(&row.followed.follower)
}

fn lag(row: &FollowerRow) -> Cell {
    Cell::Number(row.lag)
}

fn retries(row: &FollowerRow) -> Cell {
    Cell::Number(row.followed.retries)
}

fn succeeded(row: &FollowerRow) -> Cell {
    optional_time(row.followed.succeeded)
}

fn error(row: &FollowerRow) -> Cell {
    row.followed.failed.as_ref().map_or(Cell::Nothing, |failed| Cell::text(&failed.error))
}

fn shortened(row: &FollowerRow) -> u64 {
    row.followed.shortened.as_ref().map_or(0, |shortened| shortened.texts)
}

/// Whether the last thing that was heard of it is a failure.
pub(super) fn is_in_trouble(row: &FollowerRow) -> bool {
    row.followed.failed.as_ref().map(|failed| failed.time) > row.followed.succeeded
}

/// A line for each below the table of counters: whether what is counted there is elsewhere, too.
pub(super) fn write_lines(rows: &[FollowerRow], view: View, out: &mut dyn Write) -> io::Result<()> {
    rows.iter().try_for_each(|row| {
        let trouble = row.followed.failed.as_ref().filter(|_| is_in_trouble(row));
        let text = format!(
            "database {}: {} rows behind, {} retries{}",
            terminal::one_line(&row.followed.follower),
            row.lag,
            row.followed.retries,
            trouble.map_or(String::new(), |failed| {
                format!("; {}", terminal::one_line(&failed.error))
            })
        );
        let tone = if is_in_trouble(row) { Tone::Alarm } else { Tone::Quiet };
        writeln!(out, "{}", view.style.paint(tone, &text))
    })
}

/// Below the table: what is not whole there.
pub(super) fn write_shortened(
    rows: &[FollowerRow],
    view: View,
    out: &mut dyn Write,
) -> io::Result<()> {
    let shortened =
        |row: &FollowerRow| Some((row.followed.clone(), row.followed.shortened.clone()?));
    rows.iter().filter_map(shortened).try_for_each(|(followed, shortened)| {
        let text = format!(
            "{}: texts longer than it takes are whole here and cut there: {}, the latest {}",
            terminal::one_line(&followed.follower),
            shortened.texts,
            terminal::one_line(&shortened.latest)
        );
        writeln!(out, "{}", view.style.paint(Tone::Alarm, &text))
    })
}
