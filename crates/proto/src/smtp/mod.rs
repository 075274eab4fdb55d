//! Mail as it is handed over: SMTP (RFC 5321), submission (RFC 6409), SMTPS (RFC 8314) and LMTP
//! (RFC 2033), as a server that takes every mail from everybody to everybody.
//!
//! ```text
//!   lines ─▶ machine ─┬─▶ login         AUTH, by the mechanisms of `sasl`
//!                     └─▶ transaction   envelope; DATA through text, BDAT as it is
//!                            └─▶ mail   the message, its parts, the event
//! ```

mod login;
mod machine;
mod message;
mod probe;
mod reply;
mod text;
mod transaction;

use crate::logins::Accept;
pub use crate::sasl::Offer;

use crate::{Carrier, First, Place, Protocol};

use machine::Smtp;

pub(crate) const PROTOCOL: Protocol = Protocol {
    name: "smtp",
    carrier: Carrier::Stream,
    ports: &[24, 25, 465, 587, 2465, 2525, 2587],
    first: First::Server {
        also: &[26, 366, 588, 1025, 2500, 2526, 3025, 3535, 5870, 8025, 10_025, 25_025],
    },
    place: Place::Marked,
    probe: probe::probe,
    start: || Box::new(Smtp::default()),
};

/// What mail servers are like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Which mechanisms of AUTH are offered (`smtp.mechanisms`).
    pub offer: Offer,
    /// Which logins are right (`smtp.accept`).
    pub accept: Accept,
    /// Most recipients of one mail (`smtp.recipients`).
    pub recipients: usize,
}

impl Default for Settings {
    /// As nobody has set anything.
    fn default() -> Self {
        Self { offer: Offer::Clear, accept: Accept::Always, recipients: 1_000 }
    }
}
