//! NTLM (MS-NLMP), wherever it is carried: the peer offers, we challenge, and its answer is a hash
//! that can be tried against lists of passwords.

use crate::Cx;
use crate::derived::{Purpose, derived};
use crate::hexadecimal::hexadecimal;

const SIGNATURE: &[u8] = b"NTLMSSP\0";

/// Whether a message is the first: the peer would like to log in.
pub(crate) fn is_offer(message: &[u8]) -> bool {
    after_signature(message).and_then(|after| number(after, 0)) == Some(1)
}

/// The second message: what the peer's answer is to be made with.
pub(crate) fn challenge_message(cx: &Cx<'_>) -> Vec<u8> {
    /// Unicode, target, NTLM, always sign, a server, extended session security, target info,
    /// version, 128 and 56 bits.
    const FLAGS: u32 = 0xa28a_8205;
    const HEAD: u32 = 56;
    let name = utf16(&cx.persona.host.to_ascii_uppercase());
    let about = about_us(cx, &name);
    let (name_length, about_length) = (length(&name), length(&about));
    let mut message = SIGNATURE.to_vec();
    message.extend(2_u32.to_le_bytes());
    message.extend([name_length.to_le_bytes(), name_length.to_le_bytes()].concat());
    message.extend(HEAD.to_le_bytes());
    message.extend(FLAGS.to_le_bytes());
    message.extend(challenge(cx));
    message.extend([0; 8]);
    message.extend([about_length.to_le_bytes(), about_length.to_le_bytes()].concat());
    message.extend((HEAD + u32::from(name_length)).to_le_bytes());
    // Windows Server 2019.
    message.extend([10, 0, 0x63, 0x45, 0, 0, 0, 15]);
    message.extend(name);
    message.extend(about);
    message
}

/// The pairs MsvAvNbDomainName, MsvAvNbComputerName, MsvAvDnsComputerName and MsvAvTimestamp.
fn about_us(cx: &Cx<'_>, name: &[u8]) -> Vec<u8> {
    /// From 1601 to 1970, in microseconds.
    const EPOCH: i64 = 11_644_473_600_000_000;
    let time = (cx.now.as_micros() + EPOCH).saturating_mul(10).to_le_bytes();
    let dns = utf16(&cx.persona.host);
    let pairs: [(u16, &[u8]); 5] = [(2, name), (1, name), (3, &dns), (7, &time), (0, &[])];
    let mut about = Vec::new();
    for (kind, value) in pairs {
        about.extend(kind.to_le_bytes());
        about.extend(length(value).to_le_bytes());
        about.extend(value);
    }
    about
}

/// User, and the hash of the third message in the form hashcat reads (modes 5500 and 5600).
pub(crate) fn hash(message: &[u8], cx: &Cx<'_>) -> Option<(String, String)> {
    let start = message.windows(SIGNATURE.len()).position(|bytes| bytes == SIGNATURE)?;
    let message = message.get(start..)?;
    let after = after_signature(message)?;
    if number(after, 0)? != 3 {
        return None;
    }
    let encoding = match number(after, 52) {
        Some(flags) if flags & 1 == 0 => Encoding::Oem,
        _ => Encoding::Unicode,
    };
    let text = |place| Some(text(field(message, place)?, encoding));
    let (lm, nt) = (field(message, 12)?, field(message, 20)?);
    Some(written(&text(36)?, &text(28)?, lm, nt, cx))
}

/// The same of what is in such a message: a user, a domain, and both answers to our challenge.
pub(crate) fn written(
    user: &str,
    domain: &str,
    lm: &[u8],
    nt: &[u8],
    cx: &Cx<'_>,
) -> (String, String) {
    let challenge = hexadecimal(&challenge(cx));
    let hash = match nt.split_at_checked(16) {
        Some((proof, blob)) if nt.len() > 24 => {
            format!("{user}::{domain}:{challenge}:{}:{}", hexadecimal(proof), hexadecimal(blob))
        }
        _ => format!("{user}::{domain}:{}:{}:{challenge}", hexadecimal(lm), hexadecimal(nt)),
    };
    let user = if domain.is_empty() { user.to_owned() } else { format!("{domain}\\{user}") };
    (user, hash)
}

/// What the peer's answer is made with.
pub(crate) fn challenge(cx: &Cx<'_>) -> [u8; 8] {
    let [chance, _] = derived(&cx.persona.seed, Purpose::Challenge, &cx.flow.id.to_string());
    chance.to_be_bytes()
}

fn after_signature(message: &[u8]) -> Option<&[u8]> {
    message.strip_prefix(SIGNATURE)
}

fn number(bytes: &[u8], place: usize) -> Option<u32> {
    let bytes = bytes.get(place..)?.first_chunk()?;
    Some(u32::from_le_bytes(*bytes))
}

/// What a descriptor at `place` points at: length, room, offset.
fn field(message: &[u8], place: usize) -> Option<&[u8]> {
    let length = usize::from(u16::from_le_bytes(*message.get(place..)?.first_chunk()?));
    let offset = usize::try_from(number(message, place + 4)?).ok()?;
    message.get(offset..offset.checked_add(length)?)
}

/// How a message writes its names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Oem,
    Unicode,
}

fn text(bytes: &[u8], encoding: Encoding) -> String {
    if encoding == Encoding::Oem {
        return String::from_utf8_lossy(bytes).into_owned();
    }
    let units: Vec<u16> =
        bytes.as_chunks().0.iter().map(|unit| u16::from_le_bytes(*unit)).collect();
    String::from_utf16_lossy(&units)
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn length(bytes: &[u8]) -> u16 {
    u16::try_from(bytes.len()).unwrap_or(u16::MAX)
}
