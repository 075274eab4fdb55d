//! The configuration as meant: plain values, every one of them checked.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use engine::{ClientCertificates, ToldStart};
use proto::dns::{Denial, Mode, Settings, StaticName, Ttl, WalkSettings};
use proto::http::Authentication;
use proto::logins::Accept;
use proto::{
    adb, amqp, berkeley, imap, irc, ldap, memcached, mongodb, mqtt, mysql, pop3, postgres, redis,
    rtsp, shell, sip, smtp, stratum, telnet, vnc,
};
use store::follow::Target;

use crate::persona::Template;

/// Everything that can be set. [`Default`] is blank; the defaults of the settings are applied by
/// [`Sources::load`](super::Sources::load).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// Section `gateway`.
    pub gateway: Gateway,
    /// Section `storage`.
    pub storage: Storage,
    /// Section `limits`.
    pub limits: Limits,
    /// Section `dns`.
    pub dns: Dns,
    /// Section `http`.
    pub http: Http,
    /// Section `smtp`.
    pub smtp: smtp::Settings,
    /// Section `ftp`.
    pub ftp: Ftp,
    /// Section `mqtt`.
    pub mqtt: mqtt::Settings,
    /// Section `amqp`.
    pub amqp: amqp::Settings,
    /// Section `rtsp`.
    pub rtsp: rtsp::Settings,
    /// Section `sip`.
    pub sip: sip::Settings,
    /// Section `stratum`.
    pub stratum: stratum::Settings,
    /// Section `pop3`.
    pub pop3: pop3::Settings,
    /// Section `imap`.
    pub imap: imap::Settings,
    /// Section `ldap`.
    pub ldap: ldap::Settings,
    /// Section `vnc`.
    pub vnc: vnc::Settings,
    /// Section `irc`.
    pub irc: irc::Settings,
    /// Section `memcached`.
    pub memcached: memcached::Settings,
    /// Section `mongodb`.
    pub mongodb: mongodb::Settings,
    /// Section `mysql`.
    pub mysql: mysql::Settings,
    /// Section `postgres`.
    pub postgres: postgres::Settings,
    /// Section `redis`.
    pub redis: redis::Settings,
    /// Section `telnet`.
    pub telnet: telnet::Settings,
    /// Sections `rlogin`, `rsh` and `rexec`.
    pub berkeley: berkeley::Settings,
    /// Section `adb`.
    pub adb: adb::Settings,
    /// Section `shell`.
    pub shell: shell::Settings,
    /// Section `responses`.
    pub responses: Responses,
    /// Section `time`.
    pub time: Time,
    /// Section `exec`.
    pub exec: Exec,
    /// Section `persona`.
    pub persona: Persona,
    /// Section `tls`.
    pub tls: Tls,
    /// Section `syslog`.
    pub syslog: Syslog,
    /// Section `log`.
    pub log: Log,
    /// Databases that records are carried to.
    pub databases: Vec<Target>,
}

/// How victims' packets reach us.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gateway {
    /// The local port that victims' TCP and UDP packets are turned to.
    pub port: u16,
    /// The packet mark our rules set.
    pub mark: u32,
    /// The account that does the work after set-up.
    pub user: String,
    /// How many workers serve victims; 0 is one per core.
    pub workers: usize,
}

/// Where records go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Storage {
    /// The database file; `None` lets each command choose.
    pub database: Option<PathBuf>,
    /// Largest size of the database in bytes; 0 is no limit.
    pub max_bytes: u64,
    /// How long a flow is kept after its end; `None` is for ever.
    pub keep: Option<Duration>,
    /// Size of the database in bytes from which on the oldest flows go; 0 is no limit.
    pub keep_bytes: u64,
    /// Longest time a record waits for others to be committed with.
    pub commit_interval: Duration,
    /// Bytes each worker's queue to the recorder may hold.
    pub queue_bytes: u64,
}

/// How much is too much.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Flows open at once.
    pub open_flows: usize,
    /// Flows of one victim open at once.
    pub open_flows_per_victim: usize,
    /// Companions of one victim that are expected at once.
    pub expected_flows_per_victim: usize,
    /// Connections to victims that we open at once.
    pub calls: usize,
    /// Bytes stored per flow, both directions together.
    pub stored_bytes_per_flow: u64,
    /// Bytes stored of one file taken from a flow.
    pub artifact_bytes: u64,
    /// Files taken from one flow.
    pub artifacts_per_flow: usize,
    /// Longest line kept whole, in bytes.
    pub line_bytes: u64,
    /// Longest head of a message kept whole, in bytes.
    pub head_bytes: u64,
    /// How much of a body is read for what it says, in bytes.
    pub form_bytes: u64,
    /// How much of a decoded copy of a body is kept, in bytes.
    pub decoded_bytes: u64,
    /// How much a character generator says on one flow, in bytes.
    pub chargen_bytes: u64,
    /// How much memory decoding may hold at once, in bytes.
    pub decoder_memory: u64,
    /// For how many victims and services tries to log in are counted.
    pub login_counts: usize,
    /// How many requests one HTTP/2 connection may have open at once.
    pub http2_streams: u32,
    /// How long a peer may be silent while it is undecided what it speaks.
    pub undecided: Duration,
    /// How long a peer may be silent where clients wait for a greeting.
    pub greeting: Duration,
    /// The same where a greeting is a guess.
    pub guessed_greeting: Duration,
    /// How long a TCP connection may be silent.
    pub idle_tcp: Duration,
    /// How long a UDP conversation may be silent.
    pub idle_udp: Duration,
    /// How long a flow may last.
    pub life_time: Duration,
    /// How long a database that records are carried to may take to answer.
    pub database_answer: Duration,
}

/// What DNS questions are answered with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dns {
    /// Where the address in an answer comes from.
    pub mode: DnsMode,
    /// Time to live of answers, in seconds; `None` is what a resolver would say.
    pub ttl: Option<u32>,
    /// The IPv4 address of mode `fixed`.
    pub fixed_v4: Option<Ipv4Addr>,
    /// The IPv6 address of mode `fixed`.
    pub fixed_v6: Option<Ipv6Addr>,
    /// The IPv4 address of mode `self`; `None` is the gateway's own.
    pub self_v4: Option<Ipv4Addr>,
    /// The IPv6 address of mode `self`; `None` is the gateway's own.
    pub self_v6: Option<Ipv6Addr>,
    /// How many names may be given an address of their own.
    pub pool_names: usize,
    /// Names with answers of their own, in the order written.
    pub statics: Vec<StaticName>,
    /// Lists of such names: lines of name, type and value.
    pub csv_files: Vec<PathBuf>,
    /// Lists of such names: response policy zones.
    pub rpz_files: Vec<PathBuf>,
    /// Lists of such names: hosts files.
    pub hosts_files: Vec<PathBuf>,
    /// What the lists say, without names that a list before or the configuration speaks of.
    pub imported: Vec<StaticName>,
    /// So many first names of each victim are denied.
    pub walk_names: usize,
    /// Patterns of names that are denied.
    pub walk_patterns: Vec<String>,
    /// Whether names are denied that look random.
    pub walk_random: bool,
    /// How they are denied.
    pub walk_answer: Denial,
    /// How many first names are remembered.
    pub walked_names: usize,
    /// Whether names asked of everyone on the link are answered.
    pub link_names: bool,
}

/// Where the address in a DNS answer comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DnsMode {
    /// Always the same address, from the configuration.
    Fixed,
    /// Every name has its own.
    #[default]
    Pool,
    /// Always the gateway's own address.
    Myself,
}

/// How HTTP requests are answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Http {
    /// What a server asks for before it answers.
    pub authentication: Authentication,
}

/// What file servers are like.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ftp {
    /// Which logins are right.
    pub accept: Accept,
    /// Files that are served by their names.
    pub files: Vec<PathBuf>,
    /// Most files and folders that one session changes.
    pub changes: usize,
    /// How many bytes of its uploads a session can fetch back.
    pub kept_bytes: u64,
    /// How long a data connection is waited for.
    pub data_wait: Duration,
}

/// What time victims are told it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Time {
    /// When we start.
    pub start: ToldStart,
    /// How many seconds pass for them in each real one.
    pub speed: u32,
}

/// Answers of the analyst's own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Responses {
    /// The file with their rules.
    pub file: Option<PathBuf>,
}

/// How programs of the analyst's own are run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exec {
    /// How many run at once.
    pub programs: usize,
    /// How long one runs.
    pub time: Duration,
    /// How many bytes of memory one may use.
    pub memory: u64,
    /// How many datagrams wait for one.
    pub waiting_datagrams: usize,
    /// Whether they see the gateway's network.
    pub network: bool,
}

/// Who we pretend to be; `None` is derived from the installation's seed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Persona {
    /// What kind of machine it is.
    pub template: Template,
    /// Host name of the pretended server.
    pub host: Option<String>,
    /// The `Server` field of HTTP answers.
    pub http_server: Option<String>,
    /// What a name server says to `version.bind`.
    pub dns_version: Option<String>,
    /// What a mail server calls itself.
    pub mail_server: Option<String>,
    /// The address the world is said to see victims at.
    pub public_address: Option<Ipv4Addr>,
    /// The organisation that signs our certificates.
    pub authority: Option<String>,
    /// The host its certificates point to.
    pub authority_host: Option<String>,
}

/// How TLS is terminated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tls {
    /// Whether victims are asked for certificates of their own.
    pub client_certificates: ClientCertificates,
    /// Certificates kept at hand.
    pub leaves: usize,
    /// A host that hands out the authority's certificate, beside the authority's own.
    pub trust_host: Option<String>,
}

/// The log listener: what a firewall of the user's own writes about packets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Syslog {
    /// Where it listens; nowhere if it is empty.
    pub listen: Vec<SocketAddr>,
    /// What lines of ours begin with.
    pub prefix: String,
    /// How long a line waits for its flow.
    pub join_within: Duration,
    /// How many lines wait at once.
    pub waiting_lines: usize,
    /// Connections open at once.
    pub connections: usize,
    /// How long a connection may be silent.
    pub idle: Duration,
}

/// Our own log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Log {
    /// How a line is written.
    pub format: LogFormat,
    /// What is worth a line.
    pub level: LogLevel,
}

/// How a log line is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// One JSON object per line.
    Json,
    /// `key=value` pairs.
    #[default]
    KeyValue,
}

/// The least important line that is still written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogLevel {
    /// What failed.
    Error,
    /// What needs attention.
    Warn,
    /// What an operator wants to know.
    #[default]
    Info,
    /// What explains a surprise.
    Debug,
    /// Every step.
    Trace,
}

impl Dns {
    /// The same in the words of the protocol.
    #[must_use]
    pub fn settings(&self) -> Settings {
        Settings {
            mode: match self.mode {
                DnsMode::Fixed => Mode::Fixed { v4: self.fixed_v4, v6: self.fixed_v6 },
                DnsMode::Myself => Mode::SelfAddress { v4: self.self_v4, v6: self.self_v6 },
                DnsMode::Pool => Mode::Pool,
            },
            ttl: self.ttl.map_or(Ttl::Natural, Ttl::Exactly),
            pool_names: self.pool_names,
            names: [self.statics.as_slice(), &self.imported].concat(),
            walk: WalkSettings {
                names: self.walk_names,
                patterns: self.walk_patterns.clone(),
                random_looking: self.walk_random,
                denial: self.walk_answer,
                remembered: self.walked_names,
            },
            link_names: self.link_names,
        }
    }
}

impl DnsMode {
    pub(super) const WORDS: &'static [&'static str] = &["pool", "self", "fixed"];

    pub(super) fn from_word(word: &str) -> Option<Self> {
        match word {
            "fixed" => Some(Self::Fixed),
            "pool" => Some(Self::Pool),
            "self" => Some(Self::Myself),
            _ => None,
        }
    }
}

impl LogFormat {
    pub(super) const WORDS: &'static [&'static str] = &["kv", "json"];

    pub(super) fn from_word(word: &str) -> Option<Self> {
        match word {
            "json" => Some(Self::Json),
            "kv" => Some(Self::KeyValue),
            _ => None,
        }
    }
}

impl LogLevel {
    pub(super) const WORDS: &'static [&'static str] = &["error", "warn", "info", "debug", "trace"];

    pub(super) fn from_word(word: &str) -> Option<Self> {
        match word {
            "error" => Some(Self::Error),
            "warn" => Some(Self::Warn),
            "info" => Some(Self::Info),
            "debug" => Some(Self::Debug),
            "trace" => Some(Self::Trace),
            _ => None,
        }
    }
}
