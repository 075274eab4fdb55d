//! What can go wrong with somebody else's database.

use std::error::Error;

use crate::error::ReadError;

/// What the client of a database said, without any password.
pub(super) type Cause = Box<dyn Error + Send + Sync>;

/// Why rows are not where they should be. Each names the database by its URL without password.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    /// The account or its password is wrong, or may not come from here.
    #[error("{target} refuses the account or its password")]
    Account {
        /// The database.
        target: String,
        /// What it said.
        #[source]
        cause: Cause,
    },
    /// Something with the name of a table or view of ours is there, and is not ours.
    #[error(
        "{target} has a table or view `{name}` that is not ours: take an empty database, or rename \
         what is there"
    )]
    Foreign {
        /// The database.
        target: String,
        /// What is in the way.
        name: String,
    },
    /// Anything else.
    #[error("cannot {attempt} {target}")]
    Failed {
        /// What was tried.
        attempt: &'static str,
        /// The database.
        target: String,
        /// What it said.
        #[source]
        cause: Cause,
    },
    /// Our own database cannot be read.
    #[error("cannot read what is to be sent to {target}")]
    Local {
        /// The database.
        target: String,
        /// Why not.
        #[source]
        cause: Box<ReadError>,
    },
    /// Its tables are those of a newer version.
    #[error(
        "{target} was prepared by a newer sinkgate (tables of version {found}; this one knows \
         version {known})"
    )]
    Newer {
        /// The database.
        target: String,
        /// Version of its tables.
        found: usize,
        /// Newest version known here.
        known: usize,
    },
    /// The server has no database of this name.
    #[error("there is no database {target}: `sinkgate init-db` makes it")]
    NoDatabase {
        /// The database.
        target: String,
        /// What the server said.
        #[source]
        cause: Cause,
    },
    /// It is full, or may only be read.
    #[error("{target} takes no rows: it is full, or it may only be read")]
    NoRoom {
        /// The database.
        target: String,
        /// What it said.
        #[source]
        cause: Cause,
    },
    /// Our tables are not there, or not all of them.
    #[error("{target} lacks tables of ours: `sinkgate init-db` makes them")]
    NoTables {
        /// The database.
        target: String,
        /// What it said.
        #[source]
        cause: Cause,
    },
    /// It stores text in another encoding.
    #[error("{target} stores text as {encoding}, which cannot hold all of it: it has to be UTF8")]
    NotUnicode {
        /// The database.
        target: String,
        /// Its encoding.
        encoding: String,
    },
    /// Its tables are those of an older version.
    #[error(
        "{target} has tables of version {found}, and this sinkgate writes version {known}: \
         `sinkgate init-db` brings them up to date"
    )]
    Older {
        /// The database.
        target: String,
        /// Version of its tables.
        found: usize,
        /// The version that is written.
        known: usize,
    },
    /// The account may not do that.
    #[error("{target} does not let this account {attempt} it")]
    Privilege {
        /// What was tried.
        attempt: &'static str,
        /// The database.
        target: String,
        /// What it said.
        #[source]
        cause: Cause,
    },
    /// It is connected and says nothing.
    #[error("cannot {attempt} {target}: it does not answer")]
    Silent {
        /// What was tried.
        attempt: &'static str,
        /// The database.
        target: String,
        /// How long was waited.
        #[source]
        cause: Cause,
    },
    /// Nobody is there, or the connection broke.
    #[error("cannot {attempt} {target}: there is no connection")]
    Unreachable {
        /// What was tried.
        attempt: &'static str,
        /// The database.
        target: String,
        /// Why not.
        #[source]
        cause: Cause,
    },
}

/// What kind of failure a client reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    Account,
    Connection,
    NoDatabase,
    NoRoom,
    NoTables,
    Other,
    Privilege,
    Silent,
}

/// The cause of [`Fault::Silent`].
#[derive(Debug, thiserror::Error)]
#[error("nothing was heard for as long as `limits.database_answer` says")]
pub(super) struct NoAnswer;

impl FollowError {
    pub(super) fn of(target: &str, attempt: &'static str, (fault, cause): (Fault, Cause)) -> Self {
        let target = target.to_owned();
        match fault {
            Fault::Account => Self::Account { target, cause },
            Fault::Connection => Self::Unreachable { attempt, target, cause },
            Fault::NoDatabase => Self::NoDatabase { target, cause },
            Fault::NoRoom => Self::NoRoom { target, cause },
            Fault::NoTables => Self::NoTables { target, cause },
            Fault::Other => Self::Failed { attempt, target, cause },
            Fault::Privilege => Self::Privilege { attempt, target, cause },
            Fault::Silent => Self::Silent { attempt, target, cause },
        }
    }

    /// The error and its causes, in one line.
    #[must_use]
    pub fn in_one_line(&self) -> String {
        let mut line = self.to_string();
        let mut cause = self.source();
        while let Some(error) = cause {
            line = format!("{line}: {error}");
            cause = error.source();
        }
        line.replace('\n', " ")
    }
}
