//! SMB 2 and 3 (MS-SMB2): dialects and logins. Whoever has not logged in has no session for more.

use super::fields::{little16, piece, time};
use super::login::{self, Turn};
use super::machine::framed;
use crate::derived::{Purpose, derived};
use crate::{Cx, Out, spnego};

/// Length of a header (§2.2.1.2).
const HEAD: usize = 64;

/// Dialects we have, the newest last. Those of SMB 3.1.1 would have to be agreed on by hashes.
const DIALECTS: [u16; 4] = [0x0202, 0x0210, 0x0300, 0x0302];

/// Any of SMB 2, as SMB 1 asks for it (§3.3.5.3.2).
const ANY: u16 = 0x02ff;

const MORE: u32 = 0xc000_0016;
const REFUSED: u32 = 0xc000_006d;
const NO_SESSION: u32 = 0xc000_0203;
const UNSUPPORTED: u32 = 0xc000_00bb;

/// A rule that a client broke.
type Broken = &'static str;

pub(super) fn hear(message: &[u8], cx: &Cx<'_>, out: &mut Out) -> Result<(), Broken> {
    let Some((head, body)) = message.split_at_checked(HEAD) else {
        return Err("a message that is cut off");
    };
    match little16(head, 12) {
        0 => negotiate(head, body, cx, out),
        1 => log_in(head, body, message, cx, out),
        13 => answer(head, 0, &[4, 0, 0, 0], out),
        _ => answer(head, NO_SESSION, ERROR, out),
    }
    Ok(())
}

/// What an answer says that is an error (§2.2.2).
const ERROR: &[u8] = &[9, 0, 0, 0, 0, 0, 0, 0, 0];

fn negotiate(head: &[u8], body: &[u8], cx: &Cx<'_>, out: &mut Out) {
    let count = usize::from(little16(body, 2));
    let offered: Vec<u16> = piece(body, 36, 2 * count)
        .as_chunks()
        .0
        .iter()
        .map(|dialect| u16::from_le_bytes(*dialect))
        .collect();
    match DIALECTS.iter().rev().find(|dialect| offered.contains(dialect)) {
        Some(dialect) => answer(head, 0, &agreed(*dialect, cx), out),
        None => answer(head, UNSUPPORTED, ERROR, out),
    }
}

/// SMB 1 asks whether there is SMB 2.
pub(super) fn greet(dialect: Greeted, cx: &Cx<'_>, out: &mut Out) {
    let dialect = match dialect {
        Greeted::Any => ANY,
        Greeted::Oldest => 0x0202,
    };
    answer(&[0; HEAD], 0, &agreed(dialect, cx), out);
}

/// What of SMB 2 a client of SMB 1 asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Greeted {
    Any,
    Oldest,
}

/// §2.2.4.
fn agreed(dialect: u16, cx: &Cx<'_>) -> Vec<u8> {
    /// Files that are told of, and much at once; SMB 2.0.2 has neither.
    const ABLE: u32 = 0x07;
    let most: u32 = if dialect == 0x0202 { 0x1_0000 } else { 0x80_0000 };
    let able = if dialect == 0x0202 { 1 } else { ABLE };
    let hint = spnego::offer();
    let guid = derived(&cx.persona.seed, Purpose::Directory, "server");
    let mut body = [65_u16, 1, dialect, 0].map(u16::to_le_bytes).concat();
    body.extend(guid.iter().flat_map(|part| part.to_le_bytes()));
    body.extend([able, most, most, most].map(u32::to_le_bytes).concat());
    body.extend(time(cx));
    body.extend([0; 8]);
    let length = u16::try_from(hint.len()).unwrap_or_default();
    body.extend([128_u16, length, 0, 0].map(u16::to_le_bytes).concat());
    body.extend(hint);
    body
}

/// §2.2.5: a token at a place that counts from the header on.
fn log_in(head: &[u8], body: &[u8], message: &[u8], cx: &Cx<'_>, out: &mut Out) {
    let (place, length) = (usize::from(little16(body, 12)), usize::from(little16(body, 14)));
    match login::hear(piece(message, place, length), cx, out) {
        Turn::Ask(token) => answer_in(head, MORE, &set_up(0, &token), cx, out),
        // Without a name a session is nobody's, and what it may is nothing.
        Turn::Nobody(token) => answer_in(head, 0, &set_up(2, &token), cx, out),
        Turn::Refused => answer(head, REFUSED, ERROR, out),
    }
}

fn set_up(flags: u16, token: &[u8]) -> Vec<u8> {
    let length = u16::try_from(token.len()).unwrap_or_default();
    let mut body = [9_u16, flags, 72, length].map(u16::to_le_bytes).concat();
    body.extend(token);
    body
}

/// An answer in the session that is being set up.
fn answer_in(head: &[u8], status: u32, body: &[u8], cx: &Cx<'_>, out: &mut Out) {
    let [id, _] = derived(&cx.persona.seed, Purpose::Challenge, &format!("session {}", cx.flow.id));
    // Windows counts in steps of four.
    let id = (id & 0x0000_7fff_ffff_fffc) | 4;
    let mut head = head.to_vec();
    head.iter_mut().skip(40).zip(id.to_le_bytes()).for_each(|(place, byte)| *place = byte);
    answer(&head, status, body, out);
}

/// An answer to a request: its header, with what differs.
fn answer(request: &[u8], status: u32, body: &[u8], out: &mut Out) {
    let mut head = b"\xfeSMB\x40\0".to_vec();
    head.extend(piece(request, 6, 2));
    head.extend(status.to_le_bytes());
    head.extend(piece(request, 12, 2));
    // One more request is allowed, at least.
    head.extend(little16(request, 14).clamp(1, 512).to_le_bytes());
    // From a server.
    head.extend([1, 0, 0, 0, 0, 0, 0, 0]);
    head.extend(piece(request, 24, 24));
    head.extend([0; 16]);
    head.extend(body);
    out.send(framed(&head));
}
