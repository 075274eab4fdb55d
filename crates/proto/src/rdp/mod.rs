//! Remote desktops of Windows: RDP (MS-RDPBCGR) as far as the login before it (CredSSP, MS-CSSP).
//!
//! ```text
//!   on the wire     connection request, with a cookie ─▶ what protects it is agreed on ─▶ TLS
//!   inside TLS      CredSSP ─▶ the hash of a password ─▶ refused: what comes after it would need
//!                                                         the password itself
//! ```

mod credssp;
mod inside;
mod machine;
mod request;

use crate::one_by_one::OneByOne;
use crate::recognise::reader::{Judged, Reader, require};
use crate::{Carrier, First, Place, Protocol, Verdict};

use machine::Rdp;

pub(crate) const PROTOCOL: Protocol = Protocol {
    name: "rdp",
    carrier: Carrier::Stream,
    ports: &[3389],
    first: First::Client,
    place: Place::Marked,
    probe,
    start: || Box::<OneByOne<Rdp>>::default(),
};

fn probe(seen: &[u8]) -> Verdict {
    judge(&mut Reader::new(seen)).unwrap_or_else(|left| left)
}

/// A connection request of X.224 in a TPKT (MS-RDPBCGR §2.2.1.1): from nobody, for nobody, class 0,
/// then a cookie, a request to negotiate, or nothing.
fn judge(head: &mut Reader<'_>) -> Judged {
    head.literal(&[3, 0])?;
    let packet = head.big16(11..=1_024)?;
    let header = head.byte_in(6..=254)?;
    require(u32::from(header) + 5 == packet)?;
    head.byte_of(&[0xe0])?;
    head.literal(&[0, 0])?;
    head.take(2)?;
    head.literal(&[0])?;
    if header == 6 {
        return Ok(Verdict::Likely);
    }
    match head.byte_of(b"CtT\x01\x06")? {
        1 | 6 => head.byte_in(0..=0x1f).map(drop)?,
        _ => {}
    }
    Ok(Verdict::Yes)
}
