//! Where records are handed in: one bounded queue per worker, one writer for all.
//!
//! ```text
//!  worker ── record() ──▶ Queue ──┐
//!  worker ── record() ──▶ Queue ──┼──▶ writer thread ──▶ one transaction per batch
//!  tap    ── record() ──▶ Queue ──┘
//! ```
//!
//! Handing in never fails and never waits. What waits is *reading*: whoever wants bytes from a
//! victim asks [`Recorder::poll_room_for_streams`] first, so a slow disk slows the victim and loses
//! nothing.

mod pace;
mod queue;
mod writer;

use std::sync::Arc;
use std::task::{Context, Poll};

use model::{ArtifactId, Counter, Event, EventRecord, FlowId, Followed, Record, RunId, Timestamp};

use crate::clock::Clock;
use crate::counters::Counters;
use crate::ids::IdSource;
pub(crate) use pace::Pace;
pub(crate) use queue::Queue;
pub(crate) use writer::{OfRun, Rhythm, Writing};

/// A worker's way to the recorder. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Recorder {
    run: RunId,
    clock: Clock,
    ids: Arc<IdSource>,
    counters: Arc<Counters>,
    queue: Arc<Queue>,
    /// Queues of others that have to have room, too.
    minded: Option<Arc<[Arc<Queue>]>>,
}

impl Recorder {
    pub(crate) fn new(run: RunId, clock: Clock, shared: Shared, queue: Arc<Queue>) -> Self {
        Self { run, clock, ids: shared.ids, counters: shared.counters, queue, minded: None }
    }

    /// The same, for somebody who also adds to these queues.
    pub(crate) fn minding(self, queues: &[Arc<Queue>]) -> Self {
        Self { minded: Some(queues.into()), ..self }
    }

    /// The time now.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The run all of this belongs to.
    pub(crate) fn run(&self) -> RunId {
        self.run
    }

    /// An id for a flow that opens at `time`.
    pub(crate) fn flow_id(&self, time: Timestamp) -> FlowId {
        FlowId::from_uuid(self.ids.next(time))
    }

    /// An id for a file that begins at `time`.
    pub(crate) fn artifact_id(&self, time: Timestamp) -> ArtifactId {
        ArtifactId::from_uuid(self.ids.next(time))
    }

    /// Counts.
    pub(crate) fn count(&self, counter: Counter, amount: u64) {
        self.counters.add(counter, amount);
    }

    /// Hands one record in.
    pub(crate) fn record(&self, record: Record) {
        self.counters.add(Counter::RecordsQueued, 1);
        self.queue.put(record);
    }

    /// Hands in an event, of a flow or of the gateway as a whole.
    pub(crate) fn note(&self, flow: Option<FlowId>, time: Timestamp, event: Event) {
        self.record(Record::Event(EventRecord { run: self.run, flow, time, event }));
    }

    /// Hands in how far a follower has come; no evidence, so it is not counted.
    pub(crate) fn followed(&self, followed: Followed) {
        self.queue.put(Record::Followed(followed));
    }

    /// Ready when more may be read from streams.
    pub(crate) fn poll_room_for_streams(&self, cx: &mut Context<'_>) -> Poll<()> {
        self.poll_room(|queue| queue.poll_room_for_streams(cx))
    }

    /// Ready when more packets may be taken.
    pub(crate) fn poll_room_for_packets(&self, cx: &mut Context<'_>) -> Poll<()> {
        self.poll_room(|queue| queue.poll_room_for_packets(cx))
    }

    fn poll_room(&self, mut poll: impl FnMut(&Queue) -> Poll<()>) -> Poll<()> {
        let minded = self.minded.iter().flat_map(|queues| &**queues);
        let full = [&self.queue].into_iter().chain(minded).find(|queue| poll(queue).is_pending());
        let room = if full.is_some() { Poll::Pending } else { Poll::Ready(()) };
        if room.is_pending() {
            self.count(Counter::WaitsForRecorder, 1);
        }
        room
    }
}

/// What all recorders of a process share.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shared {
    pub(crate) ids: Arc<IdSource>,
    pub(crate) counters: Arc<Counters>,
}
