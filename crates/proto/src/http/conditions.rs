//! Conditions a request sets for its answer (RFC 9110 §13).

use model::Timestamp;

use super::Request;
use super::date::read_date;

/// What tells one state of a file from the next.
pub(super) struct Validators {
    /// The entity tag, with its quotes; a strong one.
    pub(super) tag: String,
    pub(super) changed: Timestamp,
}

/// What the conditions of a request come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The peer wants it only as it was at another time.
    Failed,
    /// The peer has it already.
    NotModified,
    Proceed,
}

impl Validators {
    /// Judges the conditions of a GET or HEAD, in the order RFC 9110 §13.2.2 gives.
    pub(super) fn judge(&self, request: &Request) -> Verdict {
        let is_as_wanted = match request.text("if-match") {
            Some(tags) => self.is_among(tags),
            None => date(request, "if-unmodified-since").is_none_or(|date| self.changed <= date),
        };
        let is_known = match request.text("if-none-match") {
            Some(tags) => self.is_among(tags),
            None => date(request, "if-modified-since").is_some_and(|date| self.changed <= date),
        };
        match (is_as_wanted, is_known) {
            (false, _) => Verdict::Failed,
            (true, true) => Verdict::NotModified,
            (true, false) => Verdict::Proceed,
        }
    }

    /// Whether a part of it fits what the peer has (RFC 9110 §13.1.5).
    pub(super) fn fit_range(&self, request: &Request) -> bool {
        match request.text("if-range") {
            None => true,
            Some(tag) if tag.starts_with('"') => tag == self.tag,
            Some(date) => read_date(date) == Some(self.changed),
        }
    }

    /// Whether a list of tags has ours. A weak one of the same name is as good: ours never change.
    fn is_among(&self, tags: &str) -> bool {
        let mut tags = tags.split(',').map(str::trim);
        tags.any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == self.tag)
    }
}

fn date(request: &Request, name: &str) -> Option<Timestamp> {
    request.text(name).and_then(read_date)
}
