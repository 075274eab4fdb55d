//! The counters of one run, shared by all its threads.

use std::sync::atomic::{AtomicU64, Ordering};

use model::{Counter, CounterReading};

/// One number for every [`Counter`].
#[derive(Debug, Default)]
pub struct Counters {
    values: [AtomicU64; Counter::ALL.len()],
}

impl Counters {
    /// Counts `amount` more.
    pub fn add(&self, counter: Counter, amount: u64) {
        if let Some(value) = self.values.get(counter as usize) {
            value.fetch_add(amount, Ordering::Relaxed);
        }
    }

    /// What one counter stands at.
    pub fn value(&self, counter: Counter) -> u64 {
        self.values.get(counter as usize).map_or(0, |value| value.load(Ordering::Relaxed))
    }

    /// What all of them stand at.
    pub fn readings(&self) -> Vec<CounterReading> {
        let reading = |&counter| CounterReading { counter, value: self.value(counter) };
        Counter::ALL.iter().map(reading).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_counter_has_a_place_of_its_own() {
        let counters = Counters::default();
        for (place, &counter) in (1..).zip(&Counter::ALL) {
            counters.add(counter, place);
        }
        for (place, &counter) in (1..).zip(&Counter::ALL) {
            assert_eq!(counters.value(counter), place, "{counter:?}");
        }
    }
}
