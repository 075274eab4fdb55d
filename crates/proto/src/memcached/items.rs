//! What a client has stored, as long as there is room.

use std::collections::BTreeMap;

use model::{Event, Limit, Timestamp};

use crate::{Cx, Out};

/// All items of one connection.
#[derive(Debug, Default)]
pub(super) struct Items {
    items: BTreeMap<Vec<u8>, Item>,
    bytes: usize,
    last_version: u64,
    is_limit_noted: bool,
}

/// A value, and what a client wants known of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) flags: u32,
    pub(super) value: Vec<u8>,
    pub(super) expires: Option<Timestamp>,
    /// Which version of it this is.
    pub(super) version: u64,
}

/// What an item takes besides its bytes.
const COST: usize = 64;

impl Items {
    /// An item that is there.
    pub(super) fn find(&mut self, key: &[u8], now: Timestamp) -> Option<&Item> {
        let is_over = |item: &Item| item.expires.is_some_and(|expires| expires <= now);
        if self.items.get(key).is_some_and(is_over) {
            self.remove(key);
        }
        self.items.get(key)
    }

    /// Stores an item; nothing if there is no room. Gives its version.
    pub(super) fn store(
        &mut self,
        key: &[u8],
        item: Item,
        cx: &Cx<'_>,
        out: &mut Out,
    ) -> Option<u64> {
        let bytes = size(key, &item);
        let before = self.items.get(key).map_or(0, |old| size(key, old));
        if self.bytes - before + bytes > cx.rules.memcached.memory {
            if !self.is_limit_noted {
                self.is_limit_noted = true;
                out.note(Event::LimitReached(Limit::MemcachedMemory));
            }
            return None;
        }
        self.bytes = self.bytes - before + bytes;
        self.last_version += 1;
        self.items.insert(key.to_vec(), Item { version: self.last_version, ..item });
        Some(self.last_version)
    }

    /// Removes an item; says whether it was there.
    pub(super) fn remove(&mut self, key: &[u8]) -> bool {
        let old = self.items.remove(key);
        self.bytes -= old.as_ref().map_or(0, |old| size(key, old));
        old.is_some()
    }

    pub(super) fn clear(&mut self) {
        self.items.clear();
        self.bytes = 0;
    }

    /// All items, in the order of their names.
    pub(super) fn all(&self) -> impl Iterator<Item = (&Vec<u8>, &Item)> {
        self.items.iter()
    }

    pub(super) const fn bytes(&self) -> usize {
        self.bytes
    }
}

fn size(key: &[u8], item: &Item) -> usize {
    key.len() + item.value.len() + COST
}

/// Until when an item is there: seconds from now, or, above a month, a time; none is for ever.
pub(super) fn end(expiry: i64, now: Timestamp) -> Option<Timestamp> {
    const MONTH: i64 = 30 * 86_400;
    let seconds = match expiry {
        0 => return None,
        ..0 => 0,
        1..=MONTH => now.as_secs() + expiry,
        later => later,
    };
    Some(Timestamp::from_micros(seconds.saturating_mul(1_000_000)))
}
