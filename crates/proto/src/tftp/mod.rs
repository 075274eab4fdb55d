//! Files, one block at a time: TFTP (RFC 1350) with options (RFC 2347) for the size of blocks (RFC
//! 2348), the size of files and time (RFC 2349), and windows (RFC 7440).
//!
//! ```text
//!   datagrams ─▶ machine ─┬─▶ sending     a file, a window of blocks after the other
//!                         └─▶ receiving   an upload, kept as it comes
//! ```
//!
//! A transfer goes on at the port where it was asked for. A client takes whatever port the first answer
//! comes from (RFC 1350 §4), so all of a transfer is one conversation.

mod machine;
mod message;
mod netascii;
mod probe;
mod receiving;
mod sending;

use crate::{Carrier, First, Place, Protocol};

use machine::Tftp;

pub(crate) const PROTOCOL: Protocol = Protocol {
    name: "tftp",
    carrier: Carrier::Datagram,
    ports: &[69],
    first: First::Client,
    place: Place::Marked,
    probe: probe::probe,
    start: || Box::new(Tftp::default()),
};
