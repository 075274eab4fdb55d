//! Section `dns`. What names are answered with.

use proto::dns::Denial;

use super::{Setting, pick};
use crate::config::DnsMode;
use crate::config::kind::Kind;

pub(super) static SETTINGS: &[Setting] = &[
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
        key: "dns.link_names",
        kind: Kind::Switch(|config| &mut config.dns.link_names),
        default: "false",
        meaning: "Whether names are answered that a victim asks everyone on its link for: mDNS, LLMNR, \
                  NetBIOS. They are recorded either way.",
        reason: "In most networks nobody answers these, and whoever does may be taken for an attacker.",
        flag: None,
    },
];
