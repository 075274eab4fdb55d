//! What a client has stored, as long as there is room.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use model::{Event, Limit, Timestamp};

use super::call::Call;
use super::reply::Reply;

/// All keys of one connection.
#[derive(Debug, Default)]
pub(super) struct Space {
    /// By database and name.
    entries: BTreeMap<(u8, Vec<u8>), Entry>,
    /// What all of them take.
    bytes: usize,
    is_limit_noted: bool,
}

/// A key's value, until when it is there, and what it takes.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) value: Value,
    pub(super) expires: Option<Timestamp>,
    bytes: usize,
}

#[derive(Debug)]
pub(super) enum Value {
    Hash(BTreeMap<Vec<u8>, Vec<u8>>),
    List(VecDeque<Vec<u8>>),
    Set(BTreeSet<Vec<u8>>),
    Text(Vec<u8>),
}

/// Where a key is, and when it is looked for.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) database: u8,
    pub(super) key: &'a [u8],
    pub(super) now: Timestamp,
}

/// What a key, a field or an element takes besides its bytes.
const COST: usize = 64;

impl Space {
    /// Refuses a command that adds more than there is room for.
    pub(super) fn need_room(&mut self, call: &mut Call<'_>) -> Result<(), Reply> {
        let added = call.bytes() + call.words.len() * COST;
        if self.bytes + added <= call.cx.rules.redis.memory {
            return Ok(());
        }
        if !self.is_limit_noted {
            self.is_limit_noted = true;
            call.out.note(Event::LimitReached(Limit::RedisMemory));
        }
        Err(Reply::error("OOM command not allowed when used memory > 'maxmemory'."))
    }

    /// A key that is there.
    pub(super) fn find(&mut self, place: Place<'_>) -> Option<&mut Entry> {
        let name = (place.database, place.key.to_vec());
        let is_over = |entry: &Entry| entry.expires.is_some_and(|expires| expires <= place.now);
        if self.entries.get(&name).is_some_and(is_over) {
            self.remove(place);
        }
        self.entries.get_mut(&name)
    }

    /// Sets a key to a value that nothing is left out of.
    pub(super) fn set(&mut self, place: Place<'_>, value: Value, expires: Option<Timestamp>) {
        self.remove(place);
        let bytes = place.key.len() + COST + value.bytes();
        self.bytes += bytes;
        let entry = Entry { value, expires, bytes };
        self.entries.insert((place.database, place.key.to_vec()), entry);
    }

    /// Removes a key; says whether it was there.
    pub(super) fn remove(&mut self, place: Place<'_>) -> bool {
        let entry = self.entries.remove(&(place.database, place.key.to_vec()));
        self.bytes -= entry.as_ref().map_or(0, |entry| entry.bytes);
        entry.is_some()
    }

    /// Calls a key by another name; nothing if it is not there.
    pub(super) fn rename(&mut self, from: Place<'_>, to: Place<'_>) -> Option<()> {
        self.find(from)?;
        let entry = self.entries.remove(&(from.database, from.key.to_vec()))?;
        self.bytes -= entry.bytes;
        self.set(to, entry.value, entry.expires);
        Some(())
    }

    /// Changes a key, which is made if it is not there, and is gone if nothing is left in it.
    pub(super) fn change<T>(
        &mut self,
        place: Place<'_>,
        fresh: fn() -> Value,
        change: impl FnOnce(&mut Entry) -> Result<T, Reply>,
    ) -> Result<T, Reply> {
        if self.find(place).is_none() {
            self.set(place, fresh(), None);
        }
        let name = (place.database, place.key.to_vec());
        let Some(entry) = self.entries.get_mut(&name) else { return Err(Reply::Nil) };
        let before = entry.bytes;
        let result = change(entry);
        self.bytes = self.bytes - before + entry.bytes;
        if entry.value.is_empty() {
            self.remove(place);
        }
        result
    }

    /// The names of all keys of a database, in order.
    pub(super) fn names(&self, database: u8, now: Timestamp) -> impl Iterator<Item = &Vec<u8>> {
        let here = self.entries.range((database, Vec::new())..);
        here.take_while(move |((one, _), _)| *one == database)
            .filter(move |(_, entry)| entry.expires.is_none_or(|expires| expires > now))
            .map(|((_, key), _)| key)
    }

    /// Forgets all keys of a database, or of all of them.
    pub(super) fn clear(&mut self, database: Option<u8>) {
        self.entries.retain(|(one, _), _| database.is_some_and(|database| database != *one));
        self.bytes = self.entries.values().map(|entry| entry.bytes).sum();
    }

    /// What all keys take.
    pub(super) const fn bytes(&self) -> usize {
        self.bytes
    }
}

impl Entry {
    /// A part of so many bytes was added.
    pub(super) fn grew(&mut self, bytes: usize) {
        self.bytes += bytes + COST;
    }

    /// A part of so many bytes was taken out.
    pub(super) fn shrank(&mut self, bytes: usize) {
        self.bytes = self.bytes.saturating_sub(bytes + COST);
    }

    pub(super) fn hash(&mut self) -> Result<&mut BTreeMap<Vec<u8>, Vec<u8>>, Reply> {
        match &mut self.value {
            Value::Hash(hash) => Ok(hash),
            _ => Err(wrong_kind()),
        }
    }

    pub(super) fn list(&mut self) -> Result<&mut VecDeque<Vec<u8>>, Reply> {
        match &mut self.value {
            Value::List(list) => Ok(list),
            _ => Err(wrong_kind()),
        }
    }

    pub(super) fn set(&mut self) -> Result<&mut BTreeSet<Vec<u8>>, Reply> {
        match &mut self.value {
            Value::Set(set) => Ok(set),
            _ => Err(wrong_kind()),
        }
    }

    pub(super) fn text(&mut self) -> Result<&mut Vec<u8>, Reply> {
        match &mut self.value {
            Value::Text(text) => Ok(text),
            _ => Err(wrong_kind()),
        }
    }
}

impl Value {
    pub(super) const fn kind(&self) -> &'static str {
        match self {
            Self::Hash(_) => "hash",
            Self::List(_) => "list",
            Self::Set(_) => "set",
            Self::Text(_) => "string",
        }
    }

    fn is_empty(&self) -> bool {
        match self {
            Self::Hash(hash) => hash.is_empty(),
            Self::List(list) => list.is_empty(),
            Self::Set(set) => set.is_empty(),
            Self::Text(_) => false,
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Self::Hash(hash) => {
                hash.iter().map(|(field, value)| field.len() + value.len() + COST).sum()
            }
            Self::List(list) => list.iter().map(|one| one.len() + COST).sum(),
            Self::Set(set) => set.iter().map(|one| one.len() + COST).sum(),
            Self::Text(text) => text.len(),
        }
    }
}

fn wrong_kind() -> Reply {
    Reply::error("WRONGTYPE Operation against a key holding the wrong kind of value")
}
