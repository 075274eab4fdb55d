//! Whether a stream begins like one of Modbus.

use crate::Verdict;
use crate::recognise::reader::{Judged, Reader, Step, require};

pub(super) fn probe(seen: &[u8]) -> Verdict {
    judge(&mut Reader::new(seen)).unwrap_or_else(|left| left)
}

/// An MBAP header: a number, protocol 0, a length, a unit; then a function that exists, or its
/// exception (Modbus messaging on TCP/IP §3.1.3).
fn judge(head: &mut Reader<'_>) -> Judged {
    head.take(2)?;
    head.literal(&[0, 0])?;
    let length = head.big16(2..=254)?;
    head.byte()?;
    let function = head.byte()? & 0x7f;
    require(matches!(function, 1..=8 | 11 | 12 | 15..=17 | 20..=24 | 43 | 90))?;
    require(function > 6 || length >= 3)?;
    if is_whole(function, length, &mut head.clone())? {
        Ok(Verdict::Yes)
    } else {
        Ok(Verdict::Likely)
    }
}

/// Whether it is a request as it has to be, with nothing left to chance: clients of a plant wait a
/// second for an answer, and no longer.
fn is_whole(function: u8, length: u32, rest: &mut Reader<'_>) -> Step<bool> {
    let most = match function {
        1 | 2 => 2_000,
        3 | 4 => 125,
        5 | 6 => 0xffff,
        _ => return Ok(false),
    };
    if length != 6 {
        return Ok(false);
    }
    rest.take(2)?;
    Ok(rest.big16(1..=most).or_else(|left| if left == Verdict::No { Ok(0) } else { Err(left) })?
        > 0)
}
