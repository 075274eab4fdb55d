//! A telephone server.

use model::{Event, ServiceCommand};

use super::reply::{ALLOWED, reply, unauthorized};
use crate::broken_rules::BrokenRules;
use crate::headed::{Ends, Request, Taken, given, note_overlong};
use crate::{Cx, Input, Machine, Next, Out};

/// Over UDP: a request each datagram.
#[derive(Default)]
pub(super) struct OverUdp {
    broken_rules: BrokenRules,
}

impl Machine for OverUdp {
    fn on(&mut self, input: Input<'_>, cx: &Cx<'_>, out: &mut Out) {
        if let Input::Datagram(bytes) = input
            && !is_keep_alive(bytes)
        {
            hear(&Request::read(bytes), &mut self.broken_rules, cx, out);
        }
    }
}

/// What phones send to keep a way through a middle box open.
fn is_keep_alive(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| matches!(byte, b'\r' | b'\n' | 0))
}

/// Over TCP: one after the other.
#[derive(Default)]
pub(super) struct OverTcp {
    broken_rules: BrokenRules,
    is_inside: bool,
}

impl Machine for OverTcp {
    fn on(&mut self, input: Input<'_>, cx: &Cx<'_>, out: &mut Out) {
        match input {
            Input::Bytes(inbox) => loop {
                match Request::take(inbox, cx) {
                    Taken::Whole(request) => hear(&request, &mut self.broken_rules, cx, out),
                    Taken::Overlong => {
                        note_overlong(out);
                        return out.hand_over(Next::Close);
                    }
                    Taken::Partial => {
                        self.is_inside = !is_keep_alive(inbox.peek());
                        return;
                    }
                }
            },
            Input::Eof => {
                if self.is_inside {
                    self.broken_rules.note("sip", "the stream ends inside a request", out);
                }
                out.hand_over(Next::Close);
            }
            Input::Open | Input::Datagram(_) | Input::Timer => {}
        }
    }
}

/// A method and what is done about it.
type Obey = fn(&Request, &Cx<'_>, &mut Out);

const METHODS: &[(&str, Obey)] = &[
    // Nothing is ever said about these.
    ("ACK", |_, _, _| {}),
    ("SIP/2.0", |_, _, _| {}),
    ("BYE", nothing_there),
    ("CANCEL", nothing_there),
    ("INVITE", invite),
    ("MESSAGE", |request, cx, out| out.send(reply("202 Accepted", "", request, cx))),
    ("OPTIONS", |request, cx, out| {
        let extra = format!("{ALLOWED}Accept: application/sdp, text/plain\r\n");
        out.send(reply("200 OK", &extra, request, cx));
    }),
    ("REGISTER", register),
    ("SUBSCRIBE", |request, cx, out| out.send(reply("489 Bad Event", "", request, cx))),
];

fn hear(request: &Request, broken_rules: &mut BrokenRules, cx: &Cx<'_>, out: &mut Out) {
    let method = request.method.as_str();
    let is_answer = method == "SIP/2.0";
    if !is_answer && request.target.is_empty() {
        return broken_rules.note("sip", "no request", out);
    }
    if !is_answer && request.value(&["via", "v"]).is_empty() {
        broken_rules.note("sip", "a request without Via", out);
    }
    if !is_answer && method != "ACK" {
        note(request, out);
    }
    match METHODS.iter().find(|(known, _)| *known == method) {
        Some((_, obey)) => obey(request, cx, out),
        None => out.send(reply("405 Method Not Allowed", ALLOWED, request, cx)),
    }
}

/// What is asked of whom; of a message, what it says.
fn note(request: &Request, out: &mut Out) {
    let Request { method, target, body, .. } = request;
    let said = if method == "MESSAGE" { format!(" {body}") } else { String::new() };
    let command = format!("{method} {target}{said}");
    out.note(Event::Command(Box::new(ServiceCommand { protocol: "sip", command })));
}

/// Whether whoever asks may; who gave nothing is asked to, and who gave what is wrong is refused.
fn is_let_in(request: &Request, cx: &Cx<'_>, out: &mut Out) -> bool {
    let value = request.value(&["authorization", "proxy-authorization"]);
    let Some(given) = given(value, Ends { protocol: "sip", method: &request.method }, cx) else {
        out.send(unauthorized(request, cx));
        return false;
    };
    let is_right = cx.rules.sip.accept.admits(&given, cx);
    out.note(Event::Credentials(given.into()));
    if !is_right {
        out.send(reply("403 Forbidden", "", request, cx));
    }
    is_right
}

fn register(request: &Request, cx: &Cx<'_>, out: &mut Out) {
    if is_let_in(request, cx, out) {
        let contacts = request.values(&["contact", "m"]);
        let contacts: String =
            contacts.map(|one| format!("Contact: {one};expires=3600\r\n")).collect();
        out.send(reply("200 OK", &format!("{contacts}Expires: 3600\r\n"), request, cx));
    }
}

/// A number is busy; who is called by a name is not there.
fn invite(request: &Request, cx: &Cx<'_>, out: &mut Out) {
    if !is_let_in(request, cx, out) {
        return;
    }
    out.send(reply("100 Trying", "", request, cx));
    let callee = request.target.split_once(':').map_or("", |(_, rest)| rest);
    let callee = callee.split('@').next().unwrap_or_default();
    let is_number = callee.bytes().all(|byte| byte.is_ascii_digit() || b"+*#".contains(&byte));
    let status = if is_number { "486 Busy Here" } else { "404 Not Found" };
    out.send(reply(status, "", request, cx));
}

fn nothing_there(request: &Request, cx: &Cx<'_>, out: &mut Out) {
    out.send(reply("481 Call/Transaction Does Not Exist", "", request, cx));
}
