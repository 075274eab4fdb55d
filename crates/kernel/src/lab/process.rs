//! Processes made by hand: what the standard library's `Command` cannot do.

#![expect(unsafe_code, reason = "processes are copied and files inherited by system calls only")]

use std::fs;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

use nix::errno::Errno;
use nix::libc;
use nix::sched::CloneFlags;
use nix::sys::signal::{SigHandler, Signal, signal};
use nix::unistd::{ForkResult, Pid, fork};

use super::LabError;

/// How many threads this process has.
pub(super) fn threads() -> io::Result<usize> {
    Ok(fs::read_dir("/proc/self/task")?.count())
}

/// Copies this process into new namespaces; the copy does `task` and ends. The copy closes `ours`;
/// we get it back. This process must have one thread only.
pub(super) fn copy_into<T>(
    namespaces: CloneFlags,
    ours: T,
    task: impl FnOnce(),
) -> nix::Result<(Pid, T)> {
    let flags = libc::c_long::from(namespaces.bits() | libc::SIGCHLD);
    // SAFETY: without a stack, and with no other thread, this is `fork`: the copy goes on here on
    // a copy of our stack, and no lock is held by anybody who is not there any more.
    let child =
        unsafe { libc::syscall(libc::SYS_clone, flags, 0_usize, 0_usize, 0_usize, 0_usize) };
    match Errno::result(child)? {
        0 => do_and_end(|| {
            drop(ours);
            task();
        }),
        child => Ok((Pid::from_raw(libc::pid_t::try_from(child).unwrap_or(-1)), ours)),
    }
}

/// Copies this process; the copy does `task` and ends. This process must have one thread only.
pub(super) fn copy(task: impl FnOnce()) -> nix::Result<Pid> {
    // SAFETY: with no other thread, the copy may do whatever this process may.
    match unsafe { fork() }? {
        ForkResult::Child => do_and_end(task),
        ForkResult::Parent { child } => Ok(child),
    }
}

/// Nothing of the copy may go on into its callers' code, nor flush what was its parent's to flush.
fn do_and_end(task: impl FnOnce()) -> ! {
    let done = catch_unwind(AssertUnwindSafe(task));
    // SAFETY: it ends the process at once and touches no memory of ours.
    unsafe { libc::_exit(i32::from(done.is_err())) }
}

/// Sees to it that programs started from here inherit standard input, output and error, and no
/// other file: not even those we were given open.
pub(super) fn pass_on_no_files() -> Result<(), LabError> {
    let attempt = "list open files";
    let listed = fs::read_dir("/proc/self/fd").map_err(LabError::step(attempt))?;
    for file in listed {
        let name = file.map_err(LabError::step(attempt))?.file_name();
        let number = name.to_str().and_then(|name| name.parse().ok());
        if let Some(number) = number.filter(|number| *number > libc::STDERR_FILENO) {
            close_on_exec(number);
        }
    }
    Ok(())
}

fn close_on_exec(file: libc::c_int) {
    // SAFETY: it sets a flag of an open file and touches no memory. It fails only if the file has
    // been closed meanwhile, as the one that lists the folder will be: then all is well.
    let _closed = unsafe { libc::fcntl(file, libc::F_SETFD, libc::FD_CLOEXEC) };
}

/// Rust's runtime ignores this signal; programs expect to be ended by it.
pub(super) fn be_ended_by_broken_pipes() -> nix::Result<()> {
    // SAFETY: no handler of ours is involved, in the place of the old or the new one.
    unsafe { signal(Signal::SIGPIPE, SigHandler::SigDfl) }.map(drop)
}
