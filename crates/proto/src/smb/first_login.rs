//! How SMB 1 logs in: by SPNEGO, or with both answers to our challenge at once.

use super::fields::{Encoding, little16, piece, texts, utf16};
use super::first::{Request, answer};
use super::login::{self, Turn, note};
use crate::{Cx, Out, ntlm};

const MORE: u32 = 0xc000_0016;
const REFUSED: u32 = 0xc000_006d;

/// Numbers of a login by SPNEGO (MS-SMB §2.2.4.6.1), and of one with answers (MS-CIFS §2.2.4.53.1).
const EXTENDED: usize = 24;
const WITH_ANSWERS: usize = 26;

/// Where the bytes of an answer to a login begin: after a header, three numbers and two lengths.
const AFTER_LOGIN: usize = 32 + 1 + 6 + 2;

pub(super) fn log_in(request: &Request<'_>, cx: &Cx<'_>, out: &mut Out) {
    match request.words.len() {
        EXTENDED => extended(request, cx, out),
        WITH_ANSWERS => with_answers(request, cx, out),
        _ => answer(request, REFUSED, &[], &[], out),
    }
}

fn extended(request: &Request<'_>, cx: &Cx<'_>, out: &mut Out) {
    let length = usize::from(little16(request.words, 14));
    match login::hear(piece(request.bytes, 0, length), cx, out) {
        Turn::Ask(token) => set_up(request, MORE, &token, out),
        Turn::Nobody(token) => set_up(request, 0, &token, out),
        Turn::Refused => answer(request, REFUSED, &[], &[], out),
    }
}

fn set_up(request: &Request<'_>, status: u32, token: &[u8], out: &mut Out) {
    let length = u16::try_from(token.len()).unwrap_or_default();
    let words = [&[0xff, 0, 0, 0, 0, 0], length.to_le_bytes().as_slice()].concat();
    answer(
        request,
        status,
        &words,
        &[token, &about_us(AFTER_LOGIN + 2 + token.len())].concat(),
        out,
    );
}

/// An account, a domain, and what a password makes of our challenge in both ways.
fn with_answers(request: &Request<'_>, cx: &Cx<'_>, out: &mut Out) {
    let (lm, nt) =
        (usize::from(little16(request.words, 14)), usize::from(little16(request.words, 16)));
    let (first, second) = (piece(request.bytes, 0, lm), piece(request.bytes, lm, nt));
    let at = lm + nt;
    // Texts of two bytes a letter begin at an even place of the message, which is an odd one here.
    let is_odd = request.encoding() == Encoding::Unicode && at % 2 == 0;
    let rest = request.bytes.get(at + usize::from(is_odd)..).unwrap_or_default();
    let names = texts(rest, request.encoding());
    let name = |place: usize| names.get(place).cloned().unwrap_or_default();
    let (user, domain) = (name(0), name(1));
    if user.is_empty() && nt <= 1 {
        let words = [0xff, 0, 0, 0, 0, 0];
        return answer(request, 0, &words, &about_us(AFTER_LOGIN), out);
    }
    let (user, secret) = ntlm::written(&user, &domain, first, second, cx);
    note(Some(user), secret, out);
    answer(request, REFUSED, &[], &[], out);
}

/// The system, and what speaks here: the one that NTLM says it is. Texts of two bytes a letter begin
/// at an even place; this one is at `place` of its message.
fn about_us(place: usize) -> Vec<u8> {
    let texts =
        ["Windows Server 2019 Standard 17763", "Windows Server 2019 Standard 6.3", "WORKGROUP"];
    let padding = vec![0; place % 2];
    std::iter::once(padding).chain(texts.map(utf16)).flatten().collect()
}
