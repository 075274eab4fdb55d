//! A server of shares on one connection: frames, and who of the two generations is spoken to.

use model::{Event, Limit};

use super::{first, second};
use crate::broken_rules::BrokenRules;
use crate::{Cx, Inbox, Input, Machine, Next, Out};

/// A server of shares on one connection.
#[derive(Default)]
pub(super) struct Smb {
    broken_rules: BrokenRules,
    /// How much of a frame that is too long is to come.
    passing: usize,
    is_inside: bool,
}

/// A header of NetBIOS (RFC 1002 §4.3.1): a kind, and a length.
const HEAD: usize = 4;

impl Machine for Smb {
    fn on(&mut self, input: Input<'_>, cx: &Cx<'_>, out: &mut Out) {
        match input {
            Input::Bytes(inbox) => {
                while !out.is_over() && self.read(inbox, cx, out) {}
                self.is_inside = !inbox.is_empty() || self.passing > 0;
            }
            Input::Eof => {
                if self.is_inside {
                    self.broke("the stream ends inside a frame", out);
                }
                out.hand_over(Next::Close);
            }
            Input::Open | Input::Datagram(_) | Input::Timer => {}
        }
    }
}

impl Smb {
    /// Reads what is to come next; false if more has to come first.
    fn read(&mut self, inbox: &mut Inbox, cx: &Cx<'_>, out: &mut Out) -> bool {
        self.passing -= inbox.discard(self.passing);
        let Some([kind, high, middle, low]) = inbox.peek().first_chunk().copied() else {
            return false;
        };
        let length =
            usize::try_from(u32::from_be_bytes([0, high, middle, low])).unwrap_or_default();
        if length > cx.rules.head_bytes {
            out.note(Event::LimitReached(Limit::HeadBytes));
            self.passing = HEAD + length;
            return true;
        }
        let Some(frame) = inbox.take(HEAD + length) else { return false };
        let message = frame.get(HEAD..).unwrap_or_default();
        match kind {
            0 => self.hear(message, cx, out),
            // A session with a name, which is ours, whatever it is.
            0x81 => out.send(vec![0x82, 0, 0, 0]),
            // To keep the connection open.
            0x85 => {}
            _ => {
                self.broke("an unknown kind of frame", out);
                out.hand_over(Next::Close);
            }
        }
        true
    }

    fn hear(&mut self, message: &[u8], cx: &Cx<'_>, out: &mut Out) {
        let heard = match message.first_chunk() {
            Some(b"\xffSMB") => first::hear(message, cx, out),
            Some(b"\xfeSMB") => second::hear(message, cx, out),
            _ => Err("a message that is none"),
        };
        if let Err(rule) = heard {
            self.broke(rule, out);
            out.hand_over(Next::Close);
        }
    }

    fn broke(&mut self, rule: &'static str, out: &mut Out) {
        self.broken_rules.note("smb", rule, out);
    }
}

/// A message in its frame.
pub(super) fn framed(message: &[u8]) -> Vec<u8> {
    let length = u32::try_from(message.len()).unwrap_or_default();
    [&length.to_be_bytes(), message].concat()
}
