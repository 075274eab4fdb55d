//! Redis: its serialization protocol in versions 2 and 3, and inline commands
//! (<https://redis.io/docs/latest/develop/reference/protocol-spec/>), as a server without a password
//! that holds what this client stored.
//!
//! ```text
//!   bytes ─▶ message ─▶ machine ─┬─▶ connection    AUTH, HELLO, SELECT, CLIENT, MULTI, SUBSCRIBE
//!                                ├─▶ server        INFO, CONFIG, SAVE, REPLICAOF, MODULE
//!                                │     └─▶ script  EVAL, SCRIPT
//!                                └─▶ keys, texts, hashes, lists, sets
//!                                      └─▶ space   what is stored, in bounds
//!                  all of them: reply ─▶ bytes
//! ```

mod call;
mod connection;
mod hashes;
mod info;
mod keys;
mod lists;
mod machine;
mod message;
mod pattern;
mod probe;
mod reply;
mod script;
mod server;
mod session;
mod sets;
mod space;
mod texts;

use crate::logins::Accept;
use crate::one_by_one::OneByOne;
use crate::{Carrier, First, Place, Protocol};

use machine::Redis;

pub(crate) const PROTOCOL: Protocol = Protocol {
    name: "redis",
    carrier: Carrier::Stream,
    ports: &[6379, 6380, 16_379, 26_379],
    first: First::Client,
    place: Place::Marked,
    probe: probe::probe,
    start: || Box::<OneByOne<Redis>>::default(),
};

/// What Redis servers are like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Which logins are right (`redis.accept`). Who does not log in is served as well.
    pub accept: Accept,
    /// How many bytes the keys of one connection take (`redis.memory`).
    pub memory: usize,
}

impl Default for Settings {
    /// As nobody has set anything.
    fn default() -> Self {
        Self { accept: Accept::default(), memory: 1 << 20 }
    }
}
