//! DNS messages as text, read and written by an implementation that is not ours.

use std::str::FromStr;

use hickory_proto::op::{Edns, Message, MessageType, OpCode, Query, ResponseCode};
use hickory_proto::rr::{DNSClass, Name, RData, Record, RecordType};

/// Every query of a talk has this id unless it says otherwise.
const ID: u16 = 0x1234;

/// Writes a query: `NAME [TYPE] [CLASS]`, several with `/` between them, then options with `+`.
pub(crate) fn query(words: &str) -> Vec<u8> {
    let mut message = Message::new(ID, MessageType::Query, OpCode::Query);
    message.metadata.recursion_desired = true;
    let words: Vec<&str> = words.split_whitespace().collect();
    let (options, questions): (Vec<&str>, Vec<&str>) =
        words.iter().partition(|word| word.starts_with('+'));
    for words in questions.split(|word| *word == "/").filter(|words| !words.is_empty()) {
        message.add_query(question(words));
    }
    options.iter().for_each(|option| set(&mut message, option));
    message.to_vec().unwrap()
}

fn question(words: &[&str]) -> Query {
    let mut name = Name::from_ascii(words[0]).unwrap();
    name.set_fqdn(true);
    let record_type = words.get(1).map_or(RecordType::A, |word| {
        let number = model::DnsQuery::type_number(word).unwrap();
        RecordType::from(number)
    });
    let mut query = Query::query(name, record_type);
    if let Some(class) = words.get(2) {
        let number = class.strip_prefix("CLASS").map(|number| number.parse::<u16>().unwrap());
        let class = number.map(DNSClass::from);
        query.set_query_class(class.unwrap_or_else(|| DNSClass::from_str(words[2]).unwrap()));
    }
    query
}

fn set(message: &mut Message, option: &str) {
    let edns = |message: &mut Message| message.edns.get_or_insert_with(Edns::new).clone();
    let (option, value) = option.split_once('=').unwrap_or((option, ""));
    match option {
        "+answer" => {
            message.metadata.message_type = MessageType::Response;
        }
        "+cd" => message.metadata.checking_disabled = true,
        "+do" => {
            let mut edns = edns(message);
            edns.set_dnssec_ok(true);
            message.set_edns(edns);
        }
        "+edns" => {
            let mut edns = edns(message);
            edns.set_max_payload(value.parse().unwrap());
            message.set_edns(edns);
        }
        "+edns-version" => {
            let mut edns = edns(message);
            edns.set_version(value.parse().unwrap());
            message.set_edns(edns);
        }
        "+id" => message.metadata.id = value.parse().unwrap(),
        "+norec" => message.metadata.recursion_desired = false,
        "+opcode" => message.metadata.op_code = OpCode::from_u8(value.parse().unwrap()),
        other => panic!("not an option: {other}"),
    }
}

/// Reads the messages of a stream, a length before each.
pub(crate) fn responses(sent: &[u8]) -> String {
    let mut text = String::new();
    let mut rest = sent;
    while let Some((length, after)) = rest.split_first_chunk() {
        let (message, after) = after.split_at(usize::from(u16::from_be_bytes(*length)));
        text += &response(message);
        rest = after;
    }
    assert!(rest.is_empty(), "half a length: {rest:?}");
    text
}

/// Writes what a message says.
pub(crate) fn response(bytes: &[u8]) -> String {
    let message = Message::from_vec(bytes).unwrap();
    let mut text = format!("<dns {}{}, {} bytes\n", code(&message), flags(&message), bytes.len());
    for query in &message.queries {
        let (class, record_type) = (class_name(query.query_class()), type_name(query.query_type()));
        text += &format!("<   ? {} {class} {record_type}\n", query.name());
    }
    for (sign, records) in
        [('=', &message.answers), ('^', &message.authorities), ('+', &message.additionals)]
    {
        records.iter().for_each(|record| text += &format!("<   {sign} {}\n", written(record)));
    }
    if let Some(edns) = &message.edns {
        let dnssec_ok = if edns.flags().dnssec_ok { " do" } else { "" };
        let (version, size) = (edns.version(), edns.max_payload());
        text += &format!("<   edns {version}, {size} bytes{dnssec_ok}\n");
    }
    text
}

fn code(message: &Message) -> String {
    match (message.metadata.response_code, &message.edns) {
        // The same number with two meanings.
        (ResponseCode::BADSIG, Some(_)) => "BADVERS".to_owned(),
        (code, _) => format!("{code:?}").to_ascii_uppercase(),
    }
}

fn flags(message: &Message) -> String {
    let header = &message.metadata;
    let mut text = String::new();
    for (name, is_set) in [
        ("aa", header.authoritative),
        ("tc", header.truncation),
        ("rd", header.recursion_desired),
        ("ra", header.recursion_available),
        ("ad", header.authentic_data),
        ("cd", header.checking_disabled),
    ] {
        if is_set {
            text += &format!(" {name}");
        }
    }
    assert_eq!(header.message_type, MessageType::Response);
    if header.op_code != OpCode::Query {
        text += &format!(" {:?}", header.op_code);
    }
    if header.id != ID {
        text += &format!(" id {}", header.id);
    }
    text
}

fn written(record: &Record) -> String {
    let (class, record_type) = (record.dns_class, type_name(record.record_type()));
    let data = match &record.data {
        // Long texts are there for their length.
        RData::TXT(txt) if txt.txt_data.len() > 1 => {
            let lengths: Vec<_> = txt.txt_data.iter().map(|string| string.len()).collect();
            format!("strings of {lengths:?} bytes")
        }
        data => data.to_string(),
    };
    format!("{} {} {class} {record_type} {data}", record.name, record.ttl)
}

fn type_name(record_type: RecordType) -> String {
    model::DnsQuery::type_name(record_type.into())
}

fn class_name(class: DNSClass) -> String {
    match class {
        DNSClass::Unknown(number) => format!("CLASS{number}"),
        known => known.to_string(),
    }
}
