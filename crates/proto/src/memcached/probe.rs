//! Whether something begins as Memcached does.

use crate::Verdict;
use crate::recognise::reader::{Judged, Reader};

pub(super) fn stream(seen: &[u8]) -> Verdict {
    let first = seen.first();
    let judge = if first == Some(&0x80) { binary } else { text };
    judge(&mut Reader::new(seen)).unwrap_or_else(|left| left)
}

pub(super) fn datagram(seen: &[u8]) -> Verdict {
    framed(&mut Reader::new(seen)).unwrap_or_else(|left| left)
}

/// Commands that nobody else has, or that others have too.
fn text(head: &mut Reader<'_>) -> Judged {
    let command = head.word(&[
        "stats",
        "version",
        "flush_all",
        "verbosity",
        "gets ",
        "get ",
        "set ",
        "add ",
        "replace ",
        "append ",
        "prepend ",
        "cas ",
        "incr ",
        "decr ",
        "touch ",
        "delete ",
    ])?;
    let line = head.line(512)?;
    let words = line.split(|byte| *byte == b' ').filter(|word| !word.is_empty()).count();
    let is_storage = matches!(command, "set " | "add " | "replace " | "append " | "prepend ");
    let numbers = line.split(|byte| *byte == b' ').skip(1).filter(|word| is_number(word)).count();
    Ok(if is_storage && words >= 4 && numbers >= 3 { Verdict::Yes } else { Verdict::OnItsPort })
}

fn is_number(word: &[u8]) -> bool {
    !word.is_empty() && word.iter().all(u8::is_ascii_digit)
}

/// A request header: magic, operation, key and extras, no data type.
fn binary(head: &mut Reader<'_>) -> Judged {
    head.literal(&[0x80])?;
    head.byte_in(0..=0x25)?;
    let key = head.big16(0..=250)?;
    let extras = u32::from(head.byte_in(0..=24)?);
    head.literal(&[0, 0, 0])?;
    head.big32(key + extras..=0x0010_0000)?;
    head.take(4)?;
    head.literal(&[0; 8])?;
    Ok(Verdict::Likely)
}

/// Text after a frame header: request, number 0 of 1, reserved.
fn framed(head: &mut Reader<'_>) -> Judged {
    head.take(2)?;
    head.literal(&[0, 0, 0, 1, 0, 0])?;
    text(head)?;
    Ok(Verdict::Yes)
}
