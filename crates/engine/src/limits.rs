//! How much one run, one victim and one flow may take.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use kernel::confined::Confinement;
use model::{Limit, Victim};

/// Every limit of the engine; each is a setting in the section `limits`.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Flows open at once.
    pub open_flows: usize,
    /// Flows of one victim open at once.
    pub open_flows_per_victim: usize,
    /// Companions of one victim that are expected at once.
    pub expected_flows_per_victim: usize,
    /// Bytes stored per flow, both directions together; what comes after is counted and hashed.
    pub stored_bytes_per_flow: u64,
    /// Bytes stored of one file; what comes after is counted and hashed.
    pub artifact_bytes: u64,
    /// Files taken from one flow.
    pub artifacts_per_flow: usize,
    /// How long a peer may be silent while it is undecided what it speaks; then the best guess
    /// answers.
    pub undecided: Duration,
    /// How long a peer may be silent where clients wait for a greeting; then it is greeted.
    pub greeting: Duration,
    /// The same where a greeting is a guess.
    pub guessed_greeting: Duration,
    /// How long a TCP connection may be silent, both ways.
    pub idle_tcp: Duration,
    /// How long a UDP conversation (or an exchange of another protocol) may be silent.
    pub idle_udp: Duration,
    /// How long a flow may last.
    pub life_time: Duration,
    /// What programs of the analyst's may have.
    pub programs: ProgramLimits,
}

/// Every limit of programs that answer; each is a setting in the section `exec`.
#[derive(Clone, Copy, Debug)]
pub struct ProgramLimits {
    /// How many run at once.
    pub at_once: usize,
    /// How long one runs.
    pub time: Duration,
    /// Datagrams that wait for one to read them; what comes then it does not hear.
    pub waiting_datagrams: usize,
    /// Memory and network of one.
    pub confinement: Confinement,
}

/// Who has how many flows open.
#[derive(Debug)]
pub(crate) struct OpenFlows {
    limits: Limits,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    all: usize,
    /// Only victims with an open flow are in here, so it is bounded by `open_flows`.
    by_victim: HashMap<IpAddr, usize>,
}

/// Leave for one flow to be open; given back when dropped.
#[derive(Debug)]
pub(crate) struct Permit {
    flows: Arc<OpenFlows>,
    victim: IpAddr,
}

impl OpenFlows {
    pub(crate) fn new(limits: Limits) -> Arc<Self> {
        Arc::new(Self { limits, open: Mutex::default() })
    }

    /// Asks leave for one more flow; the limit that forbids it otherwise.
    pub(crate) fn permit(self: &Arc<Self>, victim: Victim) -> Result<Permit, Limit> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.all >= self.limits.open_flows {
            return Err(Limit::OpenFlows);
        }
        let of_victim = open.by_victim.get(&victim.ip()).copied().unwrap_or(0);
        if of_victim >= self.limits.open_flows_per_victim {
            return Err(Limit::OpenFlowsPerVictim);
        }
        open.all += 1;
        open.by_victim.insert(victim.ip(), of_victim + 1);
        Ok(Permit { flows: Arc::clone(self), victim: victim.ip() })
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut open = self.flows.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.all = open.all.saturating_sub(1);
        let of_victim = open.by_victim.get(&self.victim).map_or(0, |count| count.saturating_sub(1));
        if of_victim == 0 {
            open.by_victim.remove(&self.victim);
        } else {
            open.by_victim.insert(self.victim, of_victim);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flows() -> Arc<OpenFlows> {
        OpenFlows::new(Limits { open_flows: 3, open_flows_per_victim: 2, ..crate::testing::LIMITS })
    }

    fn victim(last: u8) -> Victim {
        Victim::new(([10, 0, 0, last], 4_000).into())
    }

    #[test]
    fn one_victim_cannot_take_all() {
        let flows = flows();
        let _held = [flows.permit(victim(1)).unwrap(), flows.permit(victim(1)).unwrap()];
        assert_eq!(flows.permit(victim(1)).unwrap_err(), Limit::OpenFlowsPerVictim);
        let _third = flows.permit(victim(2)).unwrap();
        assert_eq!(flows.permit(victim(2)).unwrap_err(), Limit::OpenFlows);
    }

    #[test]
    fn a_permit_is_given_back() {
        let flows = flows();
        for _ in 0..10 {
            let _one = flows.permit(victim(1)).unwrap();
            let _two = flows.permit(victim(1)).unwrap();
        }
        assert!(flows.open.lock().unwrap().by_victim.is_empty());
    }
}
