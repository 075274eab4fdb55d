//! Whether a stream begins as one of the remote commands does.

use crate::Verdict;
use crate::recognise::reader::{
    Judged, Reader, is_digit, is_graphic, is_printable, is_text, require,
};

pub(super) fn rlogin(seen: &[u8]) -> Verdict {
    judge_login(&mut Reader::new(seen)).unwrap_or_else(|left| left)
}

pub(super) fn command(seen: &[u8]) -> Verdict {
    judge_command(&mut Reader::new(seen)).unwrap_or_else(|left| left)
}

/// The port for standard error, as text: 0, or one below 1024 (the manual of rcmd).
fn judge_command(head: &mut Reader<'_>) -> Judged {
    let port = head.until(0, 5, is_digit)?;
    require(!port.is_empty())?;
    Ok(Verdict::OnItsPort)
}

/// A NUL, then three strings: user here, user there, terminal and speed (RFC 1282).
fn judge_login(head: &mut Reader<'_>) -> Judged {
    head.literal(&[0])?;
    let first = head.rest().iter().take_while(|byte| is_graphic(**byte)).count();
    if first > 64 {
        return Ok(Verdict::OnItsPort);
    }
    require(!head.until(0, 64, is_graphic)?.is_empty())?;
    head.until(0, 64, is_text)?;
    let terminal = head.until(0, 64, is_printable)?;
    require(terminal.contains(&b'/'))?;
    Ok(Verdict::Yes)
}
