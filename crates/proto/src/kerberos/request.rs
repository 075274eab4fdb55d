//! What a client asks for (RFC 4120 §5.4.1).

use crate::ber::{Ber, INTEGER, OCTETS, SEQUENCE};
use crate::hexadecimal::hexadecimal;

/// A request of a ticket.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) kind: Kind,
    /// Who asks; nobody says so who has a ticket.
    pub(super) client: String,
    pub(super) realm: String,
    /// For which service.
    pub(super) service: Vec<String>,
    /// Ciphers it knows.
    pub(super) ciphers: Vec<i64>,
    /// The time, encrypted with the password.
    pub(super) proof: Option<Proof>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The first one.
    First,
    /// For another service.
    Further,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Proof {
    cipher: i64,
    encrypted: Vec<u8>,
}

const GENERAL_STRING: u8 = 0x1b;

/// PA-ENC-TIMESTAMP (§5.2.7.2).
const ENCRYPTED_TIME: i64 = 2;

/// RC4, whose proof begins with its checksum (RFC 4757).
const RC4: i64 = 23;

impl Request {
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let mut all = Ber::new(bytes);
        let element = all.next()?;
        let kind = match element.tag {
            0x6a => Kind::First,
            0x6c => Kind::Further,
            _ => return None,
        };
        let mut inside = Ber::new(element.content).inside(SEQUENCE)?;
        inside.take(0xa1)?;
        inside.take(0xa2)?;
        let proof = inside.inside(0xa3).and_then(proof);
        let mut body = inside.inside(0xa4)?.inside(SEQUENCE)?;
        body.take(0xa0)?;
        let client = body.inside(0xa1).and_then(name).unwrap_or_default().join("/");
        let realm = body.inside(0xa2)?.text(GENERAL_STRING)?;
        let service = body.inside(0xa3).and_then(name).unwrap_or_default();
        while body.next_tag().is_some_and(|tag| tag < 0xa8) {
            body.next()?;
        }
        let ciphers = body.inside(0xa8).and_then(numbers).unwrap_or_default();
        Some(Self { kind, client, realm, service, ciphers, proof })
    }

    /// As it is written down.
    pub(super) fn told(&self) -> String {
        let service = self.service.join("/");
        match self.kind {
            Kind::First => format!("ticket for {service}, by {}@{}", self.client, self.realm),
            Kind::Further => format!("ticket for {service}, in {}", self.realm),
        }
    }
}

impl Proof {
    /// As hashcat reads it: modes 7500, 19800 and 19900.
    pub(super) fn written(&self, request: &Request) -> String {
        let Self { cipher, encrypted } = self;
        let Request { client, realm, .. } = request;
        match encrypted.split_at_checked(16) {
            Some((checksum, time)) if *cipher == RC4 => {
                let (time, checksum) = (hexadecimal(time), hexadecimal(checksum));
                format!("$krb5pa$23${client}${realm}$${time}{checksum}")
            }
            _ => format!("$krb5pa${cipher}${client}${realm}${}", hexadecimal(encrypted)),
        }
    }
}

/// A name in its parts (§5.2.2).
fn name(mut ber: Ber<'_>) -> Option<Vec<String>> {
    let mut inside = ber.inside(SEQUENCE)?;
    inside.take(0xa0)?;
    let mut parts = inside.inside(0xa1)?.inside(SEQUENCE)?;
    Some(std::iter::from_fn(|| parts.text(GENERAL_STRING)).collect())
}

fn numbers(mut ber: Ber<'_>) -> Option<Vec<i64>> {
    let mut inside = ber.inside(SEQUENCE)?;
    Some(std::iter::from_fn(|| inside.number(INTEGER)).collect())
}

fn proof(mut ber: Ber<'_>) -> Option<Proof> {
    let mut list = ber.inside(SEQUENCE)?;
    while let Some(mut one) = list.inside(SEQUENCE) {
        if one.inside(0xa1)?.number(INTEGER)? == ENCRYPTED_TIME {
            let value = one.inside(0xa2)?.take(OCTETS)?;
            let mut inside = Ber::new(value).inside(SEQUENCE)?;
            let cipher = inside.inside(0xa0)?.number(INTEGER)?;
            inside.take(0xa1);
            let encrypted = inside.inside(0xa2)?.take(OCTETS)?.to_vec();
            return Some(Proof { cipher, encrypted });
        }
    }
    None
}
