//! DNS over HTTPS (RFC 8484), and the JSON that public resolvers offer beside it.

use hickory_proto::op::{Message, Query};
use hickory_proto::rr::{Name, Record, RecordType};
use hickory_proto::serialize::binary::BinEncodable;
use model::DnsQuery;
use serde_json::{Value, json};

use super::form::url_encoded;
use super::{Request, Response};
use crate::base64::decoded;
use crate::{Cx, Out, dns};

const MESSAGE: &str = "application/dns-message";
const JSON: &str = "application/dns-json";

/// A DNS question that HTTP carried.
enum Question {
    /// As a message, answered with one.
    Message(Vec<u8>),
    /// As a name and a type, answered with a document.
    Json(Vec<u8>),
}

/// Answers a DNS question, if the request is one. It is recorded as DNS, too.
pub(super) fn answer(request: &Request, cx: &Cx<'_>, out: &mut Out) -> Option<Response> {
    let question = question(request)?;
    let (Question::Message(asked) | Question::Json(asked)) = &question;
    let Some(answer) = dns::answer_message(asked, cx, out) else {
        return Some(Response::error(400, cx));
    };
    Some(match question {
        Question::Message(_) => Response::new(200, cx).with_body(MESSAGE, answer),
        Question::Json(_) => Response::new(200, cx).with_body(JSON, document(&answer)?),
    })
}

fn question(request: &Request) -> Option<Question> {
    if request.is("post") {
        let is_message = request.media_type() == MESSAGE;
        return is_message.then(|| Question::Message(request.body.clone()));
    }
    let pairs = url_encoded(request.query().as_bytes());
    let value = |wanted: &str| {
        let found = pairs.iter().find(|(name, _)| name == wanted);
        found.map(|(_, value)| value.as_str())
    };
    let accept = request.text("accept").unwrap_or_default();
    let is_resolver = matches!(request.path(), "/dns-query" | "/resolve");
    if !is_resolver && !accept.contains(MESSAGE) && !accept.contains(JSON) {
        return None;
    }
    match value("dns") {
        Some(message) => decoded(message).map(Question::Message),
        None => written(value("name")?, value("type")).map(Question::Json),
    }
}

/// A question as a message; the type is a mnemonic or a number, A if there is none.
fn written(name: &str, record_type: Option<&str>) -> Option<Vec<u8>> {
    let number = match record_type {
        None | Some("") => 1,
        Some(written) => written.parse().ok().or_else(|| DnsQuery::type_number(written))?,
    };
    let mut name = Name::from_ascii(name).ok()?;
    name.set_fqdn(true);
    let question = Query::query(name, RecordType::from(number)).to_bytes().ok()?;
    // A question that wants recursion, and nothing else.
    let head = [0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    Some([&head[..], &question].concat())
}

fn document(message: &[u8]) -> Option<Vec<u8>> {
    let message = Message::from_vec(message).ok()?;
    let questions: Vec<Value> = message
        .queries
        .iter()
        .map(
            |query| json!({"name": query.name().to_ascii(), "type": u16::from(query.query_type())}),
        )
        .collect();
    let head = &message.metadata;
    let mut document = json!({
        "Status": u16::from(head.response_code),
        "TC": head.truncation,
        "RD": head.recursion_desired,
        "RA": head.recursion_available,
        "AD": head.authentic_data,
        "CD": head.checking_disabled,
        "Question": questions,
    });
    for (section, records) in [("Answer", &message.answers), ("Authority", &message.authorities)] {
        if !records.is_empty() {
            let records: Vec<Value> = records.iter().map(record).collect();
            document.as_object_mut()?.insert(section.to_owned(), records.into());
        }
    }
    serde_json::to_vec(&document).ok()
}

fn record(record: &Record) -> Value {
    json!({
        "name": record.name.to_ascii(),
        "type": u16::from(record.record_type()),
        "TTL": record.ttl,
        "data": record.data.to_string(),
    })
}
