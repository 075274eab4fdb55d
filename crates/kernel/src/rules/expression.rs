//! One rule of a ruleset as `nft -j` lists it: which of a victim's packets it is about, and what
//! it does with them.

use serde_json::Value;

use crate::interface::Interface;

/// Which packets a chain is judged for.
pub(super) struct Scope<'a> {
    pub(super) victim: &'a Interface,
    /// Whether they go to the victim rather than come from it.
    pub(super) outgoing: bool,
}

impl Scope<'_> {
    /// The match that finds the interface.
    pub(super) const fn key(&self) -> &'static str {
        if self.outgoing { "oifname" } else { "iifname" }
    }

    /// The same in words.
    pub(super) const fn way(&self) -> &'static str {
        if self.outgoing { "goes to" } else { "comes from" }
    }
}

/// A rule, as far as it matters here.
pub(super) struct Reading<'a> {
    pub(super) certainty: Certainty,
    pub(super) verdict: Verdict<'a>,
}

/// How many of the packets in scope a rule matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Certainty {
    /// All.
    All,
    /// Perhaps some: it asks for things that cannot be known beforehand.
    Some,
}

/// What a rule does with what it matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict<'a> {
    /// Accepts it.
    Accept,
    /// Drops it, rejects it, or gives it to a program that may.
    Drop,
    /// Has another chain decide.
    Visit(&'a str),
}

impl<'a> Reading<'a> {
    /// `None` if the rule matches no packet in scope, or decides nothing.
    pub(super) fn of(rule: &'a Value, scope: &Scope<'_>) -> Option<Self> {
        let mut certainty = Certainty::All;
        for statement in rule["expr"].as_array()? {
            if let Some(condition) = statement.get("match") {
                match matched(condition, scope) {
                    Matched::All => {}
                    Matched::None => return None,
                    Matched::Some => certainty = Certainty::Some,
                }
            } else if statement.get("xt").is_some() || statement.get("limit").is_some() {
                certainty = Certainty::Some;
            } else if let Some(verdict) = verdict(statement) {
                return Some(Self { certainty, verdict });
            }
        }
        None
    }
}

fn verdict(statement: &Value) -> Option<Verdict<'_>> {
    let (kind, content) = statement.as_object()?.iter().next()?;
    match kind.as_str() {
        "accept" => Some(Verdict::Accept),
        "drop" | "queue" | "reject" => Some(Verdict::Drop),
        "goto" | "jump" => content["target"].as_str().map(Verdict::Visit),
        _ => None,
    }
}

enum Matched {
    All,
    None,
    Some,
}

fn matched(condition: &Value, scope: &Scope<'_>) -> Matched {
    let left = &condition["left"];
    let negated = condition["op"] == "!=";
    let hit = match left.pointer("/meta/key").and_then(Value::as_str) {
        Some("iif" | "iifname") if !scope.outgoing => names(&condition["right"], scope.victim),
        Some("oif" | "oifname") if scope.outgoing => names(&condition["right"], scope.victim),
        _ if left.pointer("/ct/key").is_some_and(|key| key == "state") => {
            untracked(&condition["right"])
        }
        _ => return Matched::Some,
    };
    if hit == negated { Matched::None } else { Matched::All }
}

/// Whether an interface name, a pattern (`veth*`) or a set of them includes the victim's.
fn names(right: &Value, victim: &Interface) -> bool {
    members(right).any(|name| match name.strip_suffix('*') {
        Some(start) => victim.name().starts_with(start),
        None => victim.name() == name,
    })
}

/// Our table takes victims out of connection tracking; no other state is theirs.
fn untracked(right: &Value) -> bool {
    members(right).any(|state| state == "untracked")
}

/// One string, a list of them, or a set of them.
fn members(right: &Value) -> impl Iterator<Item = &str> {
    let list = right.as_array().or_else(|| right["set"].as_array());
    list.into_iter().flatten().chain([right]).filter_map(Value::as_str)
}
