//! A flow: one TCP connection, one UDP conversation, or one exchange of another IP protocol.

use std::fmt;

use crate::{FlowId, OrigDst, RunId, Timestamp, Transport, Victim};

/// What is known of a flow when it opens, and never changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    /// Its name.
    pub id: FlowId,
    /// The run it belongs to.
    pub run: RunId,
    /// When it was accepted, or its first packet seen.
    pub opened: Timestamp,
    /// What carries it.
    pub transport: Transport,
    /// Who called.
    pub victim: Victim,
    /// Whom they meant.
    pub orig_dst: OrigDst,
}

/// What is known of a flow once it is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowClosed {
    /// The flow.
    pub flow: FlowId,
    /// When its last sign of life was dealt with.
    pub closed: Timestamp,
    /// What it was recognised as (a registry name such as `http`), if anything.
    pub protocol: Option<&'static str>,
    /// How it ended.
    pub ending: Ending,
    /// Bytes of the wire layer that the victim sent, stored or not.
    pub bytes_from_victim: u64,
    /// Bytes of the wire layer that we sent, stored or not.
    pub bytes_to_victim: u64,
    /// What the limit on stored bytes kept out, if it was reached.
    pub unstored: Option<Unstored>,
}

/// Bytes of a flow that were counted and hashed but not stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unstored {
    /// The limit that was reached.
    pub limit: Limit,
    /// How many bytes, both directions together.
    pub bytes: u64,
    /// SHA-256 over what the victim sent after the limit was reached.
    pub sha256_from_victim: [u8; 32],
}

/// How a flow ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Both sides said they were done.
    Finished,
    /// Nothing came for as long as the idle limit allows.
    Idle,
    /// It reached the limit on a flow's life time.
    LifeTime,
    /// It was ended early, so that a newer one had room: a limit on open flows was reached.
    MadeRoom,
    /// Log lines told of it, and nothing of it ever reached us.
    NeverConnected,
    /// It was refused at once: a limit on open flows was reached.
    Refused,
    /// The victim reset it.
    ResetByVictim,
    /// sinkgate stopped while it was open.
    Stopped,
    /// Our protocol emulator hung up first.
    WeClosed,
}

impl Ending {
    /// Every ending there is.
    pub const ALL: [Self; 9] = [
        Self::Finished,
        Self::Idle,
        Self::LifeTime,
        Self::MadeRoom,
        Self::NeverConnected,
        Self::Refused,
        Self::ResetByVictim,
        Self::Stopped,
        Self::WeClosed,
    ];

    /// The word that is stored.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Finished => "finished",
            Self::Idle => "idle",
            Self::LifeTime => "life-time",
            Self::MadeRoom => "made-room",
            Self::NeverConnected => "never-connected",
            Self::Refused => "refused",
            Self::ResetByVictim => "reset",
            Self::Stopped => "stopped",
            Self::WeClosed => "we-closed",
        }
    }
}

impl fmt::Display for Ending {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.name())
    }
}

/// A limit that something ran into. Each has a setting of the same name and an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Limit {
    /// Bytes stored per flow (`limits.stored_bytes_per_flow`).
    StoredBytesPerFlow,
    /// Bytes stored of one file (`limits.artifact_bytes`).
    ArtifactBytes,
    /// Files taken from one flow (`limits.artifacts_per_flow`).
    ArtifactsPerFlow,
    /// Flows open at once (`limits.open_flows`).
    OpenFlows,
    /// Flows of one victim open at once (`limits.open_flows_per_victim`).
    OpenFlowsPerVictim,
    /// Companions of one victim that are expected at once
    /// (`limits.expected_flows_per_victim`).
    ExpectedFlowsPerVictim,
    /// Connections to victims that we open at once (`limits.calls`).
    Calls,
    /// Files and folders that one FTP session has changed (`ftp.changes`).
    FtpChanges,
    /// How long an FTP data connection is waited for (`ftp.data_wait`).
    FtpDataWait,
    /// Bytes of uploads that one FTP session can fetch back (`ftp.kept_bytes`).
    FtpKeptBytes,
    /// Bytes in the database (`storage.max_bytes`).
    DatabaseBytes,
    /// Names that were given an address of their own (`dns.pool_names`).
    PoolNames,
    /// Bytes of a body that is read for what it says (`limits.form_bytes`).
    FormBytes,
    /// Bytes of a decoded copy of a body (`limits.decoded_bytes`).
    DecodedBytes,
    /// Memory of decoders at work (`limits.decoder_memory`).
    DecoderMemory,
    /// Bytes of a message that is read as a whole (`limits.head_bytes`).
    HeadBytes,
    /// Requests on one HTTP/2 connection at once (`limits.http2_streams`).
    Http2Streams,
    /// Bytes that a character generator says on one flow (`limits.chargen_bytes`).
    ChargenBytes,
    /// Channels that one client is in (`irc.channels`).
    IrcChannels,
    /// Bytes of one line (`limits.line_bytes`).
    LineBytes,
    /// Connections to the log listener open at once (`syslog.connections`).
    LogConnections,
    /// How long a connection to the log listener may be silent (`syslog.idle`).
    LogIdle,
    /// Log lines that wait for their flow (`syslog.waiting_lines`).
    LogLinesWaiting,
    /// What a client adds to its mailbox in one session (`imap.mailbox_bytes`).
    MailboxBytes,
    /// Recipients of one mail (`smtp.recipients`).
    MailRecipients,
    /// Topics of one client of a broker (`mqtt.topics`).
    MqttTopics,
    /// Programs of `responses.toml` that run at once (`exec.programs`).
    Programs,
    /// Datagrams that wait for one of them (`exec.waiting_datagrams`).
    ProgramDatagrams,
    /// How long one of them runs (`exec.time`).
    ProgramTime,
    /// Bytes that the items of one connection take (`memcached.memory`).
    MemcachedMemory,
    /// Streams of one debugging connection (`adb.streams`).
    AdbStreams,
    /// Bytes that the keys of one connection take (`redis.memory`).
    RedisMemory,
    /// Files and variables of one shell (`shell.files`).
    ShellFiles,
    /// Bytes of them (`shell.bytes`).
    ShellBytes,
    /// Bytes that one line of a shell reads and writes (`shell.output_bytes`).
    ShellOutput,
    /// Commands that one line of a shell runs (`shell.commands`).
    ShellCommands,
    /// Levels of commands inside each other (`shell.levels`).
    ShellLevels,
    /// Names remembered as denied because they were a victim's first (`dns.walked_names`).
    WalkedNames,
}

impl Limit {
    /// The setting that moves it.
    #[must_use]
    pub const fn setting(self) -> &'static str {
        match self {
            Self::StoredBytesPerFlow => "limits.stored_bytes_per_flow",
            Self::ArtifactBytes => "limits.artifact_bytes",
            Self::ArtifactsPerFlow => "limits.artifacts_per_flow",
            Self::OpenFlows => "limits.open_flows",
            Self::OpenFlowsPerVictim => "limits.open_flows_per_victim",
            Self::ExpectedFlowsPerVictim => "limits.expected_flows_per_victim",
            Self::Calls => "limits.calls",
            Self::FtpChanges => "ftp.changes",
            Self::FtpDataWait => "ftp.data_wait",
            Self::FtpKeptBytes => "ftp.kept_bytes",
            Self::DatabaseBytes => "storage.max_bytes",
            Self::PoolNames => "dns.pool_names",
            Self::Programs => "exec.programs",
            Self::ProgramDatagrams => "exec.waiting_datagrams",
            Self::ProgramTime => "exec.time",
            Self::FormBytes => "limits.form_bytes",
            Self::DecodedBytes => "limits.decoded_bytes",
            Self::DecoderMemory => "limits.decoder_memory",
            Self::HeadBytes => "limits.head_bytes",
            Self::Http2Streams => "limits.http2_streams",
            Self::ChargenBytes => "limits.chargen_bytes",
            Self::MqttTopics => "mqtt.topics",
            Self::IrcChannels => "irc.channels",
            Self::LineBytes => "limits.line_bytes",
            Self::LogConnections => "syslog.connections",
            Self::LogIdle => "syslog.idle",
            Self::LogLinesWaiting => "syslog.waiting_lines",
            Self::MailboxBytes => "imap.mailbox_bytes",
            Self::MailRecipients => "smtp.recipients",
            Self::MemcachedMemory => "memcached.memory",
            Self::AdbStreams => "adb.streams",
            Self::RedisMemory => "redis.memory",
            Self::ShellFiles => "shell.files",
            Self::ShellBytes => "shell.bytes",
            Self::ShellOutput => "shell.output_bytes",
            Self::ShellCommands => "shell.commands",
            Self::ShellLevels => "shell.levels",
            Self::WalkedNames => "dns.walked_names",
        }
    }
}

/// A name by which the victim knew the other end of a flow.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FlowName {
    /// The name, lower case, without a final dot.
    pub name: String,
    /// Where we have it from.
    pub source: NameSource,
}

/// Where a flow's name comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NameSource {
    /// A DNS answer of ours gave the flow's original destination for this name.
    DnsAnswer,
    /// The Host field or absolute target of an HTTP request.
    HostHeader,
    /// Whom a proxy's client wanted to reach.
    Proxy,
    /// The server name of a TLS ClientHello.
    Sni,
}

impl NameSource {
    /// The word that is stored.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::DnsAnswer => "dns",
            Self::HostHeader => "host",
            Self::Proxy => "proxy",
            Self::Sni => "sni",
        }
    }
}
