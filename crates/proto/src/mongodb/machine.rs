//! A MongoDB server on one connection: commands in, documents out.

use model::{Event, Limit};

use super::commands;
use super::login::Login;
use super::message::{Request, SHAPE};
use crate::broken_rules::BrokenRules;
use crate::frames::{Framed, Frames};
use crate::one_by_one::Server;
use crate::sql::Catalog;
use crate::{Cx, Inbox, Next, Out};

/// A server on one connection.
#[derive(Default)]
pub(super) struct Mongodb {
    frames: Frames,
    session: Session,
}

/// What is known of the client.
#[derive(Debug, Default)]
pub(super) struct Session {
    pub(super) catalog: Catalog,
    pub(super) login: Option<Login>,
    broken_rules: BrokenRules,
}

impl Server for Mongodb {
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

    fn cut(&mut self, out: &mut Out) {
        self.session.broke("the stream ends inside a message", out);
    }

    fn has_begun(&self) -> bool {
        self.frames.is_inside()
    }
}

impl Session {
    /// Notes a broken rule, once.
    pub(super) fn broke(&mut self, rule: &'static str, out: &mut Out) {
        self.broken_rules.note("mongodb", rule, out);
    }
}
