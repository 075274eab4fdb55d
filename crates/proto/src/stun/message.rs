//! Messages of STUN (RFC 8489 §5): twenty bytes, then attributes.

use std::net::{IpAddr, SocketAddr};

/// Bytes before the attributes.
pub(super) const HEADER: usize = 20;
/// What marks a message of after 2008.
const COOKIE: [u8; 4] = [0x21, 0x12, 0xa4, 0x42];

/// Kinds of messages (RFC 8489 §5, RFC 8656 §17).
pub(super) const BINDING: u16 = 0x0001;
pub(super) const ALLOCATE: u16 = 0x0003;
/// What makes an answer of a request.
const SUCCESS: u16 = 0x0100;
const ERROR: u16 = 0x0110;

/// Kinds of attributes (RFC 8489 §18.3).
const MAPPED_ADDRESS: u16 = 0x0001;
const USERNAME: u16 = 0x0006;
const MESSAGE_INTEGRITY: u16 = 0x0008;
const ERROR_CODE: u16 = 0x0009;
const REALM: u16 = 0x0014;
const NONCE: u16 = 0x0015;
const XOR_MAPPED_ADDRESS: u16 = 0x0020;

/// A message as it came.
#[derive(Debug)]
pub(super) struct Message<'a> {
    pub(super) kind: u16,
    /// Cookie and number, or the number alone of before 2008.
    transaction: [u8; 16],
    pub(super) user: Option<&'a [u8]>,
    pub(super) integrity: Option<&'a [u8]>,
}

/// Bytes of the message that begins here; nothing if too few have come to tell.
pub(super) fn length(bytes: &[u8]) -> Option<usize> {
    let [_, _, l0, l1, ..] = *bytes else { return None };
    Some(HEADER + usize::from(u16::from_be_bytes([l0, l1])))
}

impl<'a> Message<'a> {
    /// Reads one; nothing if it is none.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let (header, attributes) = bytes.split_first_chunk::<HEADER>()?;
        let [k0, k1, l0, l1, ..] = *header;
        let attributes = attributes.get(..usize::from(u16::from_be_bytes([l0, l1])))?;
        let kind = u16::from_be_bytes([k0, k1]);
        let transaction = *header.last_chunk::<16>()?;
        let mut message = Self { kind, transaction, user: None, integrity: None };
        message.read_attributes(attributes)?;
        (kind & 0xc110 == 0).then_some(message)
    }

    fn read_attributes(&mut self, mut rest: &'a [u8]) -> Option<()> {
        while let Some((&[k0, k1, l0, l1], after)) = rest.split_first_chunk::<4>() {
            let length = usize::from(u16::from_be_bytes([l0, l1]));
            let value = after.get(..length)?;
            match u16::from_be_bytes([k0, k1]) {
                USERNAME => self.user = Some(value),
                MESSAGE_INTEGRITY => self.integrity = Some(value),
                _ => {}
            }
            // Filled up to words of four bytes; before 2008 not at the end.
            rest = after.get(length.next_multiple_of(4)..).unwrap_or_default();
        }
        rest.is_empty().then_some(())
    }

    fn has_cookie(&self) -> bool {
        self.transaction.starts_with(&COOKIE)
    }

    /// You are seen here.
    pub(super) fn seen_at(&self, address: SocketAddr) -> Vec<u8> {
        if self.has_cookie() {
            self.answer(SUCCESS, &[(XOR_MAPPED_ADDRESS, self.hidden(address))])
        } else {
            self.answer(SUCCESS, &[(MAPPED_ADDRESS, plain(address))])
        }
    }

    /// Log in first, or again.
    pub(super) fn refused(&self, realm: &str, nonce: &str) -> Vec<u8> {
        let code = [&[0, 0, 4, 1][..], b"Unauthorized"].concat();
        let (realm, nonce) = (realm.as_bytes().to_vec(), nonce.as_bytes().to_vec());
        self.answer(ERROR, &[(ERROR_CODE, code), (REALM, realm), (NONCE, nonce)])
    }

    fn answer(&self, class: u16, attributes: &[(u16, Vec<u8>)]) -> Vec<u8> {
        let mut body = Vec::new();
        for (kind, value) in attributes {
            body.extend(kind.to_be_bytes());
            body.extend(u16::try_from(value.len()).unwrap_or_default().to_be_bytes());
            body.extend_from_slice(value);
            body.resize(body.len().next_multiple_of(4), 0);
        }
        let length = u16::try_from(body.len()).unwrap_or_default();
        let mut answer = (self.kind | class).to_be_bytes().to_vec();
        answer.extend(length.to_be_bytes());
        answer.extend(self.transaction);
        answer.extend(body);
        answer
    }

    /// An address that middle boxes do not recognise and rewrite (RFC 8489 §14.2).
    fn hidden(&self, address: SocketAddr) -> Vec<u8> {
        let mut bytes = plain(address);
        let port = self.transaction.iter().take(2);
        let mask = port.chain(self.transaction.iter());
        bytes.iter_mut().skip(2).zip(mask).for_each(|(byte, mask)| *byte ^= mask);
        bytes
    }
}

fn plain(address: SocketAddr) -> Vec<u8> {
    let [p0, p1] = address.port().to_be_bytes();
    match address.ip() {
        IpAddr::V4(four) => [&[0, 1, p0, p1][..], &four.octets()].concat(),
        IpAddr::V6(six) => [&[0, 2, p0, p1][..], &six.octets()].concat(),
    }
}
