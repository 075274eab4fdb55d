//! `--since`: a point in time, or how long ago.

use std::str::FromStr;
use std::time::Duration;

use model::Timestamp;

use crate::config;

/// From when on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Since {
    /// So long before now.
    Ago(Duration),
    /// From this point on.
    At(Timestamp),
}

impl Since {
    /// The point in time, given what time it is.
    #[must_use]
    pub(crate) fn point(self, now: Timestamp) -> Timestamp {
        match self {
            Self::Ago(span) => now.minus(span),
            Self::At(time) => time,
        }
    }
}

/// Reads a time span, an RFC 3339 time, or a date, which is its midnight in UTC.
impl FromStr for Since {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let ago = config::span(text).map(Self::Ago);
        let at = || Timestamp::parse(text).map(Self::At);
        let midnight = || Timestamp::parse(&format!("{text}T00:00:00Z")).map(Self::At);
        ago.or_else(at).or_else(midnight).ok_or(
            "expected a time span (10m, 2h), a date (2026-11-24) or a time (2026-11-24T09:30:00Z)",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_dates_and_times_are_understood() {
        let now = Timestamp::parse("2026-11-24T10:00:00Z").unwrap();
        let read = |text: &str| text.parse::<Since>().map(|since| since.point(now).to_string());
        assert_eq!(read("10m").unwrap(), "2026-11-24T09:50:00.000000Z");
        assert_eq!(read("2026-11-23").unwrap(), "2026-11-23T00:00:00.000000Z");
        assert_eq!(read("2026-11-24T10:00:00+01:00").unwrap(), "2026-11-24T09:00:00.000000Z");
        for wrong in ["", "10", "yesterday", "2026-13-01"] {
            assert!(read(wrong).is_err(), "{wrong:?}");
        }
    }
}
