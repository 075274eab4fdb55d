//! One flow's bookkeeping: one opening, every byte both ways, one end.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use model::{
    Basis, Counter, Direction, Ending, Event, Flow, FlowClosed, FlowName, Keep, KeyKind, Layer,
    Limit, NameSource, OrigDst, Payload, Record, Timestamp, Transport, Unstored, Victim,
};
use openssl::error::ErrorStack;
use proto::responses::{Act, Facts, Found, Rule, custom};
use proto::{Cx, Machine, Protocol, Recognised, Responses};
use sha2::{Digest, Sha256};

use crate::artifacts::{Artifacts, Place};
use crate::limits::{Limits, Permit};
use crate::positions::{Position, Positions};
use crate::program::{Call, Running};
use crate::recorder::Recorder;
use crate::surroundings::Surroundings;
use crate::tls::{Subject, Wrapping};

/// An open flow. Whatever happens to it, its end is recorded, even when it is only dropped.
#[derive(Debug)]
pub(crate) struct Session {
    flow: Flow,
    around: Surroundings,
    /// What was to be answered when it opened.
    rules: Arc<Responses>,
    protocol: Option<&'static str>,
    /// The name the victim used last for whom it called.
    name: Option<String>,
    positions: Positions,
    beyond: Option<Box<Beyond>>,
    artifacts: Option<Box<Artifacts>>,
    last_active: Timestamp,
    /// What is innermost, and so what machines speak in.
    innermost: Layer,
    is_closed: bool,
    _permit: Permit,
}

/// What came after the limit on stored bytes was reached.
#[derive(Debug, Default)]
struct Beyond {
    bytes: u64,
    from_victim: Sha256,
}

/// What was seen of a flow.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen<'a> {
    /// The port the peer wants to speak to.
    pub(crate) port: u16,
    /// The first bytes, once there are any.
    pub(crate) first: Option<&'a [u8]>,
    /// What it speaks, once that is known.
    pub(crate) protocol: Option<&'static str>,
}

/// Whether a rule of the analyst's takes care of a flow as a whole.
#[derive(Debug)]
pub(crate) enum Own {
    /// None does.
    None,
    /// More bytes would tell.
    NotYet,
    /// One does, once the victim has spoken: nobody greets it before.
    OnceSpoken,
    /// This one does.
    Rule(Arc<Rule>),
}

/// Who answers as a rule of the analyst's says.
pub(crate) enum Answerer {
    Machine(Box<dyn Machine>),
    Program(Box<Running>),
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
        let mut session = Self {
            last_active: flow.opened,
            flow,
            rules: around.rules.now(),
            around: around.clone(),
            protocol: None,
            name: None,
            positions: Positions::default(),
            beyond: None,
            artifacts: None,
            innermost: Layer::Wire,
            is_closed: false,
            _permit: permit,
        };
        if !session.around.told.is_real() {
            session.note(Event::TimeTold(session.told_now()));
        }
        if let Some(name) = session.rules.dns.name_of(session.flow.orig_dst.ip()) {
            session.note(Event::Named(FlowName { name, source: NameSource::DnsAnswer }));
        }
        session
    }

    /// What victims are told it is now.
    fn told_now(&self) -> Timestamp {
        self.around.told.at(self.recorder().now())
    }

    /// What a machine may know.
    pub(crate) fn cx(&self) -> Cx<'_> {
        Cx {
            now: self.told_now(),
            opened: self.around.told.at(self.flow.opened),
            flow: &self.flow,
            layer: self.innermost,
            persona: &self.around.persona,
            rules: &self.rules,
        }
    }

    /// The rule of the analyst's that takes care of this flow as a whole, as far as that is known.
    pub(crate) fn own(&self, seen: Seen<'_>) -> Own {
        let facts = Facts {
            transport: self.flow.transport,
            victim: self.flow.victim.ip(),
            address: self.flow.orig_dst.ip(),
            port: seen.port,
            name: self.name.as_deref(),
            first: seen.first,
            protocol: seen.protocol,
            request: None,
        };
        match self.rules.own.find(&facts) {
            Found::NotYet(rule) if rule.waits_for_the_victim(&facts) => Own::OnceSpoken,
            Found::NotYet(rule) if rule.waits_for_bytes(&facts) => Own::NotYet,
            Found::Rule(rule) => Own::Rule(Arc::clone(rule)),
            Found::Nothing | Found::NotYet(_) => Own::None,
        }
    }

    /// Lets a rule of the analyst's answer from now on. If its program cannot be started the answer
    /// is silence.
    pub(crate) fn answer_by(&mut self, rule: Arc<Rule>) -> Answerer {
        self.note(Event::ResponseRule { rule: rule.name.clone() });
        let Act::Exec(program) = &rule.answer.act else {
            return Answerer::Machine(custom(rule, self.name.clone()));
        };
        let call = Call { flow: &self.flow, name: self.name.as_deref(), protocol: self.protocol };
        match Running::start(&rule, program, call, &self.around) {
            Ok(program) => Answerer::Program(Box::new(program)),
            Err(event) => {
                self.note(*event);
                Answerer::Machine((proto::silent_peer().start)())
            }
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

    /// From now on machines speak inside one wrapping more.
    pub(crate) fn went_inside(&mut self, layer: Layer) {
        self.innermost = layer;
    }

    /// What is innermost.
    pub(crate) fn layer(&self) -> Layer {
        self.innermost
    }

    /// Records bytes of the victim.
    pub(crate) fn heard(&mut self, layer: Layer, bytes: &[u8]) {
        if layer == Layer::Wire {
            self.recorder().count(Counter::BytesRead, bytes.len() as u64);
        }
        let position = self.position(layer, Direction::FromVictim, bytes.len());
        if self.has_room_for(layer, bytes) {
            self.store(position, Bytes::copy_from_slice(bytes));
        } else if let Some(beyond) = self.beyond.as_mut().filter(|_| layer == Layer::Wire) {
            beyond.from_victim.update(bytes);
        }
    }

    /// Records bytes of ours.
    pub(crate) fn said(&mut self, layer: Layer, bytes: &Bytes) {
        if layer == Layer::Wire {
            self.recorder().count(Counter::BytesSent, bytes.len() as u64);
        }
        let position = self.position(layer, Direction::ToVictim, bytes.len());
        if self.has_room_for(layer, bytes) {
            self.store(position, bytes.clone());
        }
    }

    /// Records an event.
    pub(crate) fn note(&mut self, event: Event) {
        match &event {
            Event::Dns(_) => self.recorder().count(Counter::DnsQuestions, 1),
            Event::Named(name) => self.name = Some(name.name.clone()),
            _ => {}
        }
        self.recorder().note(Some(self.flow.id), self.recorder().now(), event);
    }

    /// Records a step of taking a file.
    pub(crate) fn keep(&mut self, keep: Keep) {
        let place = Place { flow: &self.flow, around: &self.around };
        self.artifacts.get_or_insert_default().keep(keep, place);
    }

    /// Begins TLS, as whoever the victim called last.
    pub(crate) fn wrapping(&self, kind: KeyKind) -> Result<Wrapping, ErrorStack> {
        let address = || Subject::Address(self.flow.orig_dst.ip().to_canonical());
        let subject = self.name.clone().map_or_else(address, Subject::Name);
        self.around.terms.wrap(&subject, kind, self.told_now())
    }

    /// Records what the flow speaks.
    pub(crate) fn recognised(&mut self, protocol: &Protocol, by: Basis) {
        self.named(protocol.name, by);
    }

    /// Records what the flow turned out to speak; gives the row that answers, once there is one.
    /// Whom we can only name is answered with silence.
    pub(crate) fn turned_out(&mut self, recognised: Recognised) -> Option<&'static Protocol> {
        match recognised {
            Recognised::As(protocol, by) => {
                self.recognised(protocol, by);
                Some(protocol)
            }
            Recognised::Named(signature, by) => {
                self.named(signature.name, by);
                Some(proto::silent_peer())
            }
            Recognised::NotYet => None,
            Recognised::Unknown(protocol) => Some(protocol),
        }
    }

    fn named(&mut self, protocol: &'static str, by: Basis) {
        self.protocol = Some(protocol);
        self.note(Event::Recognised { protocol, by });
    }

    /// Records the end.
    pub(crate) fn close(mut self, ending: Ending) {
        self.record_end(ending);
    }

    /// Whether bytes are stored. The limit is on those of the wire; what was inside them goes with
    /// them.
    fn has_room_for(&mut self, layer: Layer, bytes: &[u8]) -> bool {
        let limit = self.around.limits.stored_bytes_per_flow;
        if self.beyond.is_none() && self.positions.of_wire() > limit {
            self.note(Event::LimitReached(Limit::StoredBytesPerFlow));
            self.beyond = Some(Box::default());
        }
        let Some(beyond) = &mut self.beyond else { return true };
        if layer == Layer::Wire {
            beyond.bytes += bytes.len() as u64;
            self.recorder().count(Counter::BytesUnstored, bytes.len() as u64);
        }
        false
    }

    /// Where bytes of now belong.
    fn position(&mut self, layer: Layer, direction: Direction, length: usize) -> Position {
        self.last_active = self.recorder().now();
        self.positions.next(layer, direction, length as u64)
    }

    fn store(&self, position: Position, bytes: Bytes) {
        let Position { direction, layer, offset } = position;
        let (flow, time) = (self.flow.id, self.last_active);
        let payload = Payload { flow, time, direction, layer, offset, bytes };
        self.recorder().record(Record::Payload(payload));
    }

    fn record_end(&mut self, ending: Ending) {
        self.is_closed = true;
        if let Some(artifacts) = self.artifacts.take() {
            artifacts.end(Place { flow: &self.flow, around: &self.around });
        }
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
            bytes_from_victim: self.positions.of(Layer::Wire, Direction::FromVictim),
            bytes_to_victim: self.positions.of(Layer::Wire, Direction::ToVictim),
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
