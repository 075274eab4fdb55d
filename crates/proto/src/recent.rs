//! A map that forgets: what has not been asked for in a long time makes room for what is new.

use std::collections::HashMap;
use std::hash::Hash;

/// Up to a number of values by their keys. It is two maps: when the young one is half of all, it
/// becomes the old one, and what was old is forgotten. So adding costs the same every time, and
/// what is in use stays.
#[derive(Debug)]
pub struct Recent<K, V> {
    young: HashMap<K, V>,
    old: HashMap<K, V>,
    half: usize,
}

impl<K: Eq + Hash, V> Recent<K, V> {
    /// Holds at most `capacity` values, and at least one.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self { young: HashMap::new(), old: HashMap::new(), half: capacity.div_ceil(2).max(1) }
    }

    /// The value of `key`. It counts as used.
    pub fn find(&mut self, key: &K) -> Option<&V> {
        if let Some((key, value)) = self.old.remove_entry(key) {
            self.add(key, value);
        }
        self.young.get(key)
    }

    /// Adds a value, or replaces it.
    pub fn add(&mut self, key: K, value: V) {
        self.old.remove(&key);
        if self.young.len() >= self.half && !self.young.contains_key(&key) {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_use_stays_and_the_rest_is_forgotten() {
        let mut recent = Recent::new(10);
        for number in 0..1_000 {
            recent.add(number, number);
            assert_eq!(recent.find(&0), Some(&0), "after {number}");
        }
        let left = (0..1_000).filter(|number| recent.find(number).is_some()).count();
        assert!((2..=10).contains(&left), "{left}");
    }
}
