//! Files taken from one flow: numbered, hashed, counted, and handed on in parts.
//!
//! Nothing is collected: of each file that is open there are three hashes at work and fewer bytes
//! than one part needs.

use std::mem;

use bytes::Bytes;
use md5::Md5;
use model::{
    Artifact, ArtifactId, ArtifactNumber, ArtifactPart, ArtifactStart, Completeness, Counter, Cut,
    Event, Flow, Hashes, Keep, Limit, Record, Timestamp,
};
use sha1::Sha1;
use sha2::{Digest, Sha256};

use crate::file_type::file_type;
use crate::surroundings::Surroundings;

/// Fewest bytes of a part that is not the last: a peer that sends chunks of one byte must not cost
/// a row for each.
const PART: usize = 4_096;

/// The files of one flow.
#[derive(Debug, Default)]
pub(crate) struct Artifacts {
    /// What each number means now, as far as the limit on files lets there be any.
    known: Vec<(ArtifactNumber, ArtifactId)>,
    open: Vec<Taking>,
    begun: usize,
    is_full: bool,
}

/// Whose files they are, and where they go.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub(crate) flow: &'a Flow,
    pub(crate) around: &'a Surroundings,
}

/// A file that has begun and not ended.
#[derive(Debug)]
struct Taking {
    id: ArtifactId,
    opened: Timestamp,
    start: ArtifactStart,
    part_of: Option<ArtifactId>,
    file_type: Option<&'static str>,
    hashing: Hashing,
    bytes: u64,
    /// How many of them were handed on, or are about to be.
    stored: u64,
    /// Bytes on their way into a part.
    unhanded: Vec<u8>,
}

#[derive(Debug, Default)]
struct Hashing {
    sha256: Sha256,
    sha1: Sha1,
    md5: Md5,
}

impl Artifacts {
    /// Takes in one step. What belongs to a file that never began, or that a limit kept out, is
    /// counted.
    pub(crate) fn keep(&mut self, keep: Keep, place: Place<'_>) {
        match keep {
            Keep::Start(start) => self.start(start, place),
            Keep::Bytes(number, bytes) => {
                match self.open.iter_mut().find(|taking| taking.start.number == number) {
                    Some(taking) => taking.add(&bytes, place),
                    None => place.count(Counter::ArtifactBytesUnstored, bytes.len()),
                }
            }
            Keep::End(number, completeness) => self.end_one(number, completeness, place),
        }
    }

    /// The flow ends, and with it all that is open, in the order it began.
    pub(crate) fn end(mut self, place: Place<'_>) {
        self.open.sort_by_key(|taking| taking.id);
        for taking in self.open {
            taking.end(Completeness::Cut(Cut::FlowEnded), place);
        }
    }

    fn start(&mut self, start: ArtifactStart, place: Place<'_>) {
        self.end_namesake(start.number, place);
        if self.begun >= place.around.limits.artifacts_per_flow {
            if !mem::replace(&mut self.is_full, true) {
                place.note(Event::LimitReached(Limit::ArtifactsPerFlow));
            }
            return;
        }
        self.begun += 1;
        let part_of = start.part_of.and_then(|number| self.id_of(number));
        let taking = Taking::begin(start, part_of, place);
        self.known.push((taking.start.number, taking.id));
        self.open.push(taking);
    }

    /// A machine that took the flow over gives numbers of its own, from the beginning.
    fn end_namesake(&mut self, number: ArtifactNumber, place: Place<'_>) {
        self.end_one(number, Completeness::Cut(Cut::FlowEnded), place);
        self.known.retain(|(known, _)| *known != number);
    }

    fn end_one(&mut self, number: ArtifactNumber, completeness: Completeness, place: Place<'_>) {
        let found = self.open.iter().position(|taking| taking.start.number == number);
        if let Some(taking) = found {
            self.open.swap_remove(taking).end(completeness, place);
        }
    }

    fn id_of(&self, number: ArtifactNumber) -> Option<ArtifactId> {
        self.known.iter().find(|(known, _)| *known == number).map(|(_, id)| *id)
    }
}

impl Taking {
    fn begin(start: ArtifactStart, part_of: Option<ArtifactId>, place: Place<'_>) -> Self {
        let opened = place.around.recorder.now();
        Self {
            id: place.around.recorder.artifact_id(opened),
            opened,
            start,
            part_of,
            file_type: None,
            hashing: Hashing::default(),
            bytes: 0,
            stored: 0,
            unhanded: Vec::new(),
        }
    }

    fn add(&mut self, bytes: &Bytes, place: Place<'_>) {
        self.hashing.update(bytes);
        let limit = place.around.limits.artifact_bytes;
        let room = usize::try_from(limit.saturating_sub(self.stored)).unwrap_or(usize::MAX);
        let stored = bytes.slice(..bytes.len().min(room));
        let beyond = bytes.len() - stored.len();
        if beyond > 0 && self.bytes <= limit {
            place.note(Event::LimitReached(Limit::ArtifactBytes));
        }
        place.count(Counter::ArtifactBytesUnstored, beyond);
        self.bytes += bytes.len() as u64;
        self.stored += stored.len() as u64;
        self.store(stored, place);
    }

    /// Large pieces go as they are, small ones gather.
    fn store(&mut self, bytes: Bytes, place: Place<'_>) {
        if self.unhanded.is_empty() && bytes.len() >= PART {
            return self.hand_on(bytes, place);
        }
        self.unhanded.extend_from_slice(&bytes);
        if self.unhanded.len() >= PART {
            self.hand_on_rest(place);
        }
    }

    fn hand_on_rest(&mut self, place: Place<'_>) {
        if !self.unhanded.is_empty() {
            let rest = mem::take(&mut self.unhanded);
            self.hand_on(rest.into(), place);
        }
    }

    fn hand_on(&mut self, bytes: Bytes, place: Place<'_>) {
        let offset = self.stored - bytes.len() as u64;
        if offset == 0 {
            self.file_type = file_type(&bytes);
        }
        place.count(Counter::ArtifactBytes, bytes.len());
        place.around.recorder.record(Record::ArtifactPart(ArtifactPart {
            artifact: self.id,
            run: place.flow.run,
            flow: place.flow.id,
            time: place.around.recorder.now(),
            offset,
            bytes,
        }));
    }

    fn end(mut self, completeness: Completeness, place: Place<'_>) {
        self.hand_on_rest(place);
        place.count(Counter::ArtifactsKept, 1);
        let ArtifactStart { source, direction, name, media_type, .. } = self.start;
        place.around.recorder.record(Record::Artifact(Box::new(Artifact {
            id: self.id,
            flow: place.flow.id,
            opened: self.opened,
            closed: place.around.recorder.now(),
            source,
            direction,
            name,
            media_type,
            file_type: self.file_type,
            bytes: self.bytes,
            hashes: self.hashing.finish(),
            part_of: self.part_of,
            completeness,
        })));
    }
}

impl Hashing {
    fn update(&mut self, bytes: &[u8]) {
        self.sha256.update(bytes);
        self.sha1.update(bytes);
        self.md5.update(bytes);
    }

    fn finish(self) -> Hashes {
        Hashes {
            sha256: self.sha256.finalize().into(),
            sha1: self.sha1.finalize().into(),
            md5: self.md5.finalize().into(),
        }
    }
}

impl Place<'_> {
    fn count(self, counter: Counter, amount: usize) {
        self.around.recorder.count(counter, amount as u64);
    }

    fn note(self, event: Event) {
        let recorder = &self.around.recorder;
        recorder.note(Some(self.flow.id), recorder.now(), event);
    }
}

#[cfg(test)]
mod tests;
