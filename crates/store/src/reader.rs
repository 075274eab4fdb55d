//! Whoever looks: rows of the database, typed, filtered, a page at a time.
//!
//! No statement is open while a row is being shown. An analyst who leaves a pager open over night
//! would otherwise keep the writer's log from being emptied.

mod artifacts;
mod columns;
mod counters;
mod data;
mod filter;
mod follow;
mod followers;
mod open;
mod pages;
mod rows;
mod runs;
mod search;
mod summary;
mod tables;

use std::path::{Path, PathBuf};

use model::{Followed, GivenAddress, RunId};
use rusqlite::Connection;

use crate::error::{OpenError, ReadError};
pub use artifacts::{ArtifactRow, Content, NotASha256, Sha256Prefix};
use columns::Columns;
pub use filter::{Filter, IdPrefix, NotAnId};
pub use follow::{Change, Cursor, Follower, PayloadBytes};
pub use followers::FollowerRow;
pub use pages::Limited;
use pages::Pages;
pub use rows::{
    CounterRow, DataRow, DnsRow, EventRow, FlowContext, FlowEnd, FlowRow, RunRow, UnstoredBytes,
};
pub use summary::{AskedName, ProtocolTotal, Summary};
use tables::Table;

/// A database, to look at. It is never changed, and its writer never waits for us.
#[derive(Debug)]
pub struct Reader {
    connection: Connection,
    path: PathBuf,
}

impl Reader {
    /// Opens a database that exists, whether or not somebody is writing it.
    ///
    /// # Errors
    ///
    /// If there is none, if it was written by a newer version or by another program, or if SQLite
    /// or the file system refuses.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        let path = path.as_ref().to_owned();
        let connection = open::connect(&path)?;
        Ok(Self { connection, path })
    }

    /// The database.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Every run, in the order they started.
    ///
    /// # Errors
    ///
    /// If the filter asks for more than run and time, or if reading fails.
    pub fn runs(&self, filter: &Filter, limit: Limited) -> Result<Vec<RunRow>, ReadError> {
        filter.only_run_and_time("runs")?;
        runs::read(&self.connection, filter, limit).map_err(|cause| self.failed("runs", cause))
    }

    /// Hands over flows, in the order they were recorded.
    ///
    /// # Errors
    ///
    /// If reading fails, or what `visit` returns.
    pub fn flows<E: From<ReadError>>(
        &self,
        filter: &Filter,
        limit: Limited,
        visit: impl FnMut(FlowRow) -> Result<(), E>,
    ) -> Result<(), E> {
        self.pages(&tables::FLOW, filter, FlowRow::read).visit(limit, visit)
    }

    /// Hands over DNS questions, in the order they were recorded.
    ///
    /// # Errors
    ///
    /// If reading fails, or what `visit` returns.
    pub fn dns_queries<E: From<ReadError>>(
        &self,
        filter: &Filter,
        limit: Limited,
        visit: impl FnMut(DnsRow) -> Result<(), E>,
    ) -> Result<(), E> {
        self.pages(&tables::DNS_QUERY, filter, DnsRow::read).visit(limit, visit)
    }

    /// Hands over payload, flow by flow, each in the order its pieces were recorded.
    ///
    /// # Errors
    ///
    /// If reading fails, or what `visit` returns.
    pub fn data<E: From<ReadError>>(
        &self,
        filter: &Filter,
        limit: Limited,
        visit: impl FnMut(DataRow) -> Result<(), E>,
    ) -> Result<(), E> {
        data::visit(self, filter, limit, visit)
    }

    /// Hands over events, in the order they were recorded.
    ///
    /// # Errors
    ///
    /// If reading fails, or what `visit` returns.
    pub fn events<E: From<ReadError>>(
        &self,
        filter: &Filter,
        limit: Limited,
        visit: impl FnMut(EventRow) -> Result<(), E>,
    ) -> Result<(), E> {
        self.pages(&tables::EVENT, filter, EventRow::read).visit(limit, visit)
    }

    /// Hands over files taken from flows, in the order they ended.
    ///
    /// # Errors
    ///
    /// If reading fails, or what `visit` returns.
    pub fn artifacts<E: From<ReadError>>(
        &self,
        filter: &Filter,
        limit: Limited,
        visit: impl FnMut(ArtifactRow) -> Result<(), E>,
    ) -> Result<(), E> {
        self.pages(&tables::ARTIFACT, filter, ArtifactRow::read).visit(limit, visit)
    }

    /// The different files whose SHA-256 begins like this, `most` of them at most.
    ///
    /// # Errors
    ///
    /// If reading fails.
    pub fn contents(&self, prefix: Sha256Prefix, most: usize) -> Result<Vec<Content>, ReadError> {
        let found = artifacts::contents(&self.connection, prefix, most);
        found.map_err(|cause| self.failed("files", cause))
    }

    /// Hands over the bytes of a file in order, as far as they are stored.
    ///
    /// # Errors
    ///
    /// If reading fails, or what `visit` returns.
    pub fn content<E: From<ReadError>>(
        &self,
        content: &Content,
        visit: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        artifacts::visit(self, content, visit)
    }

    /// Every counter of every run, zeros too.
    ///
    /// # Errors
    ///
    /// If the filter asks for more than run and time, or if reading fails.
    pub fn counters(&self, filter: &Filter) -> Result<Vec<CounterRow>, ReadError> {
        filter.only_run_and_time("counters")?;
        counters::read(&self.connection, filter).map_err(|cause| self.failed("counters", cause))
    }

    /// The addresses that names were given, in the order they were.
    ///
    /// # Errors
    ///
    /// If reading fails.
    pub fn given_addresses(&self) -> Result<Vec<GivenAddress>, ReadError> {
        self.read_given().map_err(|cause| self.failed("given addresses", cause))
    }

    /// Other databases that follow this one, by name, and how far they have come.
    ///
    /// # Errors
    ///
    /// If reading fails.
    pub fn followers(&self) -> Result<Vec<FollowerRow>, ReadError> {
        followers::read(&self.connection).map_err(|cause| self.failed("followers", cause))
    }

    /// What is kept of the follower of this name; if nothing is, what one begins with.
    ///
    /// # Errors
    ///
    /// If reading fails.
    pub fn followed(&self, name: &str) -> Result<Followed, ReadError> {
        let found = followers::of_name(&self.connection, name);
        found.map_err(|cause| self.failed("followers", cause))
    }

    /// What there is to say at the end of a run; `None` if there is no such run.
    ///
    /// # Errors
    ///
    /// If reading fails.
    pub fn summary(&self, run: RunId) -> Result<Option<Summary>, ReadError> {
        summary::read(self, run).map_err(|cause| self.failed("the summary of a run", cause))
    }

    /// Where the database ends now: following from there shows only what is new.
    ///
    /// # Errors
    ///
    /// If reading fails.
    pub fn end(&self) -> Result<Cursor, ReadError> {
        Cursor::at_end(&self.connection).map_err(|cause| self.failed("the last rows", cause))
    }

    /// Follows what is committed after `cursor`, as far as it passes the filter.
    #[must_use]
    pub fn follow(self, cursor: Cursor, filter: Filter, bytes: PayloadBytes) -> Follower {
        Follower::new(self, cursor, filter, bytes)
    }

    fn pages<'r, R>(
        &'r self,
        table: &'static Table,
        filter: &'r Filter,
        read: fn(&mut Columns<'_>) -> rusqlite::Result<R>,
    ) -> Pages<'r, R> {
        Pages { reader: self, table, filter, read }
    }

    fn read_given(&self) -> rusqlite::Result<Vec<GivenAddress>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT name, v4, v6 FROM given_address ORDER BY seq")?;
        let read = |columns: &mut Columns<'_>| {
            Ok(GivenAddress { name: columns.take()?, v4: columns.parse()?, v6: columns.parse()? })
        };
        statement.query_map([], |row| read(&mut Columns::of(row)))?.collect()
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }

    pub(crate) fn failed(&self, what: &'static str, cause: rusqlite::Error) -> ReadError {
        ReadError::Read { what, path: self.path.clone(), cause }
    }
}
