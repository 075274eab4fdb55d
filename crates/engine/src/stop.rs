//! How everything at work learns that we are stopping.

use tokio::sync::watch;

/// Says it.
#[derive(Debug)]
pub(crate) struct StopSwitch(watch::Sender<bool>);

/// Hears it.
#[derive(Clone, Debug)]
pub(crate) struct Stop(watch::Receiver<bool>);

impl StopSwitch {
    pub(crate) fn new() -> Self {
        Self(watch::Sender::new(false))
    }

    /// Something that hears it.
    pub(crate) fn listener(&self) -> Stop {
        Stop(self.0.subscribe())
    }

    /// Says it, once and for all.
    pub(crate) fn throw(&self) {
        self.0.send_replace(true);
    }
}

impl Stop {
    /// Returns when it is said, or when nobody is left who could.
    pub(crate) async fn wait(mut self) {
        // An error means that the switch is gone, and with it whoever wants us to work.
        let _ = self.0.wait_for(|stopped| *stopped).await;
    }
}
