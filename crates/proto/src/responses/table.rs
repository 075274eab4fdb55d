//! All rules, in the order the analyst wrote them.

use std::sync::Arc;

use super::judgement::Judgement;
use super::{Facts, Rule};

/// The rules. The first that matches wins.
#[derive(Clone, Debug, Default)]
pub struct Table {
    rules: Vec<Arc<Rule>>,
}

/// What comes of a search.
#[derive(Clone, Copy, Debug)]
pub enum Found<'a> {
    /// No rule matches, whatever comes.
    Nothing,
    /// More has to be known: this rule could still match.
    NotYet(&'a Arc<Rule>),
    /// This rule matches.
    Rule(&'a Arc<Rule>),
}

/// A rule that does not match, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missed<'a> {
    /// The rule.
    pub rule: &'a str,
    /// The keys of what is not as it asks.
    pub because: Vec<&'static str>,
}

impl Table {
    /// These rules, in this order.
    #[must_use]
    pub fn new(rules: Vec<Rule>) -> Self {
        Self { rules: rules.into_iter().map(Arc::new).collect() }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// The rules.
    #[must_use]
    pub fn rules(&self) -> &[Arc<Rule>] {
        &self.rules
    }

    /// The first rule that matches, as far as that is known.
    #[must_use]
    pub fn find(&self, facts: &Facts<'_>) -> Found<'_> {
        for rule in &self.rules {
            match rule.judge(facts) {
                Judgement::Yes => return Found::Rule(rule),
                Judgement::NotYet => return Found::NotYet(rule),
                Judgement::No => {}
            }
        }
        Found::Nothing
    }

    /// The rules that could match once more is known, in their order, up to the first that does
    /// match; and that one.
    #[must_use]
    pub fn candidates(&self, facts: &Facts<'_>) -> (Vec<&Rule>, Option<&Rule>) {
        let mut perhaps = Vec::new();
        for rule in &self.rules {
            match rule.judge(facts) {
                Judgement::Yes => return (perhaps, Some(rule)),
                Judgement::NotYet => perhaps.push(&**rule),
                Judgement::No => {}
            }
        }
        (perhaps, None)
    }

    /// The rule that comes nearest without matching: the one with the fewest reasons against it.
    #[must_use]
    pub fn nearest(&self, facts: &Facts<'_>) -> Option<Missed<'_>> {
        let missed =
            self.rules.iter().map(|rule| Missed { rule: &rule.name, because: rule.against(facts) });
        missed.min_by_key(|missed| missed.because.len())
    }
}

#[cfg(test)]
mod tests;
