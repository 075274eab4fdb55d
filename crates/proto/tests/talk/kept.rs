//! Files that a machine keeps, as text.

use std::collections::BTreeMap;

use model::{ArtifactNumber, ArtifactStart, Completeness, Direction, Keep};

/// How many bytes of a longer piece are shown.
const SHOWN: usize = 60;

/// Which files are open, and what of them is not written down yet. Pieces of one file are written
/// as one, when it ends or the turn does: neither cuts nor other files show.
#[derive(Default)]
pub(crate) struct Kept {
    unwritten: BTreeMap<ArtifactNumber, Vec<u8>>,
    begun: Vec<ArtifactNumber>,
}

impl Kept {
    /// The lines of one step.
    pub(crate) fn step(&mut self, keep: Keep) -> String {
        match keep {
            Keep::Start(start) => {
                assert!(!self.begun.contains(&start.number), "{} begins twice", start.number);
                self.begun.push(start.number);
                self.unwritten.insert(start.number, Vec::new());
                start_line(&start)
            }
            Keep::Bytes(number, bytes) => {
                let unwritten = self.unwritten.get_mut(&number);
                unwritten.unwrap().extend_from_slice(&bytes);
                String::new()
            }
            Keep::End(number, completeness) => {
                let unwritten = self.unwritten.remove(&number).unwrap();
                bytes_line(number, &unwritten) + &end_line(number, completeness)
            }
        }
    }

    /// The lines of what is not written down yet.
    pub(crate) fn take(&mut self) -> String {
        let open = self.unwritten.iter_mut();
        open.map(|(number, bytes)| bytes_line(*number, &std::mem::take(bytes))).collect()
    }
}

fn start_line(start: &ArtifactStart) -> String {
    let ArtifactStart { number, source, direction, name, media_type, part_of } = start;
    let mut line = format!("+ start {number}: {}", source.name());
    if *direction == Direction::ToVictim {
        line += ", to the victim";
    }
    for (what, value) in [("name", name), ("type", media_type)] {
        if let Some(value) = value {
            line += &format!(", {what} \"{}\"", value.escape_debug());
        }
    }
    if let Some(whole) = part_of {
        line += &format!(", part of {whole}");
    }
    line + "\n"
}

fn bytes_line(number: ArtifactNumber, bytes: &[u8]) -> String {
    let shown = bytes[..bytes.len().min(SHOWN)].escape_ascii();
    let more = if bytes.len() > SHOWN { "…" } else { "" };
    match bytes.len() {
        0 => String::new(),
        count => format!("+ {number}: {count} bytes \"{shown}\"{more}\n"),
    }
}

fn end_line(number: ArtifactNumber, completeness: Completeness) -> String {
    format!("+ end {number}: {}\n", completeness.name())
}
