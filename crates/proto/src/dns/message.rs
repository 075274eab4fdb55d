//! DNS messages: bytes to questions, replies to bytes (RFC 1035 §4, RFC 6891).

use hickory_proto::ProtoError;
use hickory_proto::op::{
    Edns, Header, Message, MessageType, Metadata, OpCode, Query, ResponseCode,
};
use hickory_proto::rr::Record;
use hickory_proto::serialize::binary::{BinDecodable, BinDecoder, DecodeError};

use super::resolver::Reply;

/// What a message turned out to be.
pub(super) enum Received {
    /// A header can be read, but not all the rest.
    Broken {
        header: Metadata,
        /// The questions before the place where it breaks.
        questions: Vec<Query>,
        rule: &'static str,
    },
    /// Too short for a header.
    Headless,
    /// A message that asks for something.
    Request { message: Box<Message>, surplus_bytes: usize },
    /// A message that answers somebody.
    Response,
}

/// Reads a message. Nothing is an error.
pub(super) fn read(bytes: &[u8]) -> Received {
    let mut decoder = BinDecoder::new(bytes);
    let Ok(Header { metadata: header, counts }) = Header::read(&mut decoder) else {
        return Received::Headless;
    };
    if header.message_type == MessageType::Response {
        return Received::Response;
    }
    let mut whole = BinDecoder::new(bytes);
    match Message::read(&mut whole) {
        Ok(message) => Received::Request { message: Box::new(message), surplus_bytes: whole.len() },
        Err(cause) => {
            let questions = (0..counts.queries).map_while(|_| Query::read(&mut decoder).ok());
            let questions = questions.collect();
            Received::Broken { header, questions, rule: rule(&cause) }
        }
    }
}

/// Largest response to a datagram that fits every path unfragmented (DNS flag day 2020): what we
/// say we take, and the most we send whatever the peer says it takes.
pub(super) const DATAGRAM_BYTES: u16 = 1_232;

/// Which rule a message breaks that cannot be read.
fn rule(cause: &DecodeError) -> &'static str {
    match cause {
        DecodeError::DomainNameTooLong(_) | DecodeError::LabelBytesTooLong(_) => {
            "a name or a label is too long"
        }
        DecodeError::DuplicateEdns => "more than one OPT record",
        DecodeError::InsufficientBytes => "the message ends too early",
        DecodeError::PointerNotPriorToLabel { .. } => "a compression pointer does not point back",
        DecodeError::UnrecognizedLabelCode(_) => "a label of an unknown kind",
        _ => "a record cannot be read",
    }
}

/// Where a message travels, which decides how long a response may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Transport {
    /// 512 bytes, or what the peer says it takes (RFC 6891 §6.2.5).
    Datagram,
    /// As long as its length in 16 bits can say (RFC 1035 §4.2.2).
    Stream,
}

impl Transport {
    fn room(self, edns: Option<&Edns>) -> usize {
        match self {
            Self::Datagram => {
                edns.map_or(512, |edns| edns.max_payload().clamp(512, DATAGRAM_BYTES))
            }
            Self::Stream => u16::MAX,
        }
        .into()
    }
}

/// A response as it is sent.
pub(super) struct Written {
    pub(super) bytes: Vec<u8>,
    /// The answers that are in it.
    pub(super) answers: Vec<Record>,
}

/// Writes the response to `request`. One that is too long loses its additional records first, then
/// everything but the question, and says so (RFC 2181 §9).
pub(super) fn write(request: &Message, reply: Reply, transport: Transport) -> Written {
    write_whole(request, reply, transport).unwrap_or_else(|_| {
        // Records that fit no message can only be the analyst's own static ones.
        let bytes = write_header(&request.metadata, ResponseCode::ServFail);
        Written { bytes, answers: Vec::new() }
    })
}

fn write_whole(
    request: &Message,
    reply: Reply,
    transport: Transport,
) -> Result<Written, ProtoError> {
    let room = transport.room(request.edns.as_ref());
    let mut response = response(request, reply);
    let mut bytes = response.to_vec()?;
    if bytes.len() > room {
        response.additionals.clear();
        bytes = response.to_vec()?;
    }
    if bytes.len() > room {
        response = response.truncate();
        bytes = response.to_vec()?;
    }
    Ok(Written { bytes, answers: response.answers })
}

fn response(request: &Message, reply: Reply) -> Message {
    let mut response = Message::response(request.metadata.id, request.metadata.op_code);
    response.metadata = header(&request.metadata, reply.code);
    response.metadata.authoritative = reply.authoritative;
    response.queries.clone_from(&request.queries);
    response.answers = reply.answers;
    response.authorities = reply.authorities;
    response.additionals = reply.additionals;
    response.edns = request.edns.as_ref().map(edns);
    response
}

/// Our side of EDNS: version 0, the peer's DO bit sent back (RFC 3225 §3).
fn edns(theirs: &Edns) -> Edns {
    let mut ours = Edns::new();
    ours.set_max_payload(DATAGRAM_BYTES).set_dnssec_ok(theirs.flags().dnssec_ok);
    ours
}

/// Writes a response that is a header and nothing more, as BIND does where a question cannot be
/// repeated.
pub(super) fn write_header(request: &Metadata, code: ResponseCode) -> Vec<u8> {
    let mut response = Message::response(request.id, request.op_code);
    response.metadata = header(request, code);
    response.to_vec().unwrap_or_default()
}

fn header(request: &Metadata, code: ResponseCode) -> Metadata {
    let mut header = Metadata::response_from_request(request);
    header.recursion_available = request.op_code == OpCode::Query;
    header.response_code = code;
    header
}
