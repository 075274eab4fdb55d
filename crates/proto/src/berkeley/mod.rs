//! The remote commands of Berkeley: rlogin (RFC 1282), rsh and rexec, as their manuals (rshd(8),
//! rexecd(8)) have them. Each begins with a few strings, each of which a NUL ends; what comes next is
//! a shell, or what one line of it says.

mod machine;
mod probe;

use crate::logins::Accept;
use crate::{Carrier, First, Place, Protocol};

use machine::{Berkeley, Service};

pub(crate) const RLOGIN: Protocol = Protocol {
    name: "rlogin",
    carrier: Carrier::Stream,
    ports: &[513],
    first: First::Client,
    place: Place::Shaped,
    probe: probe::rlogin,
    start: || Box::new(Berkeley::new(Service::Rlogin)),
};

pub(crate) const RSH: Protocol = Protocol {
    name: "rsh",
    carrier: Carrier::Stream,
    ports: &[514],
    first: First::Client,
    place: Place::Shaped,
    probe: probe::command,
    start: || Box::new(Berkeley::new(Service::Rsh)),
};

pub(crate) const REXEC: Protocol = Protocol {
    name: "rexec",
    carrier: Carrier::Stream,
    ports: &[512],
    first: First::Client,
    place: Place::Shaped,
    probe: probe::command,
    start: || Box::new(Berkeley::new(Service::Rexec)),
};

/// What servers of remote commands are like.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Which logins by rlogin are right (`rlogin.accept`).
    pub rlogin: Accept,
    /// Which by rsh (`rsh.accept`).
    pub rsh: Accept,
    /// Which by rexec (`rexec.accept`).
    pub rexec: Accept,
}
