//! Streams of cameras: RTSP (RFC 2326), as a camera that asks for a login and then shows nothing.

mod machine;
mod probe;

use crate::logins::Accept;
use crate::one_by_one::OneByOne;
use crate::{Carrier, First, Place, Protocol};

use machine::Camera;

pub(crate) const PROTOCOL: Protocol = Protocol {
    name: "rtsp",
    carrier: Carrier::Stream,
    ports: &[554, 8554],
    first: First::Client,
    place: Place::Marked,
    probe: probe::probe,
    start: || Box::<OneByOne<Camera>>::default(),
};

/// What cameras are like.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Which logins are right (`rtsp.accept`).
    pub accept: Accept,
}
