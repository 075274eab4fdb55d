//! Which rule is found, as more and more is known.

use std::net::IpAddr;
use std::time::Duration;

use bytes::Bytes;
use model::Transport;

use super::*;
use crate::http::Request;
use crate::responses::{
    Act, Afterwards, Answer, Content, Criterion, First, HttpAnswer, Moment, Pattern, Wildcard,
};

fn rule(name: &str, criteria: Vec<Criterion>, act: Act) -> Rule {
    let answer = Answer {
        act,
        moment: Moment::Spoken,
        delay: Duration::ZERO,
        throttle: None,
        afterwards: Afterwards::KeepOpen,
    };
    Rule { name: name.to_owned(), criteria, answer }
}

fn http() -> Act {
    Act::Http(HttpAnswer {
        status: 200,
        headers: Vec::new(),
        media_type: "text/html".to_owned(),
        body: Content::default(),
    })
}

fn port(port: u16) -> Criterion {
    Criterion::Port(vec![port..=port])
}

fn path(path: &str) -> Criterion {
    Criterion::Path(vec![Pattern::Wildcard(Wildcard::exactly(path))])
}

fn name(name: &str) -> Criterion {
    Criterion::Name(vec![Wildcard::in_any_case(name)])
}

fn flow(port: u16) -> Facts<'static> {
    Facts {
        transport: Transport::Tcp,
        victim: IpAddr::from([10, 0, 0, 7]),
        address: IpAddr::from([6, 6, 6, 6]),
        port,
        name: None,
        first: None,
        protocol: None,
        request: None,
    }
}

fn get(target: &str) -> Request {
    Request { method: "GET".to_owned(), target: target.to_owned(), ..Request::default() }
}

/// What is found, in a word.
fn found(table: &Table, facts: &Facts<'_>) -> String {
    match table.find(facts) {
        Found::Nothing => "nothing".to_owned(),
        Found::NotYet(rule) => format!("perhaps {}", rule.name),
        Found::Rule(rule) => rule.name.clone(),
    }
}

#[test]
fn the_first_rule_that_matches_wins() {
    let table = Table::new(vec![
        rule("host", vec![Criterion::Address(vec!["6.6.6.6".parse().unwrap()])], Act::Drop),
        rule("port", vec![port(9_999)], Act::Echo),
    ]);
    assert_eq!(found(&table, &flow(9_999)), "host");
    let first = Some(&b"hello"[..]);
    let elsewhere = Facts { address: IpAddr::from([8, 8, 8, 8]), first, ..flow(9_999) };
    assert_eq!(found(&table, &elsewhere), "port");
    assert_eq!(found(&table, &Facts { port: 1, ..elsewhere }), "nothing");
}

#[test]
fn a_later_rule_waits_for_an_earlier_one() {
    let table = Table::new(vec![
        rule("page", vec![path("/x")], http()),
        rule("rest", vec![port(80)], Act::Say(Content::default())),
    ]);
    assert_eq!(found(&table, &flow(80)), "perhaps page");
    let raw = Facts { first: Some(b"hello"), protocol: Some("raw"), ..flow(80) };
    assert_eq!(found(&table, &raw), "rest");
    let inside_tls = Facts { first: Some(b"\x16\x03"), protocol: Some("tls"), ..flow(80) };
    assert_eq!(found(&table, &inside_tls), "perhaps page");
    for (target, expected) in [("/x?a=b", "page"), ("/y", "rest")] {
        let request = get(target);
        let facts = Facts { protocol: Some("http"), request: Some(&request), ..flow(80) };
        assert_eq!(found(&table, &facts), expected, "{target}");
    }
}

#[test]
fn first_bytes_decide_once_there_are_enough() {
    let first = Criterion::First(First::Bytes(Bytes::from_static(b"BOT1")));
    let table = Table::new(vec![rule("bot", vec![first], Act::Echo)]);
    let seen = |bytes| Facts { first: Some(bytes), ..flow(80) };
    assert_eq!(found(&table, &seen(b"BO")), "perhaps bot");
    assert!(table.rules()[0].waits_for_bytes(&seen(b"BO")));
    assert_eq!(found(&table, &seen(b"BOT1 hello")), "bot");
    assert_eq!(found(&table, &seen(b"GET")), "nothing");
    let datagram = Facts { transport: Transport::Udp, ..seen(b"BO") };
    assert_eq!(found(&table, &datagram), "nothing", "a datagram is whole");
}

#[test]
fn a_name_may_come_with_the_request() {
    let table = Table::new(vec![rule("c2", vec![name("*.c2.test")], http())]);
    assert_eq!(found(&table, &flow(80)), "perhaps c2");
    let request = get("/");
    let facts = Facts { protocol: Some("http"), request: Some(&request), ..flow(80) };
    assert_eq!(found(&table, &facts), "nothing");
    assert_eq!(found(&table, &Facts { name: Some("A.c2.test"), ..facts }), "c2");
}

#[test]
fn an_answer_for_whole_flows_is_none_for_a_request() {
    let table = Table::new(vec![rule("echo", vec![port(80)], Act::Echo)]);
    let request = get("/");
    let facts = Facts { protocol: Some("http"), request: Some(&request), ..flow(80) };
    assert_eq!(found(&table, &facts), "nothing");
    assert_eq!(found(&table, &Facts { first: Some(b"hello"), ..flow(80) }), "echo");
}

#[test]
fn what_answers_the_victim_waits_for_it_and_speaks_inside_tls() {
    let silent = Table::new(vec![rule("drop", vec![port(80)], Act::Drop)]);
    assert_eq!(found(&silent, &flow(80)), "drop");
    let table = Table::new(vec![rule("echo", vec![port(80)], Act::Echo)]);
    assert_eq!(found(&table, &flow(80)), "perhaps echo");
    assert!(table.rules()[0].waits_for_the_victim(&flow(80)));
    let tls = Facts { first: Some(b"\x16\x03"), protocol: Some("tls"), ..flow(80) };
    assert_eq!(found(&table, &tls), "perhaps echo");
    let protocol = Criterion::Protocol(vec!["tls".to_owned()]);
    let table = Table::new(vec![rule("echo", vec![protocol], Act::Echo)]);
    assert_eq!(found(&table, &tls), "echo");
}

#[test]
fn the_nearest_rule_says_what_is_missing() {
    let table = Table::new(vec![
        rule("far", vec![port(81), path("/a"), name("b.test")], http()),
        rule("near", vec![port(80), path("/x")], http()),
    ]);
    let request = get("/y");
    let facts = Facts { protocol: Some("http"), request: Some(&request), ..flow(80) };
    let missed = table.nearest(&facts).unwrap();
    assert_eq!(missed, Missed { rule: "near", because: vec!["path"] });
}
