//! Screens of other machines: VNC, by the protocol RFB 3.3, 3.7 and 3.8 (RFC 6143).
//!
//! ```text
//!   version ─▶ login, by a challenge ─▶ a screen ─┬─▶ picture    what is on it, and stays there
//!                                                 └─▶ typing     what is typed, line by line
//! ```

mod machine;
mod message;
mod picture;
mod pixels;
mod typing;

use crate::logins::Accept;
use crate::recognise::reader::{Judged, Reader, is_digit};
use crate::{Carrier, First, Place, Protocol, Verdict};

use machine::Vnc;

pub(crate) const PROTOCOL: Protocol = Protocol {
    name: "vnc",
    carrier: Carrier::Stream,
    ports: &[5500, 5800, 5900, 5901, 5902, 5903],
    first: First::Server { also: &[5904, 5905, 5906, 5907, 5908, 5909, 5910] },
    place: Place::Marked,
    probe,
    start: || Box::new(Vnc::default()),
};

/// What screens are like.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Which logins are right (`vnc.accept`).
    pub accept: Accept,
}

fn probe(seen: &[u8]) -> Verdict {
    judge(&mut Reader::new(seen)).unwrap_or_else(|left| left)
}

/// The version, which both sides say in the same words (RFC 6143 §7.1.1).
fn judge(head: &mut Reader<'_>) -> Judged {
    head.literal(b"RFB ")?;
    head.all(3, is_digit)?;
    head.literal(b".")?;
    head.all(3, is_digit)?;
    head.literal(b"\n")?;
    Ok(Verdict::Yes)
}
