//! Counters, and whether they say that all is there.

use std::io::{self, Write};

use model::{Counter, RunId};
use store::{CounterRow, FlowContext};

use crate::cell::Cell;
use crate::fields::{Field, Row, field, optional_time};
use crate::table::{Column, Need, Table, Tabular, left, right};
use crate::view::{Tone, View};

impl Row for CounterRow {
    const FIELDS: &'static [Field<Self>] = &[
        field("run", run),
        field("counter", name),
        field("value", value),
        field("time", |row| optional_time(row.time)),
        field("is_loss", |row| Cell::Flag(row.counter.is_loss())),
        field("meaning", meaning),
    ];

    fn context(&self) -> Option<&FlowContext> {
        None
    }
}

impl Tabular for CounterRow {
    const COLUMNS: &'static [Column<Self>] = &[
        left("COUNTER", Need::Whole, name),
        right("VALUE", Need::Whole, value),
        left("MEANING", Need::Least(20), meaning),
    ];

    const NOTHING: &'static str = "no runs, so no counters";

    fn tone(&self) -> Tone {
        if is_lost(self) { Tone::Alarm } else { Tone::Plain }
    }
}

fn run(row: &CounterRow) -> Cell {
    Cell::Id(row.run.to_string())
}

fn name(row: &CounterRow) -> Cell {
    Cell::text(row.counter.name())
}

fn value(row: &CounterRow) -> Cell {
    Cell::Number(row.value)
}

fn meaning(row: &CounterRow) -> Cell {
    Cell::text(row.counter.meaning())
}

/// Whether evidence is missing by what this counts.
pub(crate) fn is_lost(row: &CounterRow) -> bool {
    row.counter.is_loss() && row.value > 0
}

/// One thing to say about all counters together.
struct Remark {
    tone: Tone,
    text: String,
}

/// Whether anything is missing, in words.
fn verdict(rows: &[CounterRow]) -> Vec<Remark> {
    let losses = rows.iter().filter(|row| is_lost(row)).map(|row| {
        let text = format!("evidence is missing: {} {}", row.value, row.counter.meaning());
        Remark { tone: Tone::Alarm, text }
    });
    let mut remarks: Vec<Remark> = losses.collect();
    remarks.extend(rows.chunk_by(|one, next| one.run == next.run).flat_map(sums));
    if remarks.is_empty() && !rows.is_empty() {
        remarks.push(Remark { tone: Tone::Quiet, text: "nothing is missing".to_owned() });
    }
    remarks
}

/// Counters of one run that have to be equal, and are not.
fn sums(rows: &[CounterRow]) -> Vec<Remark> {
    let value = |wanted| {
        let row = rows.iter().find(|row| row.counter == wanted);
        row.map_or(0, |row| row.value)
    };
    let written = value(Counter::RecordsCommitted) + value(Counter::RecordsLost);
    let told = value(Counter::FlowsAccepted) + value(Counter::FlowsOnlyLogged);
    let pairs = [
        ("flows accepted or logged", told, "recorded", value(Counter::FlowsOpened)),
        ("records queued", value(Counter::RecordsQueued), "written or lost", written),
    ];
    let run = rows.first().map(|row| row.run);
    let unequal = pairs.into_iter().filter(|(_, one, _, other)| one != other);
    unequal.filter_map(|(of, one, which, other)| remark(run?, (of, one), (which, other))).collect()
}

fn remark(run: RunId, (of, all): (&str, u64), (which, some): (&str, u64)) -> Option<Remark> {
    let text = format!("run {run}: {all} {of}, {some} {which}; in a run that goes on they differ");
    Some(Remark { tone: Tone::Plain, text })
}

/// Writes a table for each run, and what is to be said about all of them.
pub(super) fn write(rows: Vec<CounterRow>, view: View, out: &mut dyn Write) -> io::Result<()> {
    let remarks = verdict(&rows);
    let is_one_run = rows.first().map(|row| row.run) == rows.last().map(|row| row.run);
    for of_run in rows.chunk_by(|one, next| one.run == next.run) {
        if let Some(first) = of_run.first().filter(|_| !is_one_run) {
            writeln!(out, "{}", view.style.paint(Tone::Heading, &format!("run {}", first.run)))?;
        }
        let mut table = Table::new(view);
        of_run.iter().try_for_each(|row| table.push(*row, out))?;
        table.finish(out)?;
    }
    if rows.is_empty() {
        writeln!(out, "{}", CounterRow::NOTHING)?;
    }
    let mut lines = remarks.iter().map(|remark| view.style.paint(remark.tone, &remark.text));
    lines.try_for_each(|line| writeln!(out, "{line}"))
}
