//! Messages of version 3 and their user-based security (RFC 3412 §6, RFC 3414).

use super::ber::{self, OCTETS, SEQUENCE, Value, Values};
use super::mib::{self, Mib};
use super::pdu::{Dialect, Pdu, pair, pdu};
use crate::Cx;
use crate::hexadecimal::hexadecimal;

/// A message, its security and what it is about.
#[derive(Debug)]
pub(super) struct Secured<'a> {
    whole: &'a [u8],
    number: i64,
    flags: u8,
    engine: &'a [u8],
    pub(super) user: &'a [u8],
    /// The digest of the message, and where it is.
    digest: Value<'a>,
    scoped: Option<Scoped<'a>>,
}

/// What it is about, if that is not encrypted.
#[derive(Debug)]
struct Scoped<'a> {
    context: &'a [u8],
    pdu: Pdu<'a>,
}

/// What a server counts, and says instead of an answer (RFC 3414 §5).
#[derive(Clone, Copy, Debug)]
pub(super) enum Report {
    UnknownUser,
    UnknownEngine,
    WrongDigest,
}

impl<'a> Secured<'a> {
    /// Reads what comes after the version; nothing if it is broken.
    pub(super) fn read(whole: &'a [u8], mut inside: Values<'a>) -> Option<Self> {
        let mut head = inside.of(SEQUENCE)?.inside();
        let (number, _) = (head.integer()?, head.integer()?);
        let flags = *head.octets()?.first()?;
        let mut security = inside.of(OCTETS)?.inside().of(SEQUENCE)?.inside();
        let engine = security.octets()?;
        let _ = (security.integer()?, security.integer()?);
        let user = security.octets()?;
        let digest = security.of(OCTETS)?;
        let scoped = inside.of(SEQUENCE).and_then(scoped);
        Some(Self { whole, number, flags, engine, user, digest, scoped })
    }

    pub(super) const fn is_signed(&self) -> bool {
        self.flags & 1 != 0
    }

    pub(super) fn is_for_us(&self, cx: &Cx<'_>) -> bool {
        self.engine == mib::engine(cx)
    }

    pub(super) fn command(&self) -> Option<String> {
        self.scoped.as_ref().map(|scoped| scoped.pdu.command())
    }

    /// The digest with the message that it is of, as hashcat reads it: modes 25000 for MD5 and SHA-1,
    /// 26700, 26800, 26900 and 27300 for SHA-2, which the length tells.
    pub(super) fn guessable(&self) -> String {
        let digest = self.digest.content;
        let kind = match digest.len() {
            16 => 3,
            24 => 4,
            32 => 5,
            48 => 6,
            _ => 0,
        };
        let mut message = self.whole.to_vec();
        let end = self.digest.at + digest.len();
        if let Some(place) = message.get_mut(self.digest.at..end) {
            place.fill(0);
        }
        let [message, engine, digest] = [&message, self.engine, digest].map(hexadecimal);
        format!("$SNMPv3${kind}${}${message}${engine}${digest}", self.number)
    }

    /// The answer to whoever is who it says it is without proof.
    pub(super) fn answered(&self, mib: &Mib, cx: &Cx<'_>) -> Option<Vec<u8>> {
        let Scoped { context, pdu } = self.scoped.as_ref()?;
        let answer = pdu.answered(mib, Dialect::Later)?;
        Some(self.around(context, answer, cx))
    }

    pub(super) fn reported(&self, report: Report, cx: &Cx<'_>) -> Vec<u8> {
        let counter = match report {
            Report::UnknownUser => 3,
            Report::UnknownEngine => 4,
            Report::WrongDigest => 5,
        };
        let name = [1, 3, 6, 1, 6, 3, 15, 1, 1, counter, 0];
        let count = mib::reports_so_far(cx);
        let request = self.scoped.as_ref().map_or(0, |scoped| scoped.pdu.request);
        let counted = pair(&name, &ber::number(mib::COUNTER, count));
        self.around(&[], pdu(REPORT, request, (0, 0), &[counted]), cx)
    }

    /// A message of ours, unsigned, that belongs to this one.
    fn around(&self, context: &[u8], pdu: Vec<u8>, cx: &Cx<'_>) -> Vec<u8> {
        let octets = |bytes: &[u8]| ber::value(OCTETS, bytes);
        let engine = mib::engine(cx);
        let (boots, time) = mib::boots_and_time(cx);
        let head =
            [ber::integer(self.number), ber::integer(LARGEST), octets(&[0]), ber::integer(USM)];
        let security = [
            octets(&engine),
            ber::integer(boots),
            ber::integer(time),
            octets(self.user),
            octets(&[]),
            octets(&[]),
        ];
        let scoped = [octets(&engine), octets(context), pdu];
        let parts = [
            ber::integer(3),
            ber::constructed(SEQUENCE, &head),
            octets(&ber::constructed(SEQUENCE, &security)),
            ber::constructed(SEQUENCE, &scoped),
        ];
        ber::constructed(SEQUENCE, &parts)
    }
}

fn scoped(value: Value<'_>) -> Option<Scoped<'_>> {
    let mut inside = value.inside();
    inside.octets()?;
    let context = inside.octets()?;
    let pdu = Pdu::read(inside.take()?)?;
    Some(Scoped { context, pdu })
}

const REPORT: u8 = 0xa8;
/// Longest message that we say we take.
const LARGEST: i64 = 65_507;
/// The model of security: users.
const USM: i64 = 3;
