//! Processes of their own for what cannot be undone.

#![expect(unsafe_code, reason = "fork")]

use std::panic::{AssertUnwindSafe, catch_unwind};

use nix::libc;
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, Pid, fork};

/// Runs `task` in a copy of this process that has one thread only; fails if it fails.
pub(crate) fn in_a_child(task: impl FnOnce()) {
    let child = start(task);
    assert_eq!(waitpid(child, None).unwrap(), WaitStatus::Exited(child, 0));
}

/// Starts `task` in a copy of this process that has one thread only.
pub(crate) fn start(task: impl FnOnce()) -> Pid {
    // SAFETY: the child runs on its own copy of everything. Only this thread is in it; locks that
    // others held are those of the harness, which the child does not come back to.
    match unsafe { fork() }.unwrap() {
        ForkResult::Parent { child } => child,
        ForkResult::Child => leave(|| {
            task();
            0
        }),
    }
}

/// Ends this process with the code that `task` gives, or 101 if it fails.
pub(crate) fn leave(task: impl FnOnce() -> i32) -> ! {
    let code = catch_unwind(AssertUnwindSafe(task)).unwrap_or(101);
    // SAFETY: ends the copy at once, without anything that belongs to the original.
    unsafe { libc::_exit(code) }
}
