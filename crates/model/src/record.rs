//! What the recorder is handed, one enum for all of it.

use crate::{
    Artifact, ArtifactPart, CounterReading, Event, Flow, FlowClosed, FlowId, Followed, Payload,
    Run, RunClosed, RunId, Timestamp,
};

/// One thing to write down. Records of one flow are handed over in the order they happened:
/// its opening first, its end last. Only what a firewall logged may come after the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// A file was taken from a flow; its parts were handed over before.
    Artifact(Box<Artifact>),
    /// Bytes of a file that is being taken.
    ArtifactPart(ArtifactPart),
    /// Counters of a run, as they stand now; the latest reading replaces earlier ones.
    Counters {
        /// The run they belong to.
        run: RunId,
        /// When they were read.
        time: Timestamp,
        /// The readings.
        readings: Vec<CounterReading>,
    },
    /// Something understood.
    Event(EventRecord),
    /// A flow ended.
    FlowClosed(FlowClosed),
    /// A flow opened.
    FlowOpened(Flow),
    /// How far another database has come. Not evidence: it is not counted as a record.
    Followed(Followed),
    /// Bytes.
    Payload(Payload),
    /// A run ended.
    RunClosed(RunClosed),
    /// A run started.
    RunOpened(Run),
}

impl Record {
    /// When the thing happened.
    #[must_use]
    pub fn time(&self) -> Timestamp {
        match self {
            Self::Artifact(artifact) => artifact.closed,
            Self::ArtifactPart(part) => part.time,
            Self::Counters { time, .. } => *time,
            Self::Event(event) => event.time,
            Self::FlowClosed(closed) => closed.closed,
            Self::FlowOpened(flow) => flow.opened,
            Self::Followed(followed) => {
                let failed = followed.failed.as_ref().map(|failed| failed.time);
                followed.succeeded.max(failed).unwrap_or_default()
            }
            Self::Payload(payload) => payload.time,
            Self::RunClosed(closed) => closed.stopped,
            Self::RunOpened(run) => run.started,
        }
    }
}

/// An event with its place and time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRecord {
    /// The run it belongs to.
    pub run: RunId,
    /// The flow it was read from; `None` if it is about the gateway as a whole.
    pub flow: Option<FlowId>,
    /// When.
    pub time: Timestamp,
    /// What.
    pub event: Event,
}
