//! HTTP/2 (RFC 9113), told by the preface every connection begins with. Its frames are the business
//! of whoever drives it, with a library; what is answered is [`http`](crate::http)'s.

use crate::{Carrier, Cx, First, Input, Machine, Next, Out, Place, Protocol, Verdict};

pub(crate) const PROTOCOL: Protocol = Protocol {
    name: "http2",
    carrier: Carrier::Stream,
    ports: &[],
    first: First::Client,
    place: Place::Marked,
    probe,
    start: || Box::new(Preface),
};

/// What a client sends first (RFC 9113 §3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

fn probe(seen: &[u8]) -> Verdict {
    match seen.len().min(PREFACE.len()) {
        length if seen.get(..length) != PREFACE.get(..length) => Verdict::No,
        length if length < PREFACE.len() => Verdict::NeedMore,
        _ => Verdict::Yes,
    }
}

/// Hands everything over, unread.
struct Preface;

impl Machine for Preface {
    fn on(&mut self, input: Input<'_>, _cx: &Cx<'_>, out: &mut Out) {
        if matches!(input, Input::Bytes(_) | Input::Eof) {
            out.hand_over(Next::Http2);
        }
    }
}
