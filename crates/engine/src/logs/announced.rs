//! Where log lines and flows find each other, whichever comes first.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use model::{Event, Flow, FlowId, NetfilterLog, Timestamp};

use super::book::{Book, DoorPorts};
use super::{LogSettings, REMEMBERED_FLOWS};
use crate::recorder::Recorder;
use crate::session::Whom;

/// How long after its end a flow is remembered: a firewall logs the last packets of a connection
/// too, and syslog takes its time.
const REMEMBER: Duration = Duration::from_secs(60);

/// How many entries of lines that wait no more may be in the queue, beside one per waiting flow.
const SLACK: usize = 1_024;

/// Flows and log lines, shared by the workers and the log listener. Workers have it only if there
/// is a log listener.
#[derive(Debug)]
pub(crate) struct Announced {
    doors: DoorPorts,
    join_within: Duration,
    waiting_lines: usize,
    table: Mutex<Table>,
}

#[derive(Debug, Default)]
struct Table {
    flows: Book<Seen>,
    /// Flows that ended, in that order.
    ended: VecDeque<(Timestamp, Whom)>,
    waiting: Book<Waiting>,
    /// Since when they wait, in that order.
    queue: VecDeque<(Timestamp, Whom)>,
    /// How many lines wait.
    lines: usize,
}

/// A flow, for lines that come after its opening.
#[derive(Debug)]
struct Seen {
    flow: FlowId,
    /// That of the flow's own worker: its opening is in there, and nothing overtakes it.
    recorder: Recorder,
    state: State,
    /// Whether the line about its first packet was among those joined to it.
    is_announced: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Ended(Timestamp),
    Open,
    /// It never was more than lines; a repeated first packet belongs to it.
    OnlyLogged(Timestamp),
}

/// A log line with the time it arrived.
#[derive(Debug)]
pub(super) struct Logged {
    pub(super) time: Timestamp,
    pub(super) packet: Box<NetfilterLog>,
}

/// Lines about a flow that we know nothing of.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) since: Timestamp,
    pub(super) lines: Vec<Logged>,
}

/// Why lines wait no longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// The limit on lines that wait was reached; these have waited longest.
    Crowded,
    /// No flow came in time.
    TimeIsUp,
}

/// A flow that only lines told of, once it is recorded.
pub(super) struct OnlyLogged {
    pub(super) flow: FlowId,
    pub(super) ended: Timestamp,
    pub(super) recorder: Recorder,
}

impl Announced {
    /// `doors` are the ports that a rule of the user's own rewrites destinations to.
    pub(crate) fn new(settings: &LogSettings, doors: Vec<u16>) -> Self {
        Self {
            doors: DoorPorts(doors),
            join_within: settings.join_within,
            waiting_lines: settings.waiting_lines,
            table: Mutex::default(),
        }
    }

    /// A flow has opened: the lines that wait for it are joined to it.
    pub(crate) fn opened(&self, flow: &Flow, recorder: &Recorder) {
        let mut table = self.lock();
        let whom = Whom::of(flow);
        let lines = table.take_waiting(whom, &self.doors);
        let is_announced = lines.iter().any(|line| line.packet.is_opening());
        for line in lines {
            recorder.note(Some(flow.id), line.time, Event::NetfilterLog(line.packet));
        }
        let (flow, recorder) = (flow.id, recorder.clone());
        table.flows.add(whom, Seen { flow, recorder, state: State::Open, is_announced });
    }

    /// A flow has ended.
    pub(crate) fn ended(&self, flow: &Flow, now: Timestamp) {
        let mut table = self.lock();
        let whom = Whom::of(flow);
        // Another flow between the same ends may have opened meanwhile.
        if let Some(seen) = table.flows.find(&whom).filter(|seen| seen.flow == flow.id) {
            seen.state = State::Ended(now);
            table.remember(whom, now);
        }
    }

    /// A packet of a victim was logged: the line is joined to its flow, or waits for it. Says
    /// whether too many wait now.
    pub(super) fn line(&self, whom: Whom, line: Logged) -> bool {
        let mut table = self.lock();
        if let Some(line) = table.join(whom, line, &self.doors) {
            table.wait(whom, line, &self.doors);
        }
        table.lines > self.waiting_lines
    }

    /// A packet of the gateway was logged: the line is joined to its flow, or given back.
    pub(super) fn answer(&self, whom: Whom, line: Logged) -> Option<Logged> {
        self.lock().join(whom, line, &self.doors)
    }

    /// Has lines recorded that wait no longer at `now`, each as a flow of its own. No flow opens
    /// meanwhile.
    pub(super) fn settle(
        &self,
        now: Timestamp,
        mut record: impl FnMut(Whom, Waiting, Why) -> OnlyLogged,
    ) {
        let mut table = self.lock();
        table.forget(now);
        while let Some((whom, waiting, why)) =
            table.next_due(now.minus(self.join_within), self.waiting_lines)
        {
            let OnlyLogged { flow, ended, recorder } = record(whom, waiting, why);
            let state = State::OnlyLogged(ended);
            table.flows.add(whom, Seen { flow, recorder, state, is_announced: true });
            table.remember(whom, ended);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Table {
    /// Records a line as an event of its flow; gives it back if there is none.
    fn join(&mut self, whom: Whom, line: Logged, doors: &DoorPorts) -> Option<Logged> {
        let is_opening = line.packet.is_opening();
        let found = self.flows.ends(whom, doors).and_then(|ends| self.flows.find(&ends));
        let Some(seen) = found.filter(|seen| !(is_opening && seen.is_over())) else {
            return Some(line);
        };
        seen.is_announced |= is_opening;
        seen.recorder.note(Some(seen.flow), line.time, Event::NetfilterLog(line.packet));
        None
    }

    fn wait(&mut self, whom: Whom, line: Logged, doors: &DoorPorts) {
        self.lines += 1;
        let ends = self.waiting.ends(whom, doors).unwrap_or(whom);
        if let Some(waiting) = self.waiting.find(&ends) {
            waiting.lines.push(line);
            return;
        }
        let since = line.time;
        self.queue.push_back((since, whom));
        self.waiting.add(whom, Waiting { since, lines: vec![line] });
    }

    fn take_waiting(&mut self, whom: Whom, doors: &DoorPorts) -> Vec<Logged> {
        let ends = self.waiting.ends(whom, doors);
        let Some(waiting) = ends.and_then(|ends| self.waiting.remove(&ends)) else {
            return Vec::new();
        };
        self.lines -= waiting.lines.len();
        if self.queue.len() > 2 * self.waiting.len() + SLACK {
            let waiting = &mut self.waiting;
            self.queue.retain(|(since, whom)| {
                waiting.find(whom).is_some_and(|waiting| waiting.since == *since)
            });
        }
        waiting.lines
    }

    /// Lines that have waited since `latest` or longer; the oldest, if more than `most` wait.
    fn next_due(&mut self, latest: Timestamp, most: usize) -> Option<(Whom, Waiting, Why)> {
        while let Some(&(since, whom)) = self.queue.front() {
            let waits = self.waiting.find(&whom).is_some_and(|waiting| waiting.since == since);
            let why = if since <= latest { Why::TimeIsUp } else { Why::Crowded };
            if waits && why == Why::Crowded && self.lines <= most {
                return None;
            }
            self.queue.pop_front();
            if let Some(waiting) = waits.then(|| self.waiting.remove(&whom)).flatten() {
                self.lines -= waiting.lines.len();
                return Some((whom, waiting, why));
            }
        }
        None
    }

    fn remember(&mut self, whom: Whom, ended: Timestamp) {
        self.ended.push_back((ended, whom));
        if self.ended.len() > REMEMBERED_FLOWS {
            self.forget_first();
        }
    }

    fn forget(&mut self, now: Timestamp) {
        while self.ended.front().is_some_and(|(ended, _)| ended.plus(REMEMBER) <= now) {
            self.forget_first();
        }
    }

    fn forget_first(&mut self) {
        let Some((ended, whom)) = self.ended.pop_front() else { return };
        // Else another flow between the same ends has opened since.
        if self.flows.find(&whom).is_some_and(|seen| seen.ended() == Some(ended)) {
            self.flows.remove(&whom);
        }
    }
}

impl Seen {
    /// Whether a first packet that was logged now is that of another flow.
    fn is_over(&self) -> bool {
        matches!(self.state, State::Ended(_)) && self.is_announced
    }

    fn ended(&self) -> Option<Timestamp> {
        match self.state {
            State::Ended(ended) | State::OnlyLogged(ended) => Some(ended),
            State::Open => None,
        }
    }
}
