//! Which files are opened, and what becomes of them.

use std::fs;
use std::path::Path;

use nix::mount::{MsFlags, mount};
use nix::sched::{CloneFlags, unshare};
use rusqlite::Connection;
use store::{Filter, Limited, OpenError, Reader, Writer, WriterSettings};

use crate::support::{Fresh, run, run_id, tcp, write};

fn written(path: &Path) -> Result<Writer, OpenError> {
    Writer::open(path, WriterSettings::default())
}

fn runs(reader: &Reader) -> usize {
    reader.runs(&Filter::default(), Limited::All).unwrap().len()
}

#[test]
fn opening_again_changes_no_table_and_loses_no_row() {
    let fresh = Fresh::with(&[run(), tcp(1, 1.0, "1.2.3.4:5")]);
    let schema = |fresh: &Fresh| -> Vec<String> {
        let connection = Connection::open(fresh.path()).unwrap();
        let mut statement = connection.prepare("SELECT sql FROM sqlite_schema").unwrap();
        let rows = statement.query_map([], |row| row.get::<_, Option<String>>(0)).unwrap();
        rows.map(|sql| sql.unwrap().unwrap_or_default()).collect()
    };
    let before = schema(&fresh);
    drop(fresh.writer());
    drop(fresh.writer());
    assert_eq!(schema(&fresh), before);
    assert_eq!(runs(&fresh.reader()), 1);
}

#[test]
fn a_file_of_a_newer_version_is_refused_and_left_alone() {
    let fresh = Fresh::with(&[run()]);
    let connection = Connection::open(fresh.path()).unwrap();
    connection.pragma_update(None, "user_version", 99).unwrap();
    drop(connection);
    let before = fs::read(fresh.path()).unwrap();
    for refused in [written(&fresh.path()).map(drop), Reader::open(fresh.path()).map(drop)] {
        assert!(
            matches!(refused, Err(OpenError::Newer { found: 99, known: 1, .. })),
            "{refused:?}"
        );
    }
    let connection = Connection::open(fresh.path()).unwrap();
    let found: i64 =
        connection.query_row("SELECT count(*) FROM run", [], |row| row.get(0)).unwrap();
    assert_eq!(found, 1);
    assert_eq!(fs::read(fresh.path()).unwrap().len(), before.len());
}

#[test]
fn a_file_of_another_program_is_refused_and_left_alone() {
    let fresh = Fresh::new();
    Connection::open(fresh.path()).unwrap().execute_batch("CREATE TABLE theirs (a)").unwrap();
    let text = fresh.folder().join("notes.txt");
    fs::write(&text, "no database at all, however long it may be".repeat(100)).unwrap();
    for path in [fresh.path(), text] {
        let before = fs::read(&path).unwrap();
        for refused in [written(&path).map(drop), Reader::open(&path).map(drop)] {
            assert!(matches!(refused, Err(OpenError::NotOurs { .. })), "{path:?}: {refused:?}");
        }
        assert_eq!(fs::read(&path).unwrap().len(), before.len());
    }
}

#[test]
fn a_reader_makes_no_file() {
    let fresh = Fresh::new();
    let refused = Reader::open(fresh.path()).unwrap_err();
    assert_eq!(refused.to_string(), format!("there is no database {}", fresh.path().display()));
    assert_eq!(fs::read_dir(fresh.folder()).unwrap().count(), 0);
}

#[test]
fn a_second_writer_is_refused_until_the_first_is_gone() {
    let fresh = Fresh::new();
    let first = fresh.writer();
    assert!(matches!(written(&fresh.path()), Err(OpenError::InUse { .. })));
    drop(first);
    assert!(written(&fresh.path()).is_ok());
}

#[test]
fn a_writer_leaves_one_file() {
    let fresh = Fresh::with(&[run()]);
    let names = fs::read_dir(fresh.folder()).unwrap().map(|entry| entry.unwrap().file_name());
    assert_eq!(names.collect::<Vec<_>>(), ["records.db"]);
}

#[test]
fn a_database_in_a_read_only_place_is_read() {
    if let Err(reason) = become_alone() {
        println!("skipped: cannot make a read-only place: {reason}");
        return;
    }
    let closed = Fresh::with(&[run()]);
    let in_log_mode = Fresh::with(&[run()]);
    let connection = Connection::open(in_log_mode.path()).unwrap();
    connection.pragma_update(None, "journal_mode", "WAL").unwrap();
    drop(connection);
    for fresh in [closed, in_log_mode] {
        make_read_only(&fresh.folder());
        assert_eq!(runs(&fresh.reader()), 1);
        let summary = fresh.reader().summary(run_id()).unwrap();
        assert!(summary.is_some());
        nix::mount::umount(&fresh.folder()).unwrap();
    }
}

#[test]
fn a_log_that_was_left_in_a_read_only_place_is_read_too() {
    if let Err(reason) = become_alone() {
        println!("skipped: cannot make a read-only place: {reason}");
        return;
    }
    let fresh = Fresh::new();
    let mut writer = fresh.writer();
    let _ = write(&mut writer, &[run()]);
    // As after a crash: the database with its log, and no index of it.
    let copy = Fresh::new();
    for name in ["records.db", "records.db-wal"] {
        fs::copy(fresh.folder().join(name), copy.folder().join(name)).unwrap();
    }
    make_read_only(&copy.folder());
    assert_eq!(runs(&copy.reader()), 1);
    nix::mount::umount(&copy.folder()).unwrap();
}

/// Mounts of this thread are seen by nobody else from here on.
fn become_alone() -> nix::Result<()> {
    unshare(CloneFlags::CLONE_NEWNS)?;
    mount(None::<&str>, "/", None::<&str>, MsFlags::MS_REC | MsFlags::MS_PRIVATE, None::<&str>)
}

fn make_read_only(folder: &Path) {
    let nothing = None::<&str>;
    mount(Some(folder), folder, nothing, MsFlags::MS_BIND, nothing).unwrap();
    let again = MsFlags::MS_BIND | MsFlags::MS_REMOUNT | MsFlags::MS_RDONLY;
    mount(nothing, folder, nothing, again, nothing).unwrap();
}
