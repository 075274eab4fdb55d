//! Ctrl-C: what was started is stopped and what was made is removed, then we end.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};

use anyhow::{Context, Result, bail};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

static WAS_INTERRUPTED: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);

/// Takes the signals that ask us to end. Programs that are started get them as ever: a handler, unlike
/// a signal that is blocked, is not handed down.
pub(crate) fn listen() -> Result<()> {
    for signal in [SIGINT, SIGTERM] {
        flag::register(signal, Arc::clone(&WAS_INTERRUPTED)).context("cannot take over signals")?;
    }
    Ok(())
}

/// An error once we were asked to end: everything on the way out cleans up after itself.
pub(crate) fn check() -> Result<()> {
    if WAS_INTERRUPTED.load(Ordering::Relaxed) {
        bail!("interrupted");
    }
    Ok(())
}
