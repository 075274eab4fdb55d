//! What a rule can ask of a flow or a request, and what is known of it.

use std::net::IpAddr;
use std::ops::RangeInclusive;

use model::Transport;

use super::judgement::Judgement;
use super::{Block, First, Pattern, Wildcard};
use crate::http::Request;
use crate::{Protocol, Verdict, http, http2, socks, tls};

/// One thing that has to be so.
#[derive(Clone, Debug)]
pub enum Criterion {
    /// The address the victim meant lies in one of these.
    Address(Vec<Block>),
    /// The first bytes are like this.
    First(First),
    /// A field of the HTTP request is like one of these; its name in lower case.
    Header(String, Vec<Pattern>),
    /// The method of the HTTP request is one of these.
    Method(Vec<Wildcard>),
    /// The name the victim calls the other end by is like one of these.
    Name(Vec<Wildcard>),
    /// The path of the HTTP request, alone or with its query, is like one of these.
    Path(Vec<Pattern>),
    /// The port lies in one of these.
    Port(Vec<RangeInclusive<u16>>),
    /// It speaks one of these.
    Protocol(Vec<String>),
    /// It is carried by this.
    Transport(Transport),
    /// The victim's address lies in one of these.
    Victim(Vec<Block>),
}

/// What is known of a flow, or of a request on it.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// What carries it.
    pub transport: Transport,
    /// Who called.
    pub victim: IpAddr,
    /// Whom they meant.
    pub address: IpAddr,
    /// The port they want to speak to.
    pub port: u16,
    /// What they call the other end, as far as it is known.
    pub name: Option<&'a str>,
    /// What they have sent, once they have.
    pub first: Option<&'a [u8]>,
    /// What they speak, once it is known.
    pub protocol: Option<&'static str>,
    /// The HTTP request that is to be answered.
    pub request: Option<&'a Request>,
}

impl Facts<'_> {
    /// Whether there can be an HTTP request one day.
    pub(super) fn may_become_http(&self) -> Judgement {
        match self.protocol {
            _ if self.request.is_some() => Judgement::Yes,
            _ if self.transport != Transport::Tcp => Judgement::No,
            None if self.first.is_some_and(leads_nowhere) => Judgement::No,
            None => Judgement::NotYet,
            Some(protocol) if HTTP.iter().any(|row| row.name == protocol) => Judgement::NotYet,
            Some(_) => self.or_within(Judgement::No),
        }
    }

    /// What is not so may still be so of what is inside.
    fn or_within(&self, judgement: Judgement) -> Judgement {
        let is_wrapping =
            self.protocol.is_some_and(|protocol| WRAPPINGS.iter().any(|row| row.name == protocol));
        if judgement == Judgement::No && is_wrapping { Judgement::NotYet } else { judgement }
    }
}

/// Protocols in which there is another.
const WRAPPINGS: [Protocol; 2] = [socks::PROTOCOL, tls::PROTOCOL];

/// Protocols whose requests rules can ask about.
const HTTP: [Protocol; 2] = [http::PROTOCOL, http2::PROTOCOL];

/// Whether bytes begin neither a request nor what one may be in.
fn leads_nowhere(first: &[u8]) -> bool {
    HTTP.iter().chain(&WRAPPINGS).all(|row| (row.probe)(first) == Verdict::No)
}

impl Criterion {
    /// Whether it is so, as far as that is known.
    #[must_use]
    pub(super) fn judge(&self, facts: &Facts<'_>) -> Judgement {
        match self {
            Self::Address(blocks) => Judgement::of(contain(blocks, facts.address)),
            Self::First(first) => facts.or_within(judge_first(first, facts)),
            Self::Header(name, patterns) => of_request(facts, |request| {
                let mut fields = request.fields.iter().filter(|(known, _)| known == name);
                fields.any(|(_, value)| {
                    patterns.iter().any(|pattern| pattern.matches(value.trim_ascii()))
                })
            }),
            Self::Method(methods) => {
                of_request(facts, |request| any(methods, request.method.as_bytes()))
            }
            Self::Name(names) => judge_name(names, facts),
            Self::Path(paths) => of_request(facts, |request| is_at(paths, request)),
            Self::Port(ranges) => {
                Judgement::of(ranges.iter().any(|range| range.contains(&facts.port)))
            }
            Self::Protocol(protocols) => match facts.protocol {
                None => Judgement::NotYet,
                Some(spoken) => {
                    facts.or_within(Judgement::of(protocols.iter().any(|one| one == spoken)))
                }
            },
            Self::Transport(transport) => Judgement::of(facts.transport == *transport),
            Self::Victim(blocks) => Judgement::of(contain(blocks, facts.victim)),
        }
    }

    /// Whether it asks for TLS itself, or for how it begins.
    pub(super) fn means_tls(&self) -> bool {
        match self {
            Self::First(_) => true,
            Self::Protocol(protocols) => protocols.iter().any(|one| one == tls::PROTOCOL.name),
            _ => false,
        }
    }

    /// Its key in a rule.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self {
            Self::Address(_) => "address",
            Self::First(_) => "first",
            Self::Header(..) => "header",
            Self::Method(_) => "method",
            Self::Name(_) => "name",
            Self::Path(_) => "path",
            Self::Port(_) => "port",
            Self::Protocol(_) => "protocol",
            Self::Transport(_) => "transport",
            Self::Victim(_) => "victim",
        }
    }
}

fn contain(blocks: &[Block], address: IpAddr) -> bool {
    blocks.iter().any(|block| block.contains(address))
}

fn any(wildcards: &[Wildcard], text: &[u8]) -> bool {
    wildcards.iter().any(|wildcard| wildcard.matches(text))
}

/// A datagram is whole: what it does not say now it never will.
fn judge_first(first: &First, facts: &Facts<'_>) -> Judgement {
    match (first.judge(facts.first.unwrap_or_default()), facts.first) {
        (Judgement::NotYet, Some(_)) if facts.transport != Transport::Tcp => Judgement::No,
        (judgement, _) => judgement,
    }
}

fn of_request(facts: &Facts<'_>, is_so: impl Fn(&Request) -> bool) -> Judgement {
    facts.request.map_or_else(|| facts.may_become_http(), |request| Judgement::of(is_so(request)))
}

/// A name that is not known may come: with the first bytes, with what is inside, with a request.
fn judge_name(names: &[Wildcard], facts: &Facts<'_>) -> Judgement {
    match facts.name {
        Some(name) => facts.or_within(Judgement::of(any(names, name.as_bytes()))),
        None if facts.request.is_some() => Judgement::No,
        None => facts.may_become_http(),
    }
}

/// Whether one is like the path, or like the path with its query.
fn is_at(patterns: &[Pattern], request: &Request) -> bool {
    let path = request.path();
    let whole = format!("{path}?{}", request.query());
    let is_like =
        |pattern: &Pattern| pattern.matches(path.as_bytes()) || pattern.matches(whole.as_bytes());
    patterns.iter().any(is_like)
}
