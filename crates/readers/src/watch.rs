//! What happens, as it happens: one line per thing.

mod line;

use std::collections::HashSet;
use std::io::Write;

use model::{Direction, FlowId, Layer, Timestamp};
use store::{Change, Cursor, Filter, Follower, PayloadBytes, ReadError, Reader};

use crate::error::ShowError;
use crate::fields::fields;
use crate::json;
use crate::times::Dates;
use crate::view::Style;

/// The form of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// One JSON object.
    Json,
    /// Words.
    Words(Style),
}

/// A database that is followed.
#[derive(Debug)]
pub struct Watch {
    follower: Follower,
    form: Form,
}

impl Watch {
    /// Follows a database from its present end; from its beginning, if the filter has a time.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn new(reader: Reader, filter: Filter, form: Form) -> Result<Self, ReadError> {
        let cursor = match filter.since {
            Some(_) => Cursor::default(),
            None => reader.end()?,
        };
        Ok(Self { follower: reader.follow(cursor, filter, PayloadBytes::Beginning), form })
    }

    /// Writes what is new and says how much that was. 0: nothing; wait a little before the next
    /// time. Otherwise there may be more already.
    ///
    /// # Errors
    ///
    /// If rows cannot be read or written. [`ShowError::is_closed_pipe`] is no failure.
    pub fn poll(&mut self, now: Timestamp, out: &mut dyn Write) -> Result<usize, ShowError> {
        let changes = self.follower.next_changes()?;
        let understood = Understood::of(&changes);
        for change in changes.iter().filter(|change| understood.is_news(change)) {
            let line = match self.form {
                Form::Json => json_line(change).map_err(std::io::Error::from)?,
                Form::Words(style) => {
                    let dates = Dates::for_times(now, [line::time(change)]);
                    line::words(change, style, dates) + "\n"
                }
            };
            out.write_all(line.as_bytes())?;
        }
        out.flush()?;
        Ok(changes.len())
    }
}

/// Flows whose bytes are told by events, in words that say more.
struct Understood {
    flows: HashSet<FlowId>,
}

impl Understood {
    fn of(changes: &[Change]) -> Self {
        let recognised = changes.iter().filter_map(|change| match change {
            Change::Event(row) if row.kind == "flow.recognised" => row.context.as_ref(),
            _ => None,
        });
        Self { flows: recognised.map(|context| context.flow.id).collect() }
    }

    /// Whether a change is worth a line. What is left out is in another line, and in the database.
    fn is_news(&self, change: &Change) -> bool {
        match change {
            Change::Data(row) => {
                (row.offset, row.layer, row.direction) == (0, Layer::Wire, Direction::FromVictim)
                    && !self.flows.contains(&row.context.flow.id)
            }
            // The question says more.
            Change::FlowOpened(context) => !line::is_resolving(context),
            Change::FlowEnded(row) => row.protocol.as_deref() != Some("dns"),
            // The lines of the flow carry it.
            Change::Named { .. } => false,
            Change::Event(row) => !["flow.recognised", "tls.secrets"].contains(&row.kind.as_str()),
            Change::Dns(_) | Change::RunOpened(_) | Change::RunClosed(_) => true,
        }
    }
}

fn json_line(change: &Change) -> serde_json::Result<String> {
    use crate::cell::Cell;
    let what = |word: &str| [("what", Cell::text(word))].into_iter();
    match change {
        Change::Data(row) => json::line(what("data").chain(fields(row))),
        Change::Dns(row) => json::line(what("dns").chain(fields(row))),
        Change::Event(row) => json::line(what("event").chain(fields(row))),
        Change::FlowEnded(row) => json::line(what("flow-ended").chain(fields(row))),
        Change::FlowOpened(context) => json::line(what("flow-opened").chain(fields(context))),
        Change::Named { .. } => Ok(String::new()),
        Change::RunClosed(run) => json::line(
            what("run-ended")
                .chain([("run", Cell::Id(run.run.to_string())), ("time", Cell::Time(run.stopped))]),
        ),
        Change::RunOpened(run) => json::line(what("run-started").chain([
            ("run", Cell::Id(run.id.to_string())),
            ("time", Cell::Time(run.started)),
            ("subject", Cell::text(&run.subject)),
        ])),
    }
}
