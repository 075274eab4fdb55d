//! The usual question, answered by hand: one A or AAAA question of class IN, for an ordinary name
//! without a rule, with or without a plain OPT record.
//!
//! Nearly every question is of this kind, and building a message from parts costs several times
//! as much as answering it. What is sent and recorded is the same to the byte as by the long way;
//! a property test holds that.

use std::net::IpAddr;

use hickory_proto::rr::RecordType;
use model::{DnsQuery, Event};

use super::machine::is_to_a_group;
use super::message::DATAGRAM_BYTES;
use super::name;
use super::place::Place;
use crate::{Cx, Out};

const CLASS_IN: u16 = 1;
const TYPE_A: u16 = 1;
const TYPE_AAAA: u16 = 28;
const HEADER_BYTES: usize = 12;

/// A response to `bytes`, if they are such a question. Nothing has happened if they are not.
pub(super) fn respond(bytes: &[u8], cx: &Cx<'_>, out: &mut Out) -> Option<Vec<u8>> {
    let question = Question::read(bytes)?;
    let answers = &cx.rules.dns;
    let record_type = RecordType::from(question.query_type);
    let is_ordinary = answers.names.rule(&question.text, record_type).is_none()
        && Place::of(&question.text) == Place::Ordinary;
    if !is_ordinary || is_to_a_group(cx) {
        return None;
    }
    // A name that is denied now will be so when it is asked for again, by the long way.
    if answers.walk.denial_of(&question.text, cx, out).is_some() {
        return None;
    }
    let addresses = answers.addresses_of(&question.text, cx, out);
    let address: IpAddr = match question.query_type {
        TYPE_A => addresses.v4?.into(),
        _ => addresses.v6?.into(),
    };
    let ttl = answers.ttl_of(&question.text, cx);
    let response = question.response(address, ttl);
    out.note(Event::Dns(DnsQuery {
        name: question.text,
        query_type: question.query_type,
        query_class: CLASS_IN,
        response_code: Some(0),
        answers: vec![address.to_string()],
    }));
    Some(response)
}

struct Question<'a> {
    /// Flags that a response repeats.
    flags: [u8; 2],
    id: [u8; 2],
    /// The question section, as it came.
    section: &'a [u8],
    text: String,
    query_type: u16,
    /// The DO bit of the OPT record, if there is one.
    opt: Option<u8>,
}

impl<'a> Question<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let (header, rest) = bytes.split_first_chunk::<HEADER_BYTES>()?;
        let [id0, id1, flags, more_flags, 0, 1, 0, 0, 0, 0, 0, additionals @ 0..=1] = *header
        else {
            return None;
        };
        // Neither a response nor another operation than a query.
        if flags & 0xf8 != 0 {
            return None;
        }
        let (text, name_bytes) = read_name(rest)?;
        let (section, opt) = rest.split_at_checked(name_bytes + 4)?;
        let [.., type0, type1, 0, 1] = *section else { return None };
        let query_type = u16::from_be_bytes([type0, type1]);
        let opt = match (additionals, opt) {
            (0, []) => None,
            // Version 0, no options.
            (1, [0, 0, 41, _, _, _, 0, opt_flags, _, 0, 0]) => Some(opt_flags & 0x80),
            _ => return None,
        };
        let (id, flags) = ([id0, id1], [flags & 0x01, more_flags & 0x10]);
        matches!(query_type, TYPE_A | TYPE_AAAA).then_some(Self {
            flags,
            id,
            section,
            text,
            query_type,
            opt,
        })
    }

    fn response(&self, address: IpAddr, ttl: u32) -> Vec<u8> {
        let mut response = Vec::with_capacity(HEADER_BYTES + self.section.len() + 28 + 11);
        let [recursion_desired, checking_disabled] = self.flags;
        response.extend_from_slice(&self.id);
        // A response; recursion available.
        response.extend_from_slice(&[0x80 | recursion_desired, 0x80 | checking_disabled]);
        response.extend_from_slice(&[0, 1, 0, 1, 0, 0, 0, u8::from(self.opt.is_some())]);
        response.extend_from_slice(self.section);
        // The owner is the name in the question (RFC 1035 §4.1.4).
        response.extend_from_slice(&[0xc0, 0x0c]);
        response.extend_from_slice(&self.query_type.to_be_bytes());
        response.extend_from_slice(&CLASS_IN.to_be_bytes());
        response.extend_from_slice(&ttl.to_be_bytes());
        match address {
            IpAddr::V4(address) => {
                response.extend_from_slice(&[0, 4]);
                response.extend_from_slice(&address.octets());
            }
            IpAddr::V6(address) => {
                response.extend_from_slice(&[0, 16]);
                response.extend_from_slice(&address.octets());
            }
        }
        if let Some(dnssec_ok) = self.opt {
            response.extend_from_slice(&[0, 0, 41]);
            response.extend_from_slice(&DATAGRAM_BYTES.to_be_bytes());
            response.extend_from_slice(&[0, 0, dnssec_ok, 0, 0, 0]);
        }
        response
    }
}

/// Reads a name without pointers: its text, and how many bytes it took.
fn read_name(bytes: &[u8]) -> Option<(String, usize)> {
    let mut labels = Labels { rest: bytes };
    let text = name::text(&mut labels);
    let [0, after @ ..] = labels.rest else { return None };
    let taken = bytes.len() - after.len();
    // RFC 1035 §2.3.4.
    (taken <= 255 && text != ".").then_some((text, taken))
}

/// The labels of a name, up to the empty one or to whatever is not a label.
struct Labels<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for &mut Labels<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<Self::Item> {
        let (length @ 1..=63, rest) = self.rest.split_first()? else { return None };
        let (label, rest) = rest.split_at_checked(usize::from(*length))?;
        self.rest = rest;
        Some(label)
    }
}
