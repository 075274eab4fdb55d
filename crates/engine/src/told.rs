//! What time victims are told it is.

use std::time::Duration;

use model::Timestamp;

/// What time victims are told it is when we start (`time.start`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ToldStart {
    /// The time it is.
    #[default]
    Real,
    /// This much later than it is.
    Later(Duration),
    /// This much earlier.
    Earlier(Duration),
    /// This.
    At(Timestamp),
}

/// The time that victims are told, for every real one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ToldTime {
    /// When we started …
    real: Timestamp,
    /// … and what was told then.
    told: Timestamp,
    speed: u32,
}

impl ToldTime {
    /// Told time that begins at `start` when it really is `now`; then so many seconds pass in each real
    /// one (`time.speed`).
    #[must_use]
    pub fn new(start: ToldStart, speed: u32, now: Timestamp) -> Self {
        let told = match start {
            ToldStart::Real => now,
            ToldStart::Later(by) => now.plus(by),
            ToldStart::Earlier(by) => now.minus(by),
            ToldStart::At(time) => time,
        };
        Self { real: now, told, speed }
    }

    /// What is told when it really is `now`.
    #[must_use]
    pub fn at(self, now: Timestamp) -> Timestamp {
        if self.is_real() {
            return now;
        }
        self.told.plus(now.since(self.real).saturating_mul(self.speed))
    }

    /// Whether the truth is told.
    pub(crate) fn is_real(self) -> bool {
        self.real == self.told && self.speed == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3_600);

    fn time(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn told_time_begins_where_it_is_wanted_and_passes_as_fast() {
        let now = time("2026-11-25T12:00:00Z");
        for (start, speed, told) in [
            (ToldStart::Real, 1, "2026-11-25T13:00:00Z"),
            (ToldStart::Real, 24, "2026-11-26T12:00:00Z"),
            (ToldStart::Later(HOUR), 1, "2026-11-25T14:00:00Z"),
            (ToldStart::Earlier(HOUR), 2, "2026-11-25T13:00:00Z"),
            (ToldStart::At(time("2019-05-01T00:00:00Z")), 1, "2019-05-01T01:00:00Z"),
        ] {
            let clock = ToldTime::new(start, speed, now);
            assert_eq!(clock.at(now.plus(HOUR)), time(told), "{start:?} at {speed}");
        }
    }

    #[test]
    fn the_truth_is_told_of_the_past_too() {
        let now = time("2026-11-25T12:00:00Z");
        assert_eq!(ToldTime::new(ToldStart::Real, 1, now).at(now.minus(HOUR)), now.minus(HOUR));
    }
}
