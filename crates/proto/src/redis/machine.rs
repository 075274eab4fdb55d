//! A Redis server on one connection: commands in, replies out.

use super::message::{Heard, Listener};
use super::session::Session;
use crate::one_by_one::Server;
use crate::{Cx, Inbox, Out};

/// A server on one connection.
#[derive(Default)]
pub(super) struct Redis {
    listener: Listener,
    session: Session,
}

impl Server for Redis {
    fn read(&mut self, inbox: &mut Inbox, cx: &Cx<'_>, out: &mut Out) -> bool {
        let heard = self.listener.read(inbox, cx, out);
        let goes_on = heard != Heard::Partial;
        self.session.answer(heard, cx, out);
        goes_on
    }

    fn cut(&mut self, out: &mut Out) {
        self.session.broke("the stream ends inside a command", out);
    }

    fn has_begun(&self) -> bool {
        self.listener.is_inside()
    }

    fn wake(&mut self, _: &Cx<'_>, out: &mut Out) {
        self.session.wait_is_over(out);
    }
}
