//! From a question to a reply, as a resolver that knows every name.

use hickory_proto::op::{Query, ResponseCode};
use hickory_proto::rr::{DNSClass, Name, RData, Record, RecordType};

use super::answers::Answers;
use super::name;
use super::place::Place;
use super::static_names::{Rule, cname};
use super::{chaos, localhost, made_up, reverse, zone};
use crate::{Cx, Out};

/// What answering needs to know, and where it says what it did.
pub(super) struct Resolver<'a> {
    pub(super) answers: &'a Answers,
    pub(super) cx: &'a Cx<'a>,
    pub(super) out: &'a mut Out,
}

/// A question of class IN.
#[derive(Clone, Copy)]
pub(super) struct Question<'a> {
    /// The name, in the case it was asked.
    pub(super) name: &'a Name,
    /// The name as [`name::text`] writes it.
    pub(super) text: &'a str,
    pub(super) record_type: RecordType,
}

/// All of a response that depends on the question.
#[derive(Debug, Default)]
pub(super) struct Reply {
    pub(super) code: ResponseCode,
    /// Whether we speak for the zone ourselves. A resolver does so only for what it knows of
    /// itself.
    pub(super) authoritative: bool,
    pub(super) answers: Vec<Record>,
    pub(super) authorities: Vec<Record>,
    pub(super) additionals: Vec<Record>,
}

/// How many aliases are followed; BIND stops after as many.
const ALIAS_LIMIT: usize = 16;

impl Resolver<'_> {
    /// Answers `query`, whose name in text is `text`.
    pub(super) fn reply(&mut self, query: &Query, text: &str) -> Reply {
        let (name, record_type) = (query.name(), query.query_type());
        match query.query_class() {
            DNSClass::CH => chaos::reply(query, text, self.cx),
            DNSClass::IN | DNSClass::ANY => match refusal(record_type) {
                ResponseCode::NoError => self.internet(Question { name, text, record_type }),
                code => Reply::only(code),
            },
            _ => Reply::only(ResponseCode::Refused),
        }
    }

    /// Follows aliases until a name has records.
    fn internet(&mut self, question: Question<'_>) -> Reply {
        let mut aliases = Vec::new();
        let mut owner = question.name.clone();
        let mut text = question.text.to_owned();
        for _ in 0..ALIAS_LIMIT {
            let asked = Question { name: &owner, text: &text, ..question };
            match self.step(asked) {
                Step::Done(mut reply) => {
                    aliases.append(&mut reply.answers);
                    return Reply { answers: aliases, ..reply };
                }
                Step::Alias(target) => {
                    aliases.push(self.record(&owner, &text, cname(&target)));
                    if aliases.iter().any(|alias| alias.name == target) {
                        break;
                    }
                    text = name::text(target.iter());
                    owner = target;
                }
            }
        }
        Reply::answer(aliases)
    }

    fn step(&mut self, question: Question<'_>) -> Step {
        let Question { name, text, record_type } = question;
        match self.answers.names.rule(text) {
            // `* → sink.test` is about every name but sink.test.
            Some(Rule::Alias(target)) if target != name => match record_type {
                RecordType::ANY | RecordType::CNAME => {
                    Step::Done(Reply::answer(vec![self.record(name, text, cname(target))]))
                }
                _ => Step::Alias(target.clone()),
            },
            Some(Rule::NoSuchName) => Step::Done(zone::no_such_name(text, self)),
            Some(Rule::Records(data)) => Step::Done(self.listed(question, data)),
            Some(Rule::Alias(_)) | None => Step::Done(self.by_place(question)),
        }
    }

    /// Those of the listed records that were asked for.
    fn listed(&mut self, question: Question<'_>, data: &[RData]) -> Reply {
        let wanted = |data: &&RData| {
            let any = question.record_type == RecordType::ANY;
            any || data.record_type() == question.record_type
        };
        let answers = self.records(question, data.iter().filter(wanted).cloned());
        self.with_addresses_or_nothing(question, answers)
    }

    fn by_place(&mut self, question: Question<'_>) -> Reply {
        match Place::of(question.text) {
            Place::Localhost => localhost::reply(question, self),
            Place::Nowhere => zone::no_such_name(question.text, self),
            Place::Ordinary => made_up::reply(question, self),
            Place::Reverse => reverse::reply(question, self),
            Place::Root | Place::TopLevel => zone::reply(question, self),
        }
    }

    /// Answers with these records and the addresses of the hosts they name; if there are none,
    /// says that the name has no such record.
    pub(super) fn with_addresses_or_nothing(
        &mut self,
        question: Question<'_>,
        answers: Vec<Record>,
    ) -> Reply {
        if answers.is_empty() {
            return zone::no_such_record(question.text, self);
        }
        let additionals = answers.iter().filter_map(|record| host_of(&record.data));
        let additionals = additionals.flat_map(|host| self.addresses(host)).collect();
        Reply { additionals, ..Reply::answer(answers) }
    }

    /// The address records of a host.
    fn addresses(&mut self, host: &Name) -> Vec<Record> {
        let text = name::text(host.iter());
        let addresses = self.answers.addresses_by_rule(&text, self.cx, self.out);
        let v4 = addresses.v4.map(|address| RData::A(address.into()));
        let v6 = addresses.v6.map(|address| RData::AAAA(address.into()));
        v4.into_iter().chain(v6).map(|data| self.record(host, &text, data)).collect()
    }

    pub(super) fn records(
        &self,
        question: Question<'_>,
        data: impl IntoIterator<Item = RData>,
    ) -> Vec<Record> {
        let Question { name, text, .. } = question;
        data.into_iter().map(|data| self.record(name, text, data)).collect()
    }

    fn record(&self, name: &Name, text: &str, data: RData) -> Record {
        Record::from_rdata(name.clone(), self.answers.ttl_of(text, self.cx), data)
    }
}

enum Step {
    Alias(Name),
    Done(Reply),
}

impl Reply {
    /// A response code and nothing else.
    pub(super) fn only(code: ResponseCode) -> Self {
        Self { code, ..Self::default() }
    }

    /// These records.
    pub(super) fn answer(answers: Vec<Record>) -> Self {
        Self { answers, ..Self::default() }
    }
}

/// How types that are not types of records are turned down, as BIND does; `NoError` for all
/// others.
fn refusal(record_type: RecordType) -> ResponseCode {
    match u16::from(record_type) {
        // AXFR and IXFR: nobody may have a whole zone.
        251 | 252 => ResponseCode::Refused,
        // MAILB and MAILA (RFC 973).
        253 | 254 => ResponseCode::NotImp,
        // OPT, and what RFC 6895 §3.1 sets aside for the protocol itself.
        41 | 128..=250 => ResponseCode::FormErr,
        _ => ResponseCode::NoError,
    }
}

fn host_of(data: &RData) -> Option<&Name> {
    match data {
        RData::MX(mx) => Some(&mx.exchange),
        RData::NS(server) => Some(&server.0),
        RData::SRV(srv) => Some(&srv.target),
        _ => None,
    }
}
