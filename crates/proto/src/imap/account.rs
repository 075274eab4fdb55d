//! The folders of a user: what lies in the mailbox is in the first, the others are empty.

use bytes::Bytes;
use model::{Event, Limit};

use super::flags::Flags;
use super::folder::{Folder, FolderId, Mail};
use super::pattern::SEPARATOR;
use crate::mailbox::{Letter, Mailbox};
use crate::{Cx, Out};

/// All of a user's folders, as one session sees them.
#[derive(Debug)]
pub(super) struct Account {
    /// In the order of their names, the first one aside.
    folders: Vec<Folder>,
    next: FolderId,
    /// What tells this mailbox from an earlier one.
    validity: u32,
    /// How much the client may still add.
    room: usize,
    is_limit_noted: bool,
}

/// The folder that everybody has (RFC 3501 §5.1).
pub(super) const INBOX: &str = "INBOX";

/// The others that programs look for, and what they are there for (RFC 6154).
const OTHERS: [(&str, &str); 4] =
    [("Drafts", "\\Drafts"), ("Junk", "\\Junk"), ("Sent", "\\Sent"), ("Trash", "\\Trash")];

/// What a mail or a folder takes of the room besides its text, so that empty ones have an end, too.
const OVERHEAD: usize = 1_024;

/// Longest name of a folder: what file systems allow.
const LONGEST_NAME: usize = 255;

/// Why something is not done, in the words of a server.
pub(super) type Refusal = &'static str;

pub(super) const NO_ROOM: Refusal = "[OVERQUOTA] Quota exceeded (mailbox for user is full)";
const NO_FOLDER: Refusal = "[NONEXISTENT] Mailbox doesn't exist";
const EXISTS: Refusal = "[ALREADYEXISTS] Mailbox already exists";
const NO_NAME: Refusal = "[CANNOT] Invalid mailbox name";
const NOT_INBOX: Refusal = "[CANNOT] INBOX can't be deleted.";

impl Account {
    pub(super) fn open(user: &str, cx: &Cx<'_>) -> Self {
        let Mailbox { validity, letters } = Mailbox::open(user, cx);
        let room = cx.rules.imap.mailbox_bytes;
        let mut account =
            Self { folders: Vec::new(), next: FolderId(0), validity, room, is_limit_noted: false };
        account.add_folder(INBOX, None);
        if let Some(inbox) = account.folders.first_mut() {
            fill(inbox, letters);
        }
        OTHERS.iter().for_each(|(name, purpose)| account.add_folder(name, Some(purpose)));
        account
    }

    pub(super) fn folders(&self) -> &[Folder] {
        &self.folders
    }

    /// The folder of a name; that of the first is known in any case.
    pub(super) fn find(&mut self, name: &str) -> Result<&mut Folder, Refusal> {
        let name = name_of(name);
        self.folders.iter_mut().find(|folder| folder.name == name).ok_or(NO_FOLDER)
    }

    pub(super) fn folder(&mut self, id: FolderId) -> Option<&mut Folder> {
        self.folders.iter_mut().find(|folder| folder.id == id)
    }

    pub(super) fn create(&mut self, name: &str, out: &mut Out) -> Result<(), Refusal> {
        let name = name_of(name.trim_end_matches(SEPARATOR));
        if name.is_empty() || name.len() > LONGEST_NAME || name.contains(char::is_control) {
            return Err(NO_NAME);
        }
        if self.find(name).is_ok() {
            return Err(EXISTS);
        }
        self.take_room(0, out)?;
        self.add_folder(name, None);
        Ok(())
    }

    pub(super) fn delete(&mut self, name: &str) -> Result<(), Refusal> {
        let id = self.find(name)?.id;
        if name_of(name) == INBOX {
            return Err(NOT_INBOX);
        }
        self.folders.retain(|folder| folder.id != id);
        Ok(())
    }

    /// Renames a folder and those below it. Of the first one the mails move (RFC 3501 §6.3.5).
    pub(super) fn rename(&mut self, from: &str, to: &str, out: &mut Out) -> Result<(), Refusal> {
        let id = self.find(from)?.id;
        self.create(to, out)?;
        if name_of(from) == INBOX {
            let mails = std::mem::take(&mut self.find(from)?.mails);
            let target = self.find(to)?;
            for mail in mails {
                target.add(mail);
            }
            return Ok(());
        }
        self.delete(to)?;
        let below = format!("{from}{SEPARATOR}");
        for folder in &mut self.folders {
            if folder.id == id {
                to.clone_into(&mut folder.name);
            } else if let Some(rest) = folder.name.strip_prefix(&below) {
                let mut name = format!("{to}{SEPARATOR}{rest}");
                name.truncate(name.floor_char_boundary(LONGEST_NAME));
                folder.name = name;
            }
        }
        self.sort();
        Ok(())
    }

    /// Room for a mail or a folder with so many bytes. That there is none is noted once.
    pub(super) fn take_room(&mut self, bytes: usize, out: &mut Out) -> Result<(), Refusal> {
        let left = bytes.checked_add(OVERHEAD).and_then(|needed| self.room.checked_sub(needed));
        let Some(left) = left else {
            if !std::mem::replace(&mut self.is_limit_noted, true) {
                out.note(Event::LimitReached(Limit::MailboxBytes));
            }
            return Err(NO_ROOM);
        };
        self.room = left;
        Ok(())
    }

    fn add_folder(&mut self, name: &str, purpose: Option<&'static str>) {
        let id = self.next;
        self.next = FolderId(id.0.saturating_add(1));
        self.folders.push(Folder {
            id,
            name: name.to_owned(),
            purpose,
            is_subscribed: id.0 <= 4,
            validity: self.validity.saturating_add(id.0),
            next_uid: 1,
            mails: Vec::new(),
        });
        self.sort();
    }

    fn sort(&mut self) {
        self.folders.sort_by(|one, other| {
            (one.name != INBOX, &one.name).cmp(&(other.name != INBOX, &other.name))
        });
    }
}

/// The letters of a mailbox: somebody has read all but the last.
fn fill(inbox: &mut Folder, letters: Vec<Letter>) {
    let count = letters.len();
    for (place, letter) in (1..).zip(letters) {
        let flags = if place < count { Flags::seen() } else { Flags::default() };
        inbox.next_uid = letter.number;
        inbox.add(Mail {
            uid: letter.number,
            text: Bytes::from(letter.text),
            received: letter.received,
            flags,
            is_recent: place == count,
        });
    }
}

/// A name as it is kept.
fn name_of(name: &str) -> &str {
    if name.eq_ignore_ascii_case(INBOX) { INBOX } else { name }
}
