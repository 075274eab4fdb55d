//! Old flows go: those that need not be kept any longer, or have to make room.
//!
//! The last row of each table always stays. SQLite would give its number again, and followers know
//! rows by their numbers.

use std::time::Duration;

use model::Timestamp;
use rusqlite::{Connection, Transaction, params};

use crate::follow::Position;

/// What is kept, and for whom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keep {
    /// How long after its end a flow is kept; `None` is for ever.
    pub age: Option<Duration>,
    /// How large the database may become before the oldest flows go; `None` is no limit.
    pub bytes: Option<u64>,
    /// Followers that have to have a flow before it goes, by name.
    pub followers: Vec<String>,
}

/// What went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Removed {
    /// Flows, with all that belongs to them.
    pub flows: u64,
    /// Those of them that nobody else has: there was no room to keep them any longer.
    pub lost: u64,
    /// Whether there may be more to remove.
    pub is_more: bool,
}

/// Flows looked at in one step: the writer must not be held up for long.
const FLOWS: i64 = 256;

/// Rows of payload removed in one step; each has up to 64 KiB.
const PIECES: i64 = 4_096;

impl Keep {
    /// Whether anything is ever removed.
    #[must_use]
    pub fn is_for_ever(&self) -> bool {
        self.age.is_none() && self.bytes.is_none()
    }

    /// Before when a flow has to have ended to go now.
    fn cutoff(
        &self,
        connection: &Connection,
        now: Timestamp,
        pressure: Pressure,
    ) -> rusqlite::Result<Option<i64>> {
        let by_age = self.age.map(|age| now.minus(age).as_micros());
        let is_over = self.bytes.is_some_and(|most| pressure.used_bytes > most);
        if !is_over && !pressure.is_forced {
            return Ok(by_age);
        }
        let oldest = "SELECT max(closed) FROM (SELECT closed FROM flow_end ORDER BY seq LIMIT ?)";
        let closed: Option<i64> =
            connection.prepare_cached(oldest)?.query_row([FLOWS], |row| row.get(0))?;
        Ok(by_age.max(closed.map(|closed| closed + 1)))
    }

    /// The last rows that all followers have.
    fn confirmed(&self, connection: &Connection) -> rusqlite::Result<Bounds> {
        let mut bounds = Bounds::of_tables(connection)?;
        let mut kept = connection.prepare_cached("SELECT cursor FROM follower WHERE name = ?")?;
        for name in &self.followers {
            let mut rows = kept.query([name])?;
            let cursor = rows.next()?.map(|row| row.get::<_, String>(0)).transpose()?;
            let position = Position::read(&cursor.unwrap_or_default());
            bounds = bounds.up_to(&position);
        }
        Ok(bounds)
    }
}

/// How much is in the database.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pressure {
    pub(super) used_bytes: u64,
    /// Whether there is hardly room for what comes next.
    pub(super) is_forced: bool,
}

/// The last row of each table that may go.
#[derive(Clone, Copy, Debug)]
struct Bounds {
    flow: i64,
    flow_name: i64,
    payload: i64,
    dns_query: i64,
    event: i64,
    artifact: i64,
    /// Parts have numbers that are never given again.
    artifact_part: i64,
    flow_end: i64,
}

impl Bounds {
    /// All rows but the last of each.
    fn of_tables(connection: &Connection) -> rusqlite::Result<Self> {
        let last = |table: &str| {
            let sql = format!("SELECT coalesce(max(seq), 0) - 1 FROM {table}");
            connection.prepare_cached(&sql)?.query_row([], |row| row.get(0))
        };
        Ok(Self {
            flow: last("flow")?,
            flow_name: last("flow_name")?,
            payload: last("payload")?,
            dns_query: last("dns_query")?,
            event: last("event")?,
            artifact: last("artifact")?,
            artifact_part: i64::MAX,
            flow_end: last("flow_end")?,
        })
    }

    fn up_to(self, position: &Position) -> Self {
        Self {
            flow: self.flow.min(position.of_name("flow")),
            flow_name: self.flow_name.min(position.of_name("flow_name")),
            payload: self.payload.min(position.of_name("payload")),
            dns_query: self.dns_query.min(position.of_name("dns_query")),
            event: self.event.min(position.of_name("event")),
            artifact: self.artifact.min(position.of_name("artifact")),
            artifact_part: self.artifact_part.min(position.of_name("artifact_part")),
            flow_end: self.flow_end.min(position.of_name("flow_end")),
        }
    }
}

/// One step: removes some of what may go.
pub(super) fn step(
    connection: &mut Connection,
    keep: &Keep,
    now: Timestamp,
    pressure: Pressure,
) -> rusqlite::Result<Removed> {
    let Some(cutoff) = keep.cutoff(connection, now, pressure)? else {
        return Ok(Removed::default());
    };
    let transaction = connection.transaction()?;
    let is_elsewhere = !keep.followers.is_empty();
    let may_go = keep.age.map(|age| now.minus(age).as_micros());
    let bounds = keep.confirmed(&transaction)?;
    let mut removed = remove(&transaction, cutoff, bounds)?;
    if pressure.is_forced && removed.flows == 0 {
        removed = remove(&transaction, cutoff, Bounds::of_tables(&transaction)?)?;
        removed.lost = removed.flows;
    } else if pressure.is_forced && !is_elsewhere && may_go.is_none_or(|age| cutoff > age) {
        removed.lost = removed.flows;
    }
    transaction.commit()?;
    Ok(removed)
}

const PAYLOAD_GONE: &str = "DELETE FROM payload WHERE seq IN \
                            (SELECT seq FROM payload WHERE flow = ? ORDER BY seq LIMIT ?)";

/// Bytes that a file of another flow has, too, stay. `CROSS JOIN` keeps the order of reading.
const PARTS_GONE: &str = "DELETE FROM artifact_part WHERE seq IN \
                          (SELECT p.seq FROM artifact AS a \
                          CROSS JOIN artifact_part AS p ON p.content = a.content \
                          WHERE a.flow = ?1 AND NOT EXISTS (SELECT 1 FROM artifact AS other \
                          WHERE other.content = a.content AND other.flow <> ?1) LIMIT ?2)";

fn remove(transaction: &Transaction<'_>, cutoff: i64, bounds: Bounds) -> rusqlite::Result<Removed> {
    let mut removed = Removed::default();
    let mut room = PIECES;
    let flows = ended(transaction, cutoff, bounds)?;
    for flow in &flows {
        for sql in [PAYLOAD_GONE, PARTS_GONE] {
            let pieces = transaction.prepare_cached(sql)?.execute(params![flow, room])?;
            room -= i64::try_from(pieces).unwrap_or(room);
        }
        if room == 0 {
            break;
        }
        for sql in [
            "DELETE FROM flow_name WHERE flow = ?",
            "DELETE FROM event WHERE flow = ?",
            "DELETE FROM artifact WHERE flow = ?",
            "DELETE FROM flow_end WHERE flow = ?",
            "DELETE FROM flow WHERE seq = ?",
        ] {
            transaction.prepare_cached(sql)?.execute([flow])?;
        }
        removed.flows += 1;
    }
    let questions = remove_by_time(transaction, "dns_query", "true", (bounds.dns_query, cutoff))?;
    let events = remove_by_time(transaction, "event", "flow IS NULL", (bounds.event, cutoff))?;
    removed.is_more =
        room == 0 || i64::try_from(flows.len()) == Ok(FLOWS) || questions + events > 0;
    Ok(removed)
}

/// The oldest flows that ended before the cutoff and of which every row is within bounds.
fn ended(transaction: &Transaction<'_>, cutoff: i64, bounds: Bounds) -> rusqlite::Result<Vec<i64>> {
    let mut statement = transaction.prepare_cached(
        "SELECT flow FROM (SELECT flow, closed FROM flow_end WHERE seq <= ?2 ORDER BY seq LIMIT ?7) \
         AS e WHERE closed < ?1 AND flow <= ?3 \
         AND NOT EXISTS (SELECT 1 FROM flow_name AS n WHERE n.flow = e.flow AND n.seq > ?4) \
         AND NOT EXISTS (SELECT 1 FROM payload AS p WHERE p.flow = e.flow AND p.seq > ?5) \
         AND NOT EXISTS (SELECT 1 FROM event AS v WHERE v.flow = e.flow AND v.seq > ?6) \
         AND NOT EXISTS (SELECT 1 FROM artifact AS a WHERE a.flow = e.flow AND (a.seq > ?8 OR \
         EXISTS (SELECT 1 FROM artifact_part AS p WHERE p.content = a.content AND p.seq > ?9)))",
    )?;
    let Bounds { flow, flow_name, payload, event, flow_end, artifact, artifact_part, .. } = bounds;
    let values =
        params![cutoff, flow_end, flow, flow_name, payload, event, FLOWS, artifact, artifact_part];
    statement.query_map(values, |row| row.get(0))?.collect()
}

/// Rows that are looked for by their time: no index leads from a flow to them, or they have none.
fn remove_by_time(
    transaction: &Transaction<'_>,
    table: &str,
    which: &str,
    (last, cutoff): (i64, i64),
) -> rusqlite::Result<usize> {
    let sql = format!(
        "DELETE FROM {table} WHERE seq IN (SELECT seq FROM (SELECT seq, time FROM {table} \
         WHERE seq <= ? AND {which} ORDER BY seq LIMIT {PIECES}) WHERE time < ?)"
    );
    transaction.prepare_cached(&sql)?.execute([last, cutoff])
}
