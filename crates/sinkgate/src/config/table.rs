//! Every setting, in one table.

use std::ops::RangeInclusive;
use std::time::Duration;

use proto::dns::Denial;

use super::kind::Kind;
use super::{DnsMode, LogFormat, LogLevel};

/// One row: all there is to know about a setting.
#[derive(Debug)]
pub struct Setting {
    /// `section.name`.
    pub key: &'static str,
    /// What it takes, and the field it fills.
    pub(super) kind: Kind,
    /// As it would be written in an environment variable; empty is "not set".
    pub default: &'static str,
    /// What it is, in one line.
    pub meaning: &'static str,
    /// Why the default is what it is.
    pub reason: &'static str,
    /// The flag that sets it, beside `--set`, if there is one.
    pub flag: Option<&'static str>,
}

impl Setting {
    /// The row of this key.
    #[must_use]
    pub fn find(key: &str) -> Option<&'static Self> {
        SETTINGS.iter().find(|setting| setting.key == key)
    }

    /// The environment variable that sets it: `gateway.port` is `SINKGATE_GATEWAY_PORT`.
    #[must_use]
    pub fn variable(&self) -> String {
        format!("{PREFIX}{}", self.key.replace('.', "_").to_ascii_uppercase())
    }

    /// What it takes, in words.
    #[must_use]
    pub fn expected(&self) -> String {
        self.kind.expected()
    }

    /// The part before the dot.
    #[must_use]
    pub fn section(&self) -> &'static str {
        self.key.split_once('.').map_or(self.key, |(section, _)| section)
    }
}

/// What environment variables of ours begin with.
pub(super) const PREFIX: &str = "SINKGATE_";

/// The settings, in the order of the reference.
pub static SETTINGS: &[Setting] = &[
    Setting {
        key: "gateway.port",
        kind: Kind::Port(|config| &mut config.gateway.port),
        default: "9999",
        meaning: "Local port that victims' TCP and UDP packets are turned to.",
        reason: "The port of the classic recipe, so existing `REDIRECT --to-ports 9999` rules work.",
        flag: None,
    },
    Setting {
        key: "gateway.mark",
        kind: Kind::Number(|config| &mut config.gateway.mark, 1..=u32::MAX),
        default: "0x5347",
        meaning: "Packet mark by which our rules know what was given to our own sockets.",
        reason: "Its bits are none that VPN and container software looks at.",
        flag: None,
    },
    Setting {
        key: "gateway.user",
        kind: Kind::Text(|config| &mut config.gateway.user),
        default: "nobody",
        meaning: "Account that serves victims once the rules are in place.",
        reason: "It exists on every Linux system and owns nothing.",
        flag: None,
    },
    Setting {
        key: "gateway.workers",
        kind: Kind::Count(|config| &mut config.gateway.workers, 0..=1_024),
        default: "0",
        meaning: "Threads that serve victims; 0 is one per core.",
        reason: "Each worker keeps one core busy and shares nothing with the next.",
        flag: None,
    },
    Setting {
        key: "storage.database",
        kind: Kind::OptionalPath(|config| &mut config.storage.database),
        default: "",
        meaning: "Database file; without it, `lab` makes a new one in the state folder and `run` \
                  uses /var/lib/sinkgate/sinkgate.db.",
        reason: "A file per sample is easy to hand over and to delete; a gateway has one history.",
        flag: Some("--db"),
    },
    Setting {
        key: "storage.max_bytes",
        kind: Kind::Bytes(|config| &mut config.storage.max_bytes, 0..=PETABYTE),
        default: "0",
        meaning: "Largest size of the database; payload beyond it is counted as lost. 0 is no limit.",
        reason: "How much disk evidence may take is for its owner to say.",
        flag: None,
    },
    Setting {
        key: "storage.keep",
        kind: Kind::OptionalSpan(|config| &mut config.storage.keep, KEPT),
        default: "",
        meaning: "How long a flow is kept after its end, with all that belongs to it; what a \
                  database of `[[database]]` does not have yet is kept longer.",
        reason: "Evidence goes only if its owner says so.",
        flag: None,
    },
    Setting {
        key: "storage.keep_bytes",
        kind: Kind::Bytes(|config| &mut config.storage.keep_bytes, 0..=PETABYTE),
        default: "0",
        meaning: "Size of the database from which on the oldest flows go, unless a database of \
                  `[[database]]` does not have them yet. 0 is no limit.",
        reason: "Evidence goes only if its owner says so; `storage.max_bytes` is the hard limit.",
        flag: None,
    },
    Setting {
        key: "storage.commit_interval",
        kind: Kind::Span(|config| &mut config.storage.commit_interval, COMMITS),
        default: "10ms",
        meaning: "Longest time a record waits for others to be committed with it.",
        reason: "Thousands of records share one commit, and a reader still sees them at once.",
        flag: None,
    },
    Setting {
        key: "storage.queue_bytes",
        kind: Kind::Bytes(|config| &mut config.storage.queue_bytes, 1 << 20..=1 << 40),
        default: "64MiB",
        meaning: "Bytes each worker may hold for the recorder before its flows have to wait.",
        reason: "Rides out a disk that stalls for a second; beyond it TCP slows the victim down.",
        flag: None,
    },
    Setting {
        key: "limits.open_flows",
        kind: Kind::Count(|config| &mut config.limits.open_flows, 1..=10_000_000),
        default: "100_000",
        meaning: "Flows open at once; more are recorded and refused.",
        reason: "At no more than 8 KiB each, idle flows stay below 1 GiB of memory.",
        flag: None,
    },
    Setting {
        key: "limits.open_flows_per_victim",
        kind: Kind::Count(|config| &mut config.limits.open_flows_per_victim, 1..=10_000_000),
        default: "65_536",
        meaning: "Flows of one victim open at once; more are recorded and refused.",
        reason: "One victim may use every source port it has and still leaves room for others.",
        flag: None,
    },
    Setting {
        key: "limits.stored_bytes_per_flow",
        kind: Kind::Bytes(|config| &mut config.limits.stored_bytes_per_flow, 0..=PETABYTE),
        default: "1GiB",
        meaning: "Bytes stored per flow, both directions; what follows is counted and hashed.",
        reason: "Keeps a whole stolen archive, and ends a flood before it fills the disk.",
        flag: None,
    },
    Setting {
        key: "limits.line_bytes",
        kind: Kind::Bytes(|config| &mut config.limits.line_bytes, 512..=1 << 20),
        default: "8192",
        meaning: "Longest line of a text protocol that is understood as one.",
        reason: "Eight times what mail allows and what web servers take; all bytes are kept anyway.",
        flag: None,
    },
    Setting {
        key: "limits.head_bytes",
        kind: Kind::Bytes(|config| &mut config.limits.head_bytes, 1_024..=1 << 24),
        default: "64KiB",
        meaning: "Longest head of a message, such as the fields of an HTTP request.",
        reason: "More than any browser sends; malware that hides data in cookies still fits.",
        flag: None,
    },
    Setting {
        key: "limits.idle_tcp",
        kind: Kind::Span(|config| &mut config.limits.idle_tcp, SPANS),
        default: "30m",
        meaning: "How long a TCP connection may be silent before it is closed.",
        reason: "Bots that hold one connection speak every few minutes; few wait for half an hour.",
        flag: None,
    },
    Setting {
        key: "limits.idle_udp",
        kind: Kind::Span(|config| &mut config.limits.idle_udp, SPANS),
        default: "60s",
        meaning: "How long a UDP conversation may be silent before its next datagram begins another.",
        reason: "Longer than the retries of any common protocol.",
        flag: None,
    },
    Setting {
        key: "limits.life_time",
        kind: Kind::Span(|config| &mut config.limits.life_time, SPANS),
        default: "24h",
        meaning: "How long a flow may last, however busy it is.",
        reason: "A day is longer than most analyses, and gives a flow that never ends an end.",
        flag: None,
    },
    Setting {
        key: "dns.mode",
        kind: Kind::Choice {
            words: DnsMode::WORDS,
            choose: |config, word| pick(&mut config.dns.mode, DnsMode::from_word(word)),
        },
        default: "pool",
        meaning: "Answers to A and AAAA: `pool` gives every name its own address, `self` always \
                  the gateway's, `fixed` always `dns.fixed_v4` and `dns.fixed_v6`.",
        reason: "With an address of its own, every later connection tells which name it was for.",
        flag: None,
    },
    Setting {
        key: "dns.ttl",
        kind: Kind::NumberOr("natural", |config| &mut config.dns.ttl, 1..=604_800),
        default: "natural",
        meaning: "Time to live of answers, in seconds; `natural` gives every name a usual one that \
                  counts down, as a resolver does.",
        reason: "One number for every name in the world would give us away; the recipe's is 600.",
        flag: None,
    },
    Setting {
        key: "dns.fixed_v4",
        kind: Kind::OptionalV4(|config| &mut config.dns.fixed_v4),
        default: "",
        meaning: "IPv4 address of mode `fixed`; without it A is answered with no data.",
        reason: "Only the one who chooses `fixed` knows the address.",
        flag: None,
    },
    Setting {
        key: "dns.fixed_v6",
        kind: Kind::OptionalV6(|config| &mut config.dns.fixed_v6),
        default: "",
        meaning: "IPv6 address of mode `fixed`; without it AAAA is answered with no data.",
        reason: "Only the one who chooses `fixed` knows the address.",
        flag: None,
    },
    Setting {
        key: "dns.self_v4",
        kind: Kind::OptionalV4(|config| &mut config.dns.self_v4),
        default: "",
        meaning: "IPv4 address of mode `self`; without it the one the question was sent to.",
        reason: "Victims that use the gateway as their resolver ask it under its own address.",
        flag: None,
    },
    Setting {
        key: "dns.self_v6",
        kind: Kind::OptionalV6(|config| &mut config.dns.self_v6),
        default: "",
        meaning: "IPv6 address of mode `self`; without it the one the question was sent to.",
        reason: "Victims that use the gateway as their resolver ask it under its own address.",
        flag: None,
    },
    Setting {
        key: "dns.pool_names",
        kind: Kind::Count(|config| &mut config.dns.pool_names, 1..=16_000_000),
        default: "200_000",
        meaning: "Names that may be given an address of their own; later names may share one.",
        reason: "Weeks of a domain generator, in some 60 MB of memory.",
        flag: None,
    },
    Setting {
        key: "dns.csv_files",
        kind: Kind::Paths(|config| &mut config.dns.csv_files),
        default: "",
        meaning: "Files with lines `name,type,value` or `name,type,value,ttl`, as many `[[dns.static]]` \
                  entries; the type `answer` takes what `answer` does there, the first line may be \
                  a heading.",
        reason: "A table of any program can be saved like this.",
        flag: None,
    },
    Setting {
        key: "dns.rpz_files",
        kind: Kind::Paths(|config| &mut config.dns.rpz_files),
        default: "",
        meaning: "Response policy zones, as text; a name that `dns.csv_files` have is theirs.",
        reason: "It is what providers of threat intelligence hand out.",
        flag: None,
    },
    Setting {
        key: "dns.hosts_files",
        kind: Kind::Paths(|config| &mut config.dns.hosts_files),
        default: "",
        meaning: "Hosts files; a name that `dns.csv_files` or `dns.rpz_files` have is theirs.",
        reason: "Every system has one, and most blocklists are.",
        flag: None,
    },
    Setting {
        key: "dns.walk_names",
        kind: Kind::Count(|config| &mut config.dns.walk_names, 0..=1_000_000),
        default: "0",
        meaning: "How many different names of each victim are denied, the first it asks for; a name \
                  stays denied, whatever type is asked for.",
        reason: "Most samples show more when their first name is there; some their whole list when \
                 it is not.",
        flag: None,
    },
    Setting {
        key: "dns.walk_patterns",
        kind: Kind::Texts(|config| &mut config.dns.walk_patterns),
        default: "",
        meaning: "Names that are denied: `*.` in front is all names below, a `*` elsewhere any \
                  characters of a label.",
        reason: "Only the analyst knows which names a sample should not find.",
        flag: None,
    },
    Setting {
        key: "dns.walk_random",
        kind: Kind::Switch(|config| &mut config.dns.walk_random),
        default: "false",
        meaning: "Whether names are denied whose registered label looks made up letter by letter: \
                  unusual neighbours, many consonants in a row, digits among letters.",
        reason: "Such names are mostly there to be tried in vain, but somebody may own one.",
        flag: None,
    },
    Setting {
        key: "dns.walk_answer",
        kind: Kind::Choice {
            words: Denial::WORDS,
            choose: |config, word| pick(&mut config.dns.walk_answer, Denial::from_word(word)),
        },
        default: "no-such-name",
        meaning: "How these names are denied: NXDOMAIN, SERVFAIL, REFUSED, or not a word.",
        reason: "It is what names get that nobody has registered.",
        flag: None,
    },
    Setting {
        key: "dns.walked_names",
        kind: Kind::Count(|config| &mut config.dns.walked_names, 1..=16_000_000),
        default: "200_000",
        meaning: "Names remembered as denied by `dns.walk_names`, of all victims together; later \
                  ones are answered.",
        reason: "As many as keep an address of their own, in some 30 MB of memory.",
        flag: None,
    },
    Setting {
        key: "persona.host",
        kind: Kind::OptionalText(|config| &mut config.persona.host),
        default: "",
        meaning: "Host name of the pretended server, where a protocol has to name one.",
        reason: "Derived from the installation's seed, so that no two installations look alike.",
        flag: None,
    },
    Setting {
        key: "persona.http_server",
        kind: Kind::OptionalText(|config| &mut config.persona.http_server),
        default: "",
        meaning: "The Server field of HTTP answers.",
        reason: "Derived from the installation's seed, from what common servers send.",
        flag: None,
    },
    Setting {
        key: "persona.dns_version",
        kind: Kind::OptionalText(|config| &mut config.persona.dns_version),
        default: "",
        meaning: "What a name server answers to `version.bind` in class CHAOS.",
        reason: "Derived from the installation's seed, from what common servers send.",
        flag: None,
    },
    Setting {
        key: "syslog.listen",
        kind: Kind::Addresses(|config| &mut config.syslog.listen),
        default: "",
        meaning: "Where `run` takes log lines of netfilter from syslog, over TCP and UDP; nowhere if \
                  it is not set.",
        reason: "Only a lab with firewall rules of its own has such lines; victims must not reach it.",
        flag: None,
    },
    Setting {
        key: "syslog.prefix",
        kind: Kind::Text(|config| &mut config.syslog.prefix),
        default: "INPUT:SINKHOLE:",
        meaning: "What a log line begins with (`--log-prefix`); other lines are counted, not stored.",
        reason: "That of the classic recipe.",
        flag: None,
    },
    Setting {
        key: "syslog.join_within",
        kind: Kind::Span(|config| &mut config.syslog.join_within, SPANS),
        default: "5s",
        meaning: "How long a log line waits for its flow before it is recorded as one of its own.",
        reason: "Two repeats of a first packet, after one and three seconds, still belong to it.",
        flag: None,
    },
    Setting {
        key: "syslog.waiting_lines",
        kind: Kind::Count(|config| &mut config.syslog.waiting_lines, 1..=10_000_000),
        default: "50_000",
        meaning: "Log lines that wait for their flow at once; then the oldest waits no longer.",
        reason: "Ten thousand unanswered packets a second, in some 30 MB of memory.",
        flag: None,
    },
    Setting {
        key: "syslog.connections",
        kind: Kind::Count(|config| &mut config.syslog.connections, 1..=10_000),
        default: "64",
        meaning: "Connections to the log listener open at once; more are refused.",
        reason: "A syslog server holds one; this is a large lab.",
        flag: None,
    },
    Setting {
        key: "syslog.idle",
        kind: Kind::Span(|config| &mut config.syslog.idle, SPANS),
        default: "24h",
        meaning: "How long a connection to the log listener may be silent before it is closed.",
        reason: "Plain syslog over TCP loses the line that finds its connection closed.",
        flag: None,
    },
    Setting {
        key: "log.format",
        kind: Kind::Choice {
            words: LogFormat::WORDS,
            choose: |config, word| pick(&mut config.log.format, LogFormat::from_word(word)),
        },
        default: "kv",
        meaning: "How a line of our own log is written: `kv` is key=value, or `json`.",
        reason: "Readable as it stands, and still easy to search.",
        flag: Some("--log-format"),
    },
    Setting {
        key: "log.level",
        kind: Kind::Choice {
            words: LogLevel::WORDS,
            choose: |config, word| pick(&mut config.log.level, LogLevel::from_word(word)),
        },
        default: "info",
        meaning: "The least important line that is still written.",
        reason: "Start, stop and trouble; flows belong in the database, not in the log.",
        flag: Some("--log-level"),
    },
];

/// Shorter than a millisecond is a commit per record; longer than a second is no longer live.
const COMMITS: RangeInclusive<Duration> = Duration::from_millis(1)..=Duration::from_secs(1);

/// From a minute to ten years.
const KEPT: RangeInclusive<Duration> = Duration::from_secs(60)..=Duration::from_secs(315_360_000);

/// From a second to 30 days.
const SPANS: RangeInclusive<Duration> = Duration::from_secs(1)..=Duration::from_secs(2_592_000);

/// More than any disk a gateway has, and far from where sums overflow.
const PETABYTE: u64 = 1 << 50;

fn pick<T>(place: &mut T, found: Option<T>) -> Option<()> {
    *place = found?;
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_says_what_and_why() {
        for setting in SETTINGS {
            assert!(setting.key.split_once('.').is_some(), "{}", setting.key);
            assert!(setting.meaning.ends_with('.'), "{}", setting.key);
            assert!(setting.reason.ends_with('.'), "{}", setting.key);
        }
    }

    #[test]
    fn no_key_is_there_twice() {
        for setting in SETTINGS {
            let same = SETTINGS.iter().filter(|other| other.key == setting.key).count();
            assert_eq!(same, 1, "{}", setting.key);
        }
    }

    #[test]
    fn the_variable_follows_from_the_key() {
        let setting = Setting::find("limits.open_flows_per_victim").unwrap();
        assert_eq!(setting.variable(), "SINKGATE_LIMITS_OPEN_FLOWS_PER_VICTIM");
    }
}
