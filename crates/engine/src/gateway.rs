//! All of it at work: workers that serve victims, and the writer that commits what they record.

use std::io;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use model::{Persona, Record, Run, RunClosed};
use proto::Responses;
use store::Writer;

use crate::clock::Clock;
use crate::counters::Counters;
use crate::doors::Doors;
use crate::limits::{Limits, OpenFlows};
use crate::recorder::{OfRun, Pace, Queue, Recorder, Rhythm, Shared as SharedByRecorders, Writing};
use crate::stop::StopSwitch;
use crate::surroundings::{Shared, Surroundings};
use crate::worker::Worker;

/// What a gateway is like.
#[derive(Debug)]
pub struct Settings {
    /// The run that everything recorded belongs to.
    pub run: Run,
    /// Who we pretend to be.
    pub persona: Persona,
    /// What is answered.
    pub responses: Responses,
    /// How much is too much.
    pub limits: Limits,
    /// Bytes each worker may hold for the recorder (`storage.queue_bytes`).
    pub queue_bytes: usize,
    /// How long records gather before they are committed together (`storage.commit_interval`).
    pub gather: Duration,
}

/// A gateway at work.
#[derive(Debug)]
pub struct Gateway {
    run: Run,
    stop: StopSwitch,
    workers: Vec<JoinHandle<()>>,
    recorder: Recorder,
    writing: Writing,
    counters: Arc<Counters>,
}

impl Gateway {
    /// Starts to serve whoever comes through `doors`.
    ///
    /// # Errors
    ///
    /// A thread cannot be started.
    pub fn start(settings: Settings, doors: Doors, writer: Writer) -> io::Result<Self> {
        let shared = SharedByRecorders::default();
        let counters = Arc::clone(&shared.counters);
        let run = settings.run.clone();
        // The first is the gateway's own, for what is about the run; it is written first.
        let workers = doors.of_workers.len();
        let pace = Arc::new(Pace::new(settings.queue_bytes, workers));
        let queue = |_| Arc::new(Queue::new(settings.queue_bytes, Arc::clone(&pace)));
        let queues: Vec<Arc<Queue>> = (0..=workers).map(queue).collect();
        let recorders: Vec<Recorder> = queues
            .iter()
            .map(|queue| Recorder::new(run.id, Clock::Real, shared.clone(), Arc::clone(queue)))
            .collect();
        let of_run = OfRun { run: run.id, clock: Clock::Real, shared };
        let rhythm = Rhythm { gather: settings.gather, pace };
        let writing = Writing::start(writer, queues, of_run, rhythm)?;
        let mut recorders = recorders.into_iter();
        let Some(recorder) = recorders.next() else { return Err(io::ErrorKind::Other.into()) };
        recorder.record(Record::RunOpened(run.clone()));
        let stop = StopSwitch::new();
        let workers = start_workers(settings, doors, recorders, &stop)?;
        Ok(Self { run, stop, workers, recorder, writing, counters })
    }

    /// The counters, as they stand now.
    #[must_use]
    pub fn counters(&self) -> &Counters {
        &self.counters
    }

    /// Stops: what has arrived is still heard, and everything is committed.
    pub fn stop(self) {
        self.stop.throw();
        for worker in self.workers {
            if worker.join().is_err() {
                tracing::error!("a worker panicked");
            }
        }
        let stopped = self.recorder.now();
        self.recorder.record(Record::RunClosed(RunClosed { run: self.run.id, stopped }));
        self.writing.finish();
    }
}

fn start_workers(
    settings: Settings,
    doors: Doors,
    recorders: impl Iterator<Item = Recorder>,
    stop: &StopSwitch,
) -> io::Result<Vec<JoinHandle<()>>> {
    let rules = Arc::new(settings.responses);
    let open_flows = OpenFlows::new(settings.limits);
    let mut tap = doors.tap;
    let mut workers = Vec::new();
    for ((number, doors), recorder) in (1..).zip(doors.of_workers).zip(recorders) {
        let around = Surroundings::new(Shared {
            recorder,
            persona: settings.persona.clone(),
            rules: Arc::clone(&rules),
            limits: settings.limits,
            open_flows: Arc::clone(&open_flows),
            stop: stop.listener(),
        });
        let worker = Worker { around, doors, tap: tap.take() };
        let thread = thread::Builder::new().name(format!("worker {number}"));
        workers.push(thread.spawn(move || {
            if let Err(error) = worker.run() {
                tracing::error!(%error, "a worker cannot serve");
            }
        })?);
    }
    Ok(workers)
}
