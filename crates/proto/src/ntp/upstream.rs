//! Where our time is from: one of the servers with a clock of their own that everybody knows, and
//! how far away that is.

use model::Timestamp;

use super::message::{Moment, Quality};
use crate::Cx;
use crate::derived::{Purpose, derived, pick};

/// Laboratories and universities whose servers have been there for long.
const SERVERS: &[[u8; 4]] = &[
    [129, 6, 15, 28],
    [132, 163, 96, 1],
    [131, 188, 3, 221],
    [192, 53, 103, 108],
    [193, 67, 79, 202],
    [133, 243, 238, 163],
];

/// How often the clock is set, in seconds: the longest time a server waits between two questions.
const BETWEEN: i64 = 1_024;

/// What we say of our time now. The dispersion grows until the clock is set again (RFC 5905 §11).
pub(super) fn quality(cx: &Cx<'_>) -> Quality {
    let [which, far] = derived(&cx.persona.seed, Purpose::SmallService, "ntp");
    let phase = i64::try_from(far % 1_024).unwrap_or_default();
    let since_set = (cx.now.as_secs() + phase).rem_euclid(BETWEEN);
    // At a moment of that second, which stays the same until the next time.
    let within = i64::try_from((far >> 20) % 1_000_000).unwrap_or_default();
    let set_at = (cx.now.as_secs() - since_set - 1) * 1_000_000 + within;
    let in_parts = |micros: u64| u32::try_from(micros * 65_536 / 1_000_000).unwrap_or(u32::MAX);
    Quality {
        precision: -23,
        root_delay: in_parts(8_000 + (far >> 16) % 25_000),
        root_dispersion: in_parts(9_000 + since_set.unsigned_abs() * DRIFT),
        reference: pick(SERVERS, which),
        set: Moment::new(Timestamp::from_micros(set_at), far >> 40),
    }
}

/// Microseconds of error that each second adds.
const DRIFT: u64 = 15;
