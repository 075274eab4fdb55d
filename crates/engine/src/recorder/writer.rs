//! The thread that writes batches down, each in one transaction.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use model::{Counter, CounterReading, Record, RunId, Timestamp};
use store::{CommitError, Committed, Keep, Removed, Writer};
use tokio::time::Instant;

use super::{Pace, Queue, Shared};
use crate::clock::Clock;

/// How long a batch that could not be written rests before it is tried again.
const RETRY_AFTER: Duration = Duration::from_millis(250);

/// How often a batch is tried again once we are stopping: five seconds in all. Then it is lost.
const LAST_TRIES: u32 = 20;

/// How often we complain that nothing can be written.
const COMPLAINT_EVERY: Duration = Duration::from_secs(60);

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

/// When the writer writes.
#[derive(Clone, Debug)]
pub(crate) struct Rhythm {
    /// How long records gather before they are committed together, unless somebody waits for room.
    pub(crate) gather: Duration,
    /// What it learns from each commit.
    pub(crate) pace: Arc<Pace>,
    /// How long what is written is kept.
    pub(crate) keep: Keep,
}

/// The writer at work.
#[derive(Debug)]
pub(crate) struct Writing {
    stop: Arc<AtomicBool>,
    asked: Arc<Asked>,
    thread: JoinHandle<()>,
}

/// Who wants to know when all that they handed in is committed, and the counters with it.
#[derive(Debug, Default)]
struct Asked(Mutex<Vec<SyncSender<()>>>);

impl Writing {
    /// Starts to write what comes through `queues`.
    pub(crate) fn start(
        writer: Writer,
        queues: Vec<Arc<Queue>>,
        of_run: OfRun,
        rhythm: Rhythm,
    ) -> std::io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let asked = Arc::new(Asked::default());
        let named_after_start = queues.clone();
        let loop_of_thread = Loop {
            writer,
            queues,
            of_run,
            rhythm,
            stop: Arc::clone(&stop),
            asked: Arc::clone(&asked),
            batch: Vec::new(),
            counted: Timestamp::default(),
            written: Vec::new(),
            retained: Timestamp::default(),
        };
        let thread = thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || loop_of_thread.run_until_stopped())?;
        for queue in named_after_start {
            queue.written_by(thread.thread().clone());
        }
        Ok(Self { stop, asked, thread })
    }

    /// Waits until all that was handed in is committed, and the counters with it.
    pub(crate) fn settle(&self) {
        let (answer, answered) = sync_channel(1);
        self.asked.add(answer);
        self.thread.thread().unpark();
        while answered.recv_timeout(COUNTERS_EVERY) == Err(RecvTimeoutError::Timeout) {
            if self.thread.is_finished() {
                return;
            }
        }
    }

    /// Writes what is left and stops. Call it when nobody hands in records any more.
    pub(crate) fn finish(self) {
        self.stop.store(true, Ordering::Release);
        self.thread.thread().unpark();
        if self.thread.join().is_err() {
            tracing::error!("the writer thread panicked");
        }
    }
}

impl Asked {
    fn add(&self, answer: SyncSender<()>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(answer);
    }

    fn take(&self) -> Vec<SyncSender<()>> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

struct Loop {
    writer: Writer,
    queues: Vec<Arc<Queue>>,
    of_run: OfRun,
    rhythm: Rhythm,
    stop: Arc<AtomicBool>,
    asked: Arc<Asked>,
    batch: Vec<Record>,
    /// When the counters were last to be written down.
    counted: Timestamp,
    /// The counters that are in the database.
    written: Vec<CounterReading>,
    /// When old flows were last looked for.
    retained: Timestamp,
}

impl Loop {
    fn run_until_stopped(mut self) {
        while !self.is_stopping() {
            if self.queues.iter().all(|queue| queue.is_empty()) {
                thread::park_timeout(COUNTERS_EVERY);
            }
            self.rest(self.rhythm.gather, |this| this.is_stopping() || this.is_waited_for());
            self.write_what_came();
            self.write_counters_that_moved();
            self.retain();
            self.answer();
        }
        self.write_what_came();
        self.write_last_counters();
    }

    /// Answers whoever has asked, once all they handed in before is committed.
    fn answer(&mut self) {
        let asked = self.asked.take();
        if asked.is_empty() {
            return;
        }
        self.write_what_came();
        self.write_last_counters();
        for asked in asked {
            // Whoever asked does not wait any more.
            let _ = asked.try_send(());
        }
    }

    fn is_stopping(&self) -> bool {
        self.stop.load(Ordering::Acquire)
    }

    fn is_waited_for(&self) -> bool {
        self.queues.iter().any(|queue| queue.is_waited_for())
    }

    /// Lets time pass, unless there is a reason to go on.
    fn rest(&self, span: Duration, is_enough: impl Fn(&Self) -> bool) {
        let until = Instant::now() + span;
        while !is_enough(self) {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            thread::park_timeout(left);
        }
    }

    /// Writes one batch, however often that has to be tried.
    fn write_what_came(&mut self) {
        let mut batch = std::mem::take(&mut self.batch);
        let mut weight = 0;
        let records = self.queues.iter().map(|queue| {
            let (records, more) = queue.take();
            weight += more;
            records
        });
        merge(records, &mut batch);
        if !batch.is_empty() {
            let begun = Instant::now();
            self.write(&batch);
            self.rhythm.pace.learn(weight, begun.elapsed());
            batch.clear();
        }
        self.batch = batch;
    }

    fn write(&mut self, batch: &[Record]) {
        let mut complained: Option<Instant> = None;
        let mut last_tries = LAST_TRIES;
        while last_tries > 0 {
            let error = match self.writer.commit(batch) {
                Ok(committed) => return self.count(committed),
                Err(error) => error,
            };
            if complained.is_none_or(|last| last.elapsed() >= COMPLAINT_EVERY) {
                report(&error, batch.len());
                complained = Some(Instant::now());
            }
            let was_stopping = self.is_stopping();
            self.rest(RETRY_AFTER, |this| !was_stopping && this.is_stopping());
            last_tries -= u32::from(was_stopping);
        }
        let evidence = batch.iter().filter(|one| !matches!(one, Record::Followed(_)));
        self.of_run.shared.counters.add(Counter::RecordsLost, evidence.count() as u64);
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
        if self.rhythm.keep.is_for_ever() || now.since(self.retained) < RETAIN_EVERY {
            return;
        }
        for _ in 0..STEPS {
            let removed = self.writer.retain(&self.rhythm.keep, now).unwrap_or_else(|error| {
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
