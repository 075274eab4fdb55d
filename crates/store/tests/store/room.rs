//! When there is no room: payload goes first, what happened stays.

use std::path::PathBuf;

use model::{Event, Record};
use nix::mount::{MsFlags, mount};
use nix::sched::{CloneFlags, unshare};
use store::{
    CommitError, Committed, DataRow, EventRow, Filter, Limited, Reader, Writer, WriterSettings,
};

use crate::support::{Fresh, closed, gathered, run, said, tcp};

const PIECE: usize = 60_000;

/// A flow that says much.
fn talkative(number: u16) -> Vec<Record> {
    let mut records = vec![tcp(number, 1.0, "1.2.3.4:5")];
    let piece = |place: u64| said(number, 1.0, place * PIECE as u64, &[7; PIECE]);
    records.extend((0..4).map(piece));
    records.push(closed(number, 2.0, None));
    records
}

fn flows(reader: &Reader) -> usize {
    let mut flows = 0;
    reader
        .flows::<store::ReadError>(&Filter::default(), Limited::All, |_| {
            flows += 1;
            Ok(())
        })
        .unwrap();
    flows
}

/// How many pieces are there with and without their bytes.
fn pieces(reader: &Reader) -> (usize, usize) {
    let rows: Vec<DataRow> = gathered(|visit| reader.data(&Filter::default(), Limited::All, visit));
    let (kept, lost): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.bytes.is_some());
    assert!(lost.iter().all(|row| row.length == PIECE as u64));
    (kept.len(), lost.len())
}

fn told(reader: &Reader) -> Vec<String> {
    let rows: Vec<EventRow> =
        gathered(|visit| reader.events(&Filter::default(), Limited::All, visit));
    let limit = Event::LimitReached(model::Limit::DatabaseBytes).kind();
    rows.into_iter().filter(|row| row.kind == limit).map(|row| row.details).collect()
}

fn commit(writer: &mut Writer, records: &[Record]) -> Committed {
    writer.commit(records).unwrap()
}

#[test]
fn at_the_limit_payload_is_dropped_and_counted_and_flows_go_on() {
    let fresh = Fresh::new();
    let settings = WriterSettings { max_bytes: Some(16 << 20), ..WriterSettings::default() };
    let mut writer = Writer::open(fresh.path(), settings).unwrap();
    let _ = commit(&mut writer, &[run()]);
    let dropped: u64 =
        (0..200).map(|number| commit(&mut writer, &talkative(number)).payload_bytes_dropped).sum();
    let reader = fresh.reader();
    let (kept, lost) = pieces(&reader);
    assert_eq!(flows(&reader), 200);
    assert_eq!(kept + lost, 800);
    assert!(kept > 100 && lost > 100, "{kept} {lost}");
    assert_eq!(dropped, (lost * PIECE) as u64);
    assert_eq!(told(&reader), [r#"{"limit":"storage.max_bytes","full":"database"}"#]);
    let sizes = ["records.db", "records.db-wal"].map(|name| fresh.folder().join(name));
    let size: u64 = sizes.iter().map(|path| path.metadata().unwrap().len()).sum();
    assert!(size <= 16 << 20, "{size}");
}

#[test]
fn a_larger_limit_lets_payload_in_again() {
    let fresh = Fresh::new();
    for max_bytes in [4 << 20, 64 << 20] {
        let settings = WriterSettings { max_bytes: Some(max_bytes), ..WriterSettings::default() };
        let mut writer = Writer::open(fresh.path(), settings).unwrap();
        let _ = writer.commit(&[second_run(max_bytes)]).unwrap();
        let committed = (0..40).map(|number| commit(&mut writer, &talkative(number)));
        let dropped: u64 = committed.map(|committed| committed.payload_bytes_dropped).sum();
        assert_eq!(dropped > 0, max_bytes == 4 << 20);
    }
}

/// The story's run, under an id of its own.
fn second_run(number: u64) -> Record {
    let Record::RunOpened(mut opened) = run() else { unreachable!() };
    if number > 4 << 20 {
        opened.id = model::RunId::from_bytes([3; 16]);
    }
    Record::RunOpened(opened)
}

#[test]
fn on_a_full_disk_payload_is_dropped_and_comes_back_with_room() {
    let fresh = Fresh::new();
    let disk = match small_disk(&fresh) {
        Ok(disk) => disk,
        Err(reason) => {
            println!("skipped: cannot mount a small disk: {reason}");
            return;
        }
    };
    let path = disk.join("records.db");
    let filler = disk.join("filler");
    std::fs::write(&filler, vec![1; 20 << 20]).unwrap();
    let mut writer = Writer::open(&path, WriterSettings::default()).unwrap();
    let _ = commit(&mut writer, &[run()]);
    let mut dropped = 0;
    for number in 0..100 {
        match writer.commit(&talkative(number)) {
            Ok(committed) => dropped += committed.payload_bytes_dropped,
            Err(CommitError::Full { .. }) => break,
            Err(other) => panic!("{other}"),
        }
    }
    assert!(dropped > 0);
    assert_eq!(told(&Reader::open(&path).unwrap()).len(), 1);
    std::fs::remove_file(&filler).unwrap();
    let committed = commit(&mut writer, &talkative(100));
    assert_eq!(committed.payload_bytes_dropped, 0);
    let check = rusqlite::Connection::open(&path).unwrap();
    let verdict: String =
        check.pragma_query_value(None, "integrity_check", |row| row.get(0)).unwrap();
    assert_eq!(verdict, "ok");
}

/// A disk of 32 MiB that only this thread sees, which ends with it.
fn small_disk(fresh: &Fresh) -> nix::Result<PathBuf> {
    let nothing = None::<&str>;
    unshare(CloneFlags::CLONE_NEWNS)?;
    mount(nothing, "/", nothing, MsFlags::MS_REC | MsFlags::MS_PRIVATE, nothing)?;
    let folder = fresh.folder();
    mount(Some("tmpfs"), &folder, Some("tmpfs"), MsFlags::empty(), Some("size=32m"))?;
    Ok(folder)
}
