//! Services that hear: echo says it back (RFC 862), discard does not (RFC 863).

use super::goes_round;
use crate::broken_rules::BrokenRules;
use crate::{Cx, Input, Machine, Next, Out};

/// Echo on a stream. What comes back is as much as was sent.
pub(super) struct Echo;

impl Machine for Echo {
    fn on(&mut self, input: Input<'_>, _: &Cx<'_>, out: &mut Out) {
        match input {
            Input::Bytes(inbox) if !inbox.is_empty() => out.send(inbox.take_all()),
            Input::Eof => out.hand_over(Next::Close),
            Input::Open | Input::Bytes(_) | Input::Datagram(_) | Input::Timer => {}
        }
    }
}

/// Echo of datagrams.
#[derive(Default)]
pub(super) struct EchoOverUdp {
    broken_rules: BrokenRules,
}

impl Machine for EchoOverUdp {
    fn on(&mut self, input: Input<'_>, cx: &Cx<'_>, out: &mut Out) {
        let Input::Datagram(bytes) = input else { return };
        if !goes_round("echo", &mut self.broken_rules, cx, out) {
            out.send(bytes.to_vec());
        }
    }
}

/// Discard, on either carrier.
pub(super) struct Discard;

impl Machine for Discard {
    fn on(&mut self, input: Input<'_>, _: &Cx<'_>, out: &mut Out) {
        match input {
            Input::Bytes(inbox) => {
                inbox.discard(usize::MAX);
            }
            Input::Eof => out.hand_over(Next::Close),
            Input::Open | Input::Datagram(_) | Input::Timer => {}
        }
    }
}
