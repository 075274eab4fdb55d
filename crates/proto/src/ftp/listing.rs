//! What a folder looks like to who asks: lines as `ls` writes them, and facts (RFC 3659 §7).

use jiff::civil::DateTime;
use jiff::tz::Offset;
use model::Timestamp;

use super::tree::{Entry, Kind};

/// A line as `ls -l` writes it.
pub(super) fn long(entry: &Entry, now: Timestamp) -> String {
    let (mode, links) = match entry.kind {
        Kind::Regular => ("-rw-r--r--", 1),
        Kind::Folder => ("drwxr-xr-x", 2),
    };
    let Entry { name, bytes, modified, .. } = entry;
    let date = date(*modified, now);
    format!("{mode} {links:>3} ftp      ftp      {bytes:>10} {date} {name}\r\n")
}

/// The facts of an entry, before its name.
pub(super) fn facts(entry: &Entry) -> String {
    let modify = compact(entry.modified);
    match entry.kind {
        Kind::Regular => format!(
            "modify={modify};perm=adfrw;size={};type=file;UNIX.group=ftp;UNIX.mode=0644;UNIX.owner=ftp;",
            entry.bytes
        ),
        Kind::Folder => format!(
            "modify={modify};perm=cdeflmp;type=dir;UNIX.group=ftp;UNIX.mode=0755;UNIX.owner=ftp;"
        ),
    }
}

/// `20261124093000` (RFC 3659 §2.3).
pub(super) fn compact(time: Timestamp) -> String {
    civil(time).strftime("%Y%m%d%H%M%S").to_string()
}

/// With the time if it is not long ago, else with the year.
fn date(modified: Timestamp, now: Timestamp) -> String {
    /// Half of an average year.
    const LONG: i64 = 31_556_952 / 2;
    let is_recent = now.as_secs() - modified.as_secs() < LONG;
    let form = if is_recent { "%b %d %H:%M" } else { "%b %d  %Y" };
    civil(modified).strftime(form).to_string()
}

fn civil(time: Timestamp) -> DateTime {
    let time = jiff::Timestamp::from_second(time.as_secs()).unwrap_or_default();
    Offset::UTC.to_datetime(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(kind: Kind, time: &str) -> Entry {
        let (name, modified) = ("a b".to_owned(), Timestamp::parse(time).unwrap());
        Entry { name, kind, bytes: 1_234, modified }
    }

    #[test]
    fn lines_are_as_ls_writes_them() {
        let now = Timestamp::parse("2026-11-24T09:30:00Z").unwrap();
        assert_eq!(
            long(&entry(Kind::Regular, "2026-11-04T08:05:00Z"), now),
            "-rw-r--r--   1 ftp      ftp            1234 Nov 04 08:05 a b\r\n"
        );
        assert_eq!(
            long(&entry(Kind::Folder, "2023-01-31T08:05:00Z"), now),
            "drwxr-xr-x   2 ftp      ftp            1234 Jan 31  2023 a b\r\n"
        );
    }

    #[test]
    fn facts_are_for_programs() {
        let facts = facts(&entry(Kind::Regular, "2026-11-04T08:05:00Z"));
        assert!(facts.starts_with("modify=20261104080500;"), "{facts}");
        assert!(facts.contains(";size=1234;type=file;"), "{facts}");
    }
}
