//! Plants: Modbus on TCP, as a controller whose values may be read and written.

mod machine;
mod probe;
mod request;

use crate::one_by_one::OneByOne;
use crate::{Carrier, First, Place, Protocol};

use machine::Controller;

pub(crate) const PROTOCOL: Protocol = Protocol {
    name: "modbus",
    carrier: Carrier::Stream,
    ports: &[502],
    first: First::Client,
    place: Place::Marked,
    probe: probe::probe,
    start: || Box::<OneByOne<Controller>>::default(),
};
