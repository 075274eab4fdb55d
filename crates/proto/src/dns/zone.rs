//! Zones: who runs them, and how they say that something is not there.

use hickory_proto::op::ResponseCode;
use hickory_proto::rr::rdata::{NS, SOA};
use hickory_proto::rr::{RData, Record, RecordType};
use model::Timestamp;

use super::name::{from_text, registered};
use super::place::Place;
use super::resolver::{Question, Reply, Resolver};
use super::reverse;
use crate::derived::{Purpose, derived};

/// The zone a name would lie in.
struct Zone<'a> {
    name: &'a str,
    kind: Kind,
}

#[derive(Clone, Copy)]
enum Kind {
    Registered,
    Reverse,
    Root,
    TopLevel,
}

/// Answers questions to a zone itself: its servers and its start of authority.
pub(super) fn reply(question: Question<'_>, resolver: &mut Resolver<'_>) -> Reply {
    let zone = Zone::of(question.text);
    let data = match question.record_type {
        RecordType::ANY => {
            let mut all = zone.servers();
            all.extend(zone.soa(resolver));
            all
        }
        RecordType::NS => zone.servers(),
        RecordType::SOA => zone.soa(resolver).into_iter().collect(),
        _ => Vec::new(),
    };
    let answers = resolver.records(question, data);
    match Place::of(question.text) {
        // Servers of the root and of top-level domains are known to everyone without us.
        Place::Root | Place::TopLevel if !answers.is_empty() => Reply::answer(answers),
        _ => resolver.with_addresses_or_nothing(question, answers),
    }
}

/// The servers of the zone `text` is the top of.
pub(super) fn servers(text: &str) -> Vec<RData> {
    Zone::of(text).servers()
}

/// The start of authority of the zone `text` is the top of.
pub(super) fn soa(text: &str, resolver: &Resolver<'_>) -> Option<RData> {
    Zone::of(text).soa(resolver)
}

/// The name exists, but has no record of the type asked for (RFC 2308 §2.2).
pub(super) fn no_such_record(text: &str, resolver: &Resolver<'_>) -> Reply {
    let authorities = Zone::of(text).authority(resolver).into_iter().collect();
    Reply { authorities, ..Reply::default() }
}

/// The name does not exist (RFC 2308 §2.1). Of a name that would be a zone of its own the zone
/// above says so.
pub(super) fn no_such_name(text: &str, resolver: &Resolver<'_>) -> Reply {
    let is_zone = Place::of(text) == Place::Ordinary && registered(text) == text;
    let above = text.split_once('.').map_or(".", |(_, above)| above);
    let reply = no_such_record(if is_zone { above } else { text }, resolver);
    Reply { code: ResponseCode::NXDomain, ..reply }
}

impl<'a> Zone<'a> {
    fn of(text: &'a str) -> Self {
        let (name, kind) = match Place::of(text) {
            Place::Localhost | Place::Nowhere | Place::Root => (".", Kind::Root),
            Place::Ordinary => (registered(text), Kind::Registered),
            Place::Reverse => (reverse::zone(text), Kind::Reverse),
            Place::TopLevel => (text, Kind::TopLevel),
        };
        Self { name, kind }
    }

    fn servers(&self) -> Vec<RData> {
        let servers: Vec<String> = match self.kind {
            Kind::Root => thirteen("root-servers.net").collect(),
            Kind::TopLevel if matches!(self.name, "com" | "net") => {
                thirteen("gtld-servers.net").collect()
            }
            Kind::TopLevel => {
                ('a'..='d').map(|letter| self.below(&format!("{letter}.nic"))).collect()
            }
            Kind::Registered => vec![self.below("ns1"), self.below("ns2")],
            Kind::Reverse => Vec::new(),
        };
        servers.iter().filter_map(|server| Some(RData::NS(NS(from_text(server)?)))).collect()
    }

    fn soa(&self, resolver: &Resolver<'_>) -> Option<RData> {
        let (server, mailbox) = match self.kind {
            Kind::Root => ("a.root-servers.net".to_owned(), VERISIGN.to_owned()),
            Kind::TopLevel if matches!(self.name, "com" | "net") => {
                ("a.gtld-servers.net".to_owned(), VERISIGN.to_owned())
            }
            Kind::TopLevel => (self.below("a.nic"), self.below("hostmaster.nic")),
            Kind::Registered => (self.below("ns1"), self.below("hostmaster")),
            Kind::Reverse => reverse::authority(self.name, &resolver.cx.persona.seed),
        };
        let [refresh, retry, expire] = match self.kind {
            Kind::Root | Kind::TopLevel => [1_800, 900, 604_800],
            Kind::Registered | Kind::Reverse => [10_800, 3_600, 604_800],
        };
        let serial = self.serial(resolver);
        let minimum = resolver.answers.negative_ttl();
        let (server, mailbox) = (from_text(&server)?, from_text(&mailbox)?);
        Some(RData::SOA(SOA::new(server, mailbox, serial, refresh, retry, expire, minimum)))
    }

    /// The record that says how long an absence may be remembered (RFC 2308 §3).
    fn authority(&self, resolver: &Resolver<'_>) -> Option<Record> {
        let owner = from_text(&self.below(""))?;
        Some(Record::from_rdata(owner, resolver.answers.negative_ttl(), self.soa(resolver)?))
    }

    /// The root and top-level domains change every day; somebody's zone changed once, and when
    /// that was depends on its name.
    fn serial(&self, resolver: &Resolver<'_>) -> u32 {
        match self.kind {
            Kind::Root | Kind::TopLevel => today(resolver.cx.now) * 100,
            Kind::Registered | Kind::Reverse => {
                let [month, day] = derived(&resolver.cx.persona.seed, Purpose::Serial, self.name);
                let date = 20_240_000 + (1 + month % 12) * 100 + 1 + day % 28;
                u32::try_from(date * 100 + 1 + (day >> 32) % 4).unwrap_or(1)
            }
        }
    }

    /// `host` as a name of this zone; the zone itself if that is empty.
    fn below(&self, host: &str) -> String {
        match (host, self.name) {
            ("", ".") => ".".to_owned(),
            ("", zone) => zone.to_owned(),
            (host, ".") => host.to_owned(),
            (host, zone) => format!("{host}.{zone}"),
        }
    }
}

fn thirteen(domain: &str) -> impl Iterator<Item = String> {
    ('a'..='m').map(move |letter| format!("{letter}.{domain}"))
}

/// The date as a number, 20261124.
fn today(now: Timestamp) -> u32 {
    let time = jiff::Timestamp::from_second(now.as_secs()).unwrap_or_default();
    time.strftime("%Y%m%d").to_string().parse().unwrap_or_default()
}

/// Who looks after the root, com and net.
const VERISIGN: &str = "nstld.verisign-grs.com";
