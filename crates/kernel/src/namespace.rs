//! Network namespaces, one thread at a time.
//!
//! A thread's network namespace is its own: entering one affects no other thread, and programs
//! started by a thread start in its namespace.

use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::path::PathBuf;
use std::thread;

use nix::sched::{CloneFlags, setns, unshare};

/// A network namespace, which lives at least as long as this.
#[derive(Debug)]
pub struct Namespace {
    file: OwnedFd,
}

impl Namespace {
    /// Makes a new, empty one; its loopback is down. Needs `CAP_SYS_ADMIN`.
    ///
    /// # Errors
    /// When the capability is missing or `user.max_net_namespaces` is reached.
    pub fn create() -> io::Result<Self> {
        on_a_thread(Self::create_on_this_thread)?
    }

    /// Makes a new, empty one and moves the calling thread into it, for good.
    ///
    /// # Errors
    /// As [`Self::create`].
    pub fn create_on_this_thread() -> io::Result<Self> {
        unshare(CloneFlags::CLONE_NEWNET)?;
        Self::current()
    }

    /// The one the calling thread is in.
    ///
    /// # Errors
    /// When `/proc` is not there.
    pub fn current() -> io::Result<Self> {
        Ok(Self { file: File::open("/proc/thread-self/ns/net")?.into() })
    }

    /// Moves the calling thread into it, for good.
    ///
    /// # Errors
    /// When `CAP_SYS_ADMIN` over it is missing.
    pub fn enter_on_this_thread(&self) -> io::Result<()> {
        Ok(setns(&self.file, CloneFlags::CLONE_NEWNET)?)
    }

    /// Runs `task` inside it, on a thread of its own, to its end.
    ///
    /// # Errors
    /// When the thread cannot be started or cannot enter.
    pub fn run_inside<T: Send>(&self, task: impl FnOnce() -> T + Send) -> io::Result<T> {
        on_a_thread(|| {
            self.enter_on_this_thread()?;
            Ok(task())
        })?
    }

    /// A path by which other programs find it while this process lives; `ip` takes it as the name
    /// of a namespace.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        format!("/proc/{}/fd/{}", std::process::id(), self.file.as_raw_fd()).into()
    }
}

fn on_a_thread<T: Send>(task: impl FnOnce() -> T + Send) -> io::Result<T> {
    thread::scope(|scope| {
        let running =
            thread::Builder::new().name("namespace".to_owned()).spawn_scoped(scope, task)?;
        // A panic in `task` is the caller's own: it goes on here as if there were no thread.
        Ok(running.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    })
}
