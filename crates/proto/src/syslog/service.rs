//! A log server for victims (RFC 3164, RFC 5424): over UDP a message each datagram, over TCP one after
//! the other (RFC 6587). It hears everything and never says a word.

use model::{Event, Limit, SyslogMessage};

use super::{Frame, Framing, fields};
use crate::recognise::reader::{Judged, Reader, is_digit, is_text, require};
use crate::{Carrier, Cx, First, Inbox, Input, Machine, Next, Out, Place, Protocol, Verdict};

pub(crate) const OVER_TCP: Protocol = Protocol {
    name: "syslog",
    carrier: Carrier::Stream,
    ports: &[514, 601, 6514],
    first: First::Client,
    place: Place::Marked,
    probe: |seen| judged(seen, message_of_stream),
    start: || Box::new(OverTcp::default()),
};

pub(crate) const OVER_UDP: Protocol = Protocol {
    carrier: Carrier::Datagram,
    ports: &[514],
    probe: |seen| judged(seen, message),
    start: || Box::new(OverUdp),
    ..OVER_TCP
};

fn judged(seen: &[u8], judge: fn(&mut Reader<'_>) -> Judged) -> Verdict {
    judge(&mut Reader::new(seen)).unwrap_or_else(|left| left)
}

/// A priority up to 191 in angle brackets (RFC 3164 §4.1.1, RFC 5424 §6.2.1), then text.
fn message(head: &mut Reader<'_>) -> Judged {
    head.literal(b"<")?;
    let digits = head.until(b'>', 3, is_digit)?;
    let priority = digits.iter().fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'));
    require(!digits.is_empty() && priority <= 191)?;
    head.all(1, is_text)?;
    Ok(Verdict::Yes)
}

/// The same after the number of its octets (RFC 6587 §3.4.1), or without.
fn message_of_stream(head: &mut Reader<'_>) -> Judged {
    if head.rest().first().is_some_and(|first| matches!(first, b'1'..=b'9')) {
        head.until(b' ', 5, is_digit)?;
    }
    message(head)
}

/// A datagram is a message.
struct OverUdp;

impl Machine for OverUdp {
    fn on(&mut self, input: Input<'_>, _: &Cx<'_>, out: &mut Out) {
        if let Input::Datagram(bytes) = input {
            note(bytes, out);
        }
    }
}

#[derive(Default)]
struct OverTcp {
    framing: Framing,
    begun: Inbox,
    /// Whether it was noted that a message is too long.
    is_limit_noted: bool,
}

impl Machine for OverTcp {
    fn on(&mut self, input: Input<'_>, cx: &Cx<'_>, out: &mut Out) {
        match input {
            Input::Bytes(inbox) => {
                self.begun.push(&inbox.take_all());
                while self.read(cx, out) {}
            }
            Input::Eof => {
                if let Some(rest) = self.framing.rest(&mut self.begun) {
                    note(&rest, out);
                }
                out.hand_over(Next::Close);
            }
            Input::Open | Input::Datagram(_) | Input::Timer => {}
        }
    }
}

impl OverTcp {
    /// Takes in a message; false if none has come to its end.
    fn read(&mut self, cx: &Cx<'_>, out: &mut Out) -> bool {
        match self.framing.take(&mut self.begun, cx.rules.line_bytes) {
            Frame::Whole(message) => note(&message, out),
            Frame::Cut(message) => {
                if !std::mem::replace(&mut self.is_limit_noted, true) {
                    out.note(Event::LimitReached(Limit::LineBytes));
                }
                note(&message, out);
            }
            Frame::Partial => return false,
        }
        true
    }
}

/// Writes a message down; empty ones say nothing.
fn note(bytes: &[u8], out: &mut Out) {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_matches(['\0', '\n', '\r', ' ']);
    if !text.is_empty() {
        let message: SyslogMessage = fields(text);
        out.note(Event::SyslogMessage(Box::new(message)));
    }
}
