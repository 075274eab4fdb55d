//! One file, found by its hash and written as it is.

use readers::file::{self, FindError};

use crate::story::{Story, downloader, downloader_ends, hostile};

fn story() -> Story {
    let mut records = downloader();
    records.extend(downloader_ends());
    Story::of(&records)
}

#[test]
fn threat_12_a_file_is_named_by_its_hash_and_never_by_a_peer() {
    let story = Story::of(&hostile());
    let content = file::find(&story.reader(), "A1").unwrap();
    let mut out = Vec::new();
    file::write(&story.reader(), &content, &mut out).unwrap();
    assert_eq!(out, b"\x1b[2J\x9b");
    assert_eq!(file::name(&content), "a1".repeat(32));
}

#[test]
fn what_is_not_there_and_what_is_not_clear_is_said() {
    let reader = story().reader();
    let failed = |hash: &str| file::find(&reader, hash).unwrap_err();
    assert!(matches!(failed("b"), FindError::Unknown { .. }));
    assert!(matches!(failed("holiday.jpg"), FindError::NotAHash { .. }));
    let FindError::Several { names, .. } = failed("a") else { unreachable!() };
    assert_eq!(names, ["a2".repeat(32), "a3".repeat(32)]);
}

#[test]
fn of_a_file_that_is_not_all_there_it_is_known_how_much_is() {
    let reader = story().reader();
    let content = file::find(&reader, "a3").unwrap();
    assert_eq!((content.bytes, content.stored_bytes), (5_000_000, 4));
}
