//! The two DNS machines: one message per datagram, or many on a stream with a length before each.

use std::net::{IpAddr, Ipv4Addr};

use hickory_proto::op::{Message, OpCode, Query, ResponseCode};
use model::{DnsQuery, Event};

use super::message::{self, Received, Transport};
use super::presentation::presented;
use super::resolver::{Reply, Resolver};
use super::{link, name, plain};
use crate::{Cx, Inbox, Input, Machine, Next, Out};

/// Answers one message that another protocol carried, as DNS over HTTPS does (RFC 8484), and records
/// its questions. No message back is silence.
#[must_use]
pub fn answer_message(message: &[u8], cx: &Cx<'_>, out: &mut Out) -> Option<Vec<u8>> {
    respond(message, Transport::Stream, cx, out)
}

/// DNS over UDP. It keeps nothing from one datagram to the next.
pub(super) struct OverUdp;

impl Machine for OverUdp {
    fn on(&mut self, input: Input<'_>, cx: &Cx<'_>, out: &mut Out) {
        if let Input::Datagram(bytes) = input
            && let Some(response) = respond(bytes, Transport::Datagram, cx, out)
        {
            out.send(response);
        }
    }
}

/// DNS over TCP (RFC 7766).
#[derive(Default)]
pub(super) struct OverTcp {
    /// Whether the peer has sent part of a message.
    is_inside_message: bool,
}

impl Machine for OverTcp {
    fn on(&mut self, input: Input<'_>, cx: &Cx<'_>, out: &mut Out) {
        match input {
            Input::Bytes(inbox) => {
                while read(inbox, cx, out) {}
                self.is_inside_message = !inbox.is_empty();
            }
            Input::Eof => {
                if self.is_inside_message {
                    broke("the stream ends inside a message", out);
                }
                out.hand_over(Next::Close);
            }
            Input::Open | Input::Datagram(_) | Input::Timer => {}
        }
    }
}

/// Answers one message of a stream, if it is there in whole.
fn read(inbox: &mut Inbox, cx: &Cx<'_>, out: &mut Out) -> bool {
    let Some((length, rest)) = inbox.peek().split_first_chunk() else { return false };
    let length = usize::from(u16::from_be_bytes(*length));
    let Some(bytes) = rest.get(..length) else { return false };
    if let Some(response) = respond(bytes, Transport::Stream, cx, out) {
        let length = u16::try_from(response.len()).unwrap_or(u16::MAX);
        out.send([length.to_be_bytes().as_slice(), &response].concat());
    }
    inbox.discard(2 + length);
    true
}

/// Answers one message and records its questions.
pub(super) fn respond(
    bytes: &[u8],
    transport: Transport,
    cx: &Cx<'_>,
    out: &mut Out,
) -> Option<Vec<u8>> {
    plain::respond(bytes, cx, out).or_else(|| respond_at_length(bytes, transport, cx, out))
}

/// As [`respond`], for every message there can be.
pub(super) fn respond_at_length(
    bytes: &[u8],
    transport: Transport,
    cx: &Cx<'_>,
    out: &mut Out,
) -> Option<Vec<u8>> {
    match message::read(bytes) {
        Received::Broken { header, questions, rule } => {
            broke(rule, out);
            if is_to_a_group(cx) {
                record(&questions, None, out);
                return None;
            }
            record(&questions, Some(ResponseCode::FormErr), out);
            Some(message::write_header(&header, ResponseCode::FormErr))
        }
        Received::Headless => {
            broke("a message too short for a header", out);
            None
        }
        Received::Request { message, surplus_bytes } => {
            if surplus_bytes > 0 {
                broke("bytes after the end of the message", out);
            }
            request(&message, transport, cx, out)
        }
        // How hosts announce their names (RFC 6762 §8.3).
        Received::Response if is_to_a_group(cx) => None,
        Received::Response => {
            broke("a response where a question was due", out);
            None
        }
    }
}

fn request(message: &Message, transport: Transport, cx: &Cx<'_>, out: &mut Out) -> Option<Vec<u8>> {
    if is_to_a_group(cx) {
        return link::respond(message, cx, out);
    }
    let code = precondition(message);
    match message.queries.as_slice() {
        [query] if code == ResponseCode::NoError => {
            one_question(message, query, transport, cx, out)
        }
        queries => {
            record(queries, Some(code), out);
            if code == ResponseCode::FormErr {
                broke("a message with none or several questions", out);
                return Some(message::write_header(&message.metadata, code));
            }
            Some(message::write(message, Reply::only(code), transport).bytes)
        }
    }
}

/// Whether everyone around was asked, as by mDNS and LLMNR.
pub(super) fn is_to_a_group(cx: &Cx<'_>) -> bool {
    let address = cx.flow.orig_dst.ip();
    address.is_multicast() || address == IpAddr::V4(Ipv4Addr::BROADCAST)
}

/// What keeps a message from being answered, as BIND sees it; `NoError` if nothing does.
fn precondition(message: &Message) -> ResponseCode {
    match message.metadata.op_code {
        OpCode::Query => {}
        OpCode::Update => return ResponseCode::Refused,
        _ => return ResponseCode::NotImp,
    }
    if message.edns.as_ref().is_some_and(|edns| edns.version() > 0) {
        return ResponseCode::BADVERS;
    }
    if message.queries.len() == 1 { ResponseCode::NoError } else { ResponseCode::FormErr }
}

fn one_question(
    message: &Message,
    query: &Query,
    transport: Transport,
    cx: &Cx<'_>,
    out: &mut Out,
) -> Option<Vec<u8>> {
    let text = name::text(query.name().iter());
    let Some(reply) = (Resolver { answers: &cx.rules.dns, cx, out }).reply(query, &text) else {
        record(std::slice::from_ref(query), None, out);
        return None;
    };
    let code = reply.code;
    let written = message::write(message, reply, transport);
    out.note(Event::Dns(DnsQuery {
        name: text,
        query_type: query.query_type().into(),
        query_class: query.query_class().into(),
        response_code: Some(code.into()),
        answers: written.answers.iter().map(|record| presented(&record.data)).collect(),
    }));
    Some(written.bytes)
}

/// Records questions that are not answered one by one.
fn record(queries: &[Query], code: Option<ResponseCode>, out: &mut Out) {
    for query in queries {
        out.note(Event::Dns(DnsQuery {
            name: name::text(query.name().iter()),
            query_type: query.query_type().into(),
            query_class: query.query_class().into(),
            response_code: code.map(u16::from),
            answers: Vec::new(),
        }));
    }
}

fn broke(rule: &'static str, out: &mut Out) {
    out.note(Event::Broke { protocol: "dns", rule: rule.into() });
}
