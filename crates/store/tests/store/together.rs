//! Readers and the writer at the same time.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use store::{DataRow, Filter, Limited, ReadError};

use crate::support::{Fresh, closed, gathered, run, said, tcp, write};

/// Whole flows, one per commit: a reader never sees a part of one.
#[test]
fn readers_see_whole_commits_while_the_writer_goes_on() {
    let fresh = Fresh::new();
    let mut writer = fresh.writer();
    let _ = write(&mut writer, &[run()]);
    let is_done = AtomicBool::new(false);
    thread::scope(|threads| {
        for _ in 0..2 {
            threads.spawn(|| {
                let reader = fresh.reader();
                let mut seen = 0;
                while !is_done.load(Ordering::Relaxed) {
                    let flows = reader_counts(&reader);
                    assert!(flows >= seen);
                    seen = flows;
                }
                assert_eq!(reader_counts(&reader), 500);
            });
        }
        for number in 0..500 {
            let records = [
                tcp(number, 1.0, "1.2.3.4:5"),
                said(number, 1.0, 0, b"x"),
                closed(number, 1.0, None),
            ];
            let _ = write(&mut writer, &records);
        }
        is_done.store(true, Ordering::Relaxed);
    });
}

/// How many flows there are, each of them ended.
fn reader_counts(reader: &store::Reader) -> usize {
    let mut flows = 0;
    let visit = |row: store::FlowRow| -> Result<(), ReadError> {
        assert!(row.end.is_some());
        flows += 1;
        Ok(())
    };
    reader.flows(&Filter::default(), Limited::All, visit).unwrap();
    flows
}

/// An analyst who leaves a pager open must not make the log grow for ever.
#[test]
fn a_reader_that_stops_in_the_middle_does_not_keep_the_log_from_being_emptied() {
    let fresh = Fresh::new();
    let mut writer = fresh.writer();
    let _ = write(&mut writer, &[run(), tcp(1, 1.0, "1.2.3.4:5"), said(1, 1.0, 0, &[7; 60_000])]);
    let reader = fresh.reader();
    let log = fresh.folder().join("records.db-wal");
    let rows: Vec<DataRow> = gathered(|visit| {
        reader.data(&Filter::default(), Limited::All, |row| {
            for _ in 0..1_000 {
                let _ = write(&mut writer, &[said(1, 2.0, 0, &[7; 60_000])]);
            }
            visit(row)
        })
    });
    assert_eq!(rows.len(), 1);
    let size = log.metadata().unwrap().len();
    assert!(size < 40 << 20, "{size}");
}
