//! A mail described: ENVELOPE and BODYSTRUCTURE (RFC 3501 §7.4.2).

use mail_parser::{Addr, Address, HeaderName, MessageParser};

use super::reply::{string, string_or_nil};
use super::structure::{About, Kind, Part};

/// What a description of a mail's parts has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Detail {
    /// BODY.
    Basic,
    /// BODYSTRUCTURE.
    Extended,
}

/// Longest text that is told of one field; the field itself can be fetched.
const LONGEST_FIELD: usize = 4_096;

/// Who wrote what to whom, and when.
pub(super) fn envelope(head: &[u8]) -> String {
    let ended = [head, b"\r\n\r\n"].concat();
    let parser = MessageParser::new()
        .with_minimal_headers()
        .header_address(HeaderName::Sender)
        .default_header_ignore();
    let Some(message) = parser.parse_headers(&ended) else {
        return format!("({})", ["NIL"; 10].join(" "));
    };
    let raw = |name: HeaderName<'static>| {
        let words = message.header_raw(name)?.split_whitespace();
        let mut text = words.collect::<Vec<_>>().join(" ");
        text.truncate(text.floor_char_boundary(LONGEST_FIELD));
        Some(text)
    };
    let field = |name: HeaderName<'static>| string_or_nil(raw(name).as_deref());
    let list = |address: Option<&Address<'_>>| address.and_then(addresses);
    let from = list(message.from());
    let or_from = |address| list(address).or_else(|| from.clone());
    let people = [
        from.clone(),
        or_from(message.sender()),
        or_from(message.reply_to()),
        list(message.to()),
        list(message.cc()),
        list(message.bcc()),
    ];
    let people = people.map(|list| list.unwrap_or_else(|| "NIL".to_owned())).join(" ");
    format!(
        "({} {} {people} {} {})",
        field(HeaderName::Date),
        field(HeaderName::Subject),
        field(HeaderName::InReplyTo),
        field(HeaderName::MessageId)
    )
}

/// A list of addresses; of a group, with its beginning and its end.
fn addresses(list: &Address<'_>) -> Option<String> {
    let written: String = match list {
        Address::List(addresses) => addresses.iter().map(address).collect(),
        Address::Group(groups) => groups
            .iter()
            .map(|group| {
                let inside: String = group.addresses.iter().map(address).collect();
                match &group.name {
                    Some(name) => {
                        format!("(NIL NIL {} NIL){inside}(NIL NIL NIL NIL)", string(name))
                    }
                    None => inside,
                }
            })
            .collect(),
    };
    let is_told = !written.is_empty() && written.len() <= 4 * LONGEST_FIELD;
    is_told.then(|| format!("({written})"))
}

fn address(one: &Addr<'_>) -> String {
    let address = one.address.as_deref().unwrap_or_default();
    let (local, host) = address.rsplit_once('@').unwrap_or((address, ""));
    let name = string_or_nil(one.name.as_deref());
    format!("({name} NIL {} {})", string(local), string(host))
}

/// The parts of a mail, and what each is.
pub(super) fn structure(part: &Part, text: &[u8], detail: Detail) -> String {
    let Kind::Parts(parts) = &part.kind else { return one_part(part, text, detail) };
    let inside: String = parts.iter().map(|part| structure(part, text, detail)).collect();
    // A body of parts has at least one (RFC 3501 §9, `body-type-mpart`).
    let inside = if inside.is_empty() { EMPTY.to_owned() } else { inside };
    let About { sub, parameters: given, .. } = &part.about;
    let sub = string(sub);
    match detail {
        Detail::Basic => format!("({inside} {sub})"),
        Detail::Extended => {
            let disposition = disposition(&part.about);
            format!("({inside} {sub} {} {disposition} NIL NIL)", parameters(given))
        }
    }
}

/// A text with nothing in it.
const EMPTY: &str = "(\"text\" \"plain\" NIL NIL NIL \"7bit\" 0 0)";

fn one_part(part: &Part, text: &[u8], detail: Detail) -> String {
    let About { main, sub, id, description, encoding, .. } = &part.about;
    let body = text.get(part.body.clone()).unwrap_or_default();
    let mut written = format!(
        "({} {} {} {} {} {} {}",
        string(main),
        string(sub),
        parameters(&part.about.parameters),
        string_or_nil(id.as_deref()),
        string_or_nil(description.as_deref()),
        string(encoding.as_deref().unwrap_or("7bit")),
        body.len()
    );
    let lines = body.iter().filter(|byte| **byte == b'\n').count();
    if let Kind::Mail(inner) = &part.kind {
        let head = text.get(inner.head.clone()).unwrap_or_default();
        let inside = structure(inner, text, detail);
        written += &format!(" {} {inside} {lines}", envelope(head));
    } else if main == "text" {
        written += &format!(" {lines}");
    }
    if detail == Detail::Extended {
        written += &format!(" NIL {} NIL NIL", disposition(&part.about));
    }
    written + ")"
}

fn parameters(list: &[(String, String)]) -> String {
    let written = list.iter().map(|(name, value)| format!("{} {}", string(name), string(value)));
    let written = written.collect::<Vec<_>>().join(" ");
    if written.is_empty() { "NIL".to_owned() } else { format!("({written})") }
}

fn disposition(about: &About) -> String {
    let written = about
        .disposition
        .as_ref()
        .map(|(word, given)| format!("({} {})", string(word), parameters(given)));
    written.unwrap_or_else(|| "NIL".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_told_field_by_field() {
        let head = b"Date: Tue, 1 Jan 2030 10:00:00 +0000\r\nSubject: a\r\n \"b\"\r\n\
            From: Jo <jo@a.example>\r\nTo: team: x@b.example;\r\nMessage-ID: <1@a>\r\n";
        assert_eq!(
            envelope(head),
            "(\"Tue, 1 Jan 2030 10:00:00 +0000\" \"a \\\"b\\\"\" \
             ((\"Jo\" NIL \"jo\" \"a.example\")) ((\"Jo\" NIL \"jo\" \"a.example\")) \
             ((\"Jo\" NIL \"jo\" \"a.example\")) \
             ((NIL NIL \"team\" NIL)(NIL NIL \"x\" \"b.example\")(NIL NIL NIL NIL)) \
             NIL NIL NIL \"<1@a>\")"
        );
    }

    #[test]
    fn parts_are_told_with_their_kinds_and_sizes() {
        let text = b"Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n\r\nhi\r\n--a\r\n\
            Content-Type: image/png; name=x\r\nContent-Transfer-Encoding: base64\r\n\
            Content-Disposition: attachment; filename=x\r\n\r\nAAAA\r\n--a--\r\n";
        let part = Part::of(text, 1_000);
        assert_eq!(
            structure(&part, text, Detail::Extended),
            "((\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 2 0 NIL NIL NIL NIL)\
             (\"image\" \"png\" (\"name\" \"x\") NIL NIL \"base64\" 4 NIL \
             (\"attachment\" (\"filename\" \"x\")) NIL NIL) \
             \"mixed\" (\"boundary\" \"a\") NIL NIL NIL)"
        );
        assert!(structure(&part, text, Detail::Basic).ends_with(" 4) \"mixed\")"));
    }
}
