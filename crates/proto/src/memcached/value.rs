//! A value on its way: it is held as far as there is room, and a long one is a file of its own.

use model::{ArtifactNumber, ArtifactSource, ArtifactStart, Completeness, Direction, Event, Limit};

use crate::{Cx, Inbox, Out};

/// A value of which not all has come.
#[derive(Debug)]
pub(super) struct Value {
    missing: usize,
    pub(super) held: Vec<u8>,
    file: Option<ArtifactNumber>,
    is_cut: bool,
}

/// Fewest bytes of a value that is a file of its own.
const FILE: usize = 64;

impl Value {
    /// So many bytes are to come.
    pub(super) fn begin(length: usize, key: &[u8], files: &mut u32, out: &mut Out) -> Self {
        let file = (length >= FILE).then(|| {
            let number = ArtifactNumber(*files);
            *files += 1;
            out.keep_start(ArtifactStart {
                number,
                source: ArtifactSource::StoredValue,
                direction: Direction::FromVictim,
                name: Some(String::from_utf8_lossy(key).into_owned()),
                media_type: None,
                part_of: None,
            });
            number
        });
        Self { missing: length, held: Vec::new(), file, is_cut: false }
    }

    /// Takes what has come of it; says whether that is all.
    pub(super) fn hear(&mut self, inbox: &mut Inbox, cx: &Cx<'_>, out: &mut Out) -> bool {
        if self.missing == 0 {
            return true;
        }
        let bytes = inbox.take(self.missing.min(inbox.len())).unwrap_or_default();
        if bytes.is_empty() {
            return false;
        }
        self.missing -= bytes.len();
        let room = cx.rules.form_bytes.saturating_sub(self.held.len());
        self.is_cut |= bytes.len() > room;
        self.held.extend(bytes.iter().take(room));
        if let Some(number) = self.file {
            out.keep_bytes(number, bytes);
        }
        if self.missing == 0 {
            self.end(out);
        }
        self.missing == 0
    }

    fn end(&self, out: &mut Out) {
        self.file.into_iter().for_each(|number| out.keep_end(number, Completeness::Whole));
        if self.is_cut {
            out.note(Event::LimitReached(Limit::FormBytes));
        }
    }
}
