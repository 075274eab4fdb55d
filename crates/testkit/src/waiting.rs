//! Waiting for things themselves, not for time.

use std::os::fd::AsFd;
use std::time::Duration;

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

/// How long anything may take before a test is given up. No test relies on it.
const PATIENCE: Duration = Duration::from_secs(60);

/// Waits until `holds` does, which is bound to happen soon.
pub fn wait_until(what: &str, holds: impl FnMut() -> bool) {
    assert!(holds_soon(holds), "waited in vain until {what}");
}

/// Waits until `holds` does; whether it ever did.
#[must_use]
pub(crate) fn holds_soon(mut holds: impl FnMut() -> bool) -> bool {
    let pause = Duration::from_millis(10);
    let mut waited = Duration::ZERO;
    while !holds() {
        if waited >= PATIENCE {
            return false;
        }
        std::thread::park_timeout(pause);
        waited += pause;
    }
    true
}

/// Waits until there is something to read.
pub fn wait_for_input(source: &impl AsFd) {
    let mut waited = [PollFd::new(source.as_fd(), PollFlags::POLLIN)];
    let patience = PollTimeout::try_from(PATIENCE).unwrap();
    assert_eq!(poll(&mut waited, patience).unwrap(), 1, "nothing came");
}
