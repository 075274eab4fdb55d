//! Other people's rules that would defeat ours, in sentences for people.
//!
//! A packet that one table accepts still has to pass the others, so a firewall that drops what it
//! does not know drops what TPROXY gave to us. Translating rules (`nat` chains) are no danger: our
//! table takes victims out of connection tracking, and without it nothing is translated.

use std::collections::HashMap;
use std::fs;

use serde_json::Value;

use super::expression::{Certainty, Reading, Scope, Verdict};
use super::{RuleSettings, TABLE};
use crate::interface::Interface;
use crate::program::{self, Program, ProgramError};

/// How deep chains may jump; nftables itself stops at 16 (`NFT_JUMP_STACK_SIZE`).
const JUMP_LIMIT: usize = 16;

/// Something that is in the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// How bad it is.
    pub weight: Weight,
    /// What is in the way, where it is, and what to do.
    pub sentence: String,
}

/// How bad a conflict is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Nothing of the victims would arrive.
    Defeats,
    /// Some of it might not arrive.
    MayDefeat,
}

/// Looks through the rules of the calling thread's network namespace.
///
/// # Errors
/// When `nft` is missing or refuses.
pub fn conflicts(settings: &RuleSettings) -> Result<Vec<Conflict>, ProgramError> {
    let listing = program::run(Program::Nft, &["-j", "list", "ruleset"], "")?;
    let mut found = in_listing(&listing, &settings.interfaces);
    found.extend(legacy_tables());
    Ok(found)
}

/// `iptables-legacy` keeps rules where `nft` cannot see them; only the names of its tables show.
fn legacy_tables() -> Option<Conflict> {
    let files = ["/proc/net/ip_tables_names", "/proc/net/ip6_tables_names"];
    let names: String = files.iter().filter_map(|file| fs::read_to_string(file).ok()).collect();
    let mut names: Vec<&str> = names.lines().collect();
    names.sort_unstable();
    names.dedup();
    (!names.is_empty()).then(|| Conflict {
        weight: Weight::MayDefeat,
        sentence: format!(
            "iptables-legacy has tables ({}) whose rules cannot be checked from here: see \
             `iptables-legacy-save`, and accept the victims' interface in INPUT and OUTPUT",
            names.join(", ")
        ),
    })
}

fn in_listing(listing: &str, victims: &[Interface]) -> Vec<Conflict> {
    let listing: Value = serde_json::from_str(listing).unwrap_or_default();
    let ruleset = Ruleset::read(&listing);
    let mut found = Vec::new();
    for victim in victims {
        found.extend(ruleset.chains.iter().filter_map(|chain| ruleset.judge(chain, victim)));
    }
    found
}

/// Family, table, chain.
type ChainName<'a> = (&'a str, &'a str, &'a str);

struct Ruleset<'a> {
    chains: Vec<Chain<'a>>,
    rules: HashMap<ChainName<'a>, Vec<&'a Value>>,
}

struct Chain<'a> {
    name: ChainName<'a>,
    hook: &'a str,
    drops_the_rest: bool,
}

/// What becomes of a victim's packets in one chain.
enum Outcome {
    /// All are through with this hook.
    Accepted,
    /// All are dropped, by the rule with this handle.
    Dropped(u64),
    /// No rule decides for all of them.
    Undecided,
}

impl<'a> Ruleset<'a> {
    fn read(listing: &'a Value) -> Self {
        let mut read = Self { chains: Vec::new(), rules: HashMap::new() };
        for object in listing["nftables"].as_array().into_iter().flatten() {
            if let Some(chain) = object.get("chain") {
                read.chains.extend(Chain::read(chain));
            } else if let Some(rule) = object.get("rule") {
                let name = (text(rule, "family"), text(rule, "table"), text(rule, "chain"));
                read.rules.entry(name).or_default().push(rule);
            }
        }
        read
    }

    fn judge(&self, chain: &Chain<'_>, victim: &Interface) -> Option<Conflict> {
        let scope = Scope { victim, outgoing: chain.hook == "output" };
        let mut doubtful = Vec::new();
        let outcome = self.walk(chain.name, &scope, JUMP_LIMIT, &mut doubtful);
        match outcome {
            Outcome::Accepted | Outcome::Undecided if !doubtful.is_empty() => {
                let rules = format!("rules {doubtful:?} may drop some of what");
                Some(chain.conflict(Weight::MayDefeat, &rules, &scope))
            }
            Outcome::Dropped(handle) => {
                let rule = format!("rule {handle} drops what");
                Some(chain.conflict(Weight::Defeats, &rule, &scope))
            }
            Outcome::Undecided if chain.drops_the_rest => {
                Some(chain.conflict(Weight::Defeats, "the policy drops what", &scope))
            }
            Outcome::Accepted | Outcome::Undecided => None,
        }
    }

    /// Follows the rules as the kernel would for a packet of which only the interface is known.
    /// Handles of rules that drop some such packets are added to `doubtful`.
    fn walk(
        &self,
        chain: ChainName<'_>,
        scope: &Scope<'_>,
        jumps: usize,
        doubtful: &mut Vec<u64>,
    ) -> Outcome {
        for rule in self.rules.get(&chain).into_iter().flatten() {
            let handle = rule["handle"].as_u64().unwrap_or(0);
            let Some(Reading { certainty, verdict }) = Reading::of(rule, scope) else { continue };
            match (verdict, certainty) {
                (Verdict::Accept, Certainty::All) => return Outcome::Accepted,
                (Verdict::Drop, Certainty::All) => return Outcome::Dropped(handle),
                (Verdict::Drop, Certainty::Some) => doubtful.push(handle),
                (Verdict::Accept, Certainty::Some) => {}
                (Verdict::Visit(target), certainty) if jumps > 0 => {
                    let target = (chain.0, chain.1, target);
                    let outcome = self.walk(target, scope, jumps - 1, doubtful);
                    match (outcome, certainty) {
                        (Outcome::Undecided, _) | (Outcome::Accepted, Certainty::Some) => {}
                        (Outcome::Dropped(handle), Certainty::Some) => doubtful.push(handle),
                        (decided, Certainty::All) => return decided,
                    }
                }
                (Verdict::Visit(_), _) => {}
            }
        }
        Outcome::Undecided
    }
}

impl<'a> Chain<'a> {
    /// `None` unless packets of victims, or answers to them, go through it, and it is not ours.
    /// Chains of other types than `filter` translate, and what is not tracked is not translated.
    fn read(chain: &'a Value) -> Option<Self> {
        let name = (text(chain, "family"), text(chain, "table"), text(chain, "name"));
        let hook = text(chain, "hook");
        let passed = matches!(hook, "prerouting" | "input" | "output");
        let internet = matches!(name.0, "inet" | "ip" | "ip6");
        let ours = (name.0, name.1) == ("inet", TABLE);
        (passed && internet && !ours && text(chain, "type") == "filter").then(|| Self {
            name,
            hook,
            drops_the_rest: text(chain, "policy") == "drop",
        })
    }

    fn conflict(&self, weight: Weight, what: &str, scope: &Scope<'_>) -> Conflict {
        let (family, table, chain) = self.name;
        let (way, victim) = (scope.way(), scope.victim);
        let key = scope.key();
        Conflict {
            weight,
            sentence: format!(
                "table `{family} {table}`, chain `{chain}`: {what} {way} {victim}; let it pass \
                 with `nft insert rule {family} {table} {chain} {key} {victim} accept`"
            ),
        }
    }
}

fn text<'a>(object: &'a Value, key: &str) -> &'a str {
    object[key].as_str().unwrap_or_default()
}

#[cfg(test)]
#[path = "conflicts_tests.rs"]
mod tests;
