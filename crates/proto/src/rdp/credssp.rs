//! Messages of CredSSP (MS-CSSP §2.2.1).

use crate::ber::{Ber, INTEGER, OCTETS, SEQUENCE, element, group, integer, octets};

/// What a client says: which version it has, and a token of SPNEGO or NTLM.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Said<'a> {
    version: i64,
    pub(super) token: &'a [u8],
}

/// The newest version there is.
const NEWEST: i64 = 6;

/// STATUS_LOGON_FAILURE.
const WRONG: u32 = 0xc000_006d;

impl<'a> Said<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut inside = Ber::new(bytes).inside(SEQUENCE)?;
        let version = inside.inside(0xa0)?.number(INTEGER)?;
        let mut tokens = inside.inside(0xa1)?.inside(SEQUENCE)?;
        let token = tokens.inside(SEQUENCE)?.inside(0xa0)?.take(OCTETS)?;
        Some(Self { version, token })
    }

    /// The answer with a token of ours.
    pub(super) fn reply(&self, token: &[u8]) -> Vec<u8> {
        let token = group(SEQUENCE, &[element(0xa0, &octets(token))]);
        self.answer(element(0xa1, &group(SEQUENCE, &[token])))
    }

    /// It was wrong.
    pub(super) fn refused(&self) -> Vec<u8> {
        // Windows writes all of its bits, and no sign before them.
        let code = element(INTEGER, &WRONG.to_be_bytes());
        self.answer(element(0xa4, &code))
    }

    fn answer(&self, more: Vec<u8>) -> Vec<u8> {
        let version = element(0xa0, &integer(INTEGER, self.version.clamp(2, NEWEST)));
        group(SEQUENCE, &[version, more])
    }
}
