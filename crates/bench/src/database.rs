//! What sinkgate has recorded.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rusqlite::{Connection, OpenFlags};

use crate::clock::Stopwatch;
use crate::loads::bulk;
use crate::loads::short::{Message, number_in};
use crate::ready::wait_until;

/// How long rows may be on their way once the load has ended.
const PATIENCE: Duration = Duration::from_secs(60);

/// A database of sinkgate's, to be read.
#[derive(Debug)]
pub(crate) struct Database {
    connection: Connection,
}

impl Database {
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags);
        let connection = connection.with_context(|| format!("cannot open {}", path.display()))?;
        connection.busy_timeout(Duration::from_secs(1))?;
        Ok(Self { connection })
    }

    /// Nothing while sinkgate has not made it.
    pub(crate) fn open_if_there(path: &Path) -> Result<Option<Self>> {
        if !path.is_file() {
            return Ok(None);
        }
        let database = Self::open(path)?;
        let has_tables = "SELECT count(*) FROM sqlite_schema WHERE name = 'given_address'";
        // Busy while it is made.
        let complete = database.number(has_tables).is_ok_and(|count| count == 1);
        Ok(complete.then_some(database))
    }

    /// Flows begun until now. Rows are numbered without gaps.
    pub(crate) fn flows(&self) -> Result<u64> {
        self.number("SELECT ifnull(max(seq), 0) FROM flow")
    }

    /// Flows ended until now.
    fn ended(&self) -> Result<u64> {
        self.number("SELECT ifnull(max(seq), 0) FROM flow_end")
    }

    /// Whether there have been flows and all have ended.
    pub(crate) fn all_flows_ended(&self) -> Result<bool> {
        let flows = self.flows()?;
        Ok(flows > 0 && self.ended()? == flows)
    }

    /// How many rows are in these tables.
    pub(crate) fn rows(&self, tables: &[&str]) -> Result<u64> {
        let counts = tables.iter().map(|table| format!("(SELECT count(*) FROM {table})"));
        self.number(&format!("SELECT {}", counts.collect::<Vec<_>>().join(" + ")))
    }

    /// Waits until so many flows have ended, and everything about them is committed.
    pub(crate) fn wait_for_ends(&self, count: u64) -> Result<()> {
        wait_until("the last flow's end is committed", PATIENCE, || Ok(self.ended()? >= count))
    }

    /// Waits until so many flows have begun.
    pub(crate) fn wait_for_flows(&self, count: u64) -> Result<()> {
        wait_until("the last flow is committed", PATIENCE, || Ok(self.flows()? >= count))
    }

    /// Waits until so many pieces of payload are committed.
    pub(crate) fn wait_for_payloads(&self, count: u64) -> Result<()> {
        let select = "SELECT ifnull(max(seq), 0) FROM payload";
        let enough = || Ok(self.number(select)? >= count);
        wait_until("the last connection's bytes are committed", PATIENCE, enough)
    }

    /// DNS questions until now.
    pub(crate) fn questions(&self) -> Result<u64> {
        self.number("SELECT ifnull(max(seq), 0) FROM dns_query")
    }

    /// Waits until so many DNS questions are committed.
    pub(crate) fn wait_for_questions(&self, count: u64) -> Result<()> {
        let enough = || Ok(self.questions()? >= count);
        wait_until("the last DNS question is committed", PATIENCE, enough)
    }

    /// HTTP requests until now.
    pub(crate) fn requests(&self) -> Result<u64> {
        self.number("SELECT count(*) FROM event WHERE kind = 'http.request'")
    }

    /// TLS handshakes that succeeded until now, with certificates on P-256.
    pub(crate) fn handshakes(&self) -> Result<u64> {
        self.number(&format!("SELECT count(*) {AGREED}"))
    }

    /// Names that certificates were shown for in those.
    pub(crate) fn certified_names(&self) -> Result<u64> {
        let name = "json_extract(details, '$.certificate_for')";
        self.number(&format!("SELECT count(DISTINCT {name}) {AGREED}"))
    }

    /// Whether every byte of the bulk upload is there, and is what was sent.
    pub(crate) fn check_bulk_upload(&self) -> Result<()> {
        let block = bulk::block();
        // What is longer than a block is in two of them.
        let twice = block.repeat(2);
        let select = "SELECT offset, bytes FROM payload \
                      WHERE direction = 0 AND flow IN \
                      (SELECT flow FROM flow_end WHERE bytes_from_victim = ?)";
        let mut statement = self.connection.prepare(select)?;
        let mut rows = statement.query([i64::try_from(bulk::BYTES / bulk::CONNECTIONS)?])?;
        let mut found = 0;
        while let Some(row) = rows.next()? {
            let offset = usize::try_from(row.get::<_, i64>(0)?)?;
            let bytes = row.get_ref(1)?.as_blob()?;
            let place = offset % bulk::BLOCK;
            if twice.get(place..place + bytes.len()) != Some(bytes) {
                bail!("{} bytes from byte {offset} on are not what was sent", bytes.len());
            }
            found += bytes.len() as u64;
        }
        if found != bulk::BYTES {
            bail!("{found} of {} bytes are in the database", bulk::BYTES);
        }
        Ok(())
    }

    /// A counter of sinkgate's.
    pub(crate) fn counter(&self, name: &str) -> Result<u64> {
        let select = "SELECT ifnull(sum(value), 0) FROM counter WHERE name = ?";
        let value = self.connection.query_row(select, [name], |row| row.get::<_, i64>(0));
        Ok(value.with_context(|| format!("cannot read the counter {name}"))?.try_into()?)
    }

    /// Whether each of `count` connections of the short load has its flow, its bytes and its end.
    pub(crate) fn check_short_connections(&self, count: u64) -> Result<()> {
        let looking = Stopwatch::start();
        let mut seen = vec![false; usize::try_from(count)?];
        let select = "SELECT payload.bytes FROM payload JOIN flow ON flow.seq = payload.flow \
                      JOIN flow_end ON flow_end.flow = flow.seq \
                      WHERE payload.direction = 0 AND payload.offset = 0 AND payload.length = ? \
                      AND flow.transport = 6";
        let mut statement = self.connection.prepare(select)?;
        let mut rows = statement.query([i64::try_from(size_of::<Message>())?])?;
        while let Some(row) = rows.next()? {
            let Some(number) = number_in(row.get_ref(0)?.as_blob()?) else { continue };
            match seen.get_mut(usize::try_from(number)?) {
                Some(seen @ false) => *seen = true,
                Some(true) => bail!("connection {number} is recorded twice"),
                None => bail!("connection {number} is recorded and never was"),
            }
        }
        let missing = seen.iter().filter(|seen| !**seen).count();
        if missing > 0 {
            bail!("{missing} of {count} connections are not in the database with their bytes");
        }
        crate::report::say(format_args!(
            "    {count} connections, each with its row and bytes (looked up in {:.1} s)",
            looking.passed().as_secs_f64()
        ));
        Ok(())
    }

    fn number(&self, select: &str) -> Result<u64> {
        let number = self.connection.query_row(select, [], |row| row.get::<_, i64>(0));
        Ok(number.with_context(|| format!("cannot ask the database: {select}"))?.try_into()?)
    }
}

const AGREED: &str = "FROM event WHERE kind = 'tls.established' \
                      AND json_extract(details, '$.key') = 'ECDSA P-256'";
