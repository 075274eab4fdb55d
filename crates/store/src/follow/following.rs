//! The loop of a follower: read what is new, write it there, keep the position; and if that fails,
//! wait and begin again.

use std::convert::Infallible;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use model::{FailedTry, Followed, Shortened, Timestamp};

use super::error::FollowError;
use super::patience::Patience;
use super::position::Position;
use super::remote::Remote;
use super::schema;
use super::source::Source;
use super::target::Target;
use crate::error::ReadError;
use crate::reader::Reader;

/// What a follower is told about the world.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings {
    /// The time.
    pub now: fn() -> Timestamp,
    /// A number from 0 to 1, by chance.
    pub chance: fn() -> f64,
}

/// A follower at work: it carries what is committed here to another database.
#[derive(Debug)]
pub struct Following<'a> {
    target: &'a Target,
    reader: &'a Reader,
    patience: Patience,
    surroundings: Surroundings,
    stop: Stop,
    state: Followed,
    position: Position,
    /// Tries that failed since one succeeded.
    failures: u32,
}

#[derive(Debug)]
struct Stop {
    /// When the other end is gone we are to stop.
    told: Receiver<Infallible>,
    is_told: bool,
}

/// Takes what is to be kept about a follower.
pub type Report<'a> = &'a mut dyn FnMut(Followed);

impl<'a> Following<'a> {
    /// A follower that goes on from where one of the same name was.
    ///
    /// # Errors
    ///
    /// If the database of ours cannot be read.
    pub fn new(
        target: &'a Target,
        reader: &'a Reader,
        patience: Patience,
        surroundings: Surroundings,
        stop: Receiver<Infallible>,
    ) -> Result<Self, FollowError> {
        let name = target.to_string();
        let kept = reader.followed(&name);
        let state =
            kept.map_err(|cause| FollowError::Local { target: name, cause: cause.into() })?;
        let position = Position::read(&state.cursor);
        let stop = Stop { told: stop, is_told: false };
        Ok(Self { target, reader, patience, surroundings, stop, state, position, failures: 0 })
    }

    /// Follows until the other end of `stop` is gone. Then what is left is carried over, or the
    /// attempt is made once; it is for the caller to say how long that may take.
    pub fn run(mut self, report: Report<'_>) {
        loop {
            let outcome = self.until_told(report);
            if let Err(error) = outcome {
                self.failed(&error, report);
            }
            if self.stop.is_told {
                return;
            }
            let chance = (self.surroundings.chance)();
            self.stop.pause(self.patience.before_retry(self.failures, chance));
        }
    }

    /// One connection, as long as it lasts.
    fn until_told(&mut self, report: Report<'_>) -> Result<(), FollowError> {
        let mut remote = Remote::connect(self.target, &self.patience)?;
        let found = schema::check(&mut remote, self.target)?;
        if found.identity != self.position.identity {
            self.position = Position::at_beginning_of(&found.identity);
        }
        let mut source = Source::new(self.reader, remote.most());
        let mut is_reported = false;
        loop {
            let batch = source.after(&self.position).map_err(|cause| self.local(cause))?;
            if batch.is_empty() {
                if !is_reported {
                    self.succeeded(report);
                    is_reported = true;
                }
                if self.stop.is_told {
                    return Ok(());
                }
                self.stop.pause(self.patience.between_looks);
                continue;
            }
            remote.write(&batch)?;
            self.position = batch.reached;
            self.count_shortened(batch.shortened);
            self.succeeded(report);
            is_reported = true;
        }
    }

    fn succeeded(&mut self, report: Report<'_>) {
        self.failures = 0;
        self.state.cursor = self.position.written();
        self.state.succeeded = Some((self.surroundings.now)());
        report(self.state.clone());
    }

    fn count_shortened(&mut self, new: Option<Shortened>) {
        let before = self.state.shortened.as_ref().map_or(0, |shortened| shortened.texts);
        if let Some(Shortened { texts, latest }) = new {
            self.state.shortened = Some(Shortened { texts: before + texts, latest });
        }
    }

    fn failed(&mut self, error: &FollowError, report: Report<'_>) {
        self.failures = self.failures.saturating_add(1);
        self.state.retries += 1;
        let time = (self.surroundings.now)();
        self.state.failed = Some(FailedTry { time, error: error.in_one_line() });
        report(self.state.clone());
    }

    fn local(&self, cause: ReadError) -> FollowError {
        FollowError::Local { target: self.state.follower.clone(), cause: cause.into() }
    }
}

impl Stop {
    /// Lets time pass, unless we are told to stop meanwhile.
    fn pause(&mut self, span: Duration) {
        let told = self.told.recv_timeout(span);
        self.is_told = matches!(told, Err(RecvTimeoutError::Disconnected));
    }
}
