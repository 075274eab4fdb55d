//! What is removed, what stays, and who has a say in it.

use std::time::Duration;

use model::{Followed, NameSource, Record};
use rusqlite::Connection;
use store::{Filter, FlowRow, Keep, Limited, Removed, Writer, WriterSettings};

use crate::support::{Fresh, asked, at, closed, gathered, named, run, said, tcp, write};

/// So many flows of one second each, with everything that belongs to one.
fn fill(writer: &mut Writer, numbers: std::ops::Range<u16>, bytes: &[u8]) {
    for number in numbers {
        let second = f64::from(number);
        let _ = write(
            writer,
            &[
                tcp(number, second, "1.2.3.4:80"),
                named(number, second, "a.example", NameSource::Sni),
                said(number, second, 0, bytes),
                asked(number, second, "a.example"),
                closed(number, second + 0.5, None),
            ],
        );
    }
}

fn all_steps(writer: &mut Writer, keep: &Keep, seconds: f64) -> Removed {
    let mut sum = Removed::default();
    loop {
        let removed = writer.retain(keep, at(seconds)).unwrap();
        sum.flows += removed.flows;
        sum.lost += removed.lost;
        if !removed.is_more {
            return sum;
        }
    }
}

fn flows(fresh: &Fresh) -> usize {
    let reader = fresh.reader();
    let rows: Vec<FlowRow> =
        gathered(|visit| reader.flows(&Filter::default(), Limited::All, visit));
    rows.len()
}

fn count(fresh: &Fresh, table: &str) -> i64 {
    let connection = Connection::open(fresh.path()).unwrap();
    let sql = format!("SELECT count(*) FROM {table}");
    connection.query_row(&sql, [], |row| row.get(0)).unwrap()
}

fn keep_for(seconds: u64) -> Keep {
    Keep { age: Some(Duration::from_secs(seconds)), ..Keep::default() }
}

#[test]
fn old_flows_go_with_all_that_belongs_to_them() {
    let fresh = Fresh::new();
    let mut writer = fresh.writer();
    let _ = write(&mut writer, &[run(), tcp(999, 0.0, "1.2.3.4:80"), said(999, 0.0, 0, b"open")]);
    fill(&mut writer, 0..600, b"bytes");
    let removed = all_steps(&mut writer, &keep_for(100), 600.0);
    // Those that ended 100 seconds ago or earlier; the one that is open stays.
    assert_eq!((removed.flows, removed.lost), (500, 0));
    assert_eq!(flows(&fresh), 101);
    for (table, rows) in
        [("payload", 101), ("flow_name", 100), ("flow_end", 100), ("dns_query", 100), ("run", 1)]
    {
        assert_eq!(count(&fresh, table), rows, "{table}");
    }
    assert_eq!(all_steps(&mut writer, &keep_for(100), 600.0), Removed::default());
}

#[test]
fn the_last_rows_stay_so_that_no_number_comes_again() {
    let fresh = Fresh::new();
    let mut writer = fresh.writer();
    let _ = write(&mut writer, &[run()]);
    fill(&mut writer, 0..10, b"bytes");
    let removed = all_steps(&mut writer, &keep_for(1), 1_000.0);
    assert_eq!(removed.flows, 9);
    fill(&mut writer, 10..11, b"bytes");
    let connection = Connection::open(fresh.path()).unwrap();
    let last: i64 =
        connection.query_row("SELECT max(seq) FROM flow", [], |row| row.get(0)).unwrap();
    assert_eq!(last, 11);
}

#[test]
fn what_a_follower_does_not_have_stays() {
    let fresh = Fresh::new();
    let mut writer = fresh.writer();
    let _ = write(&mut writer, &[run()]);
    fill(&mut writer, 0..100, b"bytes");
    let followers = vec!["mysql://a@b:1/c".to_owned(), "postgres://a@b:1/c".to_owned()];
    let keep = Keep { followers, ..keep_for(1) };
    assert_eq!(all_steps(&mut writer, &keep, 1_000.0).flows, 0);
    let _ =
        write(&mut writer, &[followed("mysql://a@b:1/c", 50), followed("postgres://a@b:1/c", 20)]);
    let removed = all_steps(&mut writer, &keep, 1_000.0);
    assert_eq!((removed.flows, flows(&fresh)), (20, 80));
    // One table that lags behind holds the whole flow.
    let _ = write(&mut writer, &[followed("mysql://a@b:1/c", 100), lagging("postgres://a@b:1/c")]);
    assert_eq!(all_steps(&mut writer, &keep, 1_000.0).flows, 10);
}

fn followed(follower: &str, rows: i64) -> Record {
    report(follower, rows, rows)
}

fn lagging(follower: &str) -> Record {
    report(follower, 100, 30)
}

fn report(follower: &str, rows: i64, payload: i64) -> Record {
    let places = format!(
        r#"{{"places":{{"flow":{rows},"flow_name":{rows},"payload":{payload},"dns_query":{rows},"event":{rows},"flow_end":{rows}}}}}"#
    );
    let follower = follower.to_owned();
    Record::Followed(Followed {
        follower,
        cursor: places,
        retries: 0,
        succeeded: None,
        failed: None,
        shortened: None,
    })
}

#[test]
fn the_oldest_flows_go_when_the_database_is_larger_than_wanted() {
    let fresh = Fresh::new();
    let mut writer = fresh.writer();
    let _ = write(&mut writer, &[run()]);
    let keep = Keep { bytes: Some(20 << 20), ..Keep::default() };
    for round in 0..8 {
        fill(&mut writer, round * 100..(round + 1) * 100, &[7; 60_000]);
        let _ = all_steps(&mut writer, &keep, 0.0);
    }
    drop(writer);
    let size = std::fs::metadata(fresh.path()).unwrap().len();
    assert!(size < 40 << 20, "{size}");
    let left = flows(&fresh);
    assert!((1..400).contains(&left), "{left}");
    let first: String = Connection::open(fresh.path())
        .unwrap()
        .query_row("SELECT min(victim_port) FROM flow", [], |row| row.get::<_, i64>(0))
        .unwrap()
        .to_string();
    assert_ne!(first, "40000");
}

#[test]
fn what_the_hard_limit_takes_from_followers_is_counted_as_lost() {
    let fresh = Fresh::new();
    let settings = WriterSettings { max_bytes: Some(40 << 20), ..WriterSettings::default() };
    let mut writer = Writer::open(fresh.path(), settings).unwrap();
    let _ = write(&mut writer, &[run()]);
    let keep = Keep { followers: vec!["mysql://a@b:1/c".to_owned()], ..keep_for(1_000_000) };
    let mut lost = 0;
    for round in 0..10 {
        fill(&mut writer, round * 100..(round + 1) * 100, &[7; 60_000]);
        lost += all_steps(&mut writer, &keep, 1_000.0).lost;
    }
    assert!(lost > 0);
    // What came last is there with its bytes.
    assert_eq!(
        count(&fresh, "payload WHERE seq = (SELECT max(seq) FROM payload) AND bytes IS NULL"),
        0
    );
}
