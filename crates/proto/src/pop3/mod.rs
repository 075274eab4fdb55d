//! Mail as it is fetched: POP3 (RFC 1939), with CAPA (RFC 2449), STLS (RFC 2595) and AUTH (RFC 5034),
//! as a server where every user has a mailbox.
//!
//! ```text
//!   lines ─▶ machine ─┬─▶ login      before a login: USER and PASS, APOP, AUTH by `sasl`
//!                     └─▶ maildrop   after it: what lies in the user's `mailbox`
//! ```

mod login;
mod machine;
mod maildrop;
mod message;
mod probe;
mod reply;

use crate::logins::Accept;
use crate::one_by_one::OneByOne;
use crate::sasl::Offer;
use crate::{Carrier, First, Place, Protocol};

use machine::Pop3;

pub(crate) const PROTOCOL: Protocol = Protocol {
    name: "pop3",
    carrier: Carrier::Stream,
    ports: &[110, 995],
    first: First::Server { also: &[1110, 2110, 3110, 3995, 8110, 10_110] },
    place: Place::Shaped,
    probe: probe::probe,
    start: || Box::<OneByOne<Pop3>>::default(),
};

/// What servers are like from which mail is fetched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Which mechanisms of AUTH are offered (`pop3.mechanisms`).
    pub offer: Offer,
    /// Which logins are right (`pop3.accept`).
    pub accept: Accept,
}
