//! Rulesets as administrators have them, and what we say about them.

use super::*;

/// A chain on `hook` with `policy` and rules, each a list of expressions in JSON.
fn listing(hook: &str, policy: &str, rules: &[&str]) -> String {
    let chain = format!(
        r#"{{"chain": {{"family": "inet", "table": "filter", "name": "c", "handle": 1,
            "type": "filter", "hook": "{hook}", "prio": 0, "policy": "{policy}"}}}}"#
    );
    let rules = rules.iter().enumerate().map(|(index, rule)| in_chain("c", index, rule));
    let objects: Vec<String> = std::iter::once(chain).chain(rules).collect();
    format!(r#"{{"nftables": [{}]}}"#, objects.join(","))
}

fn in_chain(chain: &str, index: usize, rule: &str) -> String {
    format!(
        r#"{{"rule": {{"family": "inet", "table": "filter", "chain": "{chain}",
            "handle": {}, "expr": [{rule}]}}}}"#,
        index + 10
    )
}

fn weights(listing: &str) -> Vec<Weight> {
    let victim = Interface::new("veth0").unwrap();
    in_listing(listing, &[victim]).into_iter().map(|conflict| conflict.weight).collect()
}

const ACCEPT: &str = r#"{"accept": null}"#;
const DROP: &str = r#"{"counter": {"packets": 0, "bytes": 0}}, {"drop": null}"#;

fn on(key: &str, op: &str, right: &str) -> String {
    format!(
        r#"{{"match": {{"op": "{op}", "left": {{"meta": {{"key": "{key}"}}}}, "right": {right}}}}}"#
    )
}

#[test]
fn an_empty_ruleset_is_in_nobodys_way() {
    assert_eq!(weights(r#"{"nftables": [{"metainfo": {"version": "1.0.6"}}]}"#), []);
    assert_eq!(weights(""), []);
}

#[test]
fn a_policy_that_drops_defeats_us() {
    assert_eq!(weights(&listing("input", "drop", &[])), [Weight::Defeats]);
    assert_eq!(weights(&listing("output", "drop", &[])), [Weight::Defeats]);
}

#[test]
fn a_policy_that_drops_is_fine_once_the_victims_are_accepted() {
    let accept = format!("{}, {ACCEPT}", on("iifname", "==", r#""veth0""#));
    assert_eq!(weights(&listing("input", "drop", &[&accept])), []);
    let accept = format!("{}, {ACCEPT}", on("iifname", "==", r#"{"set": ["br0", "veth*"]}"#));
    assert_eq!(weights(&listing("input", "drop", &[&accept])), []);
    let others = format!("{}, {ACCEPT}", on("iifname", "!=", r#""veth0""#));
    assert_eq!(weights(&listing("input", "drop", &[&others])), [Weight::Defeats]);
}

#[test]
fn accepting_established_connections_does_not_accept_the_untracked() {
    let established = format!(
        r#"{{"match": {{"op": "in", "left": {{"ct": {{"key": "state"}}}},
            "right": ["established", "related"]}}}}, {ACCEPT}"#
    );
    assert_eq!(weights(&listing("input", "drop", &[&established])), [Weight::Defeats]);
    let invalid = format!(
        r#"{{"match": {{"op": "in", "left": {{"ct": {{"key": "state"}}}},
            "right": "invalid"}}}}, {DROP}"#
    );
    assert_eq!(weights(&listing("input", "accept", &[&invalid])), []);
}

#[test]
fn a_rule_that_drops_all_of_the_victim_defeats_us_and_says_which() {
    let drop = format!("{}, {DROP}", on("iifname", "==", r#""veth0""#));
    let victim = Interface::new("veth0").unwrap();
    let found = in_listing(&listing("prerouting", "accept", &[&drop]), &[victim]);
    assert_eq!(
        found[0].sentence,
        "table `inet filter`, chain `c`: rule 10 drops what comes from veth0; let it pass with \
         `nft insert rule inet filter c iifname veth0 accept`"
    );
    assert_eq!(found[0].weight, Weight::Defeats);
}

#[test]
fn a_rule_that_drops_some_ports_may_defeat_us() {
    let port = r#"{"match": {"op": "==", "left": {"payload": {"protocol": "tcp", "field":
        "dport"}}, "right": 22}}"#;
    let drop = format!("{port}, {DROP}");
    assert_eq!(weights(&listing("input", "accept", &[&drop])), [Weight::MayDefeat]);
    let elsewhere = format!("{}, {drop}", on("iifname", "==", r#""eth0""#));
    assert_eq!(weights(&listing("input", "accept", &[&elsewhere])), []);
}

#[test]
fn jumps_are_followed_and_circles_left() {
    let jump = r#"{"jump": {"target": "deeper"}}"#;
    let mut text = listing("input", "drop", &[jump]);
    let accept = format!("{}, {ACCEPT}", on("iifname", "==", r#""veth0""#));
    text.truncate(text.len() - 2);
    let circle = in_chain("deeper", 5, r#"{"jump": {"target": "deeper"}}"#);
    let text = format!("{text}, {circle}, {}]}}", in_chain("deeper", 6, &accept));
    assert_eq!(weights(&text), []);
}

#[test]
fn our_own_table_and_translations_are_no_conflict() {
    let ours =
        listing("input", "drop", &[]).replace(r#""table": "filter""#, r#""table": "sinkgate""#);
    assert_eq!(weights(&ours), []);
    let nat = listing("prerouting", "drop", &[]).replace(r#""type": "filter""#, r#""type": "nat""#);
    assert_eq!(weights(&nat), []);
}
