//! MongoDB (<https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/>): a server without
//! access control, which holds somebody's small database.
//!
//! ```text
//!   messages ─▶ message ─▶ machine ─▶ commands ─┬─▶ login   SASL: passwords and proofs
//!                             └── bson          └─▶ data    what is there, what is dropped
//! ```

mod bson;
mod commands;
mod data;
mod login;
mod machine;
mod message;
mod probe;

use crate::one_by_one::OneByOne;
use crate::{Carrier, First, Place, Protocol};

use machine::Mongodb;

pub(crate) const PROTOCOL: Protocol = Protocol {
    name: "mongodb",
    carrier: Carrier::Stream,
    ports: &[27_017, 27_018, 27_019],
    first: First::Client,
    place: Place::Marked,
    probe: probe::probe,
    start: || Box::<OneByOne<Mongodb>>::default(),
};

/// What MongoDB servers are like.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Which logins are right (`mongodb.accept`). Who does not log in is served as well.
    pub accept: crate::logins::Accept,
}
