//! Rows as a table that fits the terminal.

use std::io::{self, Write};

use model::Timestamp;

use crate::cell::Cell;
use crate::fields::Row;
use crate::ids::{letters_needed, shortened};
use crate::terminal;
use crate::times::Dates;
use crate::units;
use crate::view::{Tone, View};

/// Rows that the widths of columns are taken from. Later ones have to fit in.
const SAMPLE: usize = 256;

/// Columns below which a column says nothing.
const NARROWEST: usize = 8;

/// Blanks between columns.
const GAP: usize = 2;

/// A kind of row that has a table.
pub(crate) trait Tabular: Row {
    /// What a reader of the table wants to see, from left to right.
    const COLUMNS: &'static [Column<Self>];

    /// What to say if there is no row.
    const NOTHING: &'static str;

    /// Whether it should catch the eye.
    fn tone(&self) -> Tone {
        Tone::Plain
    }
}

/// A column of a table.
pub(crate) struct Column<R> {
    pub(crate) heading: &'static str,
    pub(crate) side: Side,
    pub(crate) need: Need,
    pub(crate) cell: fn(&R) -> Cell,
}

/// Where the text of a column stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Left,
    Right,
}

/// What happens to a column where there is not enough room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// It stays as it is.
    Whole,
    /// It shrinks, but not below this width.
    Least(usize),
    /// It goes, those with the lowest number first.
    Rank(u8),
}

/// A column of text or time.
pub(crate) const fn left<R>(heading: &'static str, need: Need, cell: fn(&R) -> Cell) -> Column<R> {
    Column { heading, side: Side::Left, need, cell }
}

/// A column of numbers.
pub(crate) const fn right<R>(heading: &'static str, need: Need, cell: fn(&R) -> Cell) -> Column<R> {
    Column { heading, side: Side::Right, need, cell }
}

/// A table that is being written.
pub(crate) struct Table<R: 'static> {
    view: View,
    sample: Vec<R>,
    layout: Option<Layout<R>>,
}

impl<R: Tabular> Table<R> {
    pub(crate) fn new(view: View) -> Self {
        Self { view, sample: Vec::new(), layout: None }
    }

    /// Takes the next row, and writes it as soon as it is known how.
    pub(crate) fn push(&mut self, row: R, out: &mut dyn Write) -> io::Result<()> {
        if let Some(layout) = &self.layout {
            return layout.write(&row, out);
        }
        self.sample.push(row);
        if self.sample.len() < SAMPLE { Ok(()) } else { self.begin(out) }
    }

    /// Writes what was held back.
    pub(crate) fn finish(mut self, out: &mut dyn Write) -> io::Result<()> {
        match (&self.layout, self.sample.is_empty()) {
            (None, true) => writeln!(out, "{}", R::NOTHING),
            (None, false) => self.begin(out),
            (Some(_), _) => Ok(()),
        }
    }

    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let layout = Layout::for_rows(&self.sample, self.view);
        layout.write_heading(out)?;
        self.sample.drain(..).try_for_each(|row| layout.write(&row, out))?;
        self.layout = Some(layout);
        Ok(())
    }
}

/// Which columns there are and how wide they are.
struct Layout<R: 'static> {
    columns: Vec<Fitted<R>>,
    scale: Scale,
    view: View,
}

struct Fitted<R: 'static> {
    column: &'static Column<R>,
    width: usize,
    id_letters: usize,
}

/// How times and ids are written.
#[derive(Clone, Copy)]
struct Scale {
    dates: Dates,
}

impl<R: Tabular> Layout<R> {
    fn for_rows(rows: &[R], view: View) -> Self {
        let times =
            R::COLUMNS.iter().flat_map(|column| rows.iter().filter_map(|row| time(column, row)));
        let scale = Scale { dates: Dates::for_times(view.now, times) };
        let columns = R::COLUMNS.iter().map(|column| Fitted::for_rows(column, rows, scale));
        // A column that is empty in every row says nothing.
        let mut columns: Vec<_> = columns
            .filter(|fitted| fitted.width > 0 || fitted.column.need == Need::Whole)
            .collect();
        fit(&mut columns, view.width);
        Self { columns, scale, view }
    }

    fn write_heading(&self, out: &mut dyn Write) -> io::Result<()> {
        let headings = self.columns.iter().map(|fitted| fitted.place(fitted.column.heading));
        self.write_line(Tone::Heading, headings, out)
    }

    fn write(&self, row: &R, out: &mut dyn Write) -> io::Result<()> {
        let cells = self.columns.iter().map(|fitted| {
            let text = written(&(fitted.column.cell)(row), self.scale, fitted.id_letters);
            match self.view.width {
                usize::MAX => fitted.place(&text),
                _ => fitted.place(&terminal::cut(&text, fitted.width)),
            }
        });
        self.write_line(row.tone(), cells, out)
    }

    fn write_line(
        &self,
        tone: Tone,
        cells: impl Iterator<Item = String>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let line = cells.collect::<Vec<_>>().join(&" ".repeat(GAP));
        writeln!(out, "{}", self.view.style.paint(tone, line.trim_end()))
    }
}

impl<R> Fitted<R> {
    /// As wide as the rows want it; 0 if none has anything to say.
    fn for_rows(column: &'static Column<R>, rows: &[R], scale: Scale) -> Self {
        let ids = rows.iter().filter_map(|row| match (column.cell)(row) {
            Cell::Id(id) => Some(id),
            _ => None,
        });
        let ids: Vec<String> = ids.collect();
        let id_letters = letters_needed(ids.iter().map(String::as_str));
        let widths = rows
            .iter()
            .map(|row| terminal::width(&written(&(column.cell)(row), scale, id_letters)));
        let widest = widths.max().unwrap_or(0);
        let is_empty = widest == 0 && column.need != Need::Whole;
        let width = if is_empty { 0 } else { widest.max(column.heading.len()) };
        Self { column, width, id_letters }
    }

    fn place(&self, text: &str) -> String {
        let blanks = " ".repeat(self.width.saturating_sub(terminal::width(text)));
        match self.column.side {
            Side::Left => format!("{text}{blanks}"),
            Side::Right => format!("{blanks}{text}"),
        }
    }

    /// The least width it may have.
    fn least(&self) -> usize {
        match self.column.need {
            Need::Least(width) => width.min(self.width),
            Need::Rank(_) | Need::Whole => self.width,
        }
    }
}

fn time<R>(column: &Column<R>, row: &R) -> Option<Timestamp> {
    match (column.cell)(row) {
        Cell::Time(time) => Some(time),
        _ => None,
    }
}

fn written(cell: &Cell, scale: Scale, id_letters: usize) -> String {
    match cell {
        Cell::Size(count) => units::bytes(*count),
        Cell::Time(time) => scale.dates.write(*time),
        Cell::Id(id) => shortened(id, id_letters).to_owned(),
        other => other.plain().into_owned(),
    }
}

/// Takes columns away until the others can have their least width, then shrinks those; further
/// than that only where nothing else helps.
fn fit<R>(columns: &mut Vec<Fitted<R>>, width: usize) {
    while total(columns.iter().map(Fitted::least)) > width {
        let Some(first) = first_to_go(columns) else { break };
        columns.remove(first);
    }
    shrink(columns, width, Fitted::least);
    shrink(columns, width, |fitted| fitted.least().min(NARROWEST));
}

fn shrink<R>(columns: &mut [Fitted<R>], width: usize, least: impl Fn(&Fitted<R>) -> usize) {
    while total(columns.iter().map(|fitted| fitted.width)) > width {
        let may_shrink = |fitted: &&mut Fitted<R>| {
            matches!(fitted.column.need, Need::Least(_)) && fitted.width > least(fitted)
        };
        let shrinking = columns.iter_mut().filter(may_shrink);
        let Some(widest) = shrinking.max_by_key(|fitted| fitted.width) else { break };
        widest.width -= 1;
    }
}

fn total(widths: impl Iterator<Item = usize>) -> usize {
    let (columns, sum) = widths.fold((0, 0), |(columns, sum), width| (columns + 1, sum + width));
    sum + GAP * usize::saturating_sub(columns, 1)
}

fn first_to_go<R>(columns: &[Fitted<R>]) -> Option<usize> {
    let ranked =
        columns.iter().enumerate().filter_map(|(place, fitted)| match fitted.column.need {
            Need::Rank(rank) => Some((rank, place)),
            Need::Least(_) | Need::Whole => None,
        });
    ranked.min().map(|(_, place)| place)
}
