//! SMB 1 (MS-CIFS, MS-SMB): dialects, and what worms look for once they are nobody: a pipe, and
//! how its answer to a broken transaction sounds.

use super::fields::{Encoding, little16, piece, texts, time, utf16};
use super::first_login;
use super::login::tell;
use super::machine::framed;
use super::second::{self, Greeted};
use crate::derived::{Purpose, derived};
use crate::{Cx, Out, ntlm, spnego};

/// Length of a header (MS-CIFS §2.2.3.1).
const HEAD: usize = 32;

/// What commands a client may have.
const NEGOTIATE: u8 = 0x72;
const LOG_IN: u8 = 0x73;
const LOG_OFF: u8 = 0x74;
const CONNECT: u8 = 0x75;
const DISCONNECT: u8 = 0x71;
const TRANSACTION: u8 = 0x25;
const ECHO: u8 = 0x2b;

/// A server that has not been mended since 2017 says this to a transaction on a pipe it knows
/// nothing of; worms go on by it.
const NO_RESOURCES: u32 = 0xc000_0205;
const NOT_IMPLEMENTED: u32 = 0xc000_0002;

/// A rule that a client broke.
type Broken = &'static str;

/// A request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Request<'a> {
    head: &'a [u8],
    /// Numbers, two bytes each.
    pub(super) words: &'a [u8],
    pub(super) bytes: &'a [u8],
}

impl<'a> Request<'a> {
    fn read(message: &'a [u8]) -> Option<Self> {
        let (head, rest) = message.split_at_checked(HEAD)?;
        let (count, rest) = rest.split_first()?;
        let (words, rest) = rest.split_at_checked(2 * usize::from(*count))?;
        let length = usize::from(little16(rest, 0));
        Some(Self { head, words, bytes: piece(rest, 2, length) })
    }

    fn flags(&self) -> u16 {
        little16(self.head, 10)
    }

    pub(super) fn encoding(&self) -> Encoding {
        if self.flags() & 0x8000 == 0 { Encoding::Oem } else { Encoding::Unicode }
    }

    /// Whether it logs in by SPNEGO.
    fn is_extended(&self) -> bool {
        self.flags() & 0x0800 != 0
    }
}

pub(super) fn hear(message: &[u8], cx: &Cx<'_>, out: &mut Out) -> Result<(), Broken> {
    let Some(request) = Request::read(message) else { return Err("a message that is cut off") };
    match request.head.get(4).copied().unwrap_or_default() {
        NEGOTIATE => negotiate(&request, cx, out),
        LOG_IN => first_login::log_in(&request, cx, out),
        CONNECT => connect(&request, cx, out),
        LOG_OFF => answer(&request, 0, &[0xff, 0, 0, 0], &[], out),
        DISCONNECT => answer(&request, 0, &[], &[], out),
        ECHO => answer(&request, 0, &[1, 0], request.bytes, out),
        TRANSACTION => answer(&request, NO_RESOURCES, &[], &[], out),
        _ => answer(&request, NOT_IMPLEMENTED, &[], &[], out),
    }
    Ok(())
}

/// Names of dialects, each after a 2. The newest that both have is agreed on.
fn negotiate(request: &Request<'_>, cx: &Cx<'_>, out: &mut Out) {
    let names: Vec<&[u8]> =
        request.bytes.split(|byte| *byte == 0).filter_map(|name| name.strip_prefix(&[2])).collect();
    let place = |wanted: &[u8]| names.iter().position(|name| *name == wanted);
    if place(b"SMB 2.???").is_some() {
        second::greet(Greeted::Any, cx, out);
    } else if place(b"SMB 2.002").is_some() {
        second::greet(Greeted::Oldest, cx, out);
    } else if let Some(place) = place(b"NT LM 0.12") {
        let place = u16::try_from(place).unwrap_or_default();
        agree(request, place, cx, out);
    } else {
        answer(request, 0, &0xffff_u16.to_le_bytes(), &[], out);
    }
}

/// MS-SMB §2.2.4.5.2.
fn agree(request: &Request<'_>, place: u16, cx: &Cx<'_>, out: &mut Out) {
    let able: u32 = if request.is_extended() { 0x8001_e3fc } else { 0x0001_e3fc };
    let mut words = place.to_le_bytes().to_vec();
    // Users log in, by challenges.
    words.push(3);
    words.extend([50_u16, 1].map(u16::to_le_bytes).concat());
    words.extend([4_356_u32, 65_536, 0, able].map(u32::to_le_bytes).concat());
    words.extend(time(cx));
    words.extend([0, 0]);
    let bytes = if request.is_extended() {
        words.push(0);
        let guid = derived(&cx.persona.seed, Purpose::Directory, "server");
        let guid: Vec<u8> = guid.iter().flat_map(|part| part.to_le_bytes()).collect();
        [guid, spnego::offer()].concat()
    } else {
        words.push(8);
        let name = cx.persona.host.to_uppercase();
        [ntlm::challenge(cx).to_vec(), utf16("WORKGROUP"), utf16(&name)].concat()
    };
    answer(request, 0, &words, &bytes, out);
}

/// A share is connected to: there is each.
fn connect(request: &Request<'_>, cx: &Cx<'_>, out: &mut Out) {
    let password = usize::from(little16(request.words, 6));
    let rest = request.bytes.get(password..).unwrap_or_default();
    // Texts of two bytes a letter begin at an even place of the message.
    let at = HEAD + 1 + request.words.len() + 2 + password;
    let skipped = usize::from(request.encoding() == Encoding::Unicode && at % 2 == 1);
    let names = texts(rest.get(skipped..).unwrap_or_default(), request.encoding());
    let share = names.first().cloned().unwrap_or_default();
    tell(format!("connect {share}"), cx, out);
    let is_pipe = share.to_ascii_uppercase().ends_with("IPC$");
    let kind: &[u8] = if is_pipe { b"IPC\0" } else { b"A:\0" };
    answer(request, 0, &[0xff, 0, 0, 0, 1, 0], &[kind, &utf16("")].concat(), out);
}

/// An answer to a request: its header, with what differs. Who has none yet gets a user and a share.
pub(super) fn answer(
    request: &Request<'_>,
    status: u32,
    words: &[u8],
    bytes: &[u8],
    out: &mut Out,
) {
    const USER: u16 = 0x0800;
    let or = |place, default: u16| match little16(request.head, place) {
        0 | 0xffff => default.to_le_bytes(),
        given => given.to_le_bytes(),
    };
    let mut message = piece(request.head, 0, 5).to_vec();
    message.extend(status.to_le_bytes());
    // From a server; texts and statuses as a client of today wants them.
    message.push(0x98);
    message.extend((little16(request.head, 10) | 0x4000).to_le_bytes());
    message.extend(piece(request.head, 12, 12));
    let command = request.head.get(4).copied().unwrap_or_default();
    message.extend(or(24, if command == CONNECT { USER } else { 0 }));
    message.extend(piece(request.head, 26, 2));
    message.extend(or(28, if command == LOG_IN { USER } else { 0 }));
    message.extend(piece(request.head, 30, 2));
    message.push(u8::try_from(words.len() / 2).unwrap_or_default());
    message.extend(words);
    message.extend(u16::try_from(bytes.len()).unwrap_or_default().to_le_bytes());
    message.extend(bytes);
    out.send(framed(&message));
}
