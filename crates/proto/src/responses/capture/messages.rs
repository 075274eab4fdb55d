//! HTTP/1 messages out of the two streams of a connection.

use super::answer;
use super::streams::Streams;
use crate::http::{origin_form, without_port};
use crate::responses::Exchange;

/// More fields than any server sends.
const FIELDS: usize = 128;

/// The head of a message.
struct Head {
    /// Method and target of a request.
    asked: Option<(String, String)>,
    /// Status of a response.
    status: u16,
    fields: Vec<(String, String)>,
    length: usize,
}

/// How long a body is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Framing {
    Chunked,
    Length(usize),
    UntilTheEnd,
}

/// Every request with the response that came to it, in their order.
pub(super) fn exchanges(streams: &Streams) -> Vec<Exchange> {
    let mut exchanges = Vec::new();
    let (mut client, mut server) = (streams.client.as_slice(), streams.server.as_slice());
    while let Some((request, _)) = message(&mut client, Head::request, Framing::Length(0)) {
        let Some((method, target)) = request.asked.clone() else { break };
        let Some((response, body)) = response_to(&method, &mut server) else { break };
        exchanges.push(Exchange {
            method: method.to_ascii_uppercase(),
            host: request.field("host").map(|host| without_port(host).to_ascii_lowercase()),
            target: origin_form(&target).split('#').next().unwrap_or_default().to_owned(),
            answer: answer(response.status, response.fields, body),
        });
    }
    exchanges
}

/// The next response that is not one in between (RFC 9110 §15.2).
fn response_to(method: &str, server: &mut &[u8]) -> Option<(Head, Vec<u8>)> {
    loop {
        let before = *server;
        let head = Head::response(before)?;
        let has_no_body =
            method.eq_ignore_ascii_case("HEAD") || matches!(head.status, 100..=199 | 204 | 304);
        if has_no_body {
            *server = before.get(head.length..).unwrap_or_default();
            if head.status < 200 {
                continue;
            }
            return Some((head, Vec::new()));
        }
        return message(server, Head::response, Framing::UntilTheEnd);
    }
}

/// Takes a whole message off a stream; nothing if there is none.
fn message(
    stream: &mut &[u8],
    read: fn(&[u8]) -> Option<Head>,
    unless_said: Framing,
) -> Option<(Head, Vec<u8>)> {
    let head = read(stream)?;
    let rest = stream.get(head.length..).unwrap_or_default();
    let (body, rest) = match head.framing().unwrap_or(unless_said) {
        Framing::Chunked => unchunked(rest),
        Framing::Length(length) => {
            let (body, rest) = rest.split_at(length.min(rest.len()));
            (body.to_vec(), rest)
        }
        Framing::UntilTheEnd => (rest.to_vec(), &[][..]),
    };
    *stream = rest;
    Some((head, body))
}

/// The bytes of a chunked body, as far as they were captured, and what follows (RFC 9112 §7.1).
fn unchunked(mut rest: &[u8]) -> (Vec<u8>, &[u8]) {
    let mut body = Vec::new();
    while let Ok(httparse::Status::Complete((start, size))) = httparse::parse_chunk_size(rest) {
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let chunk = rest.get(start..).unwrap_or_default();
        let (bytes, after) = chunk.split_at(size.min(chunk.len()));
        body.extend_from_slice(bytes);
        rest = after.strip_prefix(b"\r\n").unwrap_or(after);
        if size == 0 {
            break;
        }
    }
    (body, rest)
}

impl Head {
    fn request(bytes: &[u8]) -> Option<Self> {
        let mut fields = [httparse::EMPTY_HEADER; FIELDS];
        let mut request = httparse::Request::new(&mut fields);
        let length = whole(request.parse(bytes))?;
        let asked = Some((request.method?.to_owned(), request.path?.to_owned()));
        Some(Self { asked, status: 0, fields: owned(request.headers), length })
    }

    fn response(bytes: &[u8]) -> Option<Self> {
        let mut fields = [httparse::EMPTY_HEADER; FIELDS];
        let mut response = httparse::Response::new(&mut fields);
        let length = whole(response.parse(bytes))?;
        Some(Self { asked: None, status: response.code?, fields: owned(response.headers), length })
    }

    fn field(&self, name: &str) -> Option<&str> {
        let mut fields = self.fields.iter();
        fields.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// What the fields say of the body (RFC 9112 §6.3).
    fn framing(&self) -> Option<Framing> {
        let coding = self.field("transfer-encoding").unwrap_or_default();
        if coding.to_ascii_lowercase().ends_with("chunked") {
            return Some(Framing::Chunked);
        }
        self.field("content-length")?.trim().parse().ok().map(Framing::Length)
    }
}

fn whole(parsed: httparse::Result<usize>) -> Option<usize> {
    match parsed {
        Ok(httparse::Status::Complete(length)) => Some(length),
        Ok(httparse::Status::Partial) | Err(_) => None,
    }
}

fn owned(fields: &[httparse::Header<'_>]) -> Vec<(String, String)> {
    let text = |value: &[u8]| String::from_utf8_lossy(value).replace(char::is_control, " ");
    fields.iter().map(|field| (field.name.to_owned(), text(field.value))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::responses::Content;

    fn bodies(exchanges: &[Exchange]) -> Vec<String> {
        let body = |exchange: &Exchange| match &exchange.answer.body {
            Content::Fixed(body) => String::from_utf8_lossy(body).into_owned(),
            Content::Template(_) => "a template".to_owned(),
        };
        exchanges.iter().map(body).collect()
    }

    #[test]
    fn requests_of_a_connection_meet_their_responses() {
        let client = "POST /a HTTP/1.1\r\nHost: A.test:8080\r\nContent-Length: 3\r\n\r\nabc\
                      HEAD /b HTTP/1.1\r\nHost: a.test\r\n\r\n\
                      GET /f?u=http://b.test/g HTTP/1.1\r\n\r\n\
                      GET http://b.test/c?d=e HTTP/1.0\r\n\r\n";
        let server = "HTTP/1.1 100 Continue\r\n\r\n\
                      HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Id: 7\r\n\r\n\
                      2\r\nok\r\n4;a=b\r\n yes\r\n0\r\n\r\n\
                      HTTP/1.1 204 No Content\r\nContent-Length: 9\r\n\r\n\
                      HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi\
                      HTTP/1.0 404 Not Found\r\n\r\nuntil the end";
        let streams = Streams { client: client.into(), server: server.into() };
        let found = exchanges(&streams);
        assert_eq!(bodies(&found), ["ok yes", "", "hi", "until the end"]);
        let asked: Vec<_> =
            found.iter().map(|one| (one.method.as_str(), one.target.as_str())).collect();
        assert_eq!(
            asked,
            [("POST", "/a"), ("HEAD", "/b"), ("GET", "/f?u=http://b.test/g"), ("GET", "/c?d=e")]
        );
        assert_eq!(found[0].host.as_deref(), Some("a.test"));
        assert_eq!(found[0].answer.headers, [("X-Id".to_owned(), "7".to_owned())]);
        assert_eq!(found[3].answer.status, 404);
    }

    #[test]
    fn what_is_no_http_has_no_exchange() {
        for (client, server) in
            [("\x16\x03\x01", "\x16\x03\x03"), ("GET / HTTP/1.1\r\n\r\n", "SSH-2.0")]
        {
            let streams = Streams { client: client.into(), server: server.into() };
            assert!(exchanges(&streams).is_empty());
        }
    }
}
