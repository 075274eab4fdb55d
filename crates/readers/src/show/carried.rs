//! What counters have to say of other databases, in JSON and CSV: rows like theirs, with the name
//! of the database in front.

use model::Timestamp;
use store::{FlowContext, FollowerRow};

use super::databases::is_in_trouble;
use crate::cell::Cell;
use crate::fields::{Field, Row, field, optional_time};

/// One number about a database.
pub(super) struct Reading {
    counter: String,
    value: u64,
    time: Option<Timestamp>,
    meaning: String,
}

/// The keys are those of counters.
impl Row for Reading {
    const FIELDS: &'static [Field<Self>] = &[
        field("run", |_| Cell::Nothing),
        field("counter", |reading| Cell::text(&reading.counter)),
        field("value", |reading| Cell::Number(reading.value)),
        field("time", |reading| optional_time(reading.time)),
        field("is_loss", |_| Cell::Flag(false)),
        field("meaning", |reading| Cell::text(&reading.meaning)),
    ];

    fn context(&self) -> Option<&FlowContext> {
        None
    }
}

/// Everything there is to say of one.
pub(super) fn readings(row: &FollowerRow) -> [Reading; 4] {
    let followed = &row.followed;
    let reading = |name: &str, value, time, meaning: &str| Reading {
        counter: format!("database.{}.{name}", followed.follower),
        value,
        time,
        meaning: meaning.to_owned(),
    };
    let failed = followed.failed.as_ref();
    let (failed_at, error) = (failed.map(|failed| failed.time), failed.map(|failed| &failed.error));
    let last_error = error.map_or("no try has failed", |error| error);
    let shortened = followed.shortened.as_ref();
    let latest = shortened.map_or("texts that were cut for it", |shortened| &shortened.latest);
    [
        reading("lag_rows", row.lag, followed.succeeded, "rows that are not over there yet"),
        reading("retries", followed.retries, failed_at, "tries that failed"),
        // The error stays when it is over; the number says whether it is.
        reading("is_failing", is_in_trouble(row).into(), failed_at, last_error),
        reading("shortened_texts", shortened.map_or(0, |some| some.texts), None, latest),
    ]
}

#[cfg(test)]
mod tests {
    use store::CounterRow;

    use super::*;
    use crate::fields::keys;

    #[test]
    fn the_rows_have_the_keys_of_counters() {
        assert!(keys::<Reading>().eq(keys::<CounterRow>()));
    }
}
