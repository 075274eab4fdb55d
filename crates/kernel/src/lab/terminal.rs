//! The terminal, if there is one.

use std::fs::{File, OpenOptions};

use nix::sys::signal::{SigSet, SigmaskHow, Signal};
use nix::unistd::{getpgrp, tcgetpgrp, tcsetpgrp};

/// A terminal whose foreground was ours when the lab was made.
#[derive(Debug)]
pub(super) struct Terminal(File);

impl Terminal {
    pub(super) fn of_this_process() -> Option<Self> {
        let terminal = OpenOptions::new().read(true).write(true).open("/dev/tty").ok()?;
        (tcgetpgrp(&terminal).ok()? == getpgrp()).then_some(Self(terminal))
    }

    /// Brings this process back to the foreground. A shell puts itself there, and from inside the
    /// lab cannot name us to put us back.
    pub(super) fn take_back(&self) {
        if tcgetpgrp(&self.0).is_ok_and(|group| group == getpgrp()) {
            return;
        }
        // Whoever is in the background and does this is stopped for it, unless it holds that back.
        let mut stop = SigSet::empty();
        stop.add(Signal::SIGTTOU);
        if let Ok(before) = stop.thread_swap_mask(SigmaskHow::SIG_BLOCK) {
            // Without a terminal any more, there is nothing to take back.
            let _taken = tcsetpgrp(&self.0, getpgrp());
            let _restored = before.thread_set_mask();
        }
    }
}
