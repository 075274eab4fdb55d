//! Payload as it was exchanged: a heading for each flow, and what was said below it.

use std::io::{self, Write};

use model::{Direction, FlowId, Layer};
use store::{DataRow, FlowContext};

use crate::fields::whom;
use crate::terminal;
use crate::times::Dates;
use crate::view::{Style, Tone, View};

/// How pieces of payload are written.
pub(super) trait Pieces {
    /// Writes one piece.
    fn write(&mut self, row: &DataRow, place: Place, out: &mut dyn Write) -> io::Result<()>;

    /// Writes what was held back at the end of a flow.
    fn finish(&mut self, place: Place, out: &mut dyn Write) -> io::Result<()>;
}

/// Where pieces are written to.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) style: Style,
    pub(super) dates: Dates,
}

/// Payload that is being written.
pub(super) struct Talk<P> {
    pieces: P,
    view: View,
    flow: Option<(FlowId, Place)>,
}

impl<P: Pieces> Talk<P> {
    pub(super) fn new(pieces: P, view: View) -> Self {
        Self { pieces, view, flow: None }
    }

    /// Writes one piece, below the heading of its flow.
    pub(super) fn push(&mut self, row: &DataRow, out: &mut dyn Write) -> io::Result<()> {
        let id = row.context.flow.id;
        let place = match self.flow {
            Some((flow, place)) if flow == id => place,
            _ => self.begin(&row.context, out)?,
        };
        self.pieces.write(row, place, out)
    }

    /// Writes what was held back.
    pub(super) fn finish(mut self, out: &mut dyn Write) -> io::Result<()> {
        match self.flow {
            Some((_, place)) => self.pieces.finish(place, out),
            None => writeln!(out, "no data"),
        }
    }

    fn begin(&mut self, context: &FlowContext, out: &mut dyn Write) -> io::Result<Place> {
        if let Some((_, place)) = self.flow {
            self.pieces.finish(place, out)?;
            writeln!(out)?;
        }
        let dates = Dates::for_times(self.view.now, [context.flow.opened]);
        let place = Place { style: self.view.style, dates };
        self.flow = Some((context.flow.id, place));
        writeln!(out, "{}", place.style.paint(Tone::Heading, &heading(context, dates)))?;
        Ok(place)
    }
}

fn heading(context: &FlowContext, dates: Dates) -> String {
    let flow = &context.flow;
    let whom = whom(context);
    let address = match context.name {
        Some(_) => format!(" ({})", flow.orig_dst.ip()),
        None => String::new(),
    };
    format!(
        "flow {}  {} UTC\n{} {} → {}{address}",
        flow.id,
        dates.write(flow.opened),
        flow.transport,
        flow.victim,
        terminal::one_line(&whom),
    )
}

/// Which way a piece went.
pub(super) fn arrow(direction: Direction) -> &'static str {
    match direction {
        Direction::FromVictim => "→",
        Direction::ToVictim => "←",
    }
}

/// The colour of its way.
pub(super) fn tone(direction: Direction) -> Tone {
    match direction {
        Direction::FromVictim => Tone::FromVictim,
        Direction::ToVictim => Tone::ToVictim,
    }
}

/// What is to be said of a layer that is not the usual one.
pub(super) fn layer_note(layer: Layer) -> &'static str {
    match layer {
        Layer::Wire => "",
        Layer::Inner => ", inside TLS",
        Layer::Nested => ", inside TLS inside TLS",
    }
}

/// What stands where bytes should.
pub(super) const LOST: &str = "lost: the disk or the database was full";
