//! PostgreSQL (<https://www.postgresql.org/docs/current/protocol.html>): a server that offers TLS, takes
//! logins, and answers statements as `sql` does.
//!
//! ```text
//!   messages ─▶ message ─▶ machine ─┬─▶ login        TLS, passwords and hashes
//!                                   ├─▶ queries      statements, alone or several
//!                                   └─▶ extended     prepared statements and portals
//!                                         └─▶ dialect ─▶ sql
//!                          all of them: reply ─▶ messages
//! ```

mod copy;
mod dialect;
mod extended;
mod login;
mod machine;
mod message;
mod probe;
mod queries;
mod reply;

use crate::logins::Accept;
use crate::one_by_one::OneByOne;
use crate::{Carrier, First, Place, Protocol};

use machine::Postgres;

pub(crate) const PROTOCOL: Protocol = Protocol {
    name: "postgres",
    carrier: Carrier::Stream,
    ports: &[5432, 5433, 6432],
    first: First::Client,
    place: Place::Marked,
    probe: probe::probe,
    start: || Box::<OneByOne<Postgres>>::default(),
};

/// What PostgreSQL servers are like.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Which logins are right (`postgres.accept`).
    pub accept: Accept,
    /// How clients log in (`postgres.login`).
    pub login: Way,
}

/// How clients are asked to log in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Way {
    /// By the password itself.
    #[default]
    Clear,
    /// By a hash of it.
    Md5,
    /// By SCRAM-SHA-256: who does not know the password cannot let a client in.
    Scram,
}

impl Way {
    /// All of them, as they are set.
    pub const WORDS: &'static [&'static str] = &["clear", "md5", "scram"];

    /// The one of this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "clear" => Some(Self::Clear),
            "md5" => Some(Self::Md5),
            "scram" => Some(Self::Scram),
            _ => None,
        }
    }
}
