//! MySQL and MariaDB (<https://dev.mysql.com/doc/dev/mysql-server/latest/PAGE_PROTOCOL.html>): a server
//! that greets, offers TLS, takes logins, and answers statements as `sql` does.
//!
//! ```text
//!   packets ─▶ message ─▶ machine ─┬─▶ login       handshake, TLS, hashes and passwords
//!                                  └─▶ commands    queries, prepared statements
//!                                        └─▶ dialect ─▶ sql
//!                         all of them: reply ─▶ packets
//! ```

mod commands;
mod dialect;
mod login;
mod machine;
mod message;
mod prepared;
mod probe;
mod reply;

use crate::logins::Accept;
use crate::one_by_one::OneByOne;
use crate::{Carrier, First, Place, Protocol};

use machine::Mysql;

pub(crate) const PROTOCOL: Protocol = Protocol {
    name: "mysql",
    carrier: Carrier::Stream,
    ports: &[3306, 3307, 3308, 33_060],
    first: First::Server { also: &[3309, 13_306, 23_306, 33_306] },
    place: Place::Marked,
    probe: probe::probe,
    start: || Box::<OneByOne<Mysql>>::default(),
};

/// What MySQL servers are like.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Which logins are right (`mysql.accept`).
    pub accept: Accept,
    /// How clients log in (`mysql.login`).
    pub login: Way,
}

/// How clients are asked to log in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Way {
    /// By `mysql_clear_password`: most clients refuse it.
    Clear,
    /// By `mysql_native_password`, as MariaDB does.
    #[default]
    Native,
    /// By `caching_sha2_password`, as MySQL does since 8.0; inside TLS the password is asked for.
    Sha2,
}

impl Way {
    /// All of them, as they are set.
    pub const WORDS: &'static [&'static str] = &["clear", "native", "sha2"];

    /// The one of this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "clear" => Some(Self::Clear),
            "native" => Some(Self::Native),
            "sha2" => Some(Self::Sha2),
            _ => None,
        }
    }

    /// What clients know it by.
    const fn plugin(self) -> &'static str {
        match self {
            Self::Clear => "mysql_clear_password",
            Self::Native => "mysql_native_password",
            Self::Sha2 => "caching_sha2_password",
        }
    }
}
