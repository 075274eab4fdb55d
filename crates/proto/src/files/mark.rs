//! What makes a file of one installation differ from the same file of another.

use jiff::civil::DateTime;
use jiff::tz::Offset;

use super::picture::Colour;
use crate::derived::{Purpose, derived, pick};

/// The source of dates, versions, colours and identifiers in one type of file.
///
/// Every value is the same on every ask, and nobody can foresee it who does not know the seed. So
/// no list of hashes can hold our files.
pub(super) struct Mark<'a> {
    pub(super) seed: &'a [u8; 16],
    /// The first ending of the type.
    pub(super) ending: &'a str,
}

impl Mark<'_> {
    /// 128 bits; others for another `part`.
    fn numbers(&self, part: &str) -> [u64; 2] {
        derived(self.seed, Purpose::Contents, &format!("{}/{part}", self.ending))
    }

    pub(super) fn number(&self, part: &str) -> u64 {
        let [first, _] = self.numbers(part);
        first
    }

    pub(super) fn bytes(&self, part: &str) -> [u8; 16] {
        let [first, second] = self.numbers(part);
        (u128::from(first) << 64 | u128::from(second)).to_be_bytes()
    }

    /// 32 hexadecimal digits.
    pub(super) fn hex(&self, part: &str) -> String {
        let [first, second] = self.numbers(part);
        format!("{first:016x}{second:016x}")
    }

    /// In the form of RFC 9562, version 4.
    pub(super) fn guid(&self, part: &str) -> String {
        let hex = self.hex(part);
        let part = |from, to| hex.get(from..to).unwrap_or_default();
        let (head, middle, tail) = (part(0, 8), part(8, 12), part(20, 32));
        format!("{head}-{middle}-4{}-a{}-{tail}", part(13, 16), part(17, 20))
    }

    /// `3.12.4`.
    pub(super) fn version(&self) -> String {
        let number = self.number("version");
        format!("{}.{}.{}", 1 + number % 5, (number >> 8) % 16, (number >> 16) % 10)
    }

    pub(super) fn colour(&self, part: &str) -> Colour {
        let [red, green, blue, ..] = self.bytes(part);
        Colour { red, green, blue }
    }

    /// When the file was made: seconds since 1970, some time in 2019 to 2022.
    pub(super) fn seconds(&self) -> u32 {
        /// 2019-01-01.
        const FIRST: u32 = 1_546_300_800;
        const FOUR_YEARS: u64 = 4 * 365 * 86_400;
        FIRST + u32::try_from(self.number("time") % FOUR_YEARS).unwrap_or_default()
    }

    /// When the file was made.
    pub(super) fn time(&self) -> DateTime {
        let time = jiff::Timestamp::from_second(i64::from(self.seconds())).unwrap_or_default();
        Offset::UTC.to_datetime(time)
    }

    /// When the file was made, as DOS writes it: date and time.
    pub(super) fn dos_time(&self) -> (u16, u16) {
        let field = |value: i8| u16::from(value.unsigned_abs());
        let time = self.time();
        let years = time.year().abs_diff(1980);
        let [hour, minute, second] = [time.hour(), time.minute(), time.second()].map(field);
        let date = years << 9 | field(time.month()) << 5 | field(time.day());
        (date, hour << 11 | minute << 5 | (second / 2))
    }

    /// When the file was made, in the 100 nanoseconds since 1601 that Windows counts.
    pub(super) fn windows_time(&self) -> u64 {
        /// Seconds from 1601 to 1970.
        const EARLIER: u64 = 11_644_473_600;
        (EARLIER + u64::from(self.seconds())) * 10_000_000
    }

    /// What it is called: a word as many files are.
    pub(super) fn title(&self) -> &'static str {
        pick(TITLES, self.number("title"))
    }
}

const TITLES: &[&str] =
    &["Archive", "Backup", "Document", "Manual", "Overview", "Package", "Release", "Summary"];
