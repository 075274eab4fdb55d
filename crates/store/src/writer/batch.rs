//! One batch of records into one transaction.

use std::collections::{HashMap, VecDeque};

use model::{
    CounterReading, Direction, DnsQuery, Event, EventRecord, FailedTry, Flow, FlowClosed, FlowId,
    FlowName, Followed, GivenAddress, Layer, Limit, Payload, Record, Run, RunClosed, RunId,
    Timestamp,
};
use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};

use super::address::{AddressText, inet_aton};
use super::details::{write_details, write_shortage};
use super::space::Shortage;
use super::statements::Statements;

/// Rows that records still to come will refer to.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Rows of flows that are open, or ended a short while ago.
    flows: HashMap<FlowId, i64>,
    /// Those that ended, in that order.
    ended: VecDeque<FlowId>,
    /// Rows of the runs this writer has seen the start of.
    runs: HashMap<RunId, i64>,
}

impl Known {
    /// Lets go of flows that ended in a batch, now that it is committed; all but the last `kept`.
    pub(super) fn forget_closed(&mut self, batch: &[Record], kept: usize) {
        for record in batch {
            if let Record::FlowClosed(closed) = record {
                self.ended.push_back(closed.flow);
            }
        }
        let too_many = self.ended.len().saturating_sub(kept);
        for flow in self.ended.drain(..too_many) {
            self.flows.remove(&flow);
        }
    }

    /// Lets go of rows that a batch would have made, had it been committed.
    pub(super) fn forget_opened(&mut self, batch: &[Record]) {
        for record in batch {
            match record {
                Record::FlowOpened(flow) => drop(self.flows.remove(&flow.id)),
                Record::RunOpened(run) => drop(self.runs.remove(&run.id)),
                _ => {}
            }
        }
    }

    /// The newest run, for what the writer itself has to say.
    fn newest_run(&self) -> Option<i64> {
        self.runs.values().copied().max()
    }
}

/// Whether payload bytes are written, or only that they were there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PayloadBytes {
    Kept,
    Dropped,
}

/// Writes records through the statements of one transaction.
pub(super) struct Batch<'a> {
    pub(super) statements: Statements<'a>,
    pub(super) known: &'a mut Known,
    pub(super) payload_bytes: PayloadBytes,
    /// Payload bytes not written.
    pub(super) dropped: u64,
    /// Records that refer to a flow or run whose opening was never written.
    pub(super) orphans: u64,
    /// Records that are no evidence.
    pub(super) not_counted: u64,
    /// Where JSON is put together.
    pub(super) scratch: &'a mut Vec<u8>,
}

impl Batch<'_> {
    /// Writes one record.
    pub(super) fn write(&mut self, record: &Record) -> rusqlite::Result<()> {
        match record {
            Record::Artifact(artifact) => self.artifact(artifact),
            Record::ArtifactPart(part) => self.artifact_part(part),
            Record::Counters { run, time, readings } => self.counters(*run, *time, readings),
            Record::Event(event) => self.event(event),
            Record::FlowClosed(closed) => self.flow_closed(closed),
            Record::FlowOpened(flow) => self.flow_opened(flow),
            Record::Followed(followed) => self.followed(followed),
            Record::Payload(payload) => self.payload(payload),
            Record::RunClosed(closed) => self.run_closed(closed),
            Record::RunOpened(run) => self.run_opened(run),
        }
    }

    /// Writes the event of the database itself: that there is no room for payload any more.
    pub(super) fn space_ran_out(&mut self, of: Shortage, last: &Record) -> rusqlite::Result<()> {
        let Some(run) = self.known.newest_run() else { return Ok(()) };
        let event = Event::LimitReached(Limit::DatabaseBytes);
        self.scratch.clear();
        write_shortage(of, self.scratch).map_err(unwritable)?;
        let time = last.time().as_micros();
        let row = (run, None::<i64>, time, event.kind(), Text(self.scratch));
        self.statements.event.execute(row).map(drop)
    }

    fn run_opened(&mut self, run: &Run) -> rusqlite::Result<()> {
        let row = (run.id.as_bytes(), run.sensor.as_bytes(), run.started.as_micros(), &run.subject);
        let seq = self.statements.run.insert(row)?;
        self.known.runs.insert(run.id, seq);
        Ok(())
    }

    fn run_closed(&mut self, closed: &RunClosed) -> rusqlite::Result<()> {
        let Some(run) = self.run(closed.run) else { return Ok(()) };
        self.statements.run_end.execute((run, closed.stopped.as_micros())).map(drop)
    }

    fn flow_opened(&mut self, flow: &Flow) -> rusqlite::Result<()> {
        let Some(run) = self.run(flow.run) else { return Ok(()) };
        let victim = flow.victim.address();
        let meant = flow.orig_dst.address();
        let seq = self.statements.flow.insert((
            flow.id.as_bytes(),
            run,
            flow.opened.as_micros(),
            flow.transport.number(),
            AddressText::new(victim.ip()),
            inet_aton(victim.ip()),
            victim.port(),
            AddressText::new(meant.ip()),
            meant.port(),
        ))?;
        self.known.flows.insert(flow.id, seq);
        Ok(())
    }

    fn flow_closed(&mut self, closed: &FlowClosed) -> rusqlite::Result<()> {
        let Some(flow) = self.flow(closed.flow) else { return Ok(()) };
        let unstored = closed.unstored.as_ref();
        let row = (
            flow,
            closed.closed.as_micros(),
            closed.protocol,
            closed.ending.name(),
            integer(closed.bytes_from_victim),
            integer(closed.bytes_to_victim),
            unstored.map(|unstored| unstored.limit.setting()),
            unstored.map_or(0, |unstored| integer(unstored.bytes)),
            unstored.map(|unstored| unstored.sha256_from_victim),
        );
        self.statements.flow_end.execute(row).map(drop)
    }

    fn payload(&mut self, payload: &Payload) -> rusqlite::Result<()> {
        let Some(flow) = self.flow(payload.flow) else { return Ok(()) };
        let length = payload.bytes.len() as u64;
        let bytes = self.kept(&payload.bytes);
        let row = (
            flow,
            payload.time.as_micros(),
            direction_number(payload.direction),
            layer_number(payload.layer),
            integer(payload.offset),
            integer(length),
            bytes,
        );
        self.statements.payload.execute(row).map(drop)
    }

    /// Bytes as far as there is room for them.
    pub(super) fn kept<'b>(&mut self, bytes: &'b [u8]) -> Option<&'b [u8]> {
        match self.payload_bytes {
            PayloadBytes::Kept => Some(bytes),
            PayloadBytes::Dropped => {
                self.dropped += bytes.len() as u64;
                None
            }
        }
    }

    fn event(&mut self, record: &EventRecord) -> rusqlite::Result<()> {
        let Some(run) = self.run(record.run) else { return Ok(()) };
        let flow = record.flow.and_then(|flow| self.known.flows.get(&flow).copied());
        match (&record.event, flow) {
            (Event::AddressGiven(given), _) => self.address_given(given),
            (Event::Dns(query), flow) => self.dns_query((run, flow), record.time, query),
            (Event::Named(name), Some(flow)) => self.named(flow, record.time, name),
            (event, flow) => self.other_event((run, flow), record.time, event),
        }
    }

    fn dns_query(
        &mut self,
        (run, flow): (i64, Option<i64>),
        time: Timestamp,
        query: &DnsQuery,
    ) -> rusqlite::Result<()> {
        self.scratch.clear();
        serde_json::to_writer(&mut *self.scratch, &query.answers).map_err(unwritable)?;
        let row = (
            run,
            flow,
            time.as_micros(),
            &query.name,
            query.query_type,
            query.query_class,
            query.response_code,
            Text(self.scratch),
        );
        self.statements.dns_query.execute(row).map(drop)
    }

    fn named(&mut self, flow: i64, time: Timestamp, name: &FlowName) -> rusqlite::Result<()> {
        let row = (flow, time.as_micros(), &name.name, name.source.name());
        self.statements.flow_name.execute(row).map(drop)
    }

    fn address_given(&mut self, given: &GivenAddress) -> rusqlite::Result<()> {
        let row =
            (&given.name, AddressText::new(given.v4.into()), AddressText::new(given.v6.into()));
        self.statements.given_address.execute(row).map(drop)
    }

    fn other_event(
        &mut self,
        (run, flow): (i64, Option<i64>),
        time: Timestamp,
        event: &Event,
    ) -> rusqlite::Result<()> {
        self.scratch.clear();
        write_details(event, self.scratch).map_err(unwritable)?;
        let row = (run, flow, time.as_micros(), event.kind(), Text(self.scratch));
        self.statements.event.execute(row).map(drop)
    }

    fn counters(
        &mut self,
        run: RunId,
        time: Timestamp,
        readings: &[CounterReading],
    ) -> rusqlite::Result<()> {
        let Some(run) = self.run(run) else { return Ok(()) };
        for reading in readings {
            let row = (run, reading.counter.name(), integer(reading.value), time.as_micros());
            self.statements.counter.execute(row)?;
        }
        Ok(())
    }

    fn followed(&mut self, followed: &Followed) -> rusqlite::Result<()> {
        self.not_counted += 1;
        let (failed, shortened) = (followed.failed.as_ref(), followed.shortened.as_ref());
        let row = (
            &followed.follower,
            &followed.cursor,
            integer(followed.retries),
            followed.succeeded.map(Timestamp::as_micros),
            failed.map(|failed: &FailedTry| failed.time.as_micros()),
            failed.map(|failed| &failed.error),
            shortened.map_or(0, |shortened| integer(shortened.texts)),
            shortened.map(|shortened| &shortened.latest),
        );
        self.statements.follower.execute(row).map(drop)
    }

    /// The row of a run; counted if there is none.
    fn run(&mut self, run: RunId) -> Option<i64> {
        let seq = self.known.runs.get(&run).copied();
        self.orphans += u64::from(seq.is_none());
        seq
    }

    /// The row of an open flow; counted if there is none.
    pub(super) fn flow(&mut self, flow: FlowId) -> Option<i64> {
        let seq = self.known.flows.get(&flow).copied();
        self.orphans += u64::from(seq.is_none());
        seq
    }
}

/// UTF-8 that was written by us, bound without looking at it again.
struct Text<'a>(&'a [u8]);

impl ToSql for Text<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(ValueRef::Text(self.0)))
    }
}

/// SQLite has no unsigned integers; nothing we count reaches 2^63.
pub(super) fn integer(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// How a direction is stored.
pub(super) fn direction_number(direction: Direction) -> u8 {
    match direction {
        Direction::FromVictim => 0,
        Direction::ToVictim => 1,
    }
}

/// How a layer is stored.
fn layer_number(layer: Layer) -> u8 {
    match layer {
        Layer::Wire => 0,
        Layer::Inner => 1,
        Layer::Nested => 2,
    }
}

fn unwritable(error: serde_json::Error) -> rusqlite::Error {
    rusqlite::Error::ToSqlConversionFailure(error.into())
}
