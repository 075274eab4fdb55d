//! A client's first packet (MS-RDPBCGR §2.2.1.1), and the answer to it.

/// What a client asks for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Request {
    /// Whom it asks for, or where it wants to be sent: a line of text.
    pub(super) cookie: Option<String>,
    /// What may protect the connection; nothing, if it is so old that it does not say.
    pub(super) protections: Option<u32>,
}

/// TLS, and a login before anything else inside it.
pub(super) const CREDSSP: u32 = 2;

/// Before what a packet says there are its length and the fixed part of X.224.
const HEAD: usize = 11;

impl Request {
    pub(super) fn read(packet: &[u8]) -> Self {
        let mut rest = packet.get(HEAD..).unwrap_or_default();
        let mut cookie = None;
        let end = rest.windows(2).position(|pair| pair == b"\r\n");
        if let Some((line, after)) = end.and_then(|end| rest.split_at_checked(end)) {
            cookie = Some(String::from_utf8_lossy(line).into_owned());
            rest = after.get(2..).unwrap_or_default();
        }
        Self { cookie, protections: protections(rest) }
    }
}

/// RDP_NEG_REQ (§2.2.1.1.1): a kind, flags, the length 8, what is asked for.
fn protections(rest: &[u8]) -> Option<u32> {
    let [1, _, 8, 0, bits @ ..] = rest else { return None };
    bits.first_chunk().map(|bits| u32::from_le_bytes(*bits))
}

/// It is agreed on a login inside TLS.
pub(super) fn confirmed() -> Vec<u8> {
    /// Data of clients may be long, a graphics pipeline, a restricted administrator: what a server
    /// of 2019 says.
    const FLAGS: u8 = 0x1f;
    confirm(&[&[2, FLAGS, 8, 0], CREDSSP.to_le_bytes().as_slice()].concat())
}

/// Without a login inside TLS nothing goes on (HYBRID_REQUIRED_BY_SERVER).
pub(super) fn refused() -> Vec<u8> {
    confirm(&[3, 0, 8, 0, 5, 0, 0, 0])
}

/// A connection confirm of X.224 in a TPKT.
fn confirm(about: &[u8]) -> Vec<u8> {
    let length = u16::try_from(HEAD + about.len()).unwrap_or(u16::MAX);
    let header = u8::try_from(6 + about.len()).unwrap_or(u8::MAX);
    let mut packet = vec![3, 0];
    packet.extend(length.to_be_bytes());
    packet.extend([header, 0xd0, 0, 0, 0x12, 0x34, 0]);
    packet.extend(about);
    packet
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_and_a_wish_are_read_wherever_they_are_missing() {
        let packet = |about: &[u8]| [&[0; HEAD], about].concat();
        let request = Request::read(&packet(b"Cookie: mstshash=jo\r\n\x01\0\x08\0\x03\0\0\0"));
        assert_eq!(request.cookie.as_deref(), Some("Cookie: mstshash=jo"));
        assert_eq!(request.protections, Some(3));
        assert_eq!(Request::read(&packet(b"")), Request::default());
        assert_eq!(Request::read(&packet(b"\x01\0\x08\0\x0b\0\0\0")).protections, Some(11));
        assert_eq!(Request::read(b"\x03"), Request::default());
    }
}
