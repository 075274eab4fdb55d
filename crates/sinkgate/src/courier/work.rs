//! What the courier does.

use std::convert::Infallible;
use std::hash::{BuildHasher, RandomState};
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

use anyhow::{Context, Result};
use engine::Clock;
use kernel::privileges;
use model::Followed;
use store::Reader;
use store::follow::{Following, Patience, Surroundings, Target};

use super::report;
use crate::config;

/// What there is to do.
pub(super) struct Work<'a> {
    pub(super) targets: Vec<Target>,
    pub(super) patience: Patience,
    pub(super) database: &'a Path,
    pub(super) account: Option<&'a str>,
}

impl Work<'_> {
    /// Does it to its end; gives the code to exit with.
    pub(super) fn run(mut self, mut stream: UnixStream) -> i32 {
        let complaint = match self.resolve() {
            Ok(()) => String::new(),
            Err(error) => format!("{error:#}").replace('\n', " "),
        };
        let said = stream.write_all(format!("{complaint}\n").as_bytes());
        if said.is_err() || !complaint.is_empty() {
            return 1;
        }
        let mut orders = BufReader::new(&stream);
        // Without a word there is nothing to do: whoever has split us off could not go on.
        if !matches!(orders.read_line(&mut String::new()), Ok(read) if read > 0) {
            return 0;
        }
        match self.follow(orders, &stream) {
            Ok(()) => 0,
            Err(error) => {
                tracing::error!(
                    error = error.as_ref() as &dyn std::error::Error,
                    "no follower works"
                );
                1
            }
        }
    }

    /// Reads what the URLs name, while root may still read it.
    fn resolve(&mut self) -> Result<()> {
        let password = config::password_in_environment();
        let targets = self.targets.drain(..);
        let targets = targets.map(|target| target.resolved(password.as_ref()));
        self.targets = targets.collect::<Result<_, _>>()?;
        Ok(())
    }

    fn follow(&self, mut orders: impl Read, stream: &UnixStream) -> Result<()> {
        let open = |_| Reader::open(self.database);
        let readers: Vec<Reader> = self.targets.iter().map(open).collect::<Result<_, _>>()?;
        if let Some(account) = self.account {
            privileges::drop_to(account)?;
        }
        let reports = Mutex::new(stream);
        thread::scope(|threads| {
            let mut stops: Vec<SyncSender<Infallible>> = Vec::new();
            for (target, reader) in self.targets.iter().zip(readers) {
                let (stop, stopped) = sync_channel(1);
                let (patience, reports) = (self.patience, &reports);
                let follower = thread::Builder::new().name(format!("follower {}", stops.len() + 1));
                let work = move || one((target, patience), &reader, stopped, reports);
                follower.spawn_scoped(threads, work).context("cannot start a follower")?;
                stops.push(stop);
            }
            // Until we are hung up on. Nothing else ever comes.
            let _ = orders.read(&mut [0]);
            drop(stops);
            Ok(())
        })
    }
}

/// One follower to its end.
fn one(
    (target, patience): (&Target, Patience),
    reader: &Reader,
    stop: Receiver<Infallible>,
    reports: &Mutex<&UnixStream>,
) {
    let surroundings = Surroundings { now: || Clock::Real.now(), chance };
    let following = Following::new(target, reader, patience, surroundings, stop);
    let following = match following {
        Ok(following) => following,
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "a follower cannot begin");
            return;
        }
    };
    let mut log = Log::default();
    following.run(&mut |followed| {
        log.say(&followed);
        let line = report::written(&followed);
        let mut stream = *reports.lock().unwrap_or_else(PoisonError::into_inner);
        // If nobody reads it, nobody keeps it: the rows are sent again after the next start.
        let _ = stream.write_all(&line);
    });
}

/// Says in our own log when trouble begins and when it is over, not at every try.
#[derive(Debug, Default)]
struct Log {
    in_trouble: bool,
}

impl Log {
    fn say(&mut self, followed: &Followed) {
        let failed = followed.failed.as_ref().map(|failed| failed.time);
        let fails = failed > followed.succeeded;
        let database = &followed.follower;
        if let (false, true, Some(failed)) = (self.in_trouble, fails, &followed.failed) {
            let error = &failed.error;
            tracing::warn!(database, error, "cannot write to a database; it is tried again");
        }
        if self.in_trouble && !fails {
            tracing::info!(database, "the database is written to again");
        }
        self.in_trouble = fails;
    }
}

/// Good enough to keep followers from coming back all at once.
fn chance() -> f64 {
    let hash = RandomState::new().hash_one("sinkgate followers");
    hash as f64 / u64::MAX as f64
}
