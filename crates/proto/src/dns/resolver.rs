//! From a question to a reply, as a resolver that knows every name.

use hickory_proto::op::{Query, ResponseCode};
use hickory_proto::rr::{DNSClass, Name, RData, Record, RecordType};

use super::answers::Answers;
use super::denial::Denial;
use super::name;
use super::place::Place;
use super::static_names::{Says, cname};
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
    /// Answers `query`, whose name in text is `text`; `None` is silence.
    pub(super) fn reply(&mut self, query: &Query, text: &str) -> Option<Reply> {
        let (name, record_type) = (query.name(), query.query_type());
        match query.query_class() {
            DNSClass::CH => Some(chaos::reply(query, text, self.cx)),
            DNSClass::IN | DNSClass::ANY => match refusal(record_type) {
                ResponseCode::NoError => self.internet(Question { name, text, record_type }),
                code => Some(Reply::only(code)),
            },
            _ => Some(Reply::only(ResponseCode::Refused)),
        }
    }

    fn internet(&mut self, question: Question<'_>) -> Option<Reply> {
        let Question { text, record_type, .. } = question;
        let may_walk = self.answers.names.rule(text, record_type).is_none()
            && Place::of(text) == Place::Ordinary;
        let denial = may_walk.then(|| self.answers.walk.denial_of(text, self.cx, self.out));
        match denial.flatten() {
            Some(denial) => self.denied(text, denial),
            None => self.followed(question),
        }
    }

    fn denied(&self, text: &str, denial: Denial) -> Option<Reply> {
        match denial {
            Denial::Failure => Some(Reply::only(ResponseCode::ServFail)),
            Denial::NoSuchName => Some(zone::no_such_name(text, self)),
            Denial::Refused => Some(Reply::only(ResponseCode::Refused)),
            Denial::Silence => None,
        }
    }

    /// Follows aliases until a name has records.
    pub(super) fn followed(&mut self, question: Question<'_>) -> Option<Reply> {
        let mut aliases = Vec::new();
        let mut owner = question.name.clone();
        let mut text = question.text.to_owned();
        for _ in 0..ALIAS_LIMIT {
            let asked = Question { name: &owner, text: &text, ..question };
            match self.step(asked) {
                Step::Done(reply) => {
                    let mut reply = reply?;
                    aliases.append(&mut reply.answers);
                    return Some(Reply { answers: aliases, ..reply });
                }
                Step::Alias(alias, target) => {
                    aliases.push(*alias);
                    if aliases.iter().any(|alias| alias.name == target) {
                        break;
                    }
                    text = name::text(target.iter());
                    owner = target;
                }
            }
        }
        Some(Reply::answer(aliases))
    }

    fn step(&mut self, question: Question<'_>) -> Step {
        let Question { name, text, record_type } = question;
        let Some(rule) = self.answers.names.rule(text, record_type) else {
            return Step::Done(Some(self.by_place(question)));
        };
        match &rule.says {
            // `* → sink.test` is about every name but sink.test.
            Says::Alias(target) if target != name => {
                let alias = kept(rule.ttl, self.record(name, text, cname(target)));
                match record_type {
                    RecordType::ANY | RecordType::CNAME => {
                        Step::Done(Some(Reply::answer(vec![alias])))
                    }
                    _ => Step::Alias(Box::new(alias), target.clone()),
                }
            }
            Says::Denied(denial) => Step::Done(self.denied(text, *denial)),
            Says::Records(data) => Step::Done(Some(self.listed(question, data, rule.ttl))),
            Says::Alias(_) | Says::AsUsual => Step::Done(Some(self.by_place(question))),
        }
    }

    /// Those of the listed records that were asked for.
    fn listed(&mut self, question: Question<'_>, data: &[RData], ttl: Option<u32>) -> Reply {
        let wanted = |data: &&RData| {
            let any = question.record_type == RecordType::ANY;
            any || data.record_type() == question.record_type
        };
        let answers = self.records(question, data.iter().filter(wanted).cloned());
        let answers = answers.into_iter().map(|record| kept(ttl, record)).collect();
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
        [RecordType::A, RecordType::AAAA]
            .iter()
            .filter_map(|record_type| self.address(host, &text, *record_type))
            .collect()
    }

    /// Of several addresses the first; none if the rule for the host is not about addresses.
    pub(super) fn address(
        &mut self,
        host: &Name,
        text: &str,
        record_type: RecordType,
    ) -> Option<Record> {
        let rule = self.answers.names.rule(text, record_type);
        let (data, ttl) = match rule.map(|rule| (&rule.says, rule.ttl)) {
            None | Some((Says::AsUsual, _)) => {
                let addresses = self.answers.addresses_of(text, self.cx, self.out);
                let four = addresses.v4.map(|address| RData::A(address.into()));
                let six = addresses.v6.map(|address| RData::AAAA(address.into()));
                (if record_type == RecordType::A { four } else { six }, None)
            }
            Some((Says::Records(data), ttl)) => {
                let mut data = data.iter().filter(|data| data.record_type() == record_type);
                (data.next().cloned(), ttl)
            }
            Some((Says::Alias(_) | Says::Denied(_), _)) => return None,
        };
        data.map(|data| kept(ttl, self.record(host, text, data)))
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
    /// The record that says so, and the other name.
    Alias(Box<Record>, Name),
    Done(Option<Reply>),
}

/// The record, with the time to live its rule says, if it says one.
fn kept(ttl: Option<u32>, mut record: Record) -> Record {
    record.ttl = ttl.unwrap_or(record.ttl);
    record
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
