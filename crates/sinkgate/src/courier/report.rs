//! How a report travels: one line of JSON.

use std::io::{BufRead, BufReader, Read};

use engine::Ledger;
use model::{FailedTry, Followed, Shortened, Timestamp};

/// Follower, cursor, retries, last success, last failure with its error, texts that were cut and
/// the latest of them; times in microseconds.
type Line = (String, String, u64, Option<i64>, Option<(i64, String)>, Option<(u64, String)>);

/// The report as it is sent.
pub(super) fn written(followed: &Followed) -> Vec<u8> {
    let (failed, shortened) = (followed.failed.as_ref(), followed.shortened.as_ref());
    let line: Line = (
        followed.follower.clone(),
        followed.cursor.clone(),
        followed.retries,
        followed.succeeded.map(Timestamp::as_micros),
        failed.map(|failed| (failed.time.as_micros(), failed.error.clone())),
        shortened.map(|shortened| (shortened.texts, shortened.latest.clone())),
    );
    // Cannot fail: texts and numbers only.
    let mut line = serde_json::to_vec(&line).unwrap_or_default();
    line.push(b'\n');
    line
}

fn read(line: &str) -> Option<Followed> {
    let (follower, cursor, retries, succeeded, failed, shortened): Line =
        serde_json::from_str(line).ok()?;
    let failed =
        failed.map(|(time, error)| FailedTry { time: Timestamp::from_micros(time), error });
    let shortened = shortened.map(|(texts, latest)| Shortened { texts, latest });
    let succeeded = succeeded.map(Timestamp::from_micros);
    Some(Followed { follower, cursor, retries, succeeded, failed, shortened })
}

/// Writes down whatever comes, until nothing more can.
pub(super) fn read_all(stream: impl Read, ledger: &Ledger) {
    for line in BufReader::new(stream).lines() {
        // A line that was cut short is of a courier that was killed: it is sent again next time.
        match line.ok().and_then(|line| read(&line)) {
            Some(followed) => ledger.note(followed),
            None => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let time = Timestamp::from_micros(7);
        let whole = Followed {
            follower: "mysql://a@b:1/c".to_owned(),
            cursor: "{\"a\":1}\n".to_owned(),
            retries: 3,
            succeeded: Some(time),
            failed: Some(FailedTry { time, error: "a\nb".to_owned() }),
            shortened: Some(Shortened { texts: 2, latest: "c\"d".to_owned() }),
        };
        let bare = Followed { succeeded: None, failed: None, shortened: None, ..whole.clone() };
        for followed in [whole, bare] {
            let line = String::from_utf8(written(&followed)).unwrap();
            assert_eq!(line.lines().count(), 1);
            assert_eq!(read(&line), Some(followed));
        }
        assert_eq!(read("[\"a\""), None);
    }
}
