//! Two processes instead of one: the keeper stays root and never sees a victim's byte, the server
//! serves victims and gives up root.
//!
//! ```text
//!   keeper                                        server
//!   ──────                                        ──────
//!   rules are its to set and to remove            sockets, victims, the database
//!      ◀──────────── "ready", or why not ────────────
//!      ─── stop signals, passed on ─────────────────▶
//!      ◀──────────── its end ────────────────────────
//!   gone ──────────── hang-up of the socket ────────▶ stops
//! ```
//!
//! The kernel could tell the server of the keeper's death by a signal (`PR_SET_PDEATHSIG`), but
//! forgets that it was asked when the server changes its account; the socket does not.

mod server;
mod watch;

use std::fmt;
use std::io;

use nix::sys::signal::{SigSet, SigmaskHow, Signal};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use nix::unistd::{ForkResult, Pid, setpgid};
use socket2::{Domain, Socket, Type};

use crate::fork;
use crate::stop;
use crate::threads;

pub use server::ToKeeper;
pub use watch::Keeper;

/// Which of the two processes this is.
#[derive(Debug)]
pub enum Side {
    /// The one that was there before.
    Keeper(Keeper),
    /// The new one.
    Server(ToKeeper),
}

/// How the start of the server went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    /// It ended without a word.
    Ended(End),
    /// It cannot start, and says why. It is about to end.
    Failed(String),
    /// It serves.
    Ready,
}

/// How the server ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// By itself, with this code.
    Exited(i32),
    /// By a signal with this number.
    Killed(i32),
}

impl fmt::Display for End {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Exited(code) => write!(out, "exited with code {code}"),
            Self::Killed(number) => match Signal::try_from(number) {
                Ok(signal) => write!(out, "was killed by {signal}"),
                Err(_) => write!(out, "was killed by signal {number}"),
            },
        }
    }
}

/// Why there are not two processes.
#[derive(Debug, thiserror::Error)]
pub enum KeeperError {
    /// A system call refused.
    #[error("cannot split into keeper and server: {attempt}")]
    Step {
        /// What was tried.
        attempt: &'static str,
        /// Why not.
        #[source]
        cause: io::Error,
    },
    /// Only one thread would be in the new process, and what others had begun would stay so.
    #[error("cannot split a process with {count} threads: it must be done before")]
    Threads {
        /// How many there are.
        count: usize,
    },
}

/// Splits this process in two. Both return from here, so whatever was written but not yet flushed
/// would be written twice.
///
/// The server is in a process group of its own: keys such as Ctrl-C reach the keeper only, and
/// arrive at the server once. Its signals are as this process had them.
///
/// # Errors
/// When there is more than one thread, or the kernel refuses another process.
pub fn split() -> Result<Side, KeeperError> {
    let count = step("count threads", threads::count())?;
    if count != 1 {
        return Err(KeeperError::Threads { count });
    }
    let pair = Socket::pair(Domain::UNIX, Type::SEQPACKET, None);
    let (keepers, servers) = step("make a pair of sockets", pair)?;
    let mut watched = stop::signals();
    watched.add(Signal::SIGCHLD);
    // Blocked before there is a server, so that no signal comes between.
    let before = watched.thread_swap_mask(SigmaskHow::SIG_BLOCK).map_err(io::Error::from);
    let before = step("block signals", before)?;
    let outcome = split_sockets(keepers, servers, &watched);
    if !matches!(outcome, Ok(Side::Keeper(_))) {
        step("unblock signals", before.thread_set_mask().map_err(io::Error::from))?;
    }
    outcome
}

fn split_sockets(keepers: Socket, servers: Socket, watched: &SigSet) -> Result<Side, KeeperError> {
    let flags = SfdFlags::SFD_CLOEXEC | SfdFlags::SFD_NONBLOCK;
    let signals = SignalFd::with_flags(watched, flags).map_err(io::Error::from);
    let signals = step("watch signals", signals)?;
    step("make a socket non-blocking", keepers.set_nonblocking(true))?;
    match step("start another process", fork::copy_this_process())? {
        ForkResult::Parent { child } => Ok(Side::Keeper(Keeper::of(child, keepers, signals))),
        ForkResult::Child => {
            // Refused only to leaders of a session, which a new process never is.
            let _ = setpgid(Pid::this(), Pid::this());
            Ok(Side::Server(ToKeeper::by(servers)))
        }
    }
}

fn step<T>(attempt: &'static str, outcome: io::Result<T>) -> Result<T, KeeperError> {
    outcome.map_err(|cause| KeeperError::Step { attempt, cause })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_with_threads_is_refused() {
        // The harness has at least one besides the one this runs on.
        let outcome = std::thread::scope(|scope| scope.spawn(split).join().unwrap());
        assert!(matches!(outcome, Err(KeeperError::Threads { .. })), "{outcome:?}");
    }

    #[test]
    fn an_end_is_told_in_words() {
        assert_eq!(End::Exited(3).to_string(), "exited with code 3");
        assert_eq!(End::Killed(11).to_string(), "was killed by SIGSEGV");
        assert_eq!(End::Killed(64).to_string(), "was killed by signal 64");
    }
}
