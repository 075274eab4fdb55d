//! The head of a mail or of a part: its fields, read by a library.

use mail_parser::{Address, ContentType, HeaderName, Message, MessageParser};

use super::decoding::Decoding;
use super::file::About;

/// What the head of a part says about what follows it; without one, it is text.
#[derive(Debug, Default)]
pub(super) struct PartHead {
    pub(super) kind: Kind,
    pub(super) decoding: Decoding,
    /// The set of characters that a text is written in.
    pub(super) charset: Option<String>,
}

/// What follows a head.
#[derive(Debug, Default)]
pub(super) enum Kind {
    /// A file.
    Attachment(About),
    /// Parts, with this between them.
    Parts { boundary: Vec<u8> },
    /// Text to be read.
    #[default]
    Text,
}

/// What the head of a mail says, as text.
#[derive(Debug, Default)]
pub(super) struct Fields {
    pub(super) from: Option<String>,
    pub(super) to: Option<String>,
    pub(super) cc: Option<String>,
    pub(super) subject: Option<String>,
    pub(super) message_id: Option<String>,
    pub(super) date: Option<String>,
    pub(super) mailer: Option<String>,
}

/// Reads the head of a mail.
pub(super) fn read_fields(head: &[u8]) -> Fields {
    let head = ended(head);
    let Some(message) = parser().parse_headers(&head) else { return Fields::default() };
    let raw = |name: HeaderName<'static>| {
        let words = message.header_raw(name)?.split_whitespace();
        Some(words.collect::<Vec<_>>().join(" ")).filter(|text| !text.is_empty())
    };
    let message_id = raw(HeaderName::MessageId);
    let mailer = |name: &'static str| raw(HeaderName::Other(name.into()));
    Fields {
        from: message.from().and_then(addresses),
        to: message.to().and_then(addresses),
        cc: message.cc().and_then(addresses),
        subject: message.subject().map(str::to_owned),
        message_id: message_id.map(|id| id.trim_matches(['<', '>']).to_owned()),
        date: raw(HeaderName::Date),
        mailer: mailer("User-Agent").or_else(|| mailer("X-Mailer")),
    }
}

/// Reads the head of a part, which may be a mail's own.
pub(super) fn read_part(head: &[u8]) -> PartHead {
    let head = ended(head);
    let Some(message) = parser().parse_headers(&head) else { return PartHead::default() };
    let content_type = field(&message, HeaderName::ContentType);
    let encoding = message.header(HeaderName::ContentTransferEncoding);
    let encoding = encoding.and_then(|value| value.as_text()).unwrap_or_default();
    let charset = content_type.and_then(|content_type| content_type.attribute("charset"));
    PartHead {
        kind: kind(&message, content_type),
        decoding: Decoding::named(encoding),
        charset: charset.map(str::to_owned),
    }
}

/// A text without a name is there to be read, unless it says that it is attached.
fn kind(message: &Message<'_>, content_type: Option<&ContentType<'_>>) -> Kind {
    let main = content_type.map_or("text", |content_type| content_type.ctype());
    let boundary = content_type.and_then(|content_type| content_type.attribute("boundary"));
    if let Some(boundary) = boundary.filter(|_| main.eq_ignore_ascii_case("multipart")) {
        return Kind::Parts { boundary: boundary.trim_end().as_bytes().to_vec() };
    }
    let disposition = field(message, HeaderName::ContentDisposition);
    let name = disposition.and_then(|disposition| disposition.attribute("filename"));
    let name =
        name.or_else(|| content_type.and_then(|content_type| content_type.attribute("name")));
    let is_attached = disposition.is_some_and(|disposition| disposition.is_attachment());
    if main.eq_ignore_ascii_case("text") && name.is_none() && !is_attached {
        return Kind::Text;
    }
    let media_type = content_type.map(|content_type| match content_type.subtype() {
        Some(sub) => format!("{}/{sub}", content_type.ctype()),
        None => content_type.ctype().to_owned(),
    });
    Kind::Attachment(About { name: name.map(str::to_owned), media_type })
}

fn field<'a>(message: &'a Message<'_>, name: HeaderName<'static>) -> Option<&'a ContentType<'a>> {
    let header = message.headers().iter().rev().find(|header| header.name == name)?;
    header.value.as_content_type()
}

fn addresses(list: &Address<'_>) -> Option<String> {
    let written = list.iter().map(|one| match (one.name(), one.address()) {
        (Some(name), Some(address)) => format!("{name} <{address}>"),
        (name, address) => name.or(address).unwrap_or_default().to_owned(),
    });
    Some(written.collect::<Vec<_>>().join(", ")).filter(|text| !text.is_empty())
}

/// A head with its end: of one that was cut off, the last field is read as well.
fn ended(head: &[u8]) -> Vec<u8> {
    [head, b"\r\n\r\n"].concat()
}

/// Only what is asked for is read.
fn parser() -> MessageParser {
    MessageParser::new().with_minimal_headers().default_header_ignore()
}
