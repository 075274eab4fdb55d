//! Messages of LDAP, read and written (RFC 4511 §4.1).

use crate::ber::{
    Ber, ENUMERATED, Element, INTEGER, OCTETS, SEQUENCE, element, group, integer, octets,
};

/// What a client wants.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Message<'a> {
    pub(super) id: i64,
    pub(super) operation: Element<'a>,
    /// Whether the client would like its answers in pages (RFC 2696).
    pub(super) pages: Pages,
}

/// How many answers at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pages {
    All,
    Asked,
}

const PAGED: &str = "1.2.840.113556.1.4.319";

/// Operations of clients, and of servers that answer them.
pub(super) const BIND: u8 = 0x60;
pub(super) const BIND_RESPONSE: u8 = 0x61;
pub(super) const UNBIND: u8 = 0x42;
pub(super) const SEARCH: u8 = 0x63;
pub(super) const SEARCH_ENTRY: u8 = 0x64;
pub(super) const SEARCH_DONE: u8 = 0x65;
pub(super) const MODIFY: u8 = 0x66;
pub(super) const ADD: u8 = 0x68;
pub(super) const DELETE: u8 = 0x4a;
pub(super) const RENAME: u8 = 0x6c;
pub(super) const COMPARE: u8 = 0x6e;
pub(super) const ABANDON: u8 = 0x50;
pub(super) const EXTENDED: u8 = 0x77;
pub(super) const EXTENDED_RESPONSE: u8 = 0x78;

impl<'a> Message<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut inside = Ber::new(bytes).inside(SEQUENCE)?;
        let id = inside.number(INTEGER)?;
        let operation = inside.next()?;
        let mut pages = Pages::All;
        let mut controls = inside.inside(0xa0).unwrap_or(Ber::new(&[]));
        while let Some(mut control) = controls.inside(SEQUENCE) {
            if control.take(OCTETS) == Some(PAGED.as_bytes()) {
                pages = Pages::Asked;
            }
        }
        Some(Self { id, operation, pages })
    }
}

/// What an operation came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) code: Code,
    /// The name up to which there is something; some logins carry bytes here.
    pub(super) matched: Vec<u8>,
    pub(super) words: &'static str,
}

/// RFC 4511 §4.1.9, appendix A.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Code {
    Success = 0,
    ProtocolError = 2,
    SizeLimitExceeded = 4,
    CompareFalse = 5,
    AuthMethodNotSupported = 7,
    SaslBindInProgress = 14,
    InvalidCredentials = 49,
    InsufficientAccessRights = 50,
}

impl Outcome {
    pub(super) fn of(code: Code) -> Self {
        Self { code, matched: Vec::new(), words: "" }
    }

    fn parts(&self) -> Vec<u8> {
        let code = integer(ENUMERATED, self.code as i64);
        [code, octets(&self.matched), octets(self.words)].concat()
    }
}

/// An answer: what it came to, and what an operation of this kind has besides.
pub(super) fn answer(id: i64, tag: u8, outcome: &Outcome, more: &[Vec<u8>]) -> Vec<u8> {
    message(id, element(tag, &[outcome.parts(), more.concat()].concat()))
}

pub(super) fn message(id: i64, operation: Vec<u8>) -> Vec<u8> {
    group(SEQUENCE, &[integer(INTEGER, id), operation])
}

/// The end of a search; to who asked for pages, this is the last one.
pub(super) fn done(id: i64, outcome: &Outcome, pages: Pages) -> Vec<u8> {
    let operation = element(SEARCH_DONE, &outcome.parts());
    let cookie = group(SEQUENCE, &[integer(INTEGER, 0), octets("")]);
    let control = group(SEQUENCE, &[octets(PAGED), octets(cookie)]);
    let controls = (pages == Pages::Asked).then(|| group(0xa0, &[control]));
    let parts = [Some(integer(INTEGER, id)), Some(operation), controls];
    group(SEQUENCE, &parts.into_iter().flatten().collect::<Vec<_>>())
}
