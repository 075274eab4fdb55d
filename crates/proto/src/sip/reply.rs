//! What the server says, in the words of the one that is most widely run (Asterisk).

use crate::Cx;
use crate::derived::{Purpose, derived};
use crate::headed::{Request, challenge};

/// What we are said to be able to do.
pub(super) const ALLOWED: &str = "Allow: OPTIONS, REGISTER, SUBSCRIBE, NOTIFY, PUBLISH, INVITE, \
                                  ACK, BYE, CANCEL, UPDATE, PRACK, MESSAGE, REFER\r\n";

/// A response to `request`: what tells whose it is comes back (RFC 3261 §8.2.6).
pub(super) fn reply(status: &str, extra: &str, request: &Request, cx: &Cx<'_>) -> String {
    let mut reply = format!("SIP/2.0 {status}\r\n");
    for (place, via) in request.values(&["via", "v"]).enumerate() {
        let via = if place == 0 { received(via, cx) } else { via.to_owned() };
        reply += &format!("Via: {via}\r\n");
    }
    let (call, order) = (request.value(&["call-id", "i"]), request.value(&["cseq"]));
    let (from, to) = (request.value(&["from", "f"]), request.value(&["to", "t"]));
    let tag = if to.contains("tag=") { String::new() } else { format!(";tag={}", tag(call, cx)) };
    reply += &format!("Call-ID: {call}\r\nFrom: {from}\r\nTo: {to}{tag}\r\nCSeq: {order}\r\n");
    reply += extra;
    reply + "Server: Asterisk PBX 18.10.0\r\nContent-Length:  0\r\n\r\n"
}

/// Where the request really came from (RFC 3581 §4).
fn received(via: &str, cx: &Cx<'_>) -> String {
    let victim = cx.flow.victim.address();
    let (ip, port) = (victim.ip(), victim.port());
    let mut seen = format!(";received={ip}");
    let via = match via.split_once(";rport") {
        Some((before, after)) if !after.starts_with('=') => {
            seen = format!(";rport={port}{seen}");
            format!("{before}{after}")
        }
        _ => via.to_owned(),
    };
    via + &seen
}

fn tag(call: &str, cx: &Cx<'_>) -> String {
    let [first, _] = derived(&cx.persona.seed, Purpose::SmallService, &format!("sip {call}"));
    format!("z9hG4bK-{first:016x}")
}

/// Log in first.
pub(super) fn unauthorized(request: &Request, cx: &Cx<'_>) -> String {
    let nonce = challenge(cx);
    let field =
        format!("WWW-Authenticate: Digest realm=\"asterisk\",nonce=\"{nonce}\",algorithm=MD5\r\n");
    reply("401 Unauthorized", &field, request, cx)
}
