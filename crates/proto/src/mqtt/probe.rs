//! Whether a stream begins like one of MQTT.

use crate::Verdict;
use crate::recognise::reader::{Judged, Reader};

pub(super) fn probe(seen: &[u8]) -> Verdict {
    judge(&mut Reader::new(seen)).unwrap_or_else(|left| left)
}

/// CONNECT: a length, the protocol's name, its level (MQTT 3.1.1 §3.1, 5.0 §3.1).
fn judge(head: &mut Reader<'_>) -> Judged {
    head.literal(&[0x10])?;
    head.varint()?;
    head.literal(&[0])?;
    match head.byte_of(&[4, 6])? {
        4 => head.literal(b"MQTT")?,
        _ => head.literal(b"MQIsdp")?,
    }
    head.byte_in(3..=5)?;
    Ok(Verdict::Yes)
}
