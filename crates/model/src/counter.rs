//! Numbers that show whether everything accepted was recorded.

/// One counter. The list is closed; `show counters` prints all of it, zeros too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Counter {
    /// Flows accepted from the kernel.
    FlowsAccepted,
    /// Flows whose opening was handed to the recorder.
    FlowsOpened,
    /// Flows whose end was handed to the recorder.
    FlowsClosed,
    /// Flows refused because a limit was reached (opened and closed all the same).
    FlowsRefused,
    /// Bytes read from victims.
    BytesRead,
    /// Bytes sent to victims.
    BytesSent,
    /// Bytes a limit on stored bytes kept out of the database.
    BytesUnstored,
    /// Files taken from flows.
    ArtifactsKept,
    /// Bytes of files handed to the recorder.
    ArtifactBytes,
    /// Bytes of files that a limit kept out of the database.
    ArtifactBytesUnstored,
    /// DNS questions answered or ignored.
    DnsQuestions,
    /// Records handed to the recorder.
    RecordsQueued,
    /// Records committed.
    RecordsCommitted,
    /// Records lost because they could not be written.
    RecordsLost,
    /// Payload bytes lost because the disk or the database was full.
    PayloadBytesLost,
    /// Datagrams that the kernel dropped before we read them.
    DatagramsLostInKernel,
    /// Packets the tap lost before we read them.
    PacketsLostInTap,
    /// Neighbour discovery packets: counted, not stored.
    NeighbourDiscovery,
    /// Times a flow had to wait because the recorder's queue was full.
    WaitsForRecorder,
    /// Replies that could not be sent.
    RepliesUnsent,
    /// Flows that only log lines told of (opened and closed all the same).
    FlowsOnlyLogged,
    /// Log lines that a firewall wrote with our prefix.
    LogLines,
    /// Those of them whose end is missing.
    LogLinesTruncated,
    /// Those of them that cannot be read.
    LogLinesGarbled,
    /// Those of them about connections to the log listener itself: counted, not stored.
    LogLinesOwn,
    /// Lines without our prefix: counted, not stored.
    LogLinesForeign,
    /// Flows removed because they need not be kept any longer, or are elsewhere.
    FlowsRemoved,
    /// Flows removed too early, for want of room.
    FlowsRemovedEarly,
}

impl Counter {
    /// Every counter, in the order shown.
    pub const ALL: [Self; 28] = [
        Self::FlowsAccepted,
        Self::FlowsOpened,
        Self::FlowsClosed,
        Self::FlowsRefused,
        Self::BytesRead,
        Self::BytesSent,
        Self::BytesUnstored,
        Self::ArtifactsKept,
        Self::ArtifactBytes,
        Self::ArtifactBytesUnstored,
        Self::DnsQuestions,
        Self::RecordsQueued,
        Self::RecordsCommitted,
        Self::RecordsLost,
        Self::PayloadBytesLost,
        Self::DatagramsLostInKernel,
        Self::PacketsLostInTap,
        Self::NeighbourDiscovery,
        Self::WaitsForRecorder,
        Self::RepliesUnsent,
        Self::FlowsOnlyLogged,
        Self::LogLines,
        Self::LogLinesTruncated,
        Self::LogLinesGarbled,
        Self::LogLinesOwn,
        Self::LogLinesForeign,
        Self::FlowsRemoved,
        Self::FlowsRemovedEarly,
    ];

    /// The word that is stored and shown.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::FlowsAccepted => "flows_accepted",
            Self::FlowsOpened => "flows_opened",
            Self::FlowsClosed => "flows_closed",
            Self::FlowsRefused => "flows_refused",
            Self::BytesRead => "bytes_read",
            Self::BytesSent => "bytes_sent",
            Self::BytesUnstored => "bytes_unstored",
            Self::ArtifactsKept => "artifacts_kept",
            Self::ArtifactBytes => "artifact_bytes",
            Self::ArtifactBytesUnstored => "artifact_bytes_unstored",
            Self::DnsQuestions => "dns_questions",
            Self::RecordsQueued => "records_queued",
            Self::RecordsCommitted => "records_committed",
            Self::RecordsLost => "records_lost",
            Self::PayloadBytesLost => "payload_bytes_lost",
            Self::DatagramsLostInKernel => "datagrams_lost_in_kernel",
            Self::PacketsLostInTap => "packets_lost_in_tap",
            Self::NeighbourDiscovery => "neighbour_discovery",
            Self::WaitsForRecorder => "waits_for_recorder",
            Self::RepliesUnsent => "replies_unsent",
            Self::FlowsOnlyLogged => "flows_only_logged",
            Self::LogLines => "log_lines",
            Self::LogLinesTruncated => "log_lines_truncated",
            Self::LogLinesGarbled => "log_lines_garbled",
            Self::LogLinesOwn => "log_lines_own",
            Self::LogLinesForeign => "log_lines_foreign",
            Self::FlowsRemoved => "flows_removed",
            Self::FlowsRemovedEarly => "flows_removed_early",
        }
    }

    /// What it counts, in one line.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::FlowsAccepted => "flows accepted from the kernel",
            Self::FlowsOpened => "flows whose opening was recorded",
            Self::FlowsClosed => "flows whose end was recorded",
            Self::FlowsRefused => "flows refused because a limit was reached",
            Self::BytesRead => "bytes read from victims",
            Self::BytesSent => "bytes sent to victims",
            Self::BytesUnstored => {
                "bytes beyond the limit per flow: counted and hashed, not stored"
            }
            Self::ArtifactsKept => "files taken from flows",
            Self::ArtifactBytes => "bytes of files that were recorded",
            Self::ArtifactBytesUnstored => "bytes of files beyond a limit: counted, not stored",
            Self::DnsQuestions => "DNS questions asked",
            Self::RecordsQueued => "records handed to the recorder",
            Self::RecordsCommitted => "records committed to the database",
            Self::RecordsLost => "records lost: they could not be written",
            Self::PayloadBytesLost => "payload bytes lost: the disk or the database was full",
            Self::DatagramsLostInKernel => "datagrams the kernel dropped before we read them",
            Self::PacketsLostInTap => "packets the tap lost before we read them",
            Self::NeighbourDiscovery => "neighbour discovery packets, counted and not stored",
            Self::WaitsForRecorder => "times a flow waited for room in the recorder's queue",
            Self::RepliesUnsent => "replies that could not be sent",
            Self::FlowsOnlyLogged => "flows that only log lines told of",
            Self::LogLines => "log lines of a firewall that have our prefix",
            Self::LogLinesTruncated => "log lines whose end is missing, kept as they are",
            Self::LogLinesGarbled => "log lines that cannot be read, kept as they are",
            Self::LogLinesOwn => "log lines about the log listener's own connections, not stored",
            Self::LogLinesForeign => {
                "lines sent to the log listener without our prefix, not stored"
            }
            Self::FlowsRemoved => "flows removed that need not be kept any longer",
            Self::FlowsRemovedEarly => {
                "flows lost: removed for want of room before they were old or elsewhere"
            }
        }
    }

    /// Whether anything but zero means that evidence is missing.
    #[must_use]
    pub const fn is_loss(self) -> bool {
        matches!(
            self,
            Self::RecordsLost
                | Self::PayloadBytesLost
                | Self::DatagramsLostInKernel
                | Self::PacketsLostInTap
                | Self::FlowsRemovedEarly
        )
    }
}

/// What a counter stood at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CounterReading {
    /// Which.
    pub counter: Counter,
    /// Its value since the run started.
    pub value: u64,
}
