//! A MySQL server on one connection: greeting, login, commands.

use model::{Event, Limit};

use super::login::{self, Login};
use super::message::SHAPE;
use super::prepared::Prepared;
use super::{commands, reply::Reply};
use crate::broken_rules::BrokenRules;
use crate::frames::{Frame, Framed, Frames};
use crate::one_by_one::Server;
use crate::sql::Catalog;
use crate::{Cx, Inbox, Next, Out};

/// A server on one connection.
#[derive(Default)]
pub(super) struct Mysql {
    frames: Frames,
    state: State,
    session: Session,
}

/// What is to come next.
#[derive(Debug)]
pub(super) enum State {
    Command,
    Login(Login),
}

impl Default for State {
    fn default() -> Self {
        Self::Login(Login::Handshake)
    }
}

/// What is known of the client.
#[derive(Debug, Default)]
pub(super) struct Session {
    pub(super) user: String,
    pub(super) database: String,
    pub(super) catalog: Catalog,
    pub(super) prepared: Prepared,
    broken_rules: BrokenRules,
}

impl Server for Mysql {
    fn greet(&mut self, cx: &Cx<'_>, out: &mut Out) {
        out.send(login::greeting(cx));
    }

    /// Reads a packet; false if more has to come first.
    fn read(&mut self, inbox: &mut Inbox, cx: &Cx<'_>, out: &mut Out) -> bool {
        let frame = match self.frames.read(inbox, SHAPE, cx.rules.form_bytes) {
            Framed::Whole(frame) => frame,
            Framed::Impossible | Framed::Partial => return false,
        };
        if frame.is_cut {
            out.note(Event::LimitReached(Limit::FormBytes));
        }
        let mut reply = Reply::to(number(&frame));
        let state = std::mem::take(&mut self.state);
        let next = match state {
            State::Command => commands::obey(&mut self.session, &frame.body, &mut reply, (cx, out)),
            State::Login(login) => {
                login.hear(&mut self.session, &frame.body, &mut reply, (cx, out))
            }
        };
        let bytes = reply.into_bytes();
        if !bytes.is_empty() {
            out.send(bytes);
        }
        match next {
            Step::GoOn(state) => self.state = state,
            Step::Leave(next) => out.hand_over(next),
        }
        true
    }

    fn cut(&mut self, out: &mut Out) {
        self.session.broke("the stream ends inside a packet", out);
    }

    fn has_begun(&self) -> bool {
        self.frames.is_inside()
    }
}

/// What comes after a packet.
pub(super) enum Step {
    GoOn(State),
    Leave(Next),
}

fn number(frame: &Frame) -> u8 {
    frame.head.get(3).copied().unwrap_or_default()
}

impl Session {
    /// Notes a broken rule, once.
    pub(super) fn broke(&mut self, rule: &'static str, out: &mut Out) {
        self.broken_rules.note("mysql", rule, out);
    }
}
