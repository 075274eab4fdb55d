//! HTTP archives, as browsers and proxies export them (HAR 1.2).

use serde::Deserialize;

use super::answer;
use crate::base64;
use crate::http::without_port;
use crate::responses::Exchange;

/// What some archives begin with.
pub(super) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

#[derive(Deserialize)]
struct Archive {
    log: Log,
}

#[derive(Deserialize)]
struct Log {
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    request: Request,
    response: Response,
}

#[derive(Deserialize)]
struct Request {
    method: String,
    url: String,
}

#[derive(Deserialize)]
struct Response {
    status: u16,
    #[serde(default)]
    headers: Vec<Field>,
    #[serde(default)]
    content: Content,
}

#[derive(Deserialize)]
struct Field {
    name: String,
    value: String,
}

#[derive(Default, Deserialize)]
struct Content {
    #[serde(default)]
    text: String,
    encoding: Option<String>,
}

/// Every request that got a response, in their order.
pub(super) fn exchanges(bytes: &[u8]) -> serde_json::Result<Vec<Exchange>> {
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    let archive: Archive = serde_json::from_slice(bytes)?;
    Ok(archive.log.entries.into_iter().filter_map(exchange).collect())
}

fn exchange(entry: Entry) -> Option<Exchange> {
    let Entry { request, response } = entry;
    // A browser writes 0 where it got none.
    if response.status < 200 {
        return None;
    }
    let (_, rest) = request.url.split_once("://")?;
    let rest = rest.split('#').next().unwrap_or_default();
    let (authority, target) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let target = if target.starts_with('/') { target.to_owned() } else { format!("/{target}") };
    let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    Some(Exchange {
        method: request.method.to_ascii_uppercase(),
        host: Some(without_port(authority).to_ascii_lowercase()),
        target,
        answer: answer(response.status, fields(response.headers), body(response.content)?),
    })
}

/// The body is in the archive without its coding; fields that begin with a colon are HTTP/2's own.
fn fields(fields: Vec<Field>) -> Vec<(String, String)> {
    let is_kept =
        |name: &str| !name.starts_with(':') && !name.eq_ignore_ascii_case("content-encoding");
    fields
        .into_iter()
        .filter(|field| is_kept(&field.name))
        .map(|field| (field.name, field.value.replace(char::is_control, " ")))
        .collect()
}

fn body(content: Content) -> Option<Vec<u8>> {
    match content.encoding.as_deref() {
        Some("base64") => {
            let text: String = content.text.split_ascii_whitespace().collect();
            base64::decoded(&text)
        }
        _ => Some(content.text.into_bytes()),
    }
}
