//! Whether a datagram is a request of CoAP.

use crate::Verdict;
use crate::recognise::reader::{Judged, Reader, Step, require};

pub(super) fn probe(seen: &[u8]) -> Verdict {
    judge(&mut Reader::new(seen)).unwrap_or_else(|left| left)
}

/// Version 1 and a method (RFC 7252 §3), a token as long as is said, then options.
fn judge(head: &mut Reader<'_>) -> Judged {
    let first = head.byte_in(0x40..=0x58)?;
    require(first & 0x0f <= 8)?;
    head.byte_in(1..=7)?;
    head.take(2)?;
    head.take(usize::from(first & 0x0f))?;
    require(!head.rest().is_empty())?;
    coap_options(*head)?;
    Ok(Verdict::Likely)
}

/// Options to the end, or to the mark before content (§3.1): none beyond those that are registered.
fn coap_options(mut list: Reader<'_>) -> Step<()> {
    let mut number = 0;
    while !list.rest().is_empty() {
        let option = list.byte()?;
        if option == 0xff {
            return require(!list.rest().is_empty());
        }
        number += extended(&mut list, option >> 4)?;
        let length = extended(&mut list, option & 0x0f)?;
        require(number <= 292 && length <= 1_034)?;
        list.take(length)?;
    }
    Ok(())
}

/// A number of four bits that may say that more follow.
fn extended(list: &mut Reader<'_>, nibble: u8) -> Step<usize> {
    match nibble {
        13 => Ok(usize::from(list.byte()?) + 13),
        14 => Ok(list.big16(0..=0xffff)? as usize + 269),
        15 => Err(Verdict::No),
        _ => Ok(usize::from(nibble)),
    }
}
