//! `kill -9` in the middle of writing.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
#[expect(clippy::disallowed_types, reason = "it has to be a process of its own to be killed")]
use std::process::Command;
use std::process::Stdio;

use store::{Filter, FlowRow, Limited, Reader};

use crate::support::{Fresh, gathered};

/// What `examples/crash_writer.rs` has acknowledged before it was killed.
fn acknowledged_until_killed(path: PathBuf) -> u64 {
    let tests = std::env::current_exe().unwrap().canonicalize().unwrap();
    let example = tests.ancestors().nth(2).unwrap().join("examples/crash_writer");
    #[expect(clippy::disallowed_types, reason = "it has to be a process of its own to be killed")]
    let mut writer = Command::new(example).arg(path).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(writer.stdout.take().unwrap()).lines();
    let mut last = 0;
    for line in lines.by_ref().take(300) {
        last = line.unwrap().parse().unwrap();
    }
    writer.kill().unwrap();
    writer.wait().unwrap();
    lines.filter_map(|line| line.ok()?.parse().ok()).last().unwrap_or(last)
}

fn flows(reader: &Reader) -> Vec<FlowRow> {
    gathered(|visit| reader.flows(&Filter::default(), Limited::All, visit))
}

#[test]
fn everything_acknowledged_is_there_after_a_kill() {
    let fresh = Fresh::new();
    let acknowledged = acknowledged_until_killed(fresh.path());
    assert!(acknowledged >= 300);

    let before = flows(&fresh.reader());
    assert!(before.len() as u64 >= acknowledged, "{} of {acknowledged}", before.len());
    for flow in &before {
        assert!(flow.end.is_some() && flow.bytes_from_victim == 5);
    }

    drop(fresh.writer());
    let connection = rusqlite::Connection::open(fresh.path()).unwrap();
    let verdict: String =
        connection.pragma_query_value(None, "integrity_check", |row| row.get(0)).unwrap();
    assert_eq!(verdict, "ok");
    assert_eq!(flows(&fresh.reader()), before);
}
