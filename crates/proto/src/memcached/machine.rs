//! A Memcached server on one connection, or in one conversation of datagrams.

use super::server::Server;
use crate::{Cx, Inbox, Input, Machine, Next, Out};

/// A server on one connection.
#[derive(Default)]
pub(super) struct Memcached {
    server: Server,
    is_inside: bool,
}

impl Machine for Memcached {
    fn on(&mut self, input: Input<'_>, cx: &Cx<'_>, out: &mut Out) {
        match input {
            Input::Bytes(inbox) => {
                while self.read(inbox, cx, out) {}
                self.is_inside = self.server.is_inside() || !inbox.is_empty();
                if self.server.is_over() {
                    out.hand_over(Next::Close);
                }
            }
            Input::Eof => {
                if self.is_inside {
                    self.server.broke("the stream ends inside a command", out);
                }
                out.hand_over(Next::Close);
            }
            Input::Datagram(_) | Input::Open | Input::Timer => {}
        }
    }
}

impl Memcached {
    /// Reads a command; false if there is no more, or more has to come first.
    fn read(&mut self, inbox: &mut Inbox, cx: &Cx<'_>, out: &mut Out) -> bool {
        let mut reply = Vec::new();
        let goes_on = self.server.read(inbox, &mut reply, cx, out);
        if !reply.is_empty() {
            out.send(reply);
        }
        goes_on && !self.server.is_over()
    }
}

/// A server in one conversation.
#[derive(Default)]
pub(super) struct Datagrams {
    server: Server,
}

/// The head of a datagram: which request, which part of how many, nothing.
const HEAD: usize = 8;

/// Most bytes of an answer in one datagram (the usual server's).
const PART: usize = 1_400 - HEAD;

impl Machine for Datagrams {
    fn on(&mut self, input: Input<'_>, cx: &Cx<'_>, out: &mut Out) {
        let Input::Datagram(datagram) = input else { return };
        let Some(([first, second, ..], said)) = datagram.split_at_checked(HEAD) else {
            return self.server.broke("a datagram without a head", out);
        };
        let mut inbox = Inbox::default();
        inbox.push(said);
        let mut reply = Vec::new();
        while self.server.read(&mut inbox, &mut reply, cx, out) && !self.server.is_over() {}
        if self.server.is_inside() || !inbox.is_empty() {
            self.server.broke("a command that goes on in another datagram", out);
            self.server.forget_begun();
        }
        let parts: Vec<&[u8]> = reply.chunks(PART).collect();
        let [high, low] = u16::try_from(parts.len()).unwrap_or(u16::MAX).to_be_bytes();
        for (number, part) in (0_u16..).zip(parts) {
            let [number_high, number_low] = number.to_be_bytes();
            let head = [*first, *second, number_high, number_low, high, low, 0, 0];
            out.send([&head, part].concat());
        }
    }
}
