//! Whether a stream begins like a miner's.

use crate::Verdict;
use crate::recognise::reader::{Judged, Reader, require};

pub(super) fn probe(seen: &[u8]) -> Verdict {
    judge(&mut Reader::new(seen)).unwrap_or_else(|left| left)
}

/// A line of JSON with a method of mining: `mining.subscribe`, `eth_submitLogin`, or the `login` of
/// Monero's pools.
fn judge(head: &mut Reader<'_>) -> Judged {
    head.literal(b"{")?;
    let line = head.line(4_096)?;
    require(line.windows(8).any(|part| part == b"\"method\""))?;
    let names = [b"\"mining.".as_slice(), b"\"eth_submit", b"\"eth_getWork", b"\"keepalived\""];
    let login = [b"\"login\"".as_slice(), b"\"pass\""];
    let has = |name: &[u8]| line.windows(name.len()).any(|part| part == name);
    require(names.iter().any(|name| has(name)) || login.iter().all(|name| has(name)))?;
    Ok(Verdict::Yes)
}
