//! What every flow of a worker shares.

use std::sync::Arc;

use kernel::callers::Callers;
use model::Persona;
use tokio::sync::Semaphore;

use crate::answering::Answering;
use crate::companions::Expected;
use crate::limits::{Limits, OpenFlows};
use crate::logs::Announced;
use crate::recorder::Recorder;
use crate::stop::Stop;
use crate::tls::Terms;
use crate::told::ToldTime;
use crate::worker::Alive;

/// Where records go, who we pretend to be, what is answered and how much is allowed. Cheap to
/// clone: every flow holds one.
#[derive(Clone, Debug)]
pub(crate) struct Surroundings {
    shared: Arc<Shared>,
    /// With it the worker goes on.
    _alive: Option<Alive>,
}

/// What is behind a [`Surroundings`].
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) recorder: Recorder,
    pub(crate) persona: Persona,
    pub(crate) rules: Answering,
    pub(crate) limits: Limits,
    pub(crate) open_flows: Arc<OpenFlows>,
    /// Flows that belong to others and are not there yet.
    pub(crate) expected: Arc<Expected>,
    /// With what victims are called.
    pub(crate) callers: Arc<Callers>,
    /// A permit for each program that may run at once.
    pub(crate) programs: Arc<Semaphore>,
    /// Who is told of flows that open and end, if there is a log listener.
    pub(crate) announced: Option<Arc<Announced>>,
    /// What we agree to in TLS.
    pub(crate) terms: Arc<Terms>,
    /// What time victims are told it is.
    pub(crate) told: ToldTime,
    pub(crate) stop: Stop,
}

impl Surroundings {
    pub(crate) fn new(shared: Shared) -> Self {
        Self { shared: Arc::new(shared), _alive: None }
    }

    /// The same, for what a worker has to wait for when it stops.
    pub(crate) fn kept_by(&self, alive: &Alive) -> Self {
        Self { shared: Arc::clone(&self.shared), _alive: Some(alive.clone()) }
    }
}

impl std::ops::Deref for Surroundings {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.shared
    }
}
