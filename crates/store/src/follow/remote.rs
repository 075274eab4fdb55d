//! A connection to a database of either kind.

use super::error::{Cause, Fault, FollowError};
use super::mysql::MySql;
use super::patience::Patience;
use super::postgres::{self, Postgres};
use super::source::{Batch, Most};
use super::target::{Kind, Target};

/// A connection, and the name to complain under.
pub(super) struct Remote {
    target: String,
    client: Client,
}

enum Client {
    MySql(Box<MySql>),
    Postgres(Box<Postgres>),
}

impl Remote {
    pub(super) fn connect(target: &Target, patience: &Patience) -> Result<Self, FollowError> {
        let client = match target.kind {
            Kind::MySql => MySql::connect(target, patience).map(Box::new).map(Client::MySql),
            Kind::Postgres => {
                Postgres::connect(target, patience).map(Box::new).map(Client::Postgres)
            }
        };
        let target = target.to_string();
        let client = client.map_err(|fault| FollowError::of(&target, "connect to", fault))?;
        Ok(Self { target, client })
    }

    /// The database, without the password.
    pub(super) fn target(&self) -> &str {
        &self.target
    }

    /// How long what is in one row may be.
    pub(super) fn most(&self) -> Most {
        match &self.client {
            Client::MySql(client) => client.most(),
            Client::Postgres(_) => postgres::MOST,
        }
    }

    /// The first row of an answer as text; nothing if there is none.
    pub(super) fn first_row(&mut self, sql: &str) -> Result<Vec<String>, FollowError> {
        let row = match &mut self.client {
            Client::MySql(client) => client.first_row(sql),
            Client::Postgres(client) => client.first_row(sql),
        };
        row.map_err(|fault| self.failed("read from", fault))
    }

    /// Runs statements.
    pub(super) fn script(&mut self, sql: &str) -> Result<(), FollowError> {
        let outcome = match &mut self.client {
            Client::MySql(client) => client.script(sql),
            Client::Postgres(client) => client.script(sql),
        };
        outcome.map_err(|fault| self.failed("change the tables of", fault))
    }

    /// Writes a batch: all of it, or nothing of it.
    pub(super) fn write(&mut self, batch: &Batch) -> Result<(), FollowError> {
        let outcome = match &mut self.client {
            Client::MySql(client) => client.write(batch),
            Client::Postgres(client) => client.write(batch),
        };
        outcome.map_err(|fault| self.failed("write to", fault))
    }

    fn failed(&self, attempt: &'static str, fault: (Fault, Cause)) -> FollowError {
        FollowError::of(&self.target, attempt, fault)
    }
}
