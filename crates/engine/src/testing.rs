//! A worker's surroundings without a network: a simulated clock, and records to look at.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Waker};
use std::time::Duration;

use kernel::confined::{Confinement, Network};
use model::{
    CertificateAuthority, Direction, Event, FlowClosed, OrigDst, Persona, Record, RunId, Timestamp,
    Transport, Victim,
};
use proto::Responses;
use proto::responses::{Act, Afterwards, Answer, Criterion, Moment, Program, Rule, Table};
use tokio::io::DuplexStream;
use tokio::sync::Semaphore;

use crate::answering::Answering;
use crate::clock::Clock;
use crate::counters::Counters;
use crate::drive::Connection;
use crate::gateway::TlsSettings;
use crate::limits::{Limits, OpenFlows, ProgramLimits};
use crate::logs::Announced;
use crate::recorder::{Pace, Queue, Recorder, Shared as SharedByRecorders};
use crate::session::Whom;
use crate::stop::StopSwitch;
use crate::surroundings::{Shared, Surroundings};
use crate::tls::{Authority, ClientCertificates, Terms};
use crate::told::{ToldStart, ToldTime};

/// Room for some records: enough for every test that is not about a full queue.
pub(crate) const QUEUE_BYTES: usize = 1 << 20;

pub(crate) const LIMITS: Limits = Limits {
    open_flows: 8,
    open_flows_per_victim: 4,
    stored_bytes_per_flow: 1_000,
    artifact_bytes: 10_000,
    artifacts_per_flow: 3,
    undecided: Duration::from_secs(2),
    greeting: Duration::from_millis(200),
    guessed_greeting: Duration::from_millis(700),
    idle_tcp: Duration::from_secs(60),
    idle_udp: Duration::from_secs(10),
    life_time: Duration::from_secs(600),
    programs: ProgramLimits {
        at_once: 2,
        time: Duration::from_secs(60),
        waiting_datagrams: 4,
        confinement: Confinement { memory: 1 << 30, network: Network::Ours },
    },
};

/// A worker's surroundings, and what was recorded in them.
pub(crate) struct Stage {
    pub(crate) around: Surroundings,
    queue: Arc<Queue>,
    counters: Arc<Counters>,
    pub(crate) stop: StopSwitch,
}

impl Stage {
    pub(crate) fn new() -> Self {
        Self::with(LIMITS, QUEUE_BYTES)
    }

    pub(crate) fn with(limits: Limits, queue_bytes: usize) -> Self {
        Self::of(limits, queue_bytes, None)
    }

    /// One where log lines are heard.
    pub(crate) fn hearing(announced: Arc<Announced>) -> Self {
        Self::of(LIMITS, QUEUE_BYTES, Some(announced))
    }

    fn of(limits: Limits, queue_bytes: usize, announced: Option<Arc<Announced>>) -> Self {
        let pace = Arc::new(Pace::new(queue_bytes, 1));
        let queue = Arc::new(Queue::new(queue_bytes, pace));
        let stop = StopSwitch::new();
        let clock = Clock::simulated(Timestamp::parse("2026-11-24T09:30:00Z").unwrap());
        let run = RunId::from_bytes([1; 16]);
        let shared = SharedByRecorders::default();
        let counters = Arc::clone(&shared.counters);
        let around = Surroundings::new(Shared {
            recorder: Recorder::new(run, clock, shared, Arc::clone(&queue)),
            persona: persona(),
            rules: Answering::new(Responses::default()),
            limits,
            open_flows: OpenFlows::new(limits),
            programs: Arc::new(Semaphore::new(limits.programs.at_once)),
            announced,
            terms: terms(),
            told: ToldTime::new(ToldStart::Real, 1, clock.now()),
            stop: stop.listener(),
        });
        Self { around, queue, counters, stop }
    }

    pub(crate) fn counters(&self) -> &Counters {
        &self.counters
    }

    /// All that was recorded since the last look.
    pub(crate) fn records(&self) -> Vec<Record> {
        self.queue.take().0
    }

    /// Whether whoever wants to read has to wait.
    pub(crate) fn is_full(&self) -> bool {
        let mut cx = Context::from_waker(Waker::noop());
        self.queue.poll_room_for_streams(&mut cx).is_pending()
    }
}

/// In memory there is nothing to reset: the peer sees the end.
impl Connection for DuplexStream {
    fn reset(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// One rule, called `own`, that closes the connection when it has answered.
pub(crate) fn rule(criterion: Criterion, act: Act, moment: Moment) -> Table {
    let (delay, throttle, afterwards) = (Duration::ZERO, None, Afterwards::Close);
    let answer = Answer { act, moment, delay, throttle, afterwards };
    Table::new(vec![Rule { name: "own".to_owned(), criteria: vec![criterion], answer }])
}

/// A shell that runs this, as an answer.
pub(crate) fn shell(line: &str) -> Act {
    let arguments = ["-c", line].map(str::to_owned).to_vec();
    Act::Exec(Program { path: "sh".into(), arguments, folder: "/".into() })
}

pub(crate) fn tcp_to(port: u16) -> Whom {
    Whom { transport: Transport::Tcp, victim: victim(40_000), orig_dst: server(port) }
}

pub(crate) fn victim(port: u16) -> Victim {
    Victim::new(([10, 0, 0, 7], port).into())
}

pub(crate) fn server(port: u16) -> OrigDst {
    OrigDst::new(([93, 184, 216, 34], port).into())
}

/// The bytes of one direction, put together by their offsets.
pub(crate) fn bytes(records: &[Record], direction: Direction) -> Vec<u8> {
    let mut all = Vec::new();
    for record in records {
        if let Record::Payload(payload) = record
            && payload.direction == direction
        {
            assert_eq!(payload.offset, all.len() as u64, "a gap or an overlap");
            all.extend_from_slice(&payload.bytes);
        }
    }
    all
}

/// The events, in order.
pub(crate) fn events(records: &[Record]) -> Vec<&Event> {
    let mut events = Vec::new();
    for record in records {
        if let Record::Event(event) = record {
            events.push(&event.event);
        }
    }
    events
}

/// The one end that was recorded; exactly one opening has to be before it.
pub(crate) fn end(records: &[Record]) -> &FlowClosed {
    let opened = records.iter().filter(|record| matches!(record, Record::FlowOpened(_))).count();
    assert_eq!(opened, 1, "{records:?}");
    let mut ends = records.iter().filter_map(|record| match record {
        Record::FlowClosed(closed) => Some(closed),
        _ => None,
    });
    let end = ends.next().expect("an end");
    assert!(ends.next().is_none(), "more than one end");
    assert!(matches!(records.last(), Some(Record::FlowClosed(_))), "the end comes last");
    end
}

fn persona() -> Persona {
    Persona {
        seed: [7; 16],
        host: "srv".to_owned(),
        http_server: "nginx".to_owned(),
        dns_version: "9.18".to_owned(),
        mail_server: "Postfix".to_owned(),
        public_address: [203, 0, 113, 77].into(),
        authority: CertificateAuthority::default(),
    }
}

/// Terms of an authority that is made once for all tests: its keys take a while.
fn terms() -> Arc<Terms> {
    static TERMS: OnceLock<Arc<Terms>> = OnceLock::new();
    let make = || {
        let client_certificates = ClientCertificates::AskedFor;
        let set = TlsSettings { authority: authority(), client_certificates, leaves: 16 };
        Arc::new(Terms::new(set, Arc::default()).unwrap())
    };
    Arc::clone(TERMS.get_or_init(make))
}

/// The authority of all tests, which nobody trusts: to make one takes a while.
pub(crate) fn authority() -> Authority {
    let names =
        CertificateAuthority { name: "Oakline Trust".into(), host: "pki.oakline.test".into() };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/authority");
    Authority::from_files(names, |file| fs::read(folder.join(file))).unwrap()
}
