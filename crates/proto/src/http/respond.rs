//! What is answered to a request, and what is noted of it: the same in every version of HTTP.

use model::{Event, ProxyRequest};

use super::content::{Content, content};
use super::file::file;
use super::own;
use super::tunnel::asked_for;
use super::{Request, Response, authority, connectivity, credentials, doh, pac, wish};
use crate::responses::{self, Rule};
use crate::{Cx, Out};

/// Answers a request whose body has ended, and notes it.
///
/// A flow's names are noted earlier, by [`Names`](super::Names).
pub fn respond(request: &Request, cx: &Cx<'_>, out: &mut Out) -> Response {
    answered(request, responses::rule_for(request, cx).map(|rule| &**rule), cx, out)
}

/// The same, by a rule of the analyst's if there is one.
pub(super) fn answered(
    request: &Request,
    rule: Option<&Rule>,
    cx: &Cx<'_>,
    out: &mut Out,
) -> Response {
    credentials::note(request, cx, out);
    let mut response = own::response(rule, request, cx, out)
        .or_else(|| doh::answer(request, cx, out))
        .or_else(|| authority::answer(request, cx))
        .or_else(|| connectivity::check(request)?.answer(cx))
        .or_else(|| pac::answer(request, cx))
        .or_else(|| credentials::challenge(request, cx))
        .unwrap_or_else(|| by_method(request, cx));
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

/// What is asked of whoever wants a tunnel before it is opened, if anything is; notes that it was
/// not.
pub fn challenge_tunnel(request: &Request, cx: &Cx<'_>, out: &mut Out) -> Option<Response> {
    let response = credentials::challenge(request, cx)?;
    credentials::note(request, cx, out);
    out.note(Event::HttpRequest(request.record(response.status)));
    out.note(Event::ProxyRequest(ProxyRequest { granted: false, ..asked_for(request, cx) }));
    Some(response)
}

/// Notes a request for a tunnel, which is opened. Says to which port it is to lead.
pub fn note_tunnel(request: &Request, cx: &Cx<'_>, out: &mut Out) -> Option<u16> {
    credentials::note(request, cx, out);
    out.note(Event::HttpRequest(request.record(200)));
    let asked = asked_for(request, cx);
    let port = asked.port;
    out.note(Event::ProxyRequest(asked));
    port
}

/// Notes a request to speak another protocol from here on, which is granted; gives the beginning
/// of the answer.
pub(crate) fn note_switch(request: &Request, cx: &Cx<'_>, out: &mut Out) -> Response {
    out.note(Event::HttpRequest(request.record(101)));
    Response::new(101, cx)
}

fn by_method(request: &Request, cx: &Cx<'_>) -> Response {
    match request.method.to_ascii_uppercase().as_str() {
        "DELETE" => Response::new(204, cx),
        "GET" | "HEAD" => file(request, suitable(request, cx), cx),
        "OPTIONS" => Response::empty(200, cx).with("Allow", ALLOWED),
        // What a script answers has no date of its last change, and no parts.
        "PATCH" | "POST" => {
            let content = suitable(request, cx);
            Response::new(200, cx).with_body(content.media_type, content.into_body())
        }
        "PUT" => Response::empty(201, cx),
        _ => Response::error(405, cx).with("Allow", ALLOWED),
    }
}

const ALLOWED: &str = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

/// Something of the kind that the target promises, or else that the peer wishes for.
fn suitable(request: &Request, cx: &Cx<'_>) -> Content {
    let site = request.site();
    let path = wish::path_of(request);
    content(&path, site.as_deref(), cx.persona)
}
