//! What is answered to a request, and what is noted of it: the same in every version of HTTP.

use model::{Event, Timestamp};

use super::Request;
use super::Response;
use super::content::content;
use super::date::http_date;
use crate::derived::{Purpose, derived};
use crate::{Cx, Out};

/// Answers a request whose body has ended, and notes it.
///
/// A flow's names are noted earlier, by [`Names`](super::Names).
pub fn respond(request: &Request, cx: &Cx<'_>, out: &mut Out) -> Response {
    let mut response = by_method(request, cx);
    if request.is("head") {
        response.body.clear();
    }
    out.note(Event::HttpRequest(request.record(response.status)));
    response
}

/// Turns a request down that cannot be answered as it stands, and notes it.
pub fn refuse(request: &Request, status: u16, cx: &Cx<'_>, out: &mut Out) -> Response {
    out.note(Event::HttpRequest(request.record(status)));
    let mut response = Response::error(status, cx);
    if request.is("head") {
        response.body.clear();
    }
    response
}

/// Notes a request whose peer hung up before it had an answer.
pub fn note_unanswered(request: &Request, out: &mut Out) {
    out.note(Event::HttpRequest(request.record(0)));
}

/// Notes a request for a tunnel, which is opened.
pub fn note_tunnel(request: &Request, out: &mut Out) {
    out.note(Event::HttpRequest(request.record(200)));
}

fn by_method(request: &Request, cx: &Cx<'_>) -> Response {
    match request.method.to_ascii_uppercase().as_str() {
        "DELETE" => Response::new(204, cx),
        "GET" | "HEAD" => file(request, cx),
        "OPTIONS" => Response::empty(200, cx).with("Allow", ALLOWED),
        "PATCH" | "POST" => script(request, cx),
        "PUT" => Response::empty(201, cx),
        _ => Response::error(405, cx).with("Allow", ALLOWED),
    }
}

const ALLOWED: &str = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

/// What lies under the target, with the date of its last change.
fn file(request: &Request, cx: &Cx<'_>) -> Response {
    let changed = last_change(&request.target, cx);
    let response = script(request, cx);
    let tag = format!("\"{:x}-{:x}\"", changed.as_secs(), response.body.len());
    response
        .with("Last-Modified", http_date(changed))
        .with("ETag", tag)
        .with("Accept-Ranges", "bytes")
}

/// What a script answers has no date of its last change.
fn script(request: &Request, cx: &Cx<'_>) -> Response {
    let site = request.site();
    let content = content(&request.target, site.as_deref(), cx.persona);
    Response::new(200, cx).with_content(content)
}

/// A day in the past that depends on the target alone, so that it is the same on every ask.
fn last_change(target: &str, cx: &Cx<'_>) -> Timestamp {
    /// 2023-01-01.
    const FIRST: u64 = 1_672_531_200;
    const TWO_YEARS: u64 = 2 * 365 * 86_400;
    let [_, chance] = derived(&cx.persona.seed, Purpose::Page, target);
    let seconds = i64::try_from(FIRST + chance % TWO_YEARS).unwrap_or_default();
    Timestamp::from_micros(seconds * 1_000_000).min(cx.now)
}
