//! What nobody recognises: taken whole, answered with silence.
//!
//! Silence, because an echo or a made-up greeting is a tell-tale, and because the flow stays open
//! for as long as the victim wants (or the idle limit allows): whatever it says next is recorded
//! too.

use crate::{Carrier, Cx, First, Input, Machine, Next, Out, Place, Protocol, Verdict};

/// Any stream.
pub(crate) static STREAM: Protocol = Protocol {
    name: "raw",
    carrier: Carrier::Stream,
    ports: &[],
    first: First::Client,
    place: Place::Shaped,
    probe,
    start,
};

/// Any datagram.
pub(crate) static DATAGRAM: Protocol = Protocol {
    name: "raw",
    carrier: Carrier::Datagram,
    ports: &[],
    first: First::Client,
    place: Place::Shaped,
    probe,
    start,
};

fn probe(_seen: &[u8]) -> Verdict {
    Verdict::Yes
}

fn start() -> Box<dyn Machine> {
    Box::new(Raw)
}

struct Raw;

impl Machine for Raw {
    fn on(&mut self, input: Input<'_>, _cx: &Cx<'_>, out: &mut Out) {
        match input {
            Input::Bytes(inbox) => {
                inbox.discard(usize::MAX);
            }
            Input::Eof => out.hand_over(Next::Close),
            Input::Open | Input::Datagram(_) | Input::Timer => {}
        }
    }
}
