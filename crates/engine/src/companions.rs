//! Flows that belong to another flow of the same victim: who is expected where, and how the two hear
//! of each other.
//!
//! ```text
//!   flow ──── Companion ── errands ──▶ Principal ──── its companion, in any worker
//!                    ◀──── news ─────
//! ```

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use model::{Flow, FlowId, OpenedBy};
use proto::{Errand, News, Outcome, Wanted, Wrap};
use tokio::sync::mpsc::{self, Receiver, Sender};

/// Everybody who is expected. Shared by all workers: the kernel gives a flow to any of them.
#[derive(Debug)]
pub(crate) struct Expected {
    /// Most of one victim (`limits.expected_flows_per_victim`).
    per_victim: usize,
    /// Only victims that are expected are in here, each of which has a flow open.
    by_victim: Mutex<HashMap<IpAddr, VecDeque<Place>>>,
}

/// Where somebody is expected.
#[derive(Debug)]
struct Place {
    address: IpAddr,
    port: u16,
    principal: Principal,
}

/// What a flow has of its companion. Dropped, it is not expected any more; an errand goes on.
#[derive(Debug)]
pub(crate) struct Companion {
    errands: Sender<Order>,
    news: Receiver<News>,
    expected: Option<Ticket>,
}

/// What a companion has of the flow it belongs to. Dropped, it tells what came of the errand.
#[derive(Debug)]
pub(crate) struct Principal {
    pub(crate) flow: FlowId,
    pub(crate) wrap: Wrap,
    pub(crate) opened_by: OpenedBy,
    orders: Receiver<Order>,
    news: Sender<News>,
    state: State,
}

#[derive(Debug)]
enum State {
    Waiting,
    /// Does its errand.
    Busy,
    /// Has done it.
    Done(Outcome),
}

/// What a companion is told.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Order {
    Do(Errand),
    /// To leave, whatever it is doing.
    Leave,
}

/// More than there is to say: of each companion there are two news, and it gets two orders.
const WAITING: usize = 2;

/// The place of a companion, as long as it is expected.
#[derive(Debug)]
struct Ticket {
    victim: IpAddr,
    flow: FlowId,
    expected: Arc<Expected>,
}

/// Somebody who was expected had to make room.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Room {
    Enough,
    Made,
}

impl Expected {
    pub(crate) fn new(per_victim: usize) -> Arc<Self> {
        Arc::new(Self { per_victim, by_victim: Mutex::default() })
    }

    /// Expects that the victim of `flow` opens its companion. At the limit whoever was expected first is
    /// expected no more.
    pub(crate) fn expect(self: &Arc<Self>, flow: &Flow, wanted: Wanted) -> (Companion, Room) {
        let (mut companion, principal) = pair(flow.id, wanted.wrap, OpenedBy::Victim);
        let victim = flow.victim.ip().to_canonical();
        let address = flow.orig_dst.ip().to_canonical();
        companion.expected = Some(Ticket { victim, flow: flow.id, expected: Arc::clone(self) });
        let mut by_victim = self.by_victim.lock().unwrap_or_else(PoisonError::into_inner);
        let places = by_victim.entry(victim).or_default();
        let room = if places.len() < self.per_victim { Room::Enough } else { Room::Made };
        if room == Room::Made {
            places.pop_front();
        }
        places.push_back(Place { address, port: wanted.port, principal });
        (companion, room)
    }

    /// Whom a flow of this victim to `address` and `port` belongs to, if it was expected.
    pub(crate) fn take(&self, flow: &Flow, port: u16) -> Option<Principal> {
        let victim = flow.victim.ip().to_canonical();
        let address = flow.orig_dst.ip().to_canonical();
        self.remove(victim, |place| (place.address, place.port) == (address, port))
    }

    fn remove(&self, victim: IpAddr, is_it: impl Fn(&Place) -> bool) -> Option<Principal> {
        let mut by_victim = self.by_victim.lock().unwrap_or_else(PoisonError::into_inner);
        let places = by_victim.get_mut(&victim)?;
        let found = places.iter().position(is_it).and_then(|place| places.remove(place));
        if places.is_empty() {
            by_victim.remove(&victim);
        }
        found.map(|place| place.principal)
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.expected.remove(self.victim, |place| place.principal.flow == self.flow);
    }
}

/// The two ends of what a flow and its companion say to each other.
pub(crate) fn pair(flow: FlowId, wrap: Wrap, opened_by: OpenedBy) -> (Companion, Principal) {
    let (errands, orders) = mpsc::channel(WAITING);
    let (tell, news) = mpsc::channel(WAITING);
    let companion = Companion { errands, news, expected: None };
    (companion, Principal { flow, wrap, opened_by, orders, news: tell, state: State::Waiting })
}

impl Companion {
    /// Gives it an errand. One that is gone says so itself.
    pub(crate) fn send(&self, errand: Errand) {
        let _ = self.errands.try_send(Order::Do(errand));
    }

    /// Sends it away.
    pub(crate) fn leave(self) {
        let _ = self.errands.try_send(Order::Leave);
    }

    pub(crate) fn poll_news(&mut self, cx: &mut Context<'_>) -> Poll<News> {
        self.news.poll_recv(cx).map(|news| news.unwrap_or(News::Ended(Outcome::Broken)))
    }
}

impl Principal {
    /// Tells the flow that its companion is there.
    pub(crate) fn tell_opened(&self) {
        let _ = self.news.try_send(News::Opened);
    }

    pub(crate) const fn is_waiting(&self) -> bool {
        matches!(self.state, State::Waiting)
    }

    /// What it is to do now. Without a flow that waits for it a companion has nothing to do; one that is
    /// busy goes on to its end.
    pub(crate) fn poll_order(&mut self, cx: &mut Context<'_>) -> Poll<Order> {
        match self.orders.poll_recv(cx) {
            Poll::Ready(Some(order)) => {
                self.state = State::Busy;
                Poll::Ready(order)
            }
            Poll::Ready(None) if self.is_waiting() => Poll::Ready(Order::Leave),
            Poll::Ready(None) | Poll::Pending => Poll::Pending,
        }
    }

    /// What came of the errand. It is told once this is dropped: when all is sent.
    pub(crate) fn report(&mut self, outcome: Outcome) {
        self.state = State::Done(outcome);
    }
}

impl Drop for Principal {
    fn drop(&mut self) {
        let outcome = match std::mem::replace(&mut self.state, State::Waiting) {
            State::Done(outcome) => outcome,
            State::Waiting | State::Busy => Outcome::Broken,
        };
        let _ = self.news.try_send(News::Ended(outcome));
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use model::{RunId, Timestamp, Transport};

    use super::*;
    use crate::testing::{server, victim};

    fn flow(number: u8) -> Flow {
        Flow {
            id: FlowId::from_bytes([number; 16]),
            run: RunId::from_bytes([1; 16]),
            opened: Timestamp::default(),
            transport: Transport::Tcp,
            victim: victim(40_000),
            orig_dst: server(21),
        }
    }

    const WANTED: Wanted = Wanted { port: 50_000, wrap: Wrap::None };

    fn news(companion: &mut Companion) -> Option<News> {
        match companion.poll_news(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(news) => Some(news),
            Poll::Pending => None,
        }
    }

    fn order(principal: &mut Principal) -> Option<Order> {
        match principal.poll_order(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(order) => Some(order),
            Poll::Pending => None,
        }
    }

    #[test]
    fn a_flow_is_found_by_its_victim_address_and_port_and_once() {
        let expected = Expected::new(2);
        let (_companion, room) = expected.expect(&flow(1), WANTED);
        assert_eq!(room, Room::Enough);
        let elsewhere = Flow { orig_dst: crate::testing::server_at(9, 50_000), ..flow(2) };
        assert!(expected.take(&elsewhere, 50_000).is_none());
        let another = Flow { victim: model::Victim::new(([10, 0, 0, 8], 1).into()), ..flow(2) };
        assert!(expected.take(&another, 50_000).is_none());
        assert!(expected.take(&flow(2), 50_001).is_none());
        assert_eq!(expected.take(&flow(2), 50_000).expect("expected").flow, flow(1).id);
        assert!(expected.take(&flow(2), 50_000).is_none());
    }

    #[test]
    fn whoever_expects_no_more_leaves_nothing_behind() {
        let expected = Expected::new(2);
        drop(expected.expect(&flow(1), WANTED));
        assert!(expected.by_victim.lock().unwrap().is_empty());
    }

    #[test]
    fn at_the_limit_the_first_makes_room_and_hears_of_it() {
        let expected = Expected::new(1);
        let (mut first, _) = expected.expect(&flow(1), WANTED);
        let (mut second, room) = expected.expect(&flow(2), WANTED);
        assert_eq!(room, Room::Made);
        assert_eq!(news(&mut first), Some(News::Ended(Outcome::Broken)));
        assert_eq!(news(&mut second), None);
        drop(first);
        assert_eq!(expected.take(&flow(3), 50_000).expect("expected").flow, flow(2).id);
    }

    #[test]
    fn an_errand_outlives_who_gave_it_and_an_idle_companion_does_not() {
        let (companion, mut principal) = pair(flow(1).id, Wrap::None, OpenedBy::Us);
        companion.send(Errand::Send("a".into()));
        drop(companion);
        assert_eq!(order(&mut principal), Some(Order::Do(Errand::Send("a".into()))));
        assert_eq!(order(&mut principal), None);
        let (companion, mut principal) = pair(flow(1).id, Wrap::None, OpenedBy::Us);
        assert_eq!(order(&mut principal), None);
        drop(companion);
        assert_eq!(order(&mut principal), Some(Order::Leave));
    }

    #[test]
    fn what_came_of_an_errand_is_told_at_the_end() {
        let (mut companion, mut principal) = pair(flow(1).id, Wrap::None, OpenedBy::Us);
        principal.tell_opened();
        principal.report(Outcome::Sent);
        assert_eq!(news(&mut companion), Some(News::Opened));
        assert_eq!(news(&mut companion), None);
        drop(principal);
        assert_eq!(news(&mut companion), Some(News::Ended(Outcome::Sent)));
    }
}
