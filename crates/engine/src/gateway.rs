//! All of it at work: workers that serve victims, and the writer that commits what they record.

use std::io;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use model::{Followed, Persona, Record, Run, RunClosed};
use proto::Responses;
use store::{Keep, Writer};
use tokio::sync::Semaphore;

use crate::answering::Answering;
use crate::clock::Clock;
use crate::counters::Counters;
use crate::doors::Doors;
use crate::limits::{Limits, OpenFlows};
use crate::logs::{Announced, LogDoors, LogListener};
use crate::recorder::{OfRun, Pace, Queue, Recorder, Rhythm, Shared as SharedByRecorders, Writing};
use crate::stop::StopSwitch;
use crate::surroundings::{Shared, Surroundings};
use crate::tls::{Authority, AuthorityError, ClientCertificates, Terms};
use crate::told::ToldTime;
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
    /// What time victims are told it is.
    pub told: ToldTime,
    /// How TLS is terminated.
    pub tls: TlsSettings,
    /// How much is too much.
    pub limits: Limits,
    /// Bytes each worker may hold for the recorder (`storage.queue_bytes`).
    pub queue_bytes: usize,
    /// How long records gather before they are committed together (`storage.commit_interval`).
    pub gather: Duration,
    /// How long what is recorded is kept (`storage.keep`, `storage.keep_bytes`).
    pub keep: Keep,
}

/// How TLS is terminated.
#[derive(Debug)]
pub struct TlsSettings {
    /// Who signs our certificates.
    pub authority: Authority,
    /// Whether victims are asked for one of their own (`tls.client_certificates`).
    pub client_certificates: ClientCertificates,
    /// Certificates kept at hand (`tls.leaves`); others are made again when they are asked for.
    pub leaves: usize,
}

/// A gateway at work.
#[derive(Debug)]
pub struct Gateway {
    run: Run,
    stop: StopSwitch,
    workers: Vec<JoinHandle<()>>,
    log_listener: Option<Thread>,
    recorder: Recorder,
    writing: Writing,
    counters: Arc<Counters>,
    answering: Answering,
}

impl Gateway {
    /// Starts to serve whoever comes through `doors`.
    ///
    /// # Errors
    ///
    /// A thread cannot be started, or TLS cannot be set up.
    pub fn start(settings: Settings, mut doors: Doors, writer: Writer) -> io::Result<Self> {
        let shared = SharedByRecorders::default();
        let counters = Arc::clone(&shared.counters);
        let run = settings.run.clone();
        let logs = doors.logs.take();
        let workers = doors.of_workers.len();
        let pace = Arc::new(Pace::new(settings.queue_bytes, workers));
        let queue = |_| Arc::new(Queue::new(settings.queue_bytes, Arc::clone(&pace)));
        // The first is the gateway's own, for what is about the run; it is written first. The last
        // is the log listener's, if there is one.
        let queues: Vec<Arc<Queue>> =
            (0..=workers + usize::from(logs.is_some())).map(queue).collect();
        let recorders: Vec<Recorder> = queues
            .iter()
            .map(|queue| Recorder::new(run.id, Clock::Real, shared.clone(), Arc::clone(queue)))
            .collect();
        let of_run = OfRun { run: run.id, clock: Clock::Real, shared };
        let rhythm = Rhythm { gather: settings.gather, pace, keep: settings.keep.clone() };
        let writing = Writing::start(writer, queues.clone(), of_run, rhythm)?;
        let mut recorders = recorders.into_iter();
        let Some(recorder) = recorders.next() else { return Err(io::ErrorKind::Other.into()) };
        recorder.record(Record::RunOpened(run.clone()));
        let stop = StopSwitch::new();
        let mut crew = Crew::new(settings, &stop).map_err(io::Error::other)?;
        let log_listener = match logs {
            Some(logs) => {
                let last = recorders.next_back().unwrap_or_else(|| recorder.clone());
                Some(crew.start_log_listener(
                    logs,
                    doors.redirected_ports(),
                    last.minding(&queues),
                )?)
            }
            None => None,
        };
        let answering = crew.rules.clone();
        let workers = crew.start_workers(doors, recorders)?;
        Ok(Self { run, stop, workers, log_listener, recorder, writing, counters, answering })
    }

    /// The counters, as they stand now.
    #[must_use]
    pub fn counters(&self) -> &Counters {
        &self.counters
    }

    /// What new flows are answered with.
    #[must_use]
    pub fn answering(&self) -> Answering {
        self.answering.clone()
    }

    /// Where it is written down how far followers have come.
    #[must_use]
    pub fn ledger(&self) -> Ledger {
        Ledger(self.recorder.clone())
    }

    /// Stops: what has arrived is still heard, and everything is committed.
    pub fn stop(self) {
        self.settle().finish();
    }

    /// Stops to serve: what has arrived is still heard, and everything is committed. Only followers
    /// may still have something to say.
    #[must_use]
    pub fn settle(self) -> Settled {
        self.stop.throw();
        for worker in self.workers {
            if worker.join().is_err() {
                tracing::error!("a worker panicked");
            }
        }
        // Only now: a line that waits may be about a flow that a worker was about to open.
        if let Some(log_listener) = self.log_listener {
            log_listener.stop();
        }
        let stopped = self.recorder.now();
        self.recorder.record(Record::RunClosed(RunClosed { run: self.run.id, stopped }));
        self.writing.settle();
        Settled { writing: self.writing }
    }
}

/// A gateway that has stopped to serve. Its run is over and all of it is committed.
#[derive(Debug)]
pub struct Settled {
    writing: Writing,
}

impl Settled {
    /// Commits what the ledger got since, and closes the database.
    pub fn finish(self) {
        self.writing.finish();
    }
}

/// Where it is written down how far followers have come.
#[derive(Clone, Debug)]
pub struct Ledger(Recorder);

impl Ledger {
    /// Writes it down; the latest of each follower is kept.
    pub fn note(&self, followed: Followed) {
        self.0.followed(followed);
    }
}

/// A thread with a switch of its own.
#[derive(Debug)]
struct Thread {
    switch: StopSwitch,
    thread: JoinHandle<()>,
}

impl Thread {
    fn stop(self) {
        self.switch.throw();
        if self.thread.join().is_err() {
            tracing::error!("the log listener panicked");
        }
    }
}

/// What everybody who serves is given.
struct Crew<'a> {
    persona: Persona,
    told: ToldTime,
    rules: Answering,
    limits: Limits,
    open_flows: Arc<OpenFlows>,
    programs: Arc<Semaphore>,
    announced: Option<Arc<Announced>>,
    terms: Arc<Terms>,
    stop: &'a StopSwitch,
}

impl<'a> Crew<'a> {
    fn new(settings: Settings, stop: &'a StopSwitch) -> Result<Self, AuthorityError> {
        let Settings { persona, told, responses, tls, limits, .. } = settings;
        let terms = Arc::new(Terms::new(tls, Arc::clone(&responses.authority))?);
        let (rules, open_flows) = (Answering::new(responses), OpenFlows::new(limits));
        let programs = Arc::new(Semaphore::new(limits.programs.at_once));
        Ok(Self {
            persona,
            told,
            rules,
            limits,
            open_flows,
            programs,
            announced: None,
            terms,
            stop,
        })
    }

    fn around(&self, recorder: Recorder, stop: &StopSwitch) -> Surroundings {
        Surroundings::new(Shared {
            recorder,
            persona: self.persona.clone(),
            rules: self.rules.clone(),
            limits: self.limits,
            open_flows: Arc::clone(&self.open_flows),
            programs: Arc::clone(&self.programs),
            announced: self.announced.clone(),
            terms: Arc::clone(&self.terms),
            told: self.told,
            stop: stop.listener(),
        })
    }

    /// Call it first: workers have to know whom to tell.
    fn start_log_listener(
        &mut self,
        doors: LogDoors,
        ports: Vec<u16>,
        recorder: Recorder,
    ) -> io::Result<Thread> {
        let announced = Arc::new(Announced::new(&doors.settings, ports));
        self.announced = Some(Arc::clone(&announced));
        let switch = StopSwitch::new();
        let listener = LogListener::new(doors, self.around(recorder, &switch), announced);
        let thread = thread::Builder::new().name("log listener".to_owned()).spawn(move || {
            if let Err(error) = listener.run() {
                tracing::error!(%error, "the log listener cannot listen");
            }
        })?;
        Ok(Thread { switch, thread })
    }

    fn start_workers(
        self,
        doors: Doors,
        recorders: impl Iterator<Item = Recorder>,
    ) -> io::Result<Vec<JoinHandle<()>>> {
        let mut tap = doors.tap;
        let mut workers = Vec::new();
        for ((number, doors), recorder) in (1..).zip(doors.of_workers).zip(recorders) {
            let worker =
                Worker { around: self.around(recorder, self.stop), doors, tap: tap.take() };
            let thread = thread::Builder::new().name(format!("worker {number}"));
            workers.push(thread.spawn(move || {
                if let Err(error) = worker.run() {
                    tracing::error!(%error, "a worker cannot serve");
                }
            })?);
        }
        Ok(workers)
    }
}
