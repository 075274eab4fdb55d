//! Who answers what has come: a rule of the analyst's, or whoever speaks it.

use std::sync::Arc;

use proto::responses::Rule;
use proto::{Carrier, Input, Recognised};

use super::{Connection, Drive, greeting};
use crate::session::{Answerer, Own, Seen};

impl<S: Connection> Drive<S> {
    /// Whether the next bytes say who answers.
    pub(super) fn is_undecided(&self) -> bool {
        self.machine.is_none() || self.greeter.is_some()
    }

    /// Asks who speaks, and lets them answer from now on. While nobody can tell, more is waited for.
    pub(super) fn recognise(&mut self) {
        let seen = self.inbox.peek();
        let recognised = match self.greeter {
            Some(greeter) => proto::recognise_greeted(seen, self.port, greeter),
            None => proto::recognise(seen, Carrier::Stream, self.port),
        };
        let own = self.own(&recognised);
        let waits = match own {
            Own::Rule(_) => false,
            Own::NotYet | Own::OnceSpoken => true,
            Own::None => matches!(recognised, Recognised::NotYet),
        };
        self.wake =
            waits.then(|| self.session.recorder().now().plus(self.session.limits().undecided));
        if !waits {
            self.decide(own, recognised);
        }
    }

    /// No more comes, or not soon: whoever it most likely is answers from now on.
    pub(super) fn settle(&mut self) {
        let recognised = proto::settle(self.inbox.peek(), Carrier::Stream, self.port);
        let own = self.own(&recognised);
        self.decide(own, recognised);
        self.hand_in_bytes();
    }

    /// Whether a rule of the analyst's answers what has come.
    pub(super) fn own(&self, recognised: &Recognised) -> Own {
        let first = Some(self.inbox.peek());
        self.session.own(Seen { port: self.port, first, protocol: recognised.name() })
    }

    /// Who greeted goes on, unless what came is surely another's.
    pub(super) fn decide(&mut self, own: Own, recognised: Recognised) {
        let goes_on =
            self.greeter.take().is_some_and(|greeter| !greeting::is_another(recognised, greeter));
        if goes_on && !matches!(own, Own::Rule(_)) {
            return;
        }
        let protocol = self.session.turned_out(recognised);
        match (own, protocol) {
            (Own::Rule(rule), _) => self.answer_by(rule),
            (_, Some(protocol)) => self.start(protocol),
            (_, None) => {}
        }
    }

    pub(super) fn answer_by(&mut self, rule: Arc<Rule>) {
        match self.session.answer_by(rule) {
            Answerer::Machine(machine) => {
                self.machine = Some(machine);
                self.hand_in(Input::Open);
            }
            Answerer::Program(program) => {
                self.wake = Some(program.ends_at);
                self.program = Some(program);
            }
        }
    }
}
