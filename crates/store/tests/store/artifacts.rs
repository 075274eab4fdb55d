//! Files come back; equal ones are kept once, as long as one of them is there.

use std::time::Duration;

use model::{ArtifactSource, Completeness, Direction, Followed, Record};
use rusqlite::Connection;
use store::{
    ArtifactRow, Content, Filter, Keep, Limited, ReadError, Reader, Sha256Prefix, Writer,
    WriterSettings,
};

use crate::support::{
    Fresh, artifact, artifact_id, artifact_part, at, closed, gathered, run, sha256, taken, tcp,
    write,
};

/// A flow that carried one file.
fn carried(number: u16, seconds: f64, bytes: &[u8]) -> Vec<Record> {
    let mut records = vec![tcp(number, seconds, "1.2.3.4:80")];
    records.extend(taken(number, seconds, bytes));
    records.push(closed(number, seconds + 0.5, Some("http")));
    records
}

fn rows(reader: &Reader, filter: &Filter) -> Vec<ArtifactRow> {
    gathered(|visit| reader.artifacts(filter, Limited::All, visit))
}

fn found(reader: &Reader, prefix: &str) -> Vec<Content> {
    let prefix: Sha256Prefix = prefix.parse().unwrap();
    reader.contents(prefix, 10).unwrap()
}

fn bytes(reader: &Reader, of: &Content) -> Vec<u8> {
    let mut all = Vec::new();
    let visit = |bytes: &[u8]| -> Result<(), ReadError> {
        all.extend_from_slice(bytes);
        Ok(())
    };
    reader.content(of, visit).unwrap();
    all
}

/// The bytes of the one file that begins with these of `bytes`.
fn bytes_like(reader: &Reader, like: &[u8]) -> Vec<u8> {
    let hash: String = sha256(like).iter().map(|byte| format!("{byte:02x}")).collect();
    let found = found(reader, &hash);
    assert_eq!(found.len(), 1, "{found:?}");
    found.first().map(|only| bytes(reader, only)).unwrap()
}

fn count(fresh: &Fresh, sql: &str) -> i64 {
    let connection = Connection::open(fresh.path()).unwrap();
    connection.query_row(sql, [], |row| row.get(0)).unwrap()
}

fn parts(fresh: &Fresh) -> i64 {
    count(fresh, "SELECT count(*) FROM artifact_part")
}

#[test]
fn a_file_comes_back_with_its_bytes() {
    let long: Vec<u8> = (0..10_000_u32).map(|place| place as u8).collect();
    let mut records = vec![run()];
    records.extend(carried(1, 1.0, &long));
    records.extend(carried(2, 2.0, b"short"));
    let fresh = Fresh::with(&records);
    let reader = fresh.reader();
    let files = rows(&reader, &Filter::default());
    let [file, _] = &files[..] else { panic!("{files:?}") };
    assert_eq!(file.id, artifact_id(1));
    assert_eq!((file.opened, file.closed), (at(1.0), at(1.1)));
    assert_eq!(file.source, ArtifactSource::HttpRequestBody);
    assert_eq!(file.direction, Direction::FromVictim);
    assert_eq!(file.name.as_deref(), Some("report.docx"));
    assert_eq!(file.media_type.as_deref(), Some("image/png"));
    assert_eq!(file.file_type.as_deref(), Some("zip"));
    assert_eq!((file.bytes, file.stored_bytes), (10_000, 10_000));
    assert_eq!(file.hashes.sha256, sha256(&long));
    assert_eq!(file.completeness, Completeness::Whole);
    assert_eq!(bytes_like(&reader, &long), long);
    assert_eq!(rows(&reader, &Filter { since: Some(at(1.5)), ..Filter::default() }).len(), 1);
    assert_eq!(rows(&reader, &Filter { port: Some(81), ..Filter::default() }).len(), 0);
}

#[test]
fn a_beginning_may_stand_for_several_files() {
    let mut records = vec![run()];
    for (number, bytes) in [(1, b"a1"), (2, b"a2"), (3, b"b1"), (4, b"a1")] {
        records.extend(carried(number, 1.0, bytes));
    }
    let fresh = Fresh::with(&records);
    let reader = fresh.reader();
    assert_eq!(found(&reader, "61").len(), 2);
    assert_eq!(found(&reader, "6131").len(), 1);
    assert_eq!(found(&reader, "7").len(), 0);
}

#[test]
fn equal_files_share_their_bytes() {
    let fresh = Fresh::new();
    let mut writer = fresh.writer();
    let _ = write(&mut writer, &[run()]);
    let _ = write(&mut writer, &carried(1, 1.0, &[1; 9_000]));
    let once = parts(&fresh);
    let _ = write(&mut writer, &carried(2, 2.0, &[1; 9_000]));
    // In a commit of their own, parts are there until the file ends.
    let mut third = carried(3, 3.0, &[1; 9_000]);
    let rest = third.split_off(3);
    let _ = write(&mut writer, &third);
    assert!(parts(&fresh) > once);
    let _ = write(&mut writer, &rest);
    assert_eq!(parts(&fresh), once);
    let reader = fresh.reader();
    let files = rows(&reader, &Filter::default());
    assert_eq!(files.iter().map(|file| file.stored_bytes).collect::<Vec<_>>(), [9_000; 3]);
    assert_eq!(bytes_like(&reader, &[1; 9_000]), [1; 9_000]);
}

#[test]
fn a_file_that_is_stored_in_part_is_not_taken_for_the_whole() {
    let fresh = Fresh::new();
    let mut writer = fresh.writer();
    let whole = b"0123456789";
    let part = artifact_part(1, 1.0, 0, &whole[..4]);
    let records = [run(), tcp(1, 1.0, "1.2.3.4:80"), part, artifact(1, 1.0, whole)];
    let _ = write(&mut writer, &records);
    let reader = fresh.reader();
    assert_eq!(rows(&reader, &Filter::default())[0].stored_bytes, 4);
    assert_eq!(bytes_like(&reader, whole), b"0123");
    let _ = write(&mut writer, &carried(2, 2.0, whole));
    assert_eq!(bytes_like(&reader, whole), whole);
}

#[test]
fn numbers_of_parts_that_went_are_not_given_again() {
    let fresh = Fresh::new();
    let mut writer = fresh.writer();
    let _ = write(&mut writer, &[run()]);
    let _ = write(&mut writer, &carried(1, 1.0, b"once"));
    let _ = write(&mut writer, &carried(2, 2.0, b"once"));
    let _ = write(&mut writer, &carried(3, 3.0, b"another"));
    assert_eq!(count(&fresh, "SELECT max(seq) FROM artifact_part"), 3);
    assert_eq!(parts(&fresh), 2);
}

#[test]
fn bytes_stay_as_long_as_one_of_the_files_does() {
    let fresh = Fresh::new();
    let mut writer = fresh.writer();
    let _ = write(&mut writer, &[run()]);
    for (number, bytes) in [(1, b"shared"), (2, b"shared"), (3, b"lonely"), (4, b"latest")] {
        let _ = write(&mut writer, &carried(number, f64::from(number) * 100.0, bytes));
    }
    let mut go = |seconds: f64| {
        let keep = Keep { age: Some(Duration::from_secs(1)), ..Keep::default() };
        while writer.retain(&keep, at(seconds)).unwrap().is_more {}
    };
    go(150.0);
    assert_eq!(rows(&fresh.reader(), &Filter::default()).len(), 3);
    assert_eq!(bytes_like(&fresh.reader(), b"shared"), b"shared");
    go(250.0);
    assert_eq!(rows(&fresh.reader(), &Filter::default()).len(), 2);
    assert_eq!(parts(&fresh), 2);
    go(350.0);
    assert_eq!(parts(&fresh), 1);
}

#[test]
fn a_flow_stays_until_a_follower_has_its_file_and_its_parts() {
    let fresh = Fresh::new();
    let mut writer = fresh.writer();
    let _ = write(&mut writer, &[run()]);
    for (number, bytes) in [(1, b"1st"), (2, b"2nd"), (3, b"3rd")] {
        let _ = write(&mut writer, &carried(number, 1.0, bytes));
    }
    let follower = "mysql://a@b:1/c".to_owned();
    let keep = Keep {
        age: Some(Duration::from_secs(1)),
        followers: vec![follower.clone()],
        ..Keep::default()
    };
    for (artifacts, parts, gone) in [(0, 9, 0), (9, 0, 0), (1, 9, 1), (9, 2, 1)] {
        let _ = write(&mut writer, &[followed(&follower, artifacts, parts)]);
        assert_eq!(writer.retain(&keep, at(100.0)).unwrap().flows, gone, "{artifacts} {parts}");
    }
}

fn followed(follower: &str, artifacts: i64, parts: i64) -> Record {
    Record::Followed(Followed {
        shortened: None,
        follower: follower.to_owned(),
        cursor: format!(
            r#"{{"places":{{"flow":9,"flow_end":9,"artifact":{artifacts},"artifact_part":{parts}}}}}"#
        ),
        retries: 0,
        succeeded: None,
        failed: None,
    })
}

#[test]
fn at_the_limit_parts_are_dropped_and_counted_and_files_stay_in_the_list() {
    let fresh = Fresh::new();
    let settings = WriterSettings { max_bytes: Some(16 << 20), ..WriterSettings::default() };
    let mut writer = Writer::open(fresh.path(), settings).unwrap();
    let _ = write(&mut writer, &[run()]);
    let mut dropped = 0;
    for number in 0..200_u16 {
        let bytes = [&number.to_be_bytes()[..], &[7; 200_000]].concat();
        dropped += write(&mut writer, &carried(number, 1.0, &bytes)).payload_bytes_dropped;
    }
    let files = rows(&fresh.reader(), &Filter::default());
    let unstored: u64 = files.iter().map(|file| file.bytes - file.stored_bytes).sum();
    assert_eq!(files.len(), 200);
    assert!(files.iter().any(|file| file.stored_bytes == file.bytes));
    assert!(dropped > 0);
    assert_eq!(unstored, dropped);
}

#[test]
fn what_belongs_to_no_flow_is_counted() {
    let fresh = Fresh::new();
    let mut records = vec![run()];
    records.extend(taken(1, 1.0, b"orphan"));
    let committed = write(&mut fresh.writer(), &records);
    assert_eq!(committed.orphans, 2);
    assert_eq!(parts(&fresh), 0);
}
