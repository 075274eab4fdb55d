//! Under load, in a crash and at a stop: whatever was accepted is recorded.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a failure here is a failed test"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::Value;
use testkit::load::{self, Load, Talk};
use testkit::{Gateway, SmallDisk, unhex, wait_until};

const SINKGATE: &str = env!("CARGO_BIN_EXE_sinkgate");

/// What connection `number` says: between nothing and 3,000 bytes that nobody else says.
fn content(number: u32) -> Vec<u8> {
    if number.is_multiple_of(100) {
        return Vec::new();
    }
    let line = format!("connection {number} says so; ");
    line.repeat(1 + (number % 113) as usize).into_bytes()
}

#[test]
#[ignore = "end to end: needs root"]
fn threat_8_twenty_thousand_connections_are_found_byte_for_byte() {
    const COUNT: u32 = 20_000;
    let Some(mut gateway) = Gateway::start(SINKGATE, &[], &[]) else { return };
    let talks = Load::FULL.connections(&gateway.network.victim, COUNT, content);
    assert_eq!(talks.len(), COUNT as usize);
    assert!(gateway.stop().success());
    let recorded = streams(&gateway);
    for number in 0..COUNT {
        let port = load::destination(number).port();
        assert_eq!(recorded.get(&port), Some(&content(number)), "connection {number}");
    }
    assert_eq!(gateway.database.number("SELECT count(*) FROM flow"), i64::from(COUNT));
    assert_eq!(gateway.database.number("SELECT count(*) FROM flow_end"), i64::from(COUNT));
    assert_adds_up(&gateway);
}

#[test]
#[ignore = "end to end: needs root"]
fn threat_8_a_hundred_thousand_questions_are_found_byte_for_byte() {
    const COUNT: u32 = 100_000;
    let Some(mut gateway) = Gateway::start(SINKGATE, &[], &[]) else { return };
    let talks = Load::FULL.questions(&gateway.network.victim, COUNT, || false);
    assert_eq!(talks.len(), COUNT as usize);
    assert!(gateway.stop().success());
    let names = gateway.database.texts("SELECT name FROM dns_query");
    let names: BTreeSet<&str> = names.iter().map(String::as_str).collect();
    let payload = |direction: u8| -> BTreeSet<Vec<u8>> {
        let pieces = format!("SELECT hex(bytes) FROM payload WHERE direction = {direction}");
        gateway.database.texts(&pieces).iter().map(|piece| unhex(piece)).collect()
    };
    let (asked, answered) = (payload(0), payload(1));
    for Talk { number, answer, .. } in talks {
        assert!(names.contains(&*load::name(number)), "question {number}");
        assert!(asked.contains(&load::question(number)), "question {number}");
        assert!(answered.contains(&answer), "answer {number}");
    }
    assert_adds_up(&gateway);
}

#[test]
#[ignore = "end to end: needs root"]
fn threat_8_after_kill_9_what_was_read_before_is_there() {
    let Some(mut gateway) = Gateway::prepare(SINKGATE, &["mount"], &[]) else { return };
    // In memory: how long a disk takes that others use, too, is not what is asked here.
    let disk = SmallDisk::mounted_at(&gateway.folder.file("disk"), "1g");
    gateway.set_database(disk.database());
    gateway.begin();
    let network = Arc::clone(&gateway.network);
    let victim = &network.victim;
    let is_over = AtomicBool::new(false);
    let is_over_now = || is_over.load(Ordering::Relaxed);
    let (connections, questions, killed) = thread::scope(|scope| {
        let connections = scope.spawn(|| Load::STEADY.connections(victim, 20_000, content));
        let questions = scope.spawn(|| Load::STEADY.questions(victim, 100_000, is_over_now));
        wait_until("the load is under way", || {
            gateway.database.number("SELECT count(*) FROM dns_query") > 2_000
                && gateway.database.number("SELECT count(*) FROM flow_end") > 500
        });
        let killed = load::now();
        gateway.kill();
        is_over.store(true, Ordering::Relaxed);
        (connections.join().unwrap(), questions.join().unwrap(), killed)
    });
    assert!(gateway.database.is_sound());
    let early = |talk: &&Talk| talk.at + Duration::from_millis(100) < killed;
    let recorded = streams(&gateway);
    let (mut of_connections, mut of_questions) = (0, 0);
    for Talk { number, .. } in connections.iter().filter(early) {
        let port = load::destination(*number).port();
        assert_eq!(recorded.get(&port), Some(&content(*number)), "connection {number}");
        of_connections += 1;
    }
    let names = gateway.database.texts("SELECT name FROM dns_query");
    let names: BTreeSet<&str> = names.iter().map(String::as_str).collect();
    for Talk { number, .. } in questions.iter().filter(early) {
        assert!(names.contains(&*load::name(*number)), "question {number}");
        of_questions += 1;
    }
    assert!(of_connections > 100 && of_questions > 500, "{of_connections}, {of_questions}");
    // And it goes on with the same file.
    gateway.begin();
    assert!(gateway.stop().success());
    assert!(gateway.database.is_sound());
}

/// What every connection said, by the port it was meant for.
fn streams(gateway: &Gateway) -> BTreeMap<u16, Vec<u8>> {
    let rows = gateway.database.rows(
        "SELECT dst_port AS port, coalesce((SELECT group_concat(hex(bytes), '') FROM (
             SELECT bytes FROM payload WHERE payload.flow = flow.seq AND direction = 0
             ORDER BY offset)), '') AS said
         FROM flow WHERE transport = 6",
    );
    let stream = |row: &Value| {
        let port = row["port"].as_u64().unwrap();
        (u16::try_from(port).unwrap(), unhex(row["said"].as_str().unwrap()))
    };
    rows.as_array().unwrap().iter().map(stream).collect()
}

fn assert_adds_up(gateway: &Gateway) {
    let counters = gateway.counters();
    let sum = |question: &str| u64::try_from(gateway.database.number(question)).unwrap();
    let payload = |direction: u8| {
        sum(&format!("SELECT coalesce(sum(length), 0) FROM payload WHERE direction = {direction}"))
    };
    assert_eq!(counters["flows_accepted"], sum("SELECT count(*) FROM flow"));
    assert_eq!(counters["flows_opened"], counters["flows_accepted"]);
    assert_eq!(counters["flows_closed"], counters["flows_accepted"]);
    assert_eq!(counters["flows_refused"], 0);
    assert_eq!(counters["dns_questions"], sum("SELECT count(*) FROM dns_query"));
    assert_eq!(counters["bytes_read"], payload(0));
    assert_eq!(counters["bytes_sent"], payload(1));
    assert_eq!(counters["records_queued"], counters["records_committed"]);
    let losses = ["records_lost", "payload_bytes_lost", "bytes_unstored", "packets_lost_in_tap"];
    for loss in losses.iter().chain(&["datagrams_lost_in_kernel", "replies_unsent"]) {
        assert_eq!(counters[*loss], 0, "{loss}");
    }
    gateway.database.assert_consistent();
}
