//! Waiting to be told to stop.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags};
use nix::sys::signal::{SigSet, Signal};
use nix::sys::signalfd::{SfdFlags, SignalFd};

use crate::keeper::ToKeeper;

/// Why to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopCause {
    /// SIGHUP: the terminal is gone.
    Hangup,
    /// SIGINT: Ctrl-C.
    Interrupt,
    /// The keeper is gone, so nobody would remove the rules.
    KeeperGone,
    /// SIGTERM.
    Terminate,
}

/// The signals that ask a process to stop.
pub(crate) fn signals() -> SigSet {
    [Signal::SIGHUP, Signal::SIGINT, Signal::SIGTERM].into_iter().collect()
}

/// Whatever may tell this process to stop. From when this is made, the signals no longer end the
/// process by themselves.
#[derive(Debug)]
pub struct Stop {
    signals: SignalFd,
    keeper: Option<OwnedFd>,
    readiness: Epoll,
}

impl Stop {
    /// Blocks the signals on the calling thread, and on those it starts from now on; to be called
    /// before the first is started, since a signal goes to any thread that does not block it.
    ///
    /// # Errors
    /// When the process may not open more files.
    pub fn on(keeper: Option<&ToKeeper>) -> io::Result<Self> {
        let watched = signals();
        watched.thread_block()?;
        let flags = SfdFlags::SFD_CLOEXEC | SfdFlags::SFD_NONBLOCK;
        let signals = SignalFd::with_flags(&watched, flags)?;
        let keeper = keeper.map(|keeper| keeper.as_fd().try_clone_to_owned()).transpose()?;
        let readiness = Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC)?;
        readiness.add(&signals, EpollEvent::new(EpollFlags::EPOLLIN, 0))?;
        if let Some(keeper) = &keeper {
            readiness.add(keeper, EpollEvent::new(EpollFlags::EPOLLIN, 0))?;
        }
        Ok(Self { signals, keeper, readiness })
    }

    /// Waits until there is a cause.
    ///
    /// # Errors
    /// When the kernel refuses to wait.
    pub fn wait(&self) -> io::Result<StopCause> {
        loop {
            if let Some(cause) = self.cause()? {
                return Ok(cause);
            }
            is_readable(self.as_fd(), PollTimeout::NONE)?;
        }
    }

    /// A cause, if there is one. Signals are given once each.
    ///
    /// # Errors
    /// When the kernel refuses to tell.
    pub fn cause(&self) -> io::Result<Option<StopCause>> {
        if let Some(signal) = self.signals.read_signal()? {
            return Ok(match Signal::try_from(signal.ssi_signo.cast_signed()) {
                Ok(Signal::SIGHUP) => Some(StopCause::Hangup),
                Ok(Signal::SIGINT) => Some(StopCause::Interrupt),
                _ => Some(StopCause::Terminate),
            });
        }
        let Some(keeper) = &self.keeper else { return Ok(None) };
        Ok(is_readable(keeper.as_fd(), PollTimeout::ZERO)?.then_some(StopCause::KeeperGone))
    }
}

/// Readable once there is a cause.
impl AsFd for Stop {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.readiness.0.as_fd()
    }
}

fn is_readable(source: BorrowedFd<'_>, patience: PollTimeout) -> io::Result<bool> {
    match poll(&mut [PollFd::new(source, PollFlags::POLLIN)], patience) {
        Ok(count) => Ok(count > 0),
        Err(Errno::EINTR) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
