//! Rules of a protocol that a peer broke.

use model::Event;

use crate::Out;

/// Each once, however often it was broken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct BrokenRules(Vec<&'static str>);

impl BrokenRules {
    /// Adds one; says whether it is new.
    pub(crate) fn add(&mut self, rule: &'static str) -> bool {
        let is_new = !self.0.contains(&rule);
        if is_new {
            self.0.push(rule);
        }
        is_new
    }

    /// Adds one, and notes it if it is new.
    pub(crate) fn note(&mut self, protocol: &'static str, rule: &'static str, out: &mut Out) {
        if self.add(rule) {
            out.note(Event::Broke { protocol, rule: rule.into() });
        }
    }

    /// All of them, in the order they were broken first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().copied()
    }
}
