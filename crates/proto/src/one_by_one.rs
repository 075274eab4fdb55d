//! Servers that read one message after the other from a stream.

use crate::{Cx, Inbox, Input, Machine, Next, Out};

/// What such a server does itself; reading on, and the end of the stream, are the same for all.
pub(crate) trait Server: Send {
    /// Reads what is to come next; false if more has to come first.
    fn read(&mut self, inbox: &mut Inbox, cx: &Cx<'_>, out: &mut Out) -> bool;

    /// Notes that the stream ended inside a message.
    fn cut(&mut self, out: &mut Out);

    /// Whether a message has begun of which nothing is unread.
    fn has_begun(&self) -> bool {
        false
    }

    /// Says what it says before anybody has spoken.
    fn greet(&mut self, _cx: &Cx<'_>, _out: &mut Out) {}

    /// Does what it wanted to be woken for.
    fn wake(&mut self, _cx: &Cx<'_>, _out: &mut Out) {}
}

/// The machine that such a server is.
#[derive(Debug, Default)]
pub(crate) struct OneByOne<S> {
    server: S,
    /// Whether the client has begun a message that is not whole.
    is_inside: bool,
}

impl<S: Server> Machine for OneByOne<S> {
    fn on(&mut self, input: Input<'_>, cx: &Cx<'_>, out: &mut Out) {
        match input {
            Input::Open => self.server.greet(cx, out),
            Input::Bytes(inbox) => {
                while !out.is_over() && self.server.read(inbox, cx, out) {}
                self.is_inside = self.server.has_begun() || !inbox.is_empty();
            }
            Input::Timer => self.server.wake(cx, out),
            Input::Eof => {
                if self.is_inside {
                    self.server.cut(out);
                }
                out.hand_over(Next::Close);
            }
            Input::Datagram(_) => {}
        }
    }
}
