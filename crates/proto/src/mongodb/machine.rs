//! A MongoDB server on one connection: commands in, documents out.

use model::{Event, Limit};

use super::commands;
use super::login::Login;
use super::message::{Request, SHAPE};
use crate::broken_rules::BrokenRules;
use crate::frames::{Framed, Frames};
use crate::sql::Catalog;
use crate::{Cx, Inbox, Input, Machine, Next, Out};

/// A server on one connection.
#[derive(Default)]
pub(super) struct Mongodb {
    frames: Frames,
    session: Session,
    is_inside: bool,
}

/// What is known of the client.
#[derive(Debug, Default)]
pub(super) struct Session {
    pub(super) catalog: Catalog,
    pub(super) login: Option<Login>,
    broken_rules: BrokenRules,
}

impl Machine for Mongodb {
    fn on(&mut self, input: Input<'_>, cx: &Cx<'_>, out: &mut Out) {
        match input {
            Input::Bytes(inbox) => {
                while !out.is_over() && self.read(inbox, cx, out) {}
                self.is_inside = self.frames.is_inside() || !inbox.is_empty();
            }
            Input::Eof => {
                if self.is_inside {
                    self.session.broke("the stream ends inside a message", out);
                }
                out.hand_over(Next::Close);
            }
            Input::Datagram(_) | Input::Open | Input::Timer => {}
        }
    }
}

impl Mongodb {
    /// Reads a message; false if more has to come first.
    fn read(&mut self, inbox: &mut Inbox, cx: &Cx<'_>, out: &mut Out) -> bool {
        let frame = match self.frames.read(inbox, SHAPE, cx.rules.form_bytes) {
            Framed::Whole(frame) => frame,
            Framed::Partial => return false,
            Framed::Impossible => {
                self.session.broke("a length that cannot be", out);
                out.hand_over(Next::Close);
                return false;
            }
        };
        if frame.is_cut {
            out.note(Event::LimitReached(Limit::FormBytes));
        }
        let Some(request) = Request::read(&frame) else {
            self.session.broke("a message that cannot be read", out);
            // Who sent what is only too long here can go on.
            if !frame.is_cut {
                out.hand_over(Next::Close);
            }
            return true;
        };
        let answer = commands::answer(&mut self.session, &request, cx, out);
        let bytes = request.answer(&answer);
        if !bytes.is_empty() {
            out.send(bytes);
        }
        true
    }
}

impl Session {
    /// Notes a broken rule, once.
    pub(super) fn broke(&mut self, rule: &'static str, out: &mut Out) {
        self.broken_rules.note("mongodb", rule, out);
    }
}
