//! Shares of Windows: SMB 1 and 2 (MS-SMB, MS-SMB2), over TCP and over NetBIOS sessions (RFC 1002),
//! as far as the login before them.
//!
//! ```text
//!   frames ─▶ machine ─┬─▶ first    SMB 1: dialects, logins, what worms look for
//!                      └─▶ second   SMB 2 and 3: dialects, logins
//! ```

mod fields;
mod first;
mod first_login;
mod login;
mod machine;
mod second;

use crate::one_by_one::OneByOne;
use crate::recognise::reader::{Judged, Reader};
use crate::{Carrier, First, Place, Protocol, Verdict};

use machine::Smb;

pub(crate) const PROTOCOL: Protocol = Protocol {
    name: "smb",
    carrier: Carrier::Stream,
    ports: &[139, 445],
    first: First::Client,
    place: Place::Marked,
    probe,
    start: || Box::<OneByOne<Smb>>::default(),
};

fn probe(seen: &[u8]) -> Verdict {
    judge(&mut Reader::new(seen)).unwrap_or_else(|left| left)
}

/// A session message (RFC 1002 §4.3.1) with a header of SMB 1, 2, or one of 3's transforms; or a
/// request for a session with two names (§4.3.2).
fn judge(head: &mut Reader<'_>) -> Judged {
    if head.byte_of(&[0, 0x81])? == 0x81 {
        head.literal(&[0])?;
        head.big16(68..=68)?;
        head.literal(&[32])?;
        head.all(32, |letter| matches!(letter, b'A'..=b'P'))?;
        head.literal(&[0])?;
        return Ok(Verdict::Yes);
    }
    head.big24(4..=0x1_ffff)?;
    head.byte_of(&[0xff, 0xfe, 0xfd, 0xfc])?;
    head.literal(b"SMB")?;
    Ok(Verdict::Yes)
}
