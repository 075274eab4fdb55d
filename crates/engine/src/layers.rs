//! What a flow is wrapped in: bytes of the wire to what is innermost, and back. Every layer is
//! recorded, both ways.

use bytes::Bytes;
use model::{Event, Layer};
use proto::Inbox;

use crate::session::Session;
use crate::tls::{Progress, Turn, Wrapping};

/// The wrappings of one flow, the outermost first.
#[derive(Debug, Default)]
pub(crate) struct Layers {
    wrappings: Vec<Wrapping>,
    /// What has to go over the wire.
    outgoing: Vec<Bytes>,
}

/// How deep we look: TLS, and TLS inside it. Nothing real goes deeper.
const DEPTHS: [Layer; 3] = [Layer::Wire, Layer::Inner, Layer::Nested];

impl Layers {
    /// Whether a flow that is wrapped this often can be unwrapped once more.
    pub(crate) fn has_room(&self) -> bool {
        self.wrappings.len() + 1 < DEPTHS.len()
    }

    /// Whether both sides may speak in what is innermost.
    pub(crate) fn are_open(&self) -> bool {
        self.wrappings.last().is_none_or(Wrapping::is_open)
    }

    /// From now on what comes is wrapped once more; `inbox` has what came of it already.
    pub(crate) fn wrap(
        &mut self,
        wrapping: Wrapping,
        inbox: &mut Inbox,
        session: &mut Session,
    ) -> Progress {
        let depth = self.wrappings.len();
        self.wrappings.push(wrapping);
        session.went_inside(layer(depth + 1));
        let unread = inbox.take_all();
        self.unwrap(depth, &unread, inbox, session)
    }

    /// Bytes came over the wire.
    pub(crate) fn heard(
        &mut self,
        wire: &[u8],
        inbox: &mut Inbox,
        session: &mut Session,
    ) -> Progress {
        self.heard_at(0, wire, inbox, session)
    }

    /// The wire has ended.
    pub(crate) fn ended(&mut self, inbox: &mut Inbox, session: &mut Session) -> Progress {
        let Some(outermost) = self.wrappings.first_mut() else { return Progress::Ended };
        let turn = outermost.end();
        self.pass_on(0, &turn, inbox, session)
    }

    /// Says `bytes` on the innermost layer.
    pub(crate) fn say(&mut self, bytes: Bytes, session: &mut Session) {
        self.say_at(self.wrappings.len(), bytes, session);
    }

    /// Says on every layer that no more comes.
    pub(crate) fn close(&mut self, session: &mut Session) {
        for depth in (0..self.wrappings.len()).rev() {
            if let Some(wrapping) = self.wrappings.get_mut(depth) {
                wrapping.close();
            }
            self.flush(depth, session);
        }
    }

    /// What has to go over the wire; all of it is recorded.
    pub(crate) fn take_outgoing(&mut self) -> Vec<Bytes> {
        std::mem::take(&mut self.outgoing)
    }

    fn heard_at(
        &mut self,
        depth: usize,
        bytes: &[u8],
        inbox: &mut Inbox,
        session: &mut Session,
    ) -> Progress {
        session.heard(layer(depth), bytes);
        self.unwrap(depth, bytes, inbox, session)
    }

    /// Takes one wrapping off what came at `depth`.
    fn unwrap(
        &mut self,
        depth: usize,
        bytes: &[u8],
        inbox: &mut Inbox,
        session: &mut Session,
    ) -> Progress {
        let Some(wrapping) = self.wrappings.get_mut(depth) else {
            inbox.push(bytes);
            return Progress::GoesOn;
        };
        let turn = wrapping.hear(bytes);
        self.pass_on(depth, &turn, inbox, session)
    }

    /// What comes of a turn of the wrapping at `depth`.
    fn pass_on(
        &mut self,
        depth: usize,
        turn: &Turn,
        inbox: &mut Inbox,
        session: &mut Session,
    ) -> Progress {
        self.flush(depth, session);
        if turn.inside.is_empty() {
            return turn.progress;
        }
        turn.progress.max(self.heard_at(depth + 1, &turn.inside, inbox, session))
    }

    fn say_at(&mut self, depth: usize, bytes: Bytes, session: &mut Session) {
        session.said(layer(depth), &bytes);
        let Some(outer) = depth.checked_sub(1) else {
            self.outgoing.push(bytes);
            return;
        };
        if let Some(wrapping) = self.wrappings.get_mut(outer) {
            wrapping.say(&bytes);
        }
        self.flush(outer, session);
    }

    /// Records what the wrapping at `depth` understood, and says what it has to say.
    fn flush(&mut self, depth: usize, session: &mut Session) {
        let Some(wrapping) = self.wrappings.get_mut(depth) else { return };
        for event in wrapping.take_events() {
            session.note(event);
        }
        let outgoing = wrapping.take_outgoing();
        if !outgoing.is_empty() {
            self.say_at(depth, outgoing, session);
        }
    }
}

/// The event of a flow that is wrapped more often than we look.
pub(crate) fn too_deep() -> Event {
    Event::Broke { protocol: "tls", rule: "TLS inside TLS inside TLS".into() }
}

fn layer(depth: usize) -> Layer {
    DEPTHS.get(depth).copied().unwrap_or(Layer::Nested)
}
