//! Waiting for the end: the command's own, a signal's, or ours.

use std::io::{PipeReader, PipeWriter, Write, pipe};
use std::os::fd::{AsFd, BorrowedFd};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

use super::LabError;
use super::channel::{Channel, Order, Report};
use super::signals::{Arrival, Signals};

/// How long the command has after a signal: enough to say goodbye to a server, and not so long
/// that one presses Ctrl-C again.
const GRACE_IN_MILLISECONDS: u16 = 2_000;

/// How a lab ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The command ended with this code.
    Exited(i32),
    /// The lab itself failed: what it tried, and what came of it.
    Failed(String),
    /// The command was ended by this signal; or the lab by us, when we got this signal and the
    /// command did not end.
    Killed(i32),
    /// The command could not be started, for the reason with this number (`errno`).
    NotStarted(i32),
    /// A [`Stopper`] was used.
    Stopped,
}

/// Ends a lab from another thread.
#[derive(Debug)]
pub struct Stopper(PipeWriter);

impl Stopper {
    /// Ends the lab; what waits for it goes on with [`Outcome::Stopped`].
    ///
    /// # Errors
    /// When the lab is gone.
    pub fn stop(&mut self) -> std::io::Result<()> {
        self.0.write_all(&[1])
    }
}

/// The gateway's ear for stoppers.
#[derive(Debug)]
pub(super) struct Stop {
    heard: PipeReader,
    /// Kept, so that the pipe does not end with the last stopper.
    said: PipeWriter,
}

impl Stop {
    pub(super) fn new() -> Result<Self, LabError> {
        let (heard, said) = pipe().map_err(LabError::step("make a pipe"))?;
        Ok(Self { heard, said })
    }

    pub(super) fn stopper(&self) -> Result<Stopper, LabError> {
        self.said.try_clone().map(Stopper).map_err(LabError::step("copy a pipe"))
    }
}

/// What the gateway listens to.
pub(super) struct Ears<'a> {
    pub(super) channel: &'a Channel,
    pub(super) signals: &'a Signals,
    pub(super) stop: &'a Stop,
}

/// What can happen while one waits.
enum Happening {
    Failure(Errno),
    /// The init said something, or is gone.
    Report(Option<Report>),
    Signal(Arrival),
    Silence,
    Stop,
}

impl Ears<'_> {
    pub(super) fn outcome(&self) -> Outcome {
        let mut first: Option<Arrival> = None;
        loop {
            match (self.wait(first), first) {
                (Happening::Report(Some(report)), _) => {
                    if let Some(outcome) = Outcome::of(report) {
                        return outcome;
                    }
                }
                (Happening::Report(None), _) => {
                    return Outcome::Failed("the lab's first process is gone".to_owned());
                }
                (Happening::Signal(arrival), None) => {
                    self.pass_on(arrival);
                    first = Some(arrival);
                }
                (Happening::Signal(last), Some(_)) | (Happening::Silence, Some(last)) => {
                    return Outcome::Killed(last.number);
                }
                (Happening::Silence, None) => {}
                (Happening::Stop, _) => return Outcome::Stopped,
                (Happening::Failure(cause), _) => {
                    return Outcome::Failed(format!("cannot wait for the command: {cause}"));
                }
            }
        }
    }

    /// Waits: without end, or only for the grace once a signal has come.
    fn wait(&self, signal: Option<Arrival>) -> Happening {
        let grace = signal.map_or(PollTimeout::NONE, |_| GRACE_IN_MILLISECONDS.into());
        let listen = |file| PollFd::new(file, PollFlags::POLLIN);
        let mut files = self.files().map(listen);
        match poll(&mut files, grace) {
            Ok(0) => return Happening::Silence,
            Err(Errno::EINTR) => return self.wait(signal),
            Err(cause) => return Happening::Failure(cause),
            Ok(_) => {}
        }
        // What the command itself did comes before what was done to it.
        match files.map(|file| file.any().unwrap_or(false)) {
            [true, ..] => Happening::Report(self.channel.next_report()),
            [_, true, _] => Happening::Stop,
            _ => self.signals.next().map_or(Happening::Silence, Happening::Signal),
        }
    }

    fn files(&self) -> [BorrowedFd<'_>; 3] {
        [self.channel.as_fd(), self.stop.heard.as_fd(), self.signals.as_fd()]
    }

    fn pass_on(&self, arrival: Arrival) {
        if !arrival.reached_the_command() {
            // If it cannot be told, it is gone, which we hear next.
            let _told = self.channel.order(Order::Signal(arrival.number));
        }
    }
}

impl Outcome {
    /// What a report says about the end, if it does.
    fn of(report: Report) -> Option<Self> {
        match report {
            Report::Exited(code) => Some(Self::Exited(code)),
            Report::Failed(complaint) => Some(Self::Failed(complaint)),
            Report::Killed(signal) => Some(Self::Killed(signal)),
            Report::NotStarted(errno) => Some(Self::NotStarted(errno)),
            Report::Ready | Report::Unmapped | Report::Warning(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What waiting gives when this was done before, by the init or with a stopper.
    fn outcome_after(happen: impl FnOnce(Channel, Stopper) -> Option<Channel>) -> Outcome {
        let (channel, init) = Channel::pair().unwrap();
        let (signals, stop) = (Signals::hold_back().unwrap(), Stop::new().unwrap());
        let _init = happen(init, stop.stopper().unwrap());
        Ears { channel: &channel, signals: &signals, stop: &stop }.outcome()
    }

    #[test]
    fn a_stopper_ends_the_wait() {
        let outcome = outcome_after(|init, mut stopper| {
            stopper.stop().unwrap();
            Some(init)
        });
        assert_eq!(outcome, Outcome::Stopped);
    }

    #[test]
    fn what_the_command_did_comes_before_what_was_done_to_it() {
        let outcome = outcome_after(|init, mut stopper| {
            stopper.stop().unwrap();
            init.report(&Report::Exited(3)).unwrap();
            Some(init)
        });
        assert_eq!(outcome, Outcome::Exited(3));
    }

    #[test]
    fn a_lab_without_its_first_process_has_failed() {
        let outcome = outcome_after(|_, _| None);
        assert!(matches!(outcome, Outcome::Failed(_)), "{outcome:?}");
    }
}
