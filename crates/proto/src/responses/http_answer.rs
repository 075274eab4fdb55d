//! Rules for HTTP requests.

use std::sync::Arc;

use super::template::Known;
use super::{Facts, Found, HttpAnswer, Rule};
use crate::Cx;
use crate::http::{self, Request, Response};

/// The rule for a request, if there is one.
pub(crate) fn rule_for<'a>(request: &Request, cx: &Cx<'a>) -> Option<&'a Arc<Rule>> {
    let table = &cx.rules.own;
    if table.is_empty() {
        return None;
    }
    let first = format!("{} {} {}\r\n", request.method, request.target, request.version);
    let facts = Facts {
        transport: cx.flow.transport,
        victim: cx.flow.victim.ip(),
        address: cx.flow.orig_dst.ip(),
        port: cx.flow.orig_dst.port(),
        name: request.host_alone(),
        first: Some(first.as_bytes()),
        protocol: Some(http::PROTOCOL.name),
        request: Some(request),
    };
    match table.find(&facts) {
        Found::Rule(rule) => Some(rule),
        Found::Nothing | Found::NotYet(_) => None,
    }
}

/// The response that a rule gives to a request.
pub(crate) fn response(answer: &HttpAnswer, request: &Request, cx: &Cx<'_>) -> Response {
    let name = request.host_alone();
    let known = Known { cx, name, request: Some(request), received: &request.body };
    let body = answer.body.bytes(&known);
    let usual = Response::new(answer.status, cx);
    let usual = match answer.status {
        // They have no body, and no length (RFC 9110 §6.4.1).
        204 | 304 => usual,
        _ => usual.with_body(answer.media_type.clone(), body),
    };
    answer
        .headers
        .iter()
        .fold(usual, |response, (name, value)| response.with_instead(name.clone(), value.clone()))
}
