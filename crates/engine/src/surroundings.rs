//! What every flow of a worker shares.

use std::sync::Arc;

use model::Persona;
use tokio::sync::Semaphore;

use crate::answering::Answering;
use crate::limits::{Limits, OpenFlows};
use crate::logs::Announced;
use crate::recorder::Recorder;
use crate::stop::Stop;
use crate::tls::Terms;
use crate::told::ToldTime;

/// Where records go, who we pretend to be, what is answered and how much is allowed. Cheap to
/// clone: every flow holds one.
#[derive(Clone, Debug)]
pub(crate) struct Surroundings(Arc<Shared>);

/// What is behind a [`Surroundings`].
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) recorder: Recorder,
    pub(crate) persona: Persona,
    pub(crate) rules: Answering,
    pub(crate) limits: Limits,
    pub(crate) open_flows: Arc<OpenFlows>,
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
        Self(Arc::new(shared))
    }
}

impl std::ops::Deref for Surroundings {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}
