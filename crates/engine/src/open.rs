//! Flows without a connection: found by their ends, and ended when they have been silent too long.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashMap};
use std::hash::Hash;

use model::{Ending, Event, Limit, Timestamp, Victim};

use crate::session::{Session, Whom};
use crate::surroundings::Surroundings;

/// Open flows of one worker by what names them, with the time at which each is due.
///
/// Every flow is in the queue once, under a time that may be out of date: one that spoke since is
/// put back when its old time comes. So a datagram costs a look-up and no more.
#[derive(Debug)]
pub(crate) struct Open<K, T> {
    flows: HashMap<K, T>,
    queue: BinaryHeap<Due<K>>,
}

/// A flow that has a time at which it wants to be looked at.
pub(crate) trait Dated: Into<Session> {
    /// When that is.
    fn due(&self) -> Timestamp;

    /// Whose it is.
    fn victim(&self) -> Victim;
}

impl<K: Copy + Eq + Hash, T: Dated> Open<K, T> {
    pub(crate) fn new() -> Self {
        Self { flows: HashMap::new(), queue: BinaryHeap::new() }
    }

    pub(crate) fn find(&mut self, key: &K) -> Option<&mut T> {
        self.flows.get_mut(key)
    }

    pub(crate) fn add(&mut self, key: K, flow: T) {
        self.queue.push(Due { at: flow.due(), key });
        self.flows.insert(key, flow);
    }

    pub(crate) fn remove(&mut self, key: &K) -> Option<T> {
        let flow = self.flows.remove(key);
        if self.queue.len() > 2 * self.flows.len() + SLACK {
            self.queue.retain(|due| self.flows.contains_key(&due.key));
        }
        flow
    }

    /// Takes out of the queue a flow whose time has come; the caller removes it or
    /// [puts it back](Self::put_back).
    pub(crate) fn next_due(&mut self, now: Timestamp) -> Option<K> {
        while self.queue.peek().is_some_and(|due| due.at <= now) {
            let due = self.queue.pop()?;
            match self.flows.get(&due.key).map(Dated::due) {
                Some(at) if at <= now => return Some(due.key),
                Some(at) => self.queue.push(Due { at, ..due }),
                None => {}
            }
        }
        None
    }

    /// Lets a flow that was due go on.
    pub(crate) fn put_back(&mut self, key: K) {
        if let Some(flow) = self.flows.get(&key) {
            self.queue.push(Due { at: flow.due(), key });
        }
    }

    /// A session for a new flow, or none if a limit forbids it.
    ///
    /// At the limit those that would end soonest make room: a datagram, unlike a connection, cannot
    /// be told to come back later.
    pub(crate) fn session(&mut self, around: &Surroundings, whom: Whom) -> Option<Session> {
        match Session::try_open(around, whom) {
            Ok(session) => Some(session),
            Err(limit) => {
                self.make_room(limit, whom.victim);
                Session::open(around, whom)
            }
        }
    }

    fn make_room(&mut self, limit: Limit, victim: Victim) {
        let counts = |flow: &T| limit == Limit::OpenFlows || flow.victim().ip() == victim.ip();
        let matching = self.flows.iter().filter(|(_, flow)| counts(flow));
        let mut soonest: Vec<(Timestamp, K)> =
            matching.map(|(key, flow)| (flow.due(), *key)).collect();
        soonest.sort_unstable_by_key(|(due, _)| *due);
        // Some at once, so that the next ones need no search.
        for (_, key) in soonest.iter().take(soonest.len().div_ceil(ROOM_SHARE)) {
            if let Some(flow) = self.remove(key) {
                let mut session: Session = flow.into();
                session.note(Event::LimitReached(limit));
                session.close(Ending::MadeRoom);
            }
        }
    }

    /// Takes out all flows.
    pub(crate) fn drain(&mut self) -> impl Iterator<Item = T> + '_ {
        self.queue.clear();
        self.flows.drain().map(|(_, flow)| flow)
    }
}

/// Which part of the flows makes room at a limit: one in so many.
const ROOM_SHARE: usize = 16;

/// How many entries of flows that are gone may be in the queue, beside one per open flow.
const SLACK: usize = 1_024;

/// Ordered by time alone, the earliest greatest: a heap gives the greatest first.
#[derive(Clone, Copy, Debug)]
struct Due<K> {
    at: Timestamp,
    key: K,
}

impl<K> Ord for Due<K> {
    fn cmp(&self, other: &Self) -> Ordering {
        other.at.cmp(&self.at)
    }
}

impl<K> PartialOrd for Due<K> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<K> PartialEq for Due<K> {
    fn eq(&self, other: &Self) -> bool {
        self.at == other.at
    }
}

impl<K> Eq for Due<K> {}

#[cfg(test)]
mod tests {
    use model::Transport;

    use super::*;
    use crate::testing::{LIMITS, Stage, end, server, victim};

    struct Flow {
        session: Session,
        due: i64,
    }

    impl From<Flow> for Session {
        fn from(flow: Flow) -> Self {
            flow.session
        }
    }

    impl Dated for Flow {
        fn due(&self) -> Timestamp {
            time(self.due)
        }

        fn victim(&self) -> Victim {
            self.session.flow().victim
        }
    }

    fn time(micros: i64) -> Timestamp {
        Timestamp::from_micros(micros)
    }

    fn udp(port: u16) -> Whom {
        Whom { transport: Transport::Udp, victim: victim(port), orig_dst: server(53) }
    }

    fn flow(stage: &Stage, due: i64) -> Flow {
        Flow { session: Session::open(&stage.around, udp(4_000)).expect("a permit"), due }
    }

    #[tokio::test(start_paused = true)]
    async fn flows_come_due_in_order_however_often_they_spoke() {
        let stage = Stage::new();
        let mut open = Open::new();
        for (name, due) in [("late", 30), ("early", 10), ("speaks", 5)] {
            open.add(name, flow(&stage, due));
        }
        open.find(&"speaks").unwrap().due = 20;
        assert_eq!(open.next_due(time(5)), None);
        assert_eq!(open.next_due(time(25)), Some("early"));
        open.remove(&"early");
        assert_eq!(open.next_due(time(25)), Some("speaks"));
        open.put_back("speaks");
        assert_eq!(open.next_due(time(25)), Some("speaks"));
        assert_eq!(open.next_due(time(25)), None);
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_gone_does_not_fill_the_queue() {
        let stage = Stage::new();
        let mut open = Open::new();
        for number in 0..10_000 {
            open.add(number, flow(&stage, number));
            open.remove(&number);
        }
        assert!(open.queue.len() <= SLACK + 1);
    }

    #[tokio::test(start_paused = true)]
    async fn at_the_limit_the_one_that_would_end_soonest_makes_room() {
        let stage = Stage::new();
        let mut open = Open::new();
        for number in 0..LIMITS.open_flows_per_victim as i64 {
            open.add(number, flow(&stage, 100 - number));
        }
        stage.records();
        let session = open.session(&stage.around, udp(5_000)).expect("room");
        session.close(Ending::Finished);
        let records = stage.records();
        let first =
            records.iter().position(|record| matches!(record, model::Record::FlowOpened(_)));
        let (before, after) = records.split_at(first.unwrap());
        assert!(matches!(
            before.last(),
            Some(model::Record::FlowClosed(closed)) if closed.ending == Ending::MadeRoom
        ));
        assert_eq!(end(after).ending, Ending::Finished);
        assert!(open.find(&(LIMITS.open_flows_per_victim as i64 - 1)).is_none());
    }
}
