//! Mining for a pool: Stratum as Bitcoin's, Monero's and Ethereum's miners speak it, as a pool that hands
//! out work and takes every share.
//!
//! ```text
//!   lines of JSON ─▶ machine ─┬─▶ message   a request, an answer
//!                             └─▶ job       what there is to be mined
//! ```

mod job;
mod machine;
mod message;
mod probe;

use crate::logins::Accept;
use crate::one_by_one::OneByOne;
use crate::{Carrier, First, Place, Protocol};

use machine::Pool;

pub(crate) const PROTOCOL: Protocol = Protocol {
    name: "stratum",
    carrier: Carrier::Stream,
    ports: &[3333, 4444, 5555, 7777, 14444],
    first: First::Client,
    place: Place::Shaped,
    probe: probe::probe,
    start: || Box::<OneByOne<Pool>>::default(),
};

/// What pools are like.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Which logins are right (`stratum.accept`).
    pub accept: Accept,
}
