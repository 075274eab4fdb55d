//! A folder and the mails in it.

use bytes::Bytes;

use super::command::Numbering;
use super::flags::Flags;
use super::set::Set;

/// A folder, as one session sees it.
#[derive(Debug)]
pub(super) struct Folder {
    pub(super) id: FolderId,
    pub(super) name: String,
    /// What it is there for (RFC 6154).
    pub(super) purpose: Option<&'static str>,
    pub(super) is_subscribed: bool,
    /// What tells it from another of the same name.
    pub(super) validity: u32,
    /// The number that the next mail gets.
    pub(super) next_uid: u32,
    pub(super) mails: Vec<Mail>,
}

/// Which folder it is, whatever it is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FolderId(pub(super) u32);

/// A mail in it.
#[derive(Clone, Debug)]
pub(super) struct Mail {
    pub(super) uid: u32,
    pub(super) text: Bytes,
    /// When it came, in seconds.
    pub(super) received: i64,
    pub(super) flags: Flags,
    /// Whether this session is the first that is told of it.
    pub(super) is_recent: bool,
}

/// What is to be answered about, and its place in the folder.
pub(super) type Placed<'a> = (u32, &'a mut Mail);

impl Folder {
    /// Adds a mail; says what it is called.
    pub(super) fn add(&mut self, mail: Mail) -> u32 {
        let uid = self.next_uid;
        self.mails.push(Mail { uid, ..mail });
        self.next_uid = uid.saturating_add(1);
        uid
    }

    /// How many mails there are.
    pub(super) fn count(&self) -> u32 {
        u32::try_from(self.mails.len()).unwrap_or(u32::MAX)
    }

    /// The mails of a set, with their places; nothing, if there is no such place.
    pub(super) fn chosen(&mut self, set: &Set, by: Numbering) -> Option<Vec<Placed<'_>>> {
        let count = self.count();
        if by == Numbering::Place && !set.is_within(count) {
            return None;
        }
        let newest = self.mails.last().map_or(0, |mail| mail.uid);
        let placed = (1..).zip(&mut self.mails);
        let is_chosen = |(place, mail): &Placed<'_>| match by {
            Numbering::Place => set.has(*place, count),
            Numbering::Uid => set.has(mail.uid, newest),
        };
        Some(placed.filter(is_chosen).collect())
    }

    /// Takes mails away; gives their places as they were at that moment (RFC 3501 §7.4.1).
    pub(super) fn remove(&mut self, is_gone: impl Fn(&Mail) -> bool) -> Vec<u32> {
        let gone: Vec<u32> = (1..)
            .zip(&self.mails)
            .filter(|(_, mail)| is_gone(mail))
            .map(|(place, _)| place)
            .collect();
        self.mails.retain(|mail| !is_gone(mail));
        (0..).zip(gone).map(|(before, place): (u32, u32)| place - before).collect()
    }

    /// How many mails are such.
    pub(super) fn count_of(&self, is_such: impl Fn(&Mail) -> bool) -> usize {
        self.mails.iter().filter(|mail| is_such(mail)).count()
    }
}
