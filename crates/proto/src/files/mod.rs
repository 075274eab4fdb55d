//! Files of every usual type: valid, harmless, and on each installation other bytes.
//!
//! Whoever is asked for a file by its name, by whatever protocol, asks here. Programs among them
//! run and end at once with success. None names us, and no list of hashes can hold them: what a
//! format leaves free (dates, versions, identifiers, colours) is derived from the installation's
//! seed. A plain text alone is the same everywhere: as short as those of many services.
//!
//! A file is made when it is first asked for and kept as long as the program runs, so an answer
//! costs no more than a look at the table. What is kept is never anything else than what would be
//! made again: a persona with another seed gets files of its own.

mod android;
mod archives;
mod bits;
mod checksum;
mod disc;
mod images;
mod installer;
mod java;
mod jpeg;
mod layout;
mod linux;
mod mark;
mod office;
mod other_code;
mod packed;
mod pdf;
mod picture;
mod scripts;
mod shortcut;
mod sound;
mod table;
mod text;
mod video;
mod webp;
mod windows;
mod zip;

use std::borrow::Cow;
use std::sync::OnceLock;

use model::Persona;

pub use table::TYPES;

use mark::Mark;

/// What is served for a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// Its type, as a server names it.
    pub media_type: &'static str,
    /// All of it.
    pub bytes: Cow<'static, [u8]>,
}

/// The file called `name`, by the ending of its name, if that is one we know.
#[must_use]
pub fn for_name(name: &str, persona: &Persona) -> Option<Content> {
    let name = name.to_ascii_lowercase();
    TYPES.iter().find(|row| row.has(&name)).map(|row| row.content(persona))
}

/// A file of the type `media_type`, such as a client says it accepts.
#[must_use]
pub fn for_media_type(media_type: &str, persona: &Persona) -> Option<Content> {
    let row = TYPES.iter().find(|row| row.media_type.eq_ignore_ascii_case(media_type));
    row.map(|row| row.content(persona))
}

/// A type of file: one row of the table.
#[derive(Debug)]
pub struct FileType {
    /// How the names of such files end. The first is the usual one; one with a dot in it is looked
    /// for as it stands, others after a dot.
    pub endings: &'static [&'static str],
    /// Its type, as nginx names it, or else as it is registered.
    pub media_type: &'static str,
    /// What is in such a file of ours.
    pub holds: &'static str,
    make: fn(&Mark<'_>) -> Vec<u8>,
    made: OnceLock<Made>,
}

/// A file, and whose it is.
#[derive(Debug)]
struct Made {
    seed: [u8; 16],
    bytes: Vec<u8>,
}

impl FileType {
    /// Whether `name` ends like the names of such files.
    fn has(&self, name: &str) -> bool {
        let ends = |ending: &&str| {
            let rest = name.strip_suffix(ending);
            rest.is_some_and(|rest| ending.contains('.') || self.may_be_before_ending(rest))
        };
        self.endings.iter().any(ends)
    }

    /// Programs for one processor are often called after it alone, or with a dash before it.
    fn may_be_before_ending(&self, rest: &str) -> bool {
        let is_named_so = rest.is_empty() || rest.ends_with(['-', '_', '/']);
        rest.ends_with('.') || self.media_type == table::ELF && is_named_so
    }

    fn content(&'static self, persona: &Persona) -> Content {
        let made = self
            .made
            .get_or_init(|| Made { seed: persona.seed, bytes: self.made_for(&persona.seed) });
        let bytes = if made.seed == persona.seed {
            Cow::Borrowed(made.bytes.as_slice())
        } else {
            Cow::Owned(self.made_for(&persona.seed))
        };
        Content { media_type: self.media_type, bytes }
    }

    fn made_for(&self, seed: &[u8; 16]) -> Vec<u8> {
        let ending = self.endings.first().copied().unwrap_or_default();
        (self.make)(&Mark { seed, ending })
    }
}
