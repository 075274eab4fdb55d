//! Who speaks first: a silent peer may be waiting for us.
//!
//! Even where clients are known to wait, they are given a moment. Who speaks TLS or HTTP to a port of
//! mail does so at once, and would not understand a greeting.

use std::time::Duration;

use model::Basis;
use proto::{Greeting, Protocol, Recognised};

use super::{Connection, Drive};
use crate::session::{Own, Seen};
use crate::tls::Progress;

/// Who would greet, and what the analyst wants instead.
struct Greets {
    protocol: &'static Protocol,
    /// How long a peer is given to speak first.
    patience: Duration,
    own: Own,
}

impl<S: Connection> Drive<S> {
    /// Gives a silent peer some time to speak first, where it may be waiting for a greeting.
    pub(super) fn wait_to_greet(&mut self) {
        let is_answered = self.machine.is_some() || self.program.is_some();
        if is_answered || self.progress != Progress::GoesOn || !self.layers.are_open() {
            return;
        }
        if let Some(Greets { patience, .. }) = self.greets() {
            self.wake.get_or_insert_with(|| self.session.recorder().now().plus(patience));
        }
    }

    /// Greets a peer that was silent for so long.
    pub(super) fn greet(&mut self) {
        let Some(Greets { protocol, own, .. }) = self.greets() else { return };
        if let Own::Rule(_) = own {
            return self.decide(own, Recognised::As(protocol, Basis::Port));
        }
        self.session.recognised(protocol, Basis::Port);
        self.start(protocol);
        self.greeter = Some(protocol);
    }

    /// Nobody does, if a rule of the analyst's waits for what the peer says. One that asks for the
    /// protocol may greet in its own way; while that is a guess it keeps nobody else from it.
    fn greets(&self) -> Option<Greets> {
        let limits = self.session.limits();
        let (protocol, patience) = match proto::greeter(self.port, self.session.layer())? {
            Greeting::Expected(protocol) => (protocol, limits.greeting),
            Greeting::Guessed(protocol) => (protocol, limits.guessed_greeting),
        };
        let own = |protocol| self.session.own(Seen { port: self.port, first: None, protocol });
        match (own(None), own(Some(protocol.name))) {
            (Own::OnceSpoken, _) => None,
            (_, own) => Some(Greets { protocol, patience, own }),
        }
    }
}

/// Whether the bytes themselves say that they are not what `greeter` speaks.
pub(super) fn is_another(recognised: Recognised, greeter: &Protocol) -> bool {
    let by = match recognised {
        Recognised::As(_, by) | Recognised::Named(_, by) => by,
        Recognised::NotYet | Recognised::Unknown(_) => return false,
    };
    by == Basis::Content && recognised.name() != Some(greeter.name)
}
