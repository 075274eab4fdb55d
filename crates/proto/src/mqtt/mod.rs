//! Messages between programs: MQTT 3.1, 3.1.1 and 5, as a broker that takes what is published and has
//! no other clients.
//!
//! ```text
//!   bytes ─▶ machine ─┬─▶ packet      one packet: fields in, answer out
//!                     ├─▶ connect     who it is
//!                     ├─▶ publish     a message, a piece at a time
//!                     └─▶ topics      what it wants to hear, what was kept
//! ```

mod connect;
mod machine;
mod packet;
mod probe;
mod publish;
mod topics;

use crate::logins::Accept;
use crate::one_by_one::OneByOne;
use crate::{Carrier, First, Place, Protocol};

use machine::Broker;

pub(crate) const PROTOCOL: Protocol = Protocol {
    name: "mqtt",
    carrier: Carrier::Stream,
    ports: &[1883, 8883],
    first: First::Client,
    place: Place::Marked,
    probe: probe::probe,
    start: || Box::<OneByOne<Broker>>::default(),
};

/// What brokers are like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Which logins are right (`mqtt.accept`).
    pub accept: Accept,
    /// Most topics of one client: that it listens to, and that it leaves a message on
    /// (`mqtt.topics`).
    pub topics: usize,
}

impl Default for Settings {
    /// As nobody has set anything.
    fn default() -> Self {
        Self { accept: Accept::default(), topics: 100 }
    }
}
