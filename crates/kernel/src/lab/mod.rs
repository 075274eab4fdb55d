//! A lab: one program in a network of its own, whose only way out is this process.
//!
//! ```text
//!   gateway: this process             victim: the command and what it starts
//!   ─────────────────────             ──────────────────────────────────────
//!   root of user namespace U1   ───▶  the user it was outside, in U2
//!   network namespace     lab0 ─────  eth0, default routes to lab0
//!        │                            mounts: /etc/resolv.conf, /proc, /sys
//!        └── channel ─────────────▶   init, process 1 of its process namespace
//! ```
//!
//! Nothing of it has a name outside: it is gone with the processes in it. The init goes when the
//! gateway goes, and everything inside goes with the init.
//!
//! The network is isolated, not the program: it has its user's files, and whatever of the outside
//! answers through them (see `furniture.rs`).

mod channel;
mod command;
mod disguise;
mod error;
mod furniture;
mod identity;
mod init;
mod inside;
mod network;
mod process;
mod settings;
mod signals;
mod terminal;
mod wait;

use crate::interface::Interface;

use channel::Order;
use furniture::Furniture;
use identity::Identity;
use init::Init;
use inside::Inside;
use network::Network;
use signals::Signals;
use terminal::Terminal;
use wait::{Ears, Stop};

pub use error::{LabError, Refusal};
pub use settings::{Addresses, FullerFolder, LabSettings, NewFile, ReplacedFile};
pub use wait::{Outcome, Stopper};

/// A lab. Its end is the end of everything inside; its network lasts until it is dropped, so that
/// what the command sent last can still be read.
#[derive(Debug)]
pub struct Lab {
    init: Inside,
    network: Network,
    signals: Signals,
    stop: Stop,
    terminal: Option<Terminal>,
    warnings: Vec<String>,
}

impl Lab {
    /// Makes everything but the command. Afterwards the calling process is the gateway: in its
    /// network namespace, with `CAP_NET_ADMIN` there. `SIGHUP`, `SIGINT`, `SIGQUIT` and `SIGTERM`
    /// are held back, for [`Self::wait`] to see.
    ///
    /// To be called before any thread is started: those started later are where this one is.
    ///
    /// # Errors
    /// When the system forbids it ([`LabError::Forbidden`] names the setting), or a step fails.
    pub fn prepare(settings: &LabSettings) -> Result<Self, LabError> {
        check_threads()?;
        let command = settings::Command::new(settings)?;
        let identity = Identity::assume()?;
        process::pass_on_no_files()?;
        let signals = Signals::hold_back()?;
        let (network, complaints) = Network::create(identity)?;
        let (mask, furniture) = (signals.outside, Furniture::of(settings));
        let init = Inside::start(|channel| Init { channel, command, identity, mask, furniture })?;
        network.enter_gateway()?;
        network.lay(&settings.addresses)?;
        let mut warnings: Vec<String> = complaints.iter().map(ToString::to_string).collect();
        // Both namespaces may have had the same.
        warnings.dedup();
        init.settle(identity, &mut warnings)?;
        let (stop, terminal) = (Stop::new()?, Terminal::of_this_process());
        Ok(Self { init, network, signals, stop, terminal, warnings })
    }

    /// The gateway's end of the cable: what rules and routes are about.
    #[must_use]
    pub const fn interface(&self) -> &Interface {
        &self.network.interface
    }

    /// What was not possible, and the lab works without.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// A means to end the lab from another thread.
    ///
    /// # Errors
    /// When there are too many open files.
    pub fn stopper(&self) -> Result<Stopper, LabError> {
        self.stop.stopper()
    }

    /// Starts the command.
    ///
    /// # Errors
    /// When the lab is gone.
    pub fn start(&self) -> Result<(), LabError> {
        self.init.channel.order(Order::Start).map_err(LabError::step("start the command"))
    }

    /// Waits for the end of the command. Signals that come meanwhile are passed on to it; if it
    /// takes too long to end then, or another comes, the lab is ended.
    ///
    /// When this returns, no process is left inside.
    pub fn wait(&mut self) -> Outcome {
        let ears = Ears { channel: &self.init.channel, signals: &self.signals, stop: &self.stop };
        let outcome = ears.outcome();
        self.init.end();
        if let Some(terminal) = &self.terminal {
            terminal.take_back();
        }
        outcome
    }
}

fn check_threads() -> Result<(), LabError> {
    match process::threads().map_err(LabError::step("count threads"))? {
        1 => Ok(()),
        count => Err(LabError::Threads { count }),
    }
}
