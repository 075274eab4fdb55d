//! A server that says where it sees whom.

use std::net::{IpAddr, SocketAddr};

use model::{Credentials, Event};

use super::message::{ALLOCATE, BINDING, Message, length};
use crate::broken_rules::BrokenRules;
use crate::derived::{Purpose, derived};
use crate::hexadecimal::hexadecimal;
use crate::{Cx, Input, Machine, Next, Out};

/// Over UDP: a message each datagram.
#[derive(Default)]
pub(super) struct OverUdp {
    broken_rules: BrokenRules,
}

impl Machine for OverUdp {
    fn on(&mut self, input: Input<'_>, cx: &Cx<'_>, out: &mut Out) {
        if let Input::Datagram(bytes) = input {
            hear(bytes, &mut self.broken_rules, cx, out);
        }
    }
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
            Input::Bytes(inbox) => {
                while let Some(message) = length(inbox.peek()).and_then(|count| inbox.take(count)) {
                    hear(&message, &mut self.broken_rules, cx, out);
                }
                self.is_inside = !inbox.is_empty();
            }
            Input::Eof => {
                if self.is_inside {
                    self.broken_rules.note("stun", "the stream ends inside a message", out);
                }
                out.hand_over(Next::Close);
            }
            Input::Open | Input::Datagram(_) | Input::Timer => {}
        }
    }
}

fn hear(bytes: &[u8], broken_rules: &mut BrokenRules, cx: &Cx<'_>, out: &mut Out) {
    let Some(message) = Message::read(bytes) else {
        return broken_rules.note("stun", "not a request", out);
    };
    match message.kind {
        BINDING => out.send(message.seen_at(seen_at(cx))),
        ALLOCATE => {
            if let (Some(user), Some(integrity)) = (message.user, message.integrity) {
                note_login(user, integrity, out);
            }
            let (realm, nonce) = (&cx.persona.host, nonce(cx));
            out.send(message.refused(realm, &nonce));
        }
        // Indications and what only a relay's user asks.
        _ => {}
    }
}

/// Where the world is said to see victims; behind the sixth version of IP nothing is translated.
fn seen_at(cx: &Cx<'_>) -> SocketAddr {
    let victim = cx.flow.victim.address();
    match victim.ip() {
        IpAddr::V4(_) => SocketAddr::new(cx.persona.public_address.into(), victim.port()),
        IpAddr::V6(_) => victim,
    }
}

fn nonce(cx: &Cx<'_>) -> String {
    let [first, _] = derived(&cx.persona.seed, Purpose::Challenge, &cx.flow.id.to_string());
    format!("{first:016x}")
}

/// A keyed digest of the message (RFC 8489 §9.2): no program that guesses passwords reads it.
fn note_login(user: &[u8], integrity: &[u8], out: &mut Out) {
    let given = Credentials {
        protocol: "stun",
        mechanism: "message-integrity".to_owned(),
        user: Some(String::from_utf8_lossy(user).into_owned()),
        secret: hexadecimal(integrity),
    };
    out.note(Event::Credentials(given.into()));
}
