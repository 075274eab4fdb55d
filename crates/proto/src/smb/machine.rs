//! A server of shares on one connection: frames, and who of the two generations is spoken to.

use model::{Event, Limit};

use super::{first, second};
use crate::broken_rules::BrokenRules;
use crate::one_by_one::Server;
use crate::{Cx, Inbox, Next, Out};

/// A server of shares on one connection.
#[derive(Default)]
pub(super) struct Smb {
    broken_rules: BrokenRules,
    /// How much of a frame that is too long is to come.
    passing: usize,
}

/// A header of NetBIOS (RFC 1002 §4.3.1): a kind, and a length.
const HEAD: usize = 4;

impl Server for Smb {
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

    fn cut(&mut self, out: &mut Out) {
        self.broke("the stream ends inside a frame", out);
    }

    fn has_begun(&self) -> bool {
        self.passing > 0
    }
}

impl Smb {
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
