//! A process that stays where we were started, while this one goes into another network or gives
//! up its rights.
//!
//! ```text
//!   here                                   courier
//!   ────                                   ───────
//!   goes into a lab, becomes nobody        stays in the network we were started in
//!      ◀──────────── one stream ──────────────▶
//!   gone, or hangs up ─── end of file ──────▶ finishes and ends
//! ```

use std::io;
use std::net::Shutdown;
use std::os::unix::net::UnixStream;

use nix::errno::Errno;
use nix::sys::signal::{SigSet, Signal, kill};
use nix::sys::wait::waitpid;
use nix::unistd::{ForkResult, Pid, setpgid};

use crate::fork::copy_this_process;
use crate::threads;

/// Which of the two processes this is.
#[derive(Debug)]
pub enum Side {
    /// The new one, with its end of the stream.
    Courier(UnixStream),
    /// The one that was there before.
    Here(Courier),
}

/// The other process, as it is seen from here. Dropped, it is killed.
#[derive(Debug)]
pub struct Courier {
    process: Pid,
    stream: UnixStream,
}

/// Splits this process in two. Both return from here, so whatever was written but not yet flushed
/// would be written twice.
///
/// Signals that ask a process to stop do not reach the courier: it ends when it is hung up on.
///
/// # Errors
/// When there is more than one thread, or the kernel refuses another process.
pub fn split() -> io::Result<Side> {
    let count = threads::count()?;
    if count != 1 {
        let why = format!("a process with {count} threads cannot be split: it must be done before");
        return Err(io::Error::other(why));
    }
    let (ours, theirs) = UnixStream::pair()?;
    match copy_this_process()? {
        ForkResult::Parent { child } => Ok(Side::Here(Courier { process: child, stream: ours })),
        ForkResult::Child => {
            drop(ours);
            // Refused only to leaders of a session, which a new process never is.
            let _ = setpgid(Pid::this(), Pid::this());
            let asking = [Signal::SIGHUP, Signal::SIGINT, Signal::SIGQUIT, Signal::SIGTERM];
            asking.into_iter().collect::<SigSet>().thread_block()?;
            Ok(Side::Courier(theirs))
        }
    }
}

impl Courier {
    /// Our end of the stream.
    #[must_use]
    pub const fn stream(&self) -> &UnixStream {
        &self.stream
    }

    /// Lets it know that nothing more will come.
    pub fn hang_up(&self) {
        // It is gone already, or knows now.
        let _ = self.stream.shutdown(Shutdown::Write);
    }
}

impl Drop for Courier {
    fn drop(&mut self) {
        // It may have ended by itself; until it is waited for nobody else has its number.
        let _ = kill(self.process, Signal::SIGKILL);
        while waitpid(self.process, None) == Err(Errno::EINTR) {}
    }
}
