//! Following what is committed.

use model::{Basis, Event, NameSource, Record};
use store::{Change, Cursor, Filter, Follower, PayloadBytes};

use crate::support::{
    Fresh, answered, asked, closed, event, flow_id, named, run, run_closed, said, tcp, udp, write,
};

/// A word for each change, with the number of its flow.
fn word(change: &Change) -> String {
    let port = |context: &store::FlowContext| context.flow.victim.address().port() - 40_000;
    match change {
        Change::Data(row) => format!("data {}", port(&row.context)),
        Change::Dns(row) => format!("dns {}", row.query.name),
        Change::Event(row) => row.kind.clone(),
        Change::FlowEnded(row) => format!("end {}", port(&row.context)),
        Change::FlowOpened(context) => format!("open {}", port(context)),
        Change::Named { name, .. } => format!("name {}", name.name),
        Change::RunClosed(_) => "stop".to_owned(),
        Change::RunOpened(_) => "start".to_owned(),
    }
}

fn all(follower: &mut Follower) -> Vec<String> {
    let mut words = Vec::new();
    loop {
        let changes = follower.next_changes().unwrap();
        if changes.is_empty() {
            return words;
        }
        words.extend(changes.iter().map(word));
    }
}

fn follow(fresh: &Fresh, cursor: Cursor, filter: Filter) -> Follower {
    fresh.reader().follow(cursor, filter, PayloadBytes::Whole)
}

fn story() -> Vec<Record> {
    vec![
        run(),
        udp(1, 1.0, "10.0.0.1:53"),
        said(1, 1.0, 0, b"question"),
        asked(1, 1.0, "a.example"),
        tcp(2, 2.0, "1.2.3.4:80"),
        named(2, 2.0, "a.example", NameSource::DnsAnswer),
        said(2, 2.5, 0, b"GET /"),
        event(2, 2.5, Event::Recognised { protocol: "http", by: Basis::Content }),
        answered(2, 2.6, 0, b"200"),
        closed(2, 2.7, Some("http")),
        closed(1, 3.0, Some("dns")),
        run_closed(4.0),
    ]
}

const STORY: [&str; 12] = [
    "start",
    "open 1",
    "data 1",
    "dns a.example",
    "open 2",
    "name a.example",
    "data 2",
    "flow.recognised",
    "data 2",
    "end 2",
    "end 1",
    "stop",
];

#[test]
fn everything_comes_once_and_in_order() {
    let fresh = Fresh::with(&story());
    let mut follower = follow(&fresh, Cursor::default(), Filter::default());
    assert_eq!(all(&mut follower), STORY);
    assert_eq!(all(&mut follower), [""; 0]);
}

#[test]
fn what_is_committed_later_comes_later() {
    let fresh = Fresh::new();
    let mut writer = fresh.writer();
    let mut follower = follow(&fresh, Cursor::default(), Filter::default());
    for (record, expected) in story().into_iter().zip(STORY) {
        let _ = write(&mut writer, &[record]);
        assert_eq!(all(&mut follower), [expected]);
    }
}

#[test]
fn a_cursor_is_kept_and_taken_up_again() {
    let (first, rest) = (&story()[..4], &story()[4..]);
    let fresh = Fresh::new();
    let mut writer = fresh.writer();
    let _ = write(&mut writer, first);
    let mut follower = follow(&fresh, Cursor::default(), Filter::default());
    assert_eq!(all(&mut follower).len(), 4);
    let kept = serde_json::to_string(&follower.cursor()).unwrap();
    assert_eq!(follower.cursor(), fresh.reader().end().unwrap());
    let _ = write(&mut writer, rest);
    let cursor: Cursor = serde_json::from_str(&kept).unwrap();
    assert_eq!(all(&mut follow(&fresh, cursor, Filter::default())), STORY[4..]);
}

#[test]
fn a_long_way_is_gone_in_steps_without_loss() {
    let fresh = Fresh::new();
    let mut writer = fresh.writer();
    let _ = write(&mut writer, &[run()]);
    // All flows open before the first byte: the tables are far from each other.
    let opened: Vec<_> = (0..3_000).map(|number| tcp(number, 1.0, "1.2.3.4:5")).collect();
    let _ = write(&mut writer, &opened);
    for number in (0..3_000).rev() {
        let _ = write(&mut writer, &[said(number, 1.0, 0, b"x"), closed(number, 1.0, None)]);
    }
    let words = all(&mut follow(&fresh, Cursor::default(), Filter::default()));
    assert_eq!(words.len(), 1 + 3 * 3_000);
    for number in 0..3_000 {
        let place = |word: &str| {
            let word = format!("{word} {number}");
            words.iter().position(|one| *one == word).unwrap()
        };
        assert!(place("open") < place("data"), "{number}");
        assert!(place("open") < place("end"), "{number}");
    }
}

#[test]
fn a_follower_far_behind_does_not_skip_what_a_filter_leaves_out() {
    let fresh = Fresh::new();
    let mut writer = fresh.writer();
    let _ = write(&mut writer, &[run(), udp(1, 1.0, "10.0.0.1:53")]);
    let noise: Vec<_> = (0..5_000).map(|number| asked(1, 2.0, &format!("n{number}"))).collect();
    let _ = write(&mut writer, &noise);
    let _ = write(&mut writer, &[asked(1, 3.0, "wanted.example")]);
    let filter = Filter { name: Some("wanted.*".to_owned()), ..Filter::default() };
    let mut follower = follow(&fresh, Cursor::default(), filter);
    assert_eq!(all(&mut follower), ["dns wanted.example"]);
    assert_eq!(follower.cursor(), fresh.reader().end().unwrap());
}

#[test]
fn with_bytes_to_look_for_a_flow_is_shown_from_where_they_are() {
    let fresh = Fresh::with(&[
        run(),
        tcp(1, 1.0, "1.2.3.4:5"),
        tcp(2, 1.0, "1.2.3.4:5"),
        said(1, 1.1, 0, b"MZ\x90"),
        said(2, 1.2, 0, b"nothing"),
        said(1, 1.3, 3, b"\x00and more"),
        said(1, 1.4, 12, b"and more"),
        closed(1, 2.0, None),
        closed(2, 2.0, None),
    ]);
    let filter = Filter { grep: Some(b"MZ\x90\x00".to_vec()), ..Filter::default() };
    let words = all(&mut follow(&fresh, Cursor::default(), filter));
    assert_eq!(words, ["data 1", "data 1", "end 1"]);
}

#[test]
fn the_beginning_of_a_direction_is_enough_for_some() {
    let fresh = Fresh::with(&[
        run(),
        tcp(1, 1.0, "1.2.3.4:5"),
        said(1, 1.1, 0, b"first"),
        said(1, 1.2, 5, b"second"),
    ]);
    let reader = fresh.reader();
    let mut follower = reader.follow(Cursor::default(), Filter::default(), PayloadBytes::Beginning);
    let changes = follower.next_changes().unwrap();
    let bytes: Vec<_> = changes
        .iter()
        .filter_map(|change| match change {
            Change::Data(row) => Some((row.length, row.bytes.as_deref())),
            _ => None,
        })
        .collect();
    assert_eq!(bytes, [(5, Some(&b"first"[..])), (6, None)]);
}

#[test]
fn a_flow_opens_under_the_name_it_was_committed_with() {
    let fresh = Fresh::with(&story());
    let mut follower = follow(&fresh, Cursor::default(), Filter::default());
    let changes = follower.next_changes().unwrap();
    let opened = changes.iter().find_map(|change| match change {
        Change::FlowOpened(context) if context.flow.id == flow_id(2) => context.name.clone(),
        _ => None,
    });
    assert_eq!(opened.as_deref(), Some("a.example"));
}
