//! PUBLISH (MQTT 5 §3.3): a topic, then as many bytes as it takes. Short text is read, all else is
//! kept as a file, a piece at a time.

use model::{
    ArtifactNumber, ArtifactSource, ArtifactStart, Completeness, Direction, Event, MqttMessage,
};

use super::packet::{Fields, Head};
use super::topics::RETAINED;
use crate::{Inbox, Out};

/// A message on its way.
#[derive(Debug)]
pub(super) struct Publish {
    pub(super) topic: String,
    /// The receipt that is wanted: none, one, or one in two steps (§4.3).
    pub(super) quality: u8,
    pub(super) number: u16,
    pub(super) is_retained: bool,
    bytes: u64,
    /// How many bytes are still to come.
    left: usize,
    body: Body,
}

#[derive(Debug)]
enum Body {
    /// As it is in memory.
    Short(Vec<u8>),
    Long(ArtifactNumber),
}

/// How far a message has been read.
pub(super) enum Read {
    /// Its head, with so many bytes.
    Head(Publish, usize),
    NeedMore,
    Broken,
}

impl Publish {
    /// Reads the head of one, of which `seen` has come. One of at most `short` bytes is held.
    pub(super) fn read(head: Head, seen: &[u8], (version, short): (u8, usize)) -> Read {
        let after = seen.get(head.bytes..).unwrap_or_default();
        let after = after.get(..head.length).unwrap_or(after);
        let mut fields = Fields::new(after);
        let quality = head.flags >> 1 & 3;
        let Some((topic, number)) = begun(&mut fields, quality, version) else {
            return if after.len() < head.length { Read::NeedMore } else { Read::Broken };
        };
        let taken = after.len() - fields.len();
        let left = head.length - taken;
        let body = if left <= short { Body::Short(Vec::new()) } else { Body::Long(NOT_YET) };
        let is_retained = head.flags & RETAINED != 0;
        let bytes = left as u64;
        let publish = Self { topic, quality, number, is_retained, bytes, left, body };
        Read::Head(publish, head.bytes + taken)
    }

    /// Begins to keep it, if it is long.
    pub(super) fn begin(&mut self, files: &mut u32, out: &mut Out) {
        if let Body::Long(number) = &mut self.body {
            *number = start(&self.topic, files, out);
        }
    }

    /// Takes what has come of it; whether that is all.
    pub(super) fn take(&mut self, inbox: &mut Inbox, out: &mut Out) -> bool {
        let bytes = inbox.take(self.left.min(inbox.len())).unwrap_or_default();
        self.left -= bytes.len();
        match &mut self.body {
            Body::Short(body) => body.extend_from_slice(&bytes),
            Body::Long(number) if !bytes.is_empty() => out.keep_bytes(*number, bytes),
            Body::Long(_) => {}
        }
        self.left == 0
    }

    /// Writes down a message that has come to its end. Nothing comes back of one that was long.
    pub(super) fn end(self, files: &mut u32, out: &mut Out) -> Vec<u8> {
        let (text, body) = match self.body {
            Body::Long(number) => {
                out.keep_end(number, Completeness::Whole);
                (None, Vec::new())
            }
            Body::Short(body) => match String::from_utf8(body) {
                Ok(text) => (Some(text.clone()), text.into_bytes()),
                Err(binary) => {
                    let body = binary.into_bytes();
                    let number = start(&self.topic, files, out);
                    out.keep_bytes(number, body.clone());
                    out.keep_end(number, Completeness::Whole);
                    (None, body)
                }
            },
        };
        let (topic, bytes, retained) = (self.topic, self.bytes, self.is_retained);
        let message = MqttMessage { topic, bytes, retained, will: false, text };
        out.note(Event::MqttMessage(Box::new(message)));
        body
    }
}

/// Before a file has begun.
const NOT_YET: ArtifactNumber = ArtifactNumber(0);

fn begun(fields: &mut Fields<'_>, quality: u8, version: u8) -> Option<(String, u16)> {
    let topic = fields.text()?;
    let number = if quality > 0 { fields.number()? } else { 0 };
    fields.properties(version)?;
    Some((topic, number))
}

fn start(topic: &str, files: &mut u32, out: &mut Out) -> ArtifactNumber {
    *files += 1;
    let number = ArtifactNumber(*files);
    out.keep_start(ArtifactStart {
        number,
        source: ArtifactSource::MqttMessage,
        direction: Direction::FromVictim,
        name: Some(topic.to_owned()),
        media_type: None,
        part_of: None,
    });
    number
}
