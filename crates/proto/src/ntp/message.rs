//! The 48 bytes that clients and servers exchange (RFC 5905 §7.3).

use model::Timestamp;

/// Bytes of a message without what may come after it.
const HEADER: usize = 48;

/// What a message is for (RFC 5905 §7.3, figure 10).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// Of version 1, where nobody said (RFC 1059 appendix B).
    Unsaid,
    SymmetricActive,
    SymmetricPassive,
    Client,
    Server,
    Broadcast,
    Control,
    /// Each server's own: lists of its clients.
    Private,
}

/// The mode in the first byte of a message.
pub(super) const fn mode(flags: u8) -> Mode {
    match flags & 7 {
        0 => Mode::Unsaid,
        1 => Mode::SymmetricActive,
        2 => Mode::SymmetricPassive,
        3 => Mode::Client,
        4 => Mode::Server,
        5 => Mode::Broadcast,
        6 => Mode::Control,
        _ => Mode::Private,
    }
}

/// The version in the first byte of a message.
pub(super) const fn version(flags: u8) -> u8 {
    flags >> 3 & 7
}

/// A moment as it is sent: seconds since 1900, and their 2³² parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment(u64);

impl Moment {
    /// What a clock cannot tell is filled up with `noise`, as servers do (RFC 5905 §6).
    pub(super) fn new(time: Timestamp, noise: u64) -> Self {
        let micros = time.as_micros();
        let seconds = (micros.div_euclid(MICROS) + SECONDS_TO_1970).cast_unsigned();
        let fraction = (micros.rem_euclid(MICROS).cast_unsigned() << 32) / MICROS.cast_unsigned();
        Self((seconds << 32) | (fraction + noise % BELOW_A_MICROSECOND))
    }

    pub(super) const fn bits(self) -> u64 {
        self.0
    }
}

const MICROS: i64 = 1_000_000;
const SECONDS_TO_1970: i64 = 2_208_988_800;
/// How many parts of a second there are in a microsecond.
const BELOW_A_MICROSECOND: u64 = 4_294;

/// A question.
#[derive(Debug)]
pub(super) struct Request {
    flags: u8,
    poll: u8,
    /// When the client sent it, by its own clock: we say it back.
    sent: [u8; 8],
    /// What proves who sent it, or other extensions.
    pub(super) extra: usize,
}

/// What a server says of its time.
#[derive(Debug)]
pub(super) struct Quality {
    /// How exact its clock is: a power of two, in seconds.
    pub(super) precision: i8,
    /// To the clock that is the source of it all and back, and the error on the way, in 2¹⁶ parts of
    /// a second.
    pub(super) root_delay: u32,
    pub(super) root_dispersion: u32,
    /// The server it has its time from.
    pub(super) reference: [u8; 4],
    /// When the clock was last set.
    pub(super) set: Moment,
}

impl Request {
    /// Reads one; nothing if it is too short.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let (header, rest) = bytes.split_first_chunk::<HEADER>()?;
        let [flags, _, poll, ..] = *header;
        let sent = *header.last_chunk::<8>()?;
        Some(Self { flags, poll, sent, extra: rest.len() })
    }

    /// The answer, as it leaves at `now`.
    pub(super) fn answered(&self, quality: &Quality, (came, leaves): (Moment, Moment)) -> Vec<u8> {
        let mode = if mode(self.flags) == Mode::Client { SERVER } else { SYMMETRIC_PASSIVE };
        let [precision] = quality.precision.to_be_bytes();
        let mut answer = vec![version(self.flags) << 3 | mode, STRATUM, self.poll, precision];
        answer.extend(quality.root_delay.to_be_bytes());
        answer.extend(quality.root_dispersion.to_be_bytes());
        answer.extend(quality.reference);
        answer.extend(quality.set.bits().to_be_bytes());
        answer.extend(self.sent);
        answer.extend(came.bits().to_be_bytes());
        answer.extend(leaves.bits().to_be_bytes());
        answer
    }
}

const SYMMETRIC_PASSIVE: u8 = 2;
const SERVER: u8 = 4;

/// One away from a clock that is set by radio or by an atom.
pub(super) const STRATUM: u8 = 2;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_counted_from_1900_and_begins_anew_in_2036() {
        let bits = |text| Moment::new(Timestamp::parse(text).unwrap(), 0).bits();
        assert_eq!(bits("1970-01-01T00:00:00Z"), 2_208_988_800 << 32);
        assert_eq!(bits("2026-11-24T09:30:00.5Z") & 0xffff_ffff, 0x8000_0000);
        assert_eq!(bits("2036-02-07T06:28:16Z"), 0);
    }
}
