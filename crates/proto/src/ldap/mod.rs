//! Directories: LDAP (RFC 4511) over TCP, and over UDP as Windows asks for its domain (MS-ADTS), as
//! a domain controller that knows whatever domain it is asked about.
//!
//! ```text
//!   bytes ─▶ message ─▶ session ─┬─▶ bind      a login: simple, SASL, NTLM
//!                                └─▶ search ─▶ directory   entries, made for the domain
//!                                        └───▶ filter      which of them fit
//! ```

mod bind;
mod directory;
mod filter;
mod machine;
mod message;
mod netlogon;
mod search;
mod session;

use crate::logins::Accept;
use crate::one_by_one::OneByOne;
use crate::recognise::reader::{Judged, Reader, require};
use crate::{Carrier, First, Place, Protocol, Verdict};

use machine::{OverTcp, OverUdp};

/// On a stream.
pub(crate) const PROTOCOL: Protocol = Protocol {
    name: "ldap",
    carrier: Carrier::Stream,
    ports: &[389, 636, 3268, 3269],
    first: First::Client,
    place: Place::Marked,
    probe,
    start: || Box::<OneByOne<OverTcp>>::default(),
};

/// In single datagrams.
pub(crate) const OVER_UDP: Protocol = Protocol {
    name: "cldap",
    carrier: Carrier::Datagram,
    ports: &[389],
    first: First::Client,
    place: Place::Marked,
    probe,
    start: || Box::new(OverUdp::default()),
};

/// What directories are like.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Which logins are right (`ldap.accept`).
    pub accept: Accept,
}

fn probe(seen: &[u8]) -> Verdict {
    judge(&mut Reader::new(seen)).unwrap_or_else(|left| left)
}

/// `SEQUENCE { messageID INTEGER, protocolOp [APPLICATION n] … }` of a client (RFC 4511 §4.1.1).
fn judge(head: &mut Reader<'_>) -> Judged {
    head.literal(&[0x30])?;
    require(head.ber_length()? >= 5)?;
    head.literal(&[2])?;
    let bytes = head.byte_in(1..=4)?;
    head.take(usize::from(bytes))?;
    head.byte_of(&[0x42, 0x4a, 0x50, 0x60, 0x63, 0x66, 0x68, 0x6c, 0x6e, 0x77])?;
    Ok(Verdict::Yes)
}
