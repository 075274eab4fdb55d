//! Waiting without a fixed time.

/// Waits for something that is bound to happen soon.
pub(crate) fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let patience = std::time::Duration::from_secs(10);
    let pause = std::time::Duration::from_millis(10);
    let mut waited = std::time::Duration::ZERO;
    while !holds() {
        assert!(waited < patience, "waited in vain until {what}");
        std::thread::park_timeout(pause);
        waited += pause;
    }
}
