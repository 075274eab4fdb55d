//! The thread that writes batches down, each in one transaction.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use model::{Counter, CounterReading, Record, RunId, Timestamp};
use store::{CommitError, Committed, Keep, Removed, Writer};

use super::{Queue, Shared};
use crate::clock::Clock;

/// How long a batch that could not be written rests before it is tried again.
const RETRY_AFTER: Duration = Duration::from_millis(250);

/// How often a batch is tried again once we are stopping: five seconds in all. Then it is lost.
const LAST_TRIES: u32 = 20;

/// How often the counters are written down while anything happens.
const COUNTERS_EVERY: Duration = Duration::from_secs(1);

/// How often old flows are looked for.
const RETAIN_EVERY: Duration = Duration::from_secs(1);

/// How many steps of removing are made at a time while nothing else is to be written.
const STEPS: u32 = 64;

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
    orders: SyncSender<Order>,
    thread: JoinHandle<()>,
}

/// What the writer can be told.
#[derive(Debug)]
enum Order {
    /// To answer once all that was handed in is committed, and the counters with it.
    Settle(SyncSender<()>),
    Stop,
}

impl Writing {
    /// Starts to write what comes through `queues`. Records gather for a while before they are
    /// committed together.
    pub(crate) fn start(
        writer: Writer,
        queues: Vec<Arc<Queue>>,
        of_run: OfRun,
        gather: Duration,
        keep: Keep,
    ) -> std::io::Result<Self> {
        let (orders, ordered) = sync_channel(1);
        let named_after_start = queues.clone();
        let loop_of_thread = Loop {
            writer,
            queues,
            of_run,
            ordered,
            asked: Vec::new(),
            batch: Vec::new(),
            counted: Timestamp::default(),
            written: Vec::new(),
            keep,
            retained: Timestamp::default(),
        };
        let thread = thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || loop_of_thread.run_until_stopped(gather))?;
        for queue in named_after_start {
            queue.written_by(thread.thread().clone());
        }
        Ok(Self { orders, thread })
    }

    /// Waits until all that was handed in is committed, and the counters with it.
    pub(crate) fn settle(&self) {
        let (answer, answered) = sync_channel(1);
        if self.orders.send(Order::Settle(answer)).is_ok() {
            self.thread.thread().unpark();
            // An error means that the thread is gone, and with it whatever we could wait for.
            let _ = answered.recv();
        }
    }

    /// Writes what is left and stops. Call it when nobody hands in records any more.
    pub(crate) fn finish(self) {
        // An error means that the thread is gone.
        let _ = self.orders.send(Order::Stop);
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
    ordered: Receiver<Order>,
    /// Who wants to know when all is committed.
    asked: Vec<SyncSender<()>>,
    batch: Vec<Record>,
    /// When the counters were last to be written down.
    counted: Timestamp,
    /// The counters that are in the database.
    written: Vec<CounterReading>,
    keep: Keep,
    /// When old flows were last looked for.
    retained: Timestamp,
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
            self.retain();
            self.answer();
        }
        self.write_what_came(true);
        self.write_last_counters();
    }

    /// Lets time pass; whether we were told to stop meanwhile.
    fn rest(&mut self, span: Duration) -> bool {
        match self.ordered.recv_timeout(span) {
            Ok(Order::Settle(answer)) => {
                self.asked.push(answer);
                false
            }
            Ok(Order::Stop) | Err(RecvTimeoutError::Disconnected) => true,
            Err(RecvTimeoutError::Timeout) => false,
        }
    }

    /// Answers whoever has asked, now that all they handed in before is committed.
    fn answer(&mut self) {
        if self.asked.is_empty() {
            return;
        }
        self.write_what_came(false);
        self.write_last_counters();
        for asked in std::mem::take(&mut self.asked) {
            // Whoever asked does not wait any more.
            let _ = asked.try_send(());
        }
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
                let evidence = batch.iter().filter(|one| !matches!(one, Record::Followed(_)));
                let lost = evidence.count() as u64;
                self.of_run.shared.counters.add(Counter::RecordsLost, lost);
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

    /// Lets old flows go, as long as nobody waits for us.
    fn retain(&mut self) {
        let now = self.of_run.clock.now();
        if self.keep.is_for_ever() || now.since(self.retained) < RETAIN_EVERY {
            return;
        }
        for _ in 0..STEPS {
            let removed = self.writer.retain(&self.keep, now).unwrap_or_else(|error| {
                report(&error, 0);
                Removed::default()
            });
            self.count_removed(removed);
            if !removed.is_more {
                self.retained = now;
                return;
            }
            if self.queues.iter().any(|queue| !queue.is_empty()) {
                return;
            }
        }
    }

    fn count_removed(&self, removed: Removed) {
        let counters = &self.of_run.shared.counters;
        counters.add(Counter::FlowsRemoved, removed.flows - removed.lost);
        counters.add(Counter::FlowsRemovedEarly, removed.lost);
        if removed.lost > 0 {
            let flows = removed.lost;
            tracing::error!(flows, "no room: flows were removed that are nowhere else");
        }
    }

    /// Whatever the time is.
    fn write_last_counters(&mut self) {
        if self.of_run.shared.counters.readings() != self.written {
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
