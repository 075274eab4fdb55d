//! The thread that writes batches down, each in one transaction.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use model::{Counter, CounterReading, Record, RunId, Timestamp};
use store::{CommitError, Committed, Writer};

use super::{Queue, Shared};
use crate::clock::Clock;

/// How long a batch that could not be written rests before it is tried again.
const RETRY_AFTER: Duration = Duration::from_millis(250);

/// How often a batch is tried again once we are stopping: five seconds in all. Then it is lost.
const LAST_TRIES: u32 = 20;

/// How often the counters are written down while anything happens.
const COUNTERS_EVERY: Duration = Duration::from_secs(1);

/// What the writer itself writes about: the counters of one run.
#[derive(Debug)]
pub(crate) struct OfRun {
    pub(crate) run: RunId,
    pub(crate) clock: Clock,
    pub(crate) shared: Shared,
}

/// The writer at work.
#[derive(Debug)]
pub(crate) struct Writing {
    stop: SyncSender<()>,
    thread: JoinHandle<()>,
}

impl Writing {
    /// Starts to write what comes through `queues`. Records gather for a while before they are
    /// committed together.
    pub(crate) fn start(
        writer: Writer,
        queues: Vec<Arc<Queue>>,
        of_run: OfRun,
        gather: Duration,
    ) -> std::io::Result<Self> {
        let (stop, stopped) = sync_channel(1);
        let named_after_start = queues.clone();
        let loop_of_thread = Loop {
            writer,
            queues,
            of_run,
            stopped,
            batch: Vec::new(),
            counted: Timestamp::default(),
            written: Vec::new(),
        };
        let thread = thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || loop_of_thread.run_until_stopped(gather))?;
        for queue in named_after_start {
            queue.written_by(thread.thread().clone());
        }
        Ok(Self { stop, thread })
    }

    /// Writes what is left and stops. Call it when nobody hands in records any more.
    pub(crate) fn finish(self) {
        // A full channel means that it was told already.
        let _ = self.stop.try_send(());
        self.thread.thread().unpark();
        if self.thread.join().is_err() {
            tracing::error!("the writer thread panicked");
        }
    }
}

struct Loop {
    writer: Writer,
    queues: Vec<Arc<Queue>>,
    of_run: OfRun,
    stopped: Receiver<()>,
    batch: Vec<Record>,
    /// When the counters were last to be written down.
    counted: Timestamp,
    /// The counters that are in the database.
    written: Vec<CounterReading>,
}

impl Loop {
    fn run_until_stopped(mut self, gather: Duration) {
        let mut stopping = false;
        while !stopping {
            if self.queues.iter().all(|queue| queue.is_empty()) {
                thread::park_timeout(COUNTERS_EVERY);
            }
            stopping = self.rest(gather);
            stopping = self.write_what_came(stopping) || stopping;
            self.write_counters_that_moved();
        }
        self.write_what_came(true);
        self.write_counters();
    }

    /// Lets time pass; whether we were told to stop meanwhile.
    fn rest(&self, span: Duration) -> bool {
        !matches!(self.stopped.recv_timeout(span), Err(RecvTimeoutError::Timeout))
    }

    /// Writes one batch, however often that has to be tried. Whether we were told to stop.
    fn write_what_came(&mut self, mut stopping: bool) -> bool {
        let mut batch = std::mem::take(&mut self.batch);
        merge(self.queues.iter().map(|queue| queue.take()), &mut batch);
        if !batch.is_empty() {
            stopping = self.write(&batch, stopping);
            batch.clear();
        }
        self.batch = batch;
        stopping
    }

    fn write(&mut self, batch: &[Record], mut stopping: bool) -> bool {
        let mut tries_left = LAST_TRIES;
        loop {
            let error = match self.writer.commit(batch) {
                Ok(committed) => {
                    self.count(committed);
                    return stopping;
                }
                Err(error) => error,
            };
            if tries_left == LAST_TRIES {
                report(&error, batch.len());
            }
            stopping = self.rest(RETRY_AFTER) || stopping;
            if stopping {
                tries_left -= 1;
            }
            if tries_left == 0 {
                self.of_run.shared.counters.add(Counter::RecordsLost, batch.len() as u64);
                return stopping;
            }
        }
    }

    fn count(&self, committed: Committed) {
        let counters = &self.of_run.shared.counters;
        counters.add(Counter::RecordsCommitted, committed.records);
        counters.add(Counter::RecordsLost, committed.orphans);
        counters.add(Counter::PayloadBytesLost, committed.payload_bytes_dropped);
    }

    /// Also when nothing more happens: what was counted last must not wait for it.
    fn write_counters_that_moved(&mut self) {
        let is_due = self.of_run.clock.now().since(self.counted) >= COUNTERS_EVERY;
        if is_due && self.of_run.shared.counters.readings() != self.written {
            self.write_counters();
        }
    }

    /// Writes the counters down. Not counted themselves: at the end they add up.
    fn write_counters(&mut self) {
        self.counted = self.of_run.clock.now();
        let readings = self.of_run.shared.counters.readings();
        let (run, time) = (self.of_run.run, self.counted);
        match self.writer.commit(&[Record::Counters { run, time, readings: readings.clone() }]) {
            Ok(_) => self.written = readings,
            Err(error) => report(&error, 1),
        }
    }
}

/// Puts records of several queues in the order of their times. What is in one queue keeps its order,
/// whatever the clock did: a flow's opening stays before its bytes.
fn merge(queues: impl Iterator<Item = Vec<Record>>, batch: &mut Vec<Record>) {
    let mut queues: Vec<_> = queues.map(|queue| queue.into_iter().peekable()).collect();
    queues.retain_mut(|queue| queue.peek().is_some());
    while queues.len() > 1 {
        let times = queues.iter_mut().map(|queue| queue.peek().map(Record::time));
        let Some((first, _)) = times.enumerate().min_by_key(|(_, time)| *time) else { break };
        let Some(queue) = queues.get_mut(first) else { break };
        batch.extend(queue.next());
        if queue.peek().is_none() {
            drop(queues.swap_remove(first));
        }
    }
    batch.extend(queues.into_iter().flatten());
}

fn report(error: &CommitError, records: usize) {
    let cause = std::error::Error::source(error).map(ToString::to_string);
    tracing::error!(%error, cause, records, "cannot write; trying again, the victim has to wait");
}

#[cfg(test)]
mod tests {
    use model::{RunClosed, Timestamp};

    use super::*;

    fn at(micros: i64) -> Record {
        let run = RunId::from_bytes([0; 16]);
        Record::RunClosed(RunClosed { run, stopped: Timestamp::from_micros(micros) })
    }

    fn merged(queues: &[&[i64]]) -> Vec<i64> {
        let mut batch = Vec::new();
        merge(queues.iter().map(|queue| queue.iter().copied().map(at).collect()), &mut batch);
        batch.iter().map(|record| record.time().as_micros()).collect()
    }

    #[test]
    fn records_of_all_workers_are_in_the_order_of_time() {
        assert_eq!(merged(&[&[1, 4], &[], &[2, 3, 9], &[5]]), [1, 2, 3, 4, 5, 9]);
    }

    #[test]
    fn a_clock_that_is_set_back_does_not_change_the_order_within_a_queue() {
        assert_eq!(merged(&[&[8, 1, 2], &[3]]), [3, 8, 1, 2]);
    }
}
