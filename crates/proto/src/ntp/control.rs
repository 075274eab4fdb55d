//! What is asked of a server about itself: control messages (RFC 9327), and the private ones by which
//! lists of clients were had, and networks flooded.

use super::message::{Quality, STRATUM, version};
use super::upstream;
use crate::Cx;

/// Bytes of a control message before its data (RFC 9327 §2).
const HEADER: usize = 12;

/// A control message.
#[derive(Debug)]
pub(super) struct Control<'a> {
    flags: u8,
    operation: u8,
    sequence: [u8; 2],
    association: [u8; 2],
    data: &'a [u8],
}

/// Operations that we answer.
const READ_STATUS: u8 = 1;
const READ_VARIABLES: u8 = 2;
/// The bit that makes an answer of it, and the one of a refusal.
const RESPONSE: u8 = 0x80;
const ERROR: u8 = 0x40;

/// Our state: no leap second, time by NTP, one thing happened lately, which is that the clock was
/// set (RFC 9327 §3.1).
const STATUS: [u8; 2] = [0x06, 0x15];
/// Nobody is told this (RFC 9327 §3.4): 6 is "not allowed".
const REFUSED: [u8; 2] = [6, 0];

impl<'a> Control<'a> {
    /// Reads a question; nothing if it is none.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let (header, data) = bytes.split_first_chunk::<HEADER>()?;
        let [flags, operation, s0, s1, _, _, a0, a1, _, _, n0, n1] = *header;
        let data = data.get(..usize::from(u16::from_be_bytes([n0, n1])))?;
        let is_question = operation & RESPONSE == 0;
        let (sequence, association) = ([s0, s1], [a0, a1]);
        is_question.then_some(Self { flags, operation, sequence, association, data })
    }

    /// What it asks for, in the words of `ntpq`.
    pub(super) fn command(&self) -> String {
        let number = self.operation & 0x1f;
        let name = OPERATIONS.iter().find(|(known, _)| *known == number);
        let name =
            name.map_or_else(|| format!("operation {number}"), |(_, name)| (*name).to_owned());
        let about = String::from_utf8_lossy(self.data);
        format!("{name} {}", about.trim_matches(['\0', ' '])).trim_end().to_owned()
    }

    pub(super) fn answered(&self, cx: &Cx<'_>) -> Vec<u8> {
        let is_about_us = self.association == [0, 0];
        match self.operation & 0x1f {
            READ_STATUS if is_about_us => self.response(0, STATUS, &[]),
            READ_VARIABLES if is_about_us => {
                self.response(0, STATUS, variables(self.data, cx).as_bytes())
            }
            _ => self.response(ERROR, REFUSED, &[]),
        }
    }

    /// A message is filled up to words of four bytes.
    fn response(&self, error: u8, status: [u8; 2], data: &[u8]) -> Vec<u8> {
        let [n0, n1] = u16::try_from(data.len()).unwrap_or_default().to_be_bytes();
        let mut response = vec![version(self.flags) << 3 | 6, RESPONSE | error | self.operation];
        response.extend([self.sequence, status, self.association, [0, 0], [n0, n1]].concat());
        response.extend_from_slice(data);
        response.resize(response.len().next_multiple_of(4), 0);
        response
    }
}

/// Operations by number, as `ntpq` calls them (RFC 9327 §2.3).
const OPERATIONS: &[(u8, &str)] = &[
    (1, "readstat"),
    (2, "readvar"),
    (3, "writevar"),
    (4, "readclock"),
    (5, "writeclock"),
    (8, ":config"),
    (9, "saveconfig"),
    (10, "mrulist"),
    (11, "ifstats"),
    (12, "nonce"),
];

/// Variables of the system: those that were asked for, or the few that everybody may know.
fn variables(asked: &[u8], cx: &Cx<'_>) -> String {
    let Quality { precision, root_delay, root_dispersion, reference: [a, b, c, d], set } =
        upstream::quality(cx);
    let milliseconds = |parts: u32| format!("{:.3}", f64::from(parts) * 1_000.0 / 65_536.0);
    let all = [
        ("leap", "00".to_owned()),
        ("stratum", STRATUM.to_string()),
        ("precision", precision.to_string()),
        ("rootdelay", milliseconds(root_delay)),
        ("rootdisp", milliseconds(root_dispersion)),
        ("refid", format!("{a}.{b}.{c}.{d}")),
        ("reftime", format!("{:#010x}.{:08x}", set.bits() >> 32, set.bits() & 0xffff_ffff)),
    ];
    let asked = String::from_utf8_lossy(asked);
    let asked: Vec<&str> = asked.split(',').map(|name| name.trim_matches(['\0', ' '])).collect();
    let is_any = asked.iter().all(|name| name.is_empty());
    let said = all.iter().filter(|(name, _)| is_any || asked.contains(name));
    said.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(", ")
}

/// What a private message asks for (mode 7), in words; nothing if it is no question.
pub(super) fn private_command(bytes: &[u8]) -> Option<String> {
    let [flags, _, implementation, request, ..] = *bytes else { return None };
    let name = match request {
        _ if flags & RESPONSE != 0 => return None,
        20 | 42 => "monlist".to_owned(),
        0 | 1 => "peers".to_owned(),
        number => format!("request {number}"),
    };
    Some(format!("private {name} of implementation {implementation}"))
}
