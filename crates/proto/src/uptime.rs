//! Since when the servers we pretend to be have been running: the same for all of them.

use model::Timestamp;

use crate::Cx;
use crate::derived::{Purpose, derived};

/// Servers are started anew this often: their kernel is, too.
const PERIOD: i64 = 97 * 86_400;

/// When the servers were started: at most a period ago.
pub(crate) fn started(cx: &Cx<'_>) -> Timestamp {
    let [chance, _] = derived(&cx.persona.seed, Purpose::Uptime, "");
    let first = i64::try_from(chance % PERIOD.unsigned_abs()).unwrap_or_default();
    let age = (cx.now.as_secs() - first).rem_euclid(PERIOD);
    Timestamp::from_micros((cx.now.as_secs() - age).saturating_mul(1_000_000))
}

/// For how many seconds they have been running.
pub(crate) fn seconds(cx: &Cx<'_>) -> u64 {
    cx.now.since(started(cx)).as_secs()
}
