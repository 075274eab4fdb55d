//! SPNEGO (RFC 4178) around NTLM, as LDAP, SMB and RDP carry logins of Windows.

use crate::ber::{ENUMERATED, OBJECT, SEQUENCE, element, group, octets};

const SIGNATURE: &[u8] = b"NTLMSSP\0";

/// 1.3.6.1.4.1.311.2.2.10: NTLM.
const NTLM: &[u8] = &[0x2b, 6, 1, 4, 1, 0x82, 0x37, 2, 2, 10];

/// Around what a message of NTLM is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wrapping {
    Bare,
    Spnego,
}

/// How a token is wrapped, and the message of NTLM in it, if there is one.
pub(crate) fn unwrapped(token: &[u8]) -> (Wrapping, Option<&[u8]>) {
    let place = token.windows(SIGNATURE.len()).position(|bytes| bytes == SIGNATURE);
    let wrapping = if place == Some(0) { Wrapping::Bare } else { Wrapping::Spnego };
    (wrapping, place.and_then(|place| token.get(place..)))
}

impl Wrapping {
    /// A message of ours, wrapped as the peer's was; without one, NTLM is asked for.
    pub(crate) fn reply(self, message: Option<&[u8]>) -> Vec<u8> {
        match (self, message) {
            (Self::Bare, message) => message.unwrap_or_default().to_vec(),
            (Self::Spnego, message) => {
                let token = message.map(|message| element(0xa2, &octets(message)));
                answer(1, token)
            }
        }
    }

    /// The last word: it was right.
    pub(crate) fn accepted(self) -> Vec<u8> {
        match self {
            Self::Bare => Vec::new(),
            Self::Spnego => group(0xa1, &[group(SEQUENCE, &[state(0)])]),
        }
    }
}

/// `NegTokenResp`: how far it has come, NTLM as the mechanism, a token.
fn answer(how_far: u8, token: Option<Vec<u8>>) -> Vec<u8> {
    let mechanism = element(0xa1, &element(OBJECT, NTLM));
    let parts: Vec<Vec<u8>> = [state(how_far), mechanism].into_iter().chain(token).collect();
    group(0xa1, &[group(SEQUENCE, &parts)])
}

fn state(how_far: u8) -> Vec<u8> {
    element(0xa0, &element(ENUMERATED, &[how_far]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_found_in_its_wrapping() {
        let message = b"NTLMSSP\0\x01\0\0\0";
        assert_eq!(unwrapped(message), (Wrapping::Bare, Some(&message[..])));
        let wrapped = Wrapping::Spnego.reply(Some(message));
        assert_eq!(unwrapped(&wrapped), (Wrapping::Spnego, Some(&message[..])));
        assert_eq!(unwrapped(b"\x60\x02ab"), (Wrapping::Spnego, None));
        assert_eq!(Wrapping::Bare.reply(Some(message)), message);
    }
}
