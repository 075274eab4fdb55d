//! A device that measures and can be set.

use model::{Event, ServiceCommand};

use super::message::{Answer, Message};
use crate::broken_rules::BrokenRules;
use crate::derived::{Purpose, derived};
use crate::{Cx, Input, Machine, Out};

#[derive(Default)]
pub(super) struct Device {
    broken_rules: BrokenRules,
}

/// Methods by their codes (RFC 7252 §12.1.1, RFC 8132).
const METHODS: [&str; 8] = ["", "GET", "POST", "PUT", "DELETE", "FETCH", "PATCH", "iPATCH"];

/// Codes of answers (RFC 7252 §12.1.2, RFC 7959 §2.9.1).
const DELETED: u8 = 0x42;
const CHANGED: u8 = 0x44;
const CONTENT: u8 = 0x45;
const CONTINUE: u8 = 0x5f;
const NOT_FOUND: u8 = 0x84;
const NOT_ALLOWED: u8 = 0x85;

/// Formats of content (RFC 7252 §12.3).
const PLAIN: u8 = 0;
const LINKS: u8 = 40;

impl Machine for Device {
    fn on(&mut self, input: Input<'_>, cx: &Cx<'_>, out: &mut Out) {
        let Input::Datagram(bytes) = input else { return };
        match Message::read(bytes) {
            Some(message) if message.is_ping() => out.send(message.reset()),
            Some(message) if message.is_request() => {
                note(&message, out);
                out.send(message.answered(answer(&message, cx)));
            }
            // Answers and acknowledgements are never answered.
            Some(_) => {}
            None => self.broken_rules.note("coap", "a message that cannot be read", out),
        }
    }
}

fn note(message: &Message, out: &mut Out) {
    let method = METHODS.get(usize::from(message.code)).copied().unwrap_or_default();
    let Message { path, query, payload, .. } = message;
    let path = if path.is_empty() { "/" } else { path };
    let mut command = format!("{method} {path}");
    if !query.is_empty() {
        command += &format!("?{query}");
    }
    if !payload.is_empty() {
        command += &format!(" {}", String::from_utf8_lossy(payload));
    }
    out.note(Event::Command(Box::new(ServiceCommand { protocol: "coap", command })));
}

fn answer(message: &Message, cx: &Cx<'_>) -> Answer {
    match message.code {
        1 | 5 => match content(&message.path, cx) {
            Some((format, content)) => (CONTENT, Some(format), content.into_bytes()),
            None => (NOT_FOUND, None, Vec::new()),
        },
        2 | 3 | 6 | 7 if message.has_more() => (CONTINUE, None, Vec::new()),
        2 | 3 | 6 | 7 => (CHANGED, None, Vec::new()),
        4 => (DELETED, None, Vec::new()),
        _ => (NOT_ALLOWED, None, Vec::new()),
    }
}

/// What there is: a list of it (RFC 6690), and each.
fn content(path: &str, cx: &Cx<'_>) -> Option<(u8, String)> {
    let [first, second] = derived(&cx.persona.seed, Purpose::SmallService, "coap");
    // A little more or less every few minutes.
    let slot = cx.now.as_secs().div_euclid(240);
    let [drift, _] = derived(&cx.persona.seed, Purpose::SmallService, &format!("coap {slot}"));
    let tenths = |number: u64| format!("{}.{}", number / 10, number % 10);
    match path {
        "/.well-known/core" => Some((LINKS, LISTED.to_owned())),
        "/sensors/temp" => Some((PLAIN, tenths(195 + first % 40 + drift % 5))),
        "/sensors/hum" => Some((PLAIN, tenths(380 + second % 150 + drift % 12))),
        "/actuators/relay" => Some((PLAIN, "0".to_owned())),
        "/" | "" => Some((PLAIN, format!("{}\n", cx.persona.host))),
        _ => None,
    }
}

const LISTED: &str = "</sensors/temp>;rt=\"temperature\";obs,</sensors/hum>;rt=\"humidity\";obs,\
                      </actuators/relay>;rt=\"relay\"";
