//! A process of its own for what cannot be undone.

#![expect(unsafe_code, reason = "fork")]

use std::panic::{AssertUnwindSafe, catch_unwind};

use nix::libc;
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, fork};

/// Runs `task` in a copy of this process that has one thread only; fails if it fails.
pub(crate) fn in_a_child(task: impl FnOnce()) {
    // SAFETY: the child runs on its own copy of everything. Only this thread is in it; locks that
    // others held are those of the harness, which the child does not come back to.
    match unsafe { fork() }.unwrap() {
        ForkResult::Parent { child } => {
            assert_eq!(waitpid(child, None).unwrap(), WaitStatus::Exited(child, 0));
        }
        ForkResult::Child => {
            let outcome = catch_unwind(AssertUnwindSafe(task));
            // SAFETY: ends the copy at once, without anything that belongs to the original.
            unsafe { libc::_exit(i32::from(outcome.is_err())) }
        }
    }
}
