//! A PostgreSQL server on one connection: start-up, login, messages.

use model::{Event, Limit};

use super::extended::Extended;
use super::login::{self, Login};
use super::message::{MESSAGE, STARTUP, Startup, Who};
use super::queries;
use super::reply::{Refusal, Reply};
use crate::broken_rules::BrokenRules;
use crate::frames::{Frame, Framed, Frames};
use crate::one_by_one::Server;
use crate::sql::Catalog;
use crate::{Cx, Inbox, Next, Out};

/// A server on one connection.
#[derive(Default)]
pub(super) struct Postgres {
    frames: Frames,
    state: State,
    session: Session,
}

/// What is to come next.
#[derive(Debug, Default)]
pub(super) enum State {
    Login(Login),
    Ready,
    #[default]
    Startup,
}

/// What is known of the client.
#[derive(Debug, Default)]
pub(super) struct Session {
    pub(super) who: Who,
    pub(super) catalog: Catalog,
    pub(super) extended: Extended,
    pub(super) transaction: Transaction,
    /// Lines of a table that is being copied to us.
    pub(super) copied: Option<u64>,
    broken_rules: BrokenRules,
}

/// Whether statements belong together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Transaction {
    Failed,
    Inside,
    #[default]
    None,
}

/// What comes after a message.
pub(super) enum Step {
    GoOn(State),
    Leave(Next),
}

impl Server for Postgres {
    /// Reads a message; false if more has to come first.
    fn read(&mut self, inbox: &mut Inbox, cx: &Cx<'_>, out: &mut Out) -> bool {
        let shape = if matches!(self.state, State::Startup) { STARTUP } else { MESSAGE };
        let frame = match self.frames.read(inbox, shape, cx.rules.form_bytes) {
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
        let mut reply = Reply::default();
        let step = self.hear(&frame, &mut reply, cx, out);
        let bytes = reply.into_bytes();
        if !bytes.is_empty() {
            out.send(bytes);
        }
        match step {
            Step::GoOn(state) => self.state = state,
            Step::Leave(next) => out.hand_over(next),
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

impl Postgres {
    fn hear(&mut self, frame: &Frame, reply: &mut Reply, cx: &Cx<'_>, out: &mut Out) -> Step {
        let session = &mut self.session;
        match std::mem::take(&mut self.state) {
            State::Startup => start(session, &frame.body, reply, (cx, out)),
            State::Login(login) => login.hear(session, frame, reply, (cx, out)),
            State::Ready => queries::obey(session, frame, reply, (cx, out)),
        }
    }
}

fn start(
    session: &mut Session,
    body: &[u8],
    reply: &mut Reply,
    (cx, out): (&Cx<'_>, &mut Out),
) -> Step {
    match Startup::read(body) {
        Some(Startup::Login(who)) => {
            session.who = who;
            login::begin(session, reply, cx)
        }
        Some(Startup::Tls) => login::tls(reply, cx),
        Some(Startup::Gss) => {
            reply.byte(b'N');
            Step::GoOn(State::Startup)
        }
        Some(Startup::Version(major, minor)) => {
            session.broke("a version that is not spoken", out);
            let text = format!(
                "unsupported frontend protocol {major}.{minor}: server supports 3.0 to 3.0"
            );
            reply.refused(&Refusal { severity: "FATAL", code: "0A000", text });
            Step::Leave(Next::Close)
        }
        Some(Startup::Cancel) | None => Step::Leave(Next::Close),
    }
}

impl Session {
    /// Notes a broken rule, once.
    pub(super) fn broke(&mut self, rule: &'static str, out: &mut Out) {
        self.broken_rules.note("postgres", rule, out);
    }
}
