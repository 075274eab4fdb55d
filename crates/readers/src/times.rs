//! Times as people read them: UTC, to the millisecond, the date only where it says something.

use std::time::Duration;

use model::Timestamp;

/// Whether times are written with their date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dates {
    LeftOut,
    Written,
}

impl Dates {
    /// Left out if all is of today.
    pub(crate) fn for_times(now: Timestamp, times: impl IntoIterator<Item = Timestamp>) -> Self {
        let today = date(&now.to_string()).to_owned();
        let is_today = |time: Timestamp| date(&time.to_string()) == today;
        if times.into_iter().all(is_today) { Self::LeftOut } else { Self::Written }
    }

    /// `09:30:00.123` or `2026-11-24 09:30:00.123`.
    pub(crate) fn write(self, time: Timestamp) -> String {
        let text = time.to_string();
        match (self, text.get(11..23)) {
            (_, None) => text,
            (Self::LeftOut, Some(clock)) => clock.to_owned(),
            (Self::Written, Some(clock)) => format!("{} {clock}", date(&text)),
        }
    }
}

/// The date of an RFC 3339 time.
fn date(text: &str) -> &str {
    text.get(..10).unwrap_or(text)
}

/// How long something took: `350 ms`, `2.3 s`, `4 min 5 s`, `3 h 20 min`, `2 d 3 h`.
pub(crate) fn span(span: Duration) -> String {
    let seconds = span.as_secs();
    match seconds {
        0 => format!("{} ms", span.as_millis()),
        1..10 => format!("{seconds}.{} s", span.subsec_millis() / 100),
        10..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min {} s", seconds / 60, seconds % 60),
        3_600..86_400 => format!("{} h {} min", seconds / 3_600, seconds / 60 % 60),
        _ => format!("{} d {} h", seconds / 86_400, seconds / 3_600 % 24),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_of_today_is_left_out() {
        let time = |text| Timestamp::parse(text).unwrap();
        let (now, today) = (time("2026-11-24T23:00:00Z"), time("2026-11-24T09:30:00.1239Z"));
        let dates = Dates::for_times(now, [today]);
        assert_eq!(dates.write(today), "09:30:00.123");
        let dates = Dates::for_times(now, [today, time("2026-11-23T23:59:59Z")]);
        assert_eq!(dates.write(today), "2026-11-24 09:30:00.123");
        assert_eq!(dates.write(Timestamp::from_micros(i64::MAX)), "@9223372036854775807us");
    }

    #[test]
    fn spans_are_as_exact_as_they_matter() {
        let written = |millis| span(Duration::from_millis(millis));
        assert_eq!(written(0), "0 ms");
        assert_eq!(written(2_340), "2.3 s");
        assert_eq!(written(42_000), "42 s");
        assert_eq!(written(245_000), "4 min 5 s");
        assert_eq!(written(12_000_000), "3 h 20 min");
        assert_eq!(written(183_600_000), "2 d 3 h");
    }
}
