//! Mail as it is read where it lies: IMAP4rev1 (RFC 3501) and what most servers have besides, as a
//! server where every user has a mailbox.
//!
//! ```text
//!   lines, literals ─▶ machine ─┬─▶ login      before a login: LOGIN, AUTHENTICATE by `sasl`
//!                               ├─▶ folders    about folders: LIST, STATUS, CREATE …
//!                               ├─▶ append     a mail that the client brings, by `mail`
//!                               └─▶ selected   about the mails of one: FETCH, STORE, SEARCH …
//!
//!   account ─▶ folder ─▶ mail    made of the user's `mailbox`; changes last for the session
//! ```

mod account;
mod append;
mod arguments;
mod command;
mod envelope;
mod fetch;
mod flags;
mod folder;
mod folders;
mod literal;
mod login;
mod machine;
mod pattern;
mod probe;
mod reply;
mod search;
mod section;
mod selected;
mod session;
mod set;
mod structure;

use crate::logins::Accept;
use crate::sasl::Offer;
use crate::{Carrier, First, Place, Protocol};

use machine::Imap;

pub(crate) const PROTOCOL: Protocol = Protocol {
    name: "imap",
    carrier: Carrier::Stream,
    ports: &[143, 993],
    first: First::Server { also: &[1143, 2143, 9143, 1993, 2993] },
    place: Place::Marked,
    probe: probe::probe,
    start: || Box::new(Imap::default()),
};

/// What servers are like where mail is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Which logins are right (`imap.accept`).
    pub accept: Accept,
    /// Which mechanisms of AUTHENTICATE are offered (`imap.mechanisms`).
    pub offer: Offer,
    /// How much a client may add to its mailbox in one session (`imap.mailbox_bytes`).
    pub mailbox_bytes: usize,
}

impl Default for Settings {
    /// As nobody has set anything.
    fn default() -> Self {
        Self { accept: Accept::default(), offer: Offer::default(), mailbox_bytes: 262_144 }
    }
}
