//! Ctrl-C: what was started is stopped and what was made is removed, then we end.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use anyhow::{Context, Result, bail};
use nix::sys::signal::{SigSet, Signal};

static WAS_INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Takes the signals that ask us to end. Programs that are started get them as ever.
pub(crate) fn listen() -> Result<()> {
    let mut signals = SigSet::empty();
    signals.add(Signal::SIGINT);
    signals.add(Signal::SIGTERM);
    // Before there is another thread, so that none takes them in the usual way.
    signals.thread_block().context("cannot take over signals")?;
    let waiting = thread::Builder::new().name("interrupts".to_owned()).spawn(move || {
        let came = signals.wait().is_ok();
        WAS_INTERRUPTED.store(came, Ordering::Relaxed);
    });
    waiting.context("cannot wait for signals").map(drop)
}

/// An error once we were asked to end: everything on the way out cleans up after itself.
pub(crate) fn check() -> Result<()> {
    if WAS_INTERRUPTED.load(Ordering::Relaxed) {
        bail!("interrupted");
    }
    Ok(())
}
