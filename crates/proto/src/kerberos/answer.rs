//! What a KDC says: errors, all of them (RFC 4120 §5.9.1).

use super::request::Request;
use crate::Cx;
use crate::ber::{INTEGER, SEQUENCE, element, group, integer, octets};

/// Why there is no ticket (§7.5.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    UnknownService = 7,
    Wrong = 24,
    ProveFirst = 25,
}

const GENERAL_STRING: u8 = 0x1b;
const TIME: u8 = 0x18;

/// PA-ENC-TIMESTAMP and PA-ETYPE-INFO2 (§5.2.7).
const ENCRYPTED_TIME: i64 = 2;
const CIPHERS: i64 = 19;

/// AES in both lengths, then RC4: those of which a password can be guessed.
const KNOWN: [i64; 3] = [18, 17, 23];

pub(super) fn error(request: &Request, refusal: Refusal, cx: &Cx<'_>) -> Vec<u8> {
    let time = jiff::Timestamp::from_second(cx.now.as_secs()).unwrap_or_default();
    let time = element(TIME, time.strftime("%Y%m%d%H%M%SZ").to_string().as_bytes());
    let micros = cx.now.as_micros().rem_euclid(1_000_000);
    let mut parts = vec![
        element(0xa0, &integer(INTEGER, 5)),
        element(0xa1, &integer(INTEGER, 30)),
        element(0xa4, &time),
        element(0xa5, &integer(INTEGER, micros)),
        element(0xa6, &integer(INTEGER, refusal as i64)),
        element(0xa9, &text(&request.realm)),
        element(0xaa, &name(&request.service)),
    ];
    if refusal == Refusal::ProveFirst {
        parts.push(element(0xac, &octets(methods(request))));
    }
    element(0x7e, &group(SEQUENCE, &parts))
}

/// How a client may prove who it is: by the time, encrypted with one of these ciphers.
fn methods(request: &Request) -> Vec<u8> {
    let salt = format!("{}{}", request.realm, request.client);
    let ciphers = KNOWN.iter().filter(|cipher| request.ciphers.contains(cipher));
    let ciphers: Vec<Vec<u8>> = ciphers
        .map(|cipher| {
            let number = element(0xa0, &integer(INTEGER, *cipher));
            group(SEQUENCE, &[number, element(0xa1, &text(&salt))])
        })
        .collect();
    group(SEQUENCE, &[method(CIPHERS, &group(SEQUENCE, &ciphers)), method(ENCRYPTED_TIME, b"")])
}

fn method(kind: i64, value: &[u8]) -> Vec<u8> {
    let kind = element(0xa1, &integer(INTEGER, kind));
    group(SEQUENCE, &[kind, element(0xa2, &octets(value))])
}

fn text(text: &str) -> Vec<u8> {
    element(GENERAL_STRING, text.as_bytes())
}

/// The name of a service (NT-SRV-INST).
fn name(parts: &[String]) -> Vec<u8> {
    let parts: Vec<Vec<u8>> = parts.iter().map(|part| text(part)).collect();
    let kind = element(0xa0, &integer(INTEGER, 2));
    group(SEQUENCE, &[kind, element(0xa1, &group(SEQUENCE, &parts))])
}
