//! What HTTP/1 does where a rule of the analyst's says so: slowly, in bytes of its own, or not at
//! all.

use bytes::Bytes;
use model::Event;

use super::message::Head;
use super::wire::{Afterwards, written};
use super::{Response, answered, credentials};
use crate::responses::{self, Act, Answer, Known, Paced, Pacing, Rule};
use crate::{Cx, Next, Out};

/// An answer that a rule gives, on its way.
pub(super) struct Own {
    pacing: Pacing,
    then: Then,
}

/// What comes after it.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Then {
    /// The next request.
    Next,
    /// Nothing is answered any more.
    Silence,
    /// The flow is handed over.
    Over(Next),
}

impl Own {
    /// The answer of `rule`, noted.
    pub(super) fn of(rule: &Rule, head: &Head, cx: &Cx<'_>, out: &mut Out) -> Self {
        let answer = &rule.answer;
        let bytes = match &answer.act {
            Act::Http(_) | Act::Replay(_) => {
                let response = answered(&head.request, Some(rule), cx, out);
                written(&response, head.version, afterwards(answer, head))
            }
            act => {
                let bytes = raw(act, head, cx);
                credentials::note(&head.request, cx, out);
                note(rule, out);
                out.note(Event::HttpRequest(head.request.record(status_of(&bytes))));
                bytes
            }
        };
        Self { pacing: Pacing::of(answer, bytes), then: then(answer, head) }
    }

    /// Sends what may be sent now; what comes then, once all is sent.
    pub(super) fn go_on(&mut self, out: &mut Out) -> Option<Then> {
        match self.pacing.go_on(out) {
            Paced::All => Some(self.then.clone()),
            Paced::Waits => None,
        }
    }

    /// The peer will send no more.
    pub(super) fn end(&mut self) {
        if self.then != Then::Over(Next::Reset) {
            self.then = Then::Over(Next::Close);
        }
    }
}

/// Notes that a rule answers.
pub(super) fn note(rule: &Rule, out: &mut Out) {
    out.note(Event::ResponseRule { rule: rule.name.clone() });
}

/// The whole answer as the rule has it.
fn raw(act: &Act, head: &Head, cx: &Cx<'_>) -> Bytes {
    let request = &head.request;
    let name = request.host_alone();
    match act {
        Act::Say(content) => {
            content.bytes(&Known { cx, name, request: Some(request), received: &request.body })
        }
        _ => Bytes::new(),
    }
}

/// The status that raw bytes begin with; 0 if they are no response.
fn status_of(bytes: &[u8]) -> u16 {
    let digits = bytes.strip_prefix(b"HTTP/1.").and_then(|rest| rest.get(2..5));
    digits.and_then(|digits| std::str::from_utf8(digits).ok()?.parse().ok()).unwrap_or(0)
}

fn then(answer: &Answer, head: &Head) -> Then {
    match &answer.act {
        Act::Drop => Then::Silence,
        Act::Refuse => Then::Over(Next::Reset),
        _ if answer.afterwards == responses::Afterwards::Reset => Then::Over(Next::Reset),
        _ if afterwards(answer, head) == Afterwards::Close => Then::Over(Next::Close),
        _ => Then::Next,
    }
}

fn afterwards(answer: &Answer, head: &Head) -> Afterwards {
    match answer.afterwards {
        responses::Afterwards::Close => Afterwards::Close,
        _ => Afterwards::wanted_by(head),
    }
}

/// The response of a rule, if it has one that every version of HTTP can give.
pub(super) fn response(
    rule: Option<&Rule>,
    request: &super::Request,
    cx: &Cx<'_>,
    out: &mut Out,
) -> Option<Response> {
    let rule = rule?;
    let answer = rule.answer.act.response_to(request)?;
    note(rule, out);
    Some(responses::response(answer, request, cx))
}
