//! One flow's bookkeeping: one opening, every byte both ways, one end.

use std::time::Duration;

use bytes::Bytes;
use model::{
    Basis, Counter, Direction, Ending, Event, Flow, FlowClosed, FlowName, Keep, Layer, Limit,
    NameSource, OrigDst, Payload, Record, Timestamp, Transport, Unstored, Victim,
};
use proto::{Cx, Protocol};
use sha2::{Digest, Sha256};

use crate::limits::{Limits, Permit};
use crate::recorder::Recorder;
use crate::surroundings::Surroundings;

/// An open flow. Whatever happens to it, its end is recorded, even when it is only dropped.
#[derive(Debug)]
pub(crate) struct Session {
    flow: Flow,
    around: Surroundings,
    protocol: Option<&'static str>,
    from_victim: u64,
    to_victim: u64,
    beyond: Option<Box<Beyond>>,
    last_active: Timestamp,
    is_closed: bool,
    _permit: Permit,
}

/// What came after the limit on stored bytes was reached.
#[derive(Debug, Default)]
struct Beyond {
    bytes: u64,
    from_victim: Sha256,
}

/// Between whom a flow is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Whom {
    pub(crate) transport: Transport,
    pub(crate) victim: Victim,
    pub(crate) orig_dst: OrigDst,
}

impl Whom {
    /// The ends of a flow.
    pub(crate) fn of(flow: &Flow) -> Self {
        Self { transport: flow.transport, victim: flow.victim, orig_dst: flow.orig_dst }
    }
}

impl Session {
    /// Opens a flow and records it, or records that it was refused.
    pub(crate) fn open(around: &Surroundings, whom: Whom) -> Option<Self> {
        match Self::try_open(around, whom) {
            Ok(session) => Some(session),
            Err(limit) => {
                around.recorder.count(Counter::FlowsAccepted, 1);
                refuse(around, &open_flow(around, whom), limit);
                None
            }
        }
    }

    /// Opens a flow and records it; or the limit that forbids it, with nothing recorded.
    pub(crate) fn try_open(around: &Surroundings, whom: Whom) -> Result<Self, Limit> {
        let permit = around.open_flows.permit(whom.victim)?;
        around.recorder.count(Counter::FlowsAccepted, 1);
        Ok(Self::begin(around, open_flow(around, whom), permit))
    }

    fn begin(around: &Surroundings, flow: Flow, permit: Permit) -> Self {
        let session = Self {
            last_active: flow.opened,
            flow,
            around: around.clone(),
            protocol: None,
            from_victim: 0,
            to_victim: 0,
            beyond: None,
            is_closed: false,
            _permit: permit,
        };
        if let Some(name) = around.rules.dns.name_of(session.flow.orig_dst.ip()) {
            session.note(Event::Named(FlowName { name, source: NameSource::DnsAnswer }));
        }
        session
    }

    /// What a machine may know.
    pub(crate) fn cx(&self) -> Cx<'_> {
        Cx {
            now: self.recorder().now(),
            flow: &self.flow,
            persona: &self.around.persona,
            rules: &self.around.rules,
        }
    }

    pub(crate) fn recorder(&self) -> &Recorder {
        &self.around.recorder
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.around.limits
    }

    pub(crate) fn flow(&self) -> &Flow {
        &self.flow
    }

    /// Returns when we are stopping.
    pub(crate) fn stop(&self) -> impl Future<Output = ()> + use<> {
        self.around.stop.clone().wait()
    }

    /// When a limit on time will end it, if it may be silent for `idle`.
    pub(crate) fn ends_at(&self, idle: Duration) -> Timestamp {
        let life = self.flow.opened.plus(self.limits().life_time);
        self.last_active.plus(idle).min(life)
    }

    /// The limit on time that has run out, if one has.
    pub(crate) fn overdue(&self, idle: Duration, now: Timestamp) -> Option<Ending> {
        if self.flow.opened.plus(self.limits().life_time) <= now {
            return Some(Ending::LifeTime);
        }
        (self.last_active.plus(idle) <= now).then_some(Ending::Idle)
    }

    /// Records bytes of the victim.
    pub(crate) fn heard(&mut self, bytes: &[u8]) {
        self.recorder().count(Counter::BytesRead, bytes.len() as u64);
        self.last_active = self.recorder().now();
        let offset = self.from_victim;
        self.from_victim += bytes.len() as u64;
        if self.has_room_for(bytes) {
            self.store(Direction::FromVictim, offset, Bytes::copy_from_slice(bytes));
        } else if let Some(beyond) = &mut self.beyond {
            beyond.from_victim.update(bytes);
        }
    }

    /// Records bytes of ours.
    pub(crate) fn said(&mut self, bytes: &Bytes) {
        self.recorder().count(Counter::BytesSent, bytes.len() as u64);
        self.last_active = self.recorder().now();
        let offset = self.to_victim;
        self.to_victim += bytes.len() as u64;
        if self.has_room_for(bytes) {
            self.store(Direction::ToVictim, offset, bytes.clone());
        }
    }

    /// Records an event.
    pub(crate) fn note(&self, event: Event) {
        if matches!(event, Event::Dns(_)) {
            self.recorder().count(Counter::DnsQuestions, 1);
        }
        self.recorder().note(Some(self.flow.id), self.recorder().now(), event);
    }

    /// Takes in a step of keeping a file. There is no place for files yet.
    #[expect(clippy::unused_self, reason = "the recorder takes files from the next change on")]
    pub(crate) fn keep(&mut self, _: Keep) {}

    /// Records what the flow speaks.
    pub(crate) fn recognised(&mut self, protocol: &Protocol, by: Basis) {
        self.protocol = Some(protocol.name);
        self.note(Event::Recognised { protocol: protocol.name, by });
    }

    /// Records the end.
    pub(crate) fn close(mut self, ending: Ending) {
        self.record_end(ending);
    }

    fn has_room_for(&mut self, bytes: &[u8]) -> bool {
        let limit = self.around.limits.stored_bytes_per_flow;
        if self.beyond.is_none() && self.from_victim + self.to_victim > limit {
            self.note(Event::LimitReached(Limit::StoredBytesPerFlow));
            self.beyond = Some(Box::default());
        }
        let Some(beyond) = &mut self.beyond else { return true };
        beyond.bytes += bytes.len() as u64;
        self.recorder().count(Counter::BytesUnstored, bytes.len() as u64);
        false
    }

    fn store(&self, direction: Direction, offset: u64, bytes: Bytes) {
        let (flow, time, layer) = (self.flow.id, self.last_active, Layer::Wire);
        let payload = Payload { flow, time, direction, layer, offset, bytes };
        self.recorder().record(Record::Payload(payload));
    }

    fn record_end(&mut self, ending: Ending) {
        self.is_closed = true;
        tell_of_end(&self.around, &self.flow);
        let unstored = self.beyond.take().map(|beyond| Unstored {
            limit: Limit::StoredBytesPerFlow,
            bytes: beyond.bytes,
            sha256_from_victim: beyond.from_victim.finalize().into(),
        });
        self.recorder().count(Counter::FlowsClosed, 1);
        self.recorder().record(Record::FlowClosed(FlowClosed {
            flow: self.flow.id,
            closed: self.recorder().now(),
            protocol: self.protocol,
            ending,
            bytes_from_victim: self.from_victim,
            bytes_to_victim: self.to_victim,
            unstored,
        }));
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if !self.is_closed {
            self.record_end(Ending::Stopped);
        }
    }
}

fn open_flow(around: &Surroundings, whom: Whom) -> Flow {
    let recorder = &around.recorder;
    let opened = recorder.now();
    let Whom { transport, victim, orig_dst } = whom;
    let id = recorder.flow_id(opened);
    let flow = Flow { id, run: recorder.run(), opened, transport, victim, orig_dst };
    recorder.count(Counter::FlowsOpened, 1);
    recorder.record(Record::FlowOpened(flow.clone()));
    if let Some(announced) = &around.announced {
        announced.opened(&flow, recorder);
    }
    flow
}

fn tell_of_end(around: &Surroundings, flow: &Flow) {
    if let Some(announced) = &around.announced {
        announced.ended(flow, around.recorder.now());
    }
}

fn refuse(around: &Surroundings, flow: &Flow, limit: Limit) {
    let recorder = &around.recorder;
    tell_of_end(around, flow);
    recorder.count(Counter::FlowsRefused, 1);
    recorder.count(Counter::FlowsClosed, 1);
    recorder.note(Some(flow.id), flow.opened, Event::LimitReached(limit));
    recorder.record(Record::FlowClosed(FlowClosed {
        flow: flow.id,
        closed: flow.opened,
        protocol: None,
        ending: Ending::Refused,
        bytes_from_victim: 0,
        bytes_to_victim: 0,
        unstored: None,
    }));
}
