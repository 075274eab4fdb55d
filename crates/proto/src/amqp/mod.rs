//! Queues of messages between programs: AMQP 0-9-1, as a broker that takes what is published and has
//! nothing to give.

mod frame;
mod machine;

use crate::logins::Accept;
use crate::one_by_one::OneByOne;
use crate::recognise::reader::{Judged, Reader};
use crate::{Carrier, First, Place, Protocol, Verdict};

use machine::Broker;

pub(crate) const PROTOCOL: Protocol = Protocol {
    name: "amqp",
    carrier: Carrier::Stream,
    ports: &[5671, 5672],
    first: First::Client,
    place: Place::Marked,
    probe: |seen| judge(&mut Reader::new(seen)).unwrap_or_else(|left| left),
    start: || Box::<OneByOne<Broker>>::default(),
};

/// The protocol header, of every version.
fn judge(head: &mut Reader<'_>) -> Judged {
    head.literal(b"AMQP")?;
    head.byte_in(0..=3)?;
    Ok(Verdict::Yes)
}

/// What brokers are like.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Which logins are right (`amqp.accept`).
    pub accept: Accept,
}
