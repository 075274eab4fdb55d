//! A Redis server on one connection: commands in, replies out.

use super::message::{Heard, Listener};
use super::session::Session;
use crate::{Cx, Inbox, Input, Machine, Next, Out};

/// A server on one connection.
#[derive(Default)]
pub(super) struct Redis {
    listener: Listener,
    session: Session,
    /// Whether the client has begun something that is not whole.
    is_inside: bool,
}

impl Machine for Redis {
    fn on(&mut self, input: Input<'_>, cx: &Cx<'_>, out: &mut Out) {
        match input {
            Input::Bytes(inbox) => {
                while !out.is_over() && self.read(inbox, cx, out) {}
                self.is_inside = self.listener.is_inside() || !inbox.is_empty();
            }
            Input::Eof => {
                if self.is_inside {
                    self.session.broke("the stream ends inside a command", out);
                }
                out.hand_over(Next::Close);
            }
            Input::Timer => self.session.wait_is_over(out),
            Input::Datagram(_) | Input::Open => {}
        }
    }
}

impl Redis {
    /// Reads what is to come next; false if more has to come first.
    fn read(&mut self, inbox: &mut Inbox, cx: &Cx<'_>, out: &mut Out) -> bool {
        let heard = self.listener.read(inbox, cx, out);
        let goes_on = heard != Heard::Partial;
        self.session.answer(heard, cx, out);
        goes_on
    }
}
