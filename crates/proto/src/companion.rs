//! Companions: flows that belong to another flow of the same victim and do errands for it, as the
//! data connections of FTP do.
//!
//! ```text
//!   principal's machine ─▶ Expect, Call ─▶ engine ─▶ a flow of the same victim
//!           ▲    └─────────── Errand ────▶ engine ─▶ the companion's machine
//!           └────── News ◀───────────────── engine ◀───── Report ──┘
//! ```

use bytes::Bytes;
use model::{ArtifactNumber, ArtifactSource, ArtifactStart, Completeness, Direction};

use crate::{Cx, Input, Machine, Next, Out, Protocol, raw};

/// What the machine of a flow wants of a companion. A flow has one at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Companion {
    /// The victim will open it: a connection to this port of the address it speaks to.
    Expect(Wanted),
    /// We open it: a connection to this port of the victim, from the address it speaks to. There is
    /// no way to name another address.
    Call(Wanted),
    /// It is to do this.
    Errand(Errand),
    /// It is not wanted any more.
    Leave,
    /// Said by the companion: what came of its errand. The principal hears it once all is sent.
    Report(Outcome),
}

/// What a companion is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The port that tells it from other flows.
    pub port: u16,
    /// What it is wrapped in.
    pub wrap: Wrap,
}

/// What a companion is wrapped in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wrap {
    /// Nothing.
    #[default]
    None,
    /// TLS, which the victim begins.
    Tls,
}

/// What a companion is to do. Then it ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Errand {
    /// Send these bytes.
    Send(Bytes),
    /// Keep what the victim sends, to its end.
    Take {
        /// What part of what protocol it is.
        source: ArtifactSource,
        /// What the victim calls it.
        name: String,
        /// Most bytes that are reported; of what is longer only the length is.
        reported: usize,
    },
}

/// What a flow hears of its companion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// It is there, and waits for its errand.
    Opened,
    /// It is over, or will never be there.
    Ended(Outcome),
}

/// What came of a companion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing, or not all of it.
    Broken,
    /// All was sent.
    Sent,
    /// All was taken.
    Took {
        /// How much.
        bytes: u64,
        /// What, if it was short enough.
        content: Option<Bytes>,
    },
}

/// The row of flows that are companions. Nobody is recognised as one.
pub(crate) const PROTOCOL: Protocol =
    Protocol { name: "ftp-data", start: || Box::new(Waiting), ..raw::STREAM };

/// Who does an errand.
#[must_use]
pub fn errand(errand: Errand) -> Box<dyn Machine> {
    match errand {
        Errand::Send(bytes) => Box::new(Sending(bytes)),
        Errand::Take { source, name, reported } => {
            let content = (reported > 0).then(Vec::new);
            Box::new(Taking { source, name, reported, content, bytes: 0 })
        }
    }
}

/// Waits for its errand, and leaves unread whatever comes.
struct Waiting;

impl Machine for Waiting {
    fn on(&mut self, _: Input<'_>, _: &Cx<'_>, _: &mut Out) {}
}

struct Sending(Bytes);

impl Machine for Sending {
    fn on(&mut self, input: Input<'_>, _: &Cx<'_>, out: &mut Out) {
        match input {
            Input::Open => {
                out.send(std::mem::take(&mut self.0));
                out.companion(Companion::Report(Outcome::Sent));
                out.hand_over(Next::Close);
            }
            Input::Bytes(inbox) => {
                inbox.discard(usize::MAX);
            }
            Input::Datagram(_) | Input::Eof | Input::Timer => {}
        }
    }
}

struct Taking {
    source: ArtifactSource,
    name: String,
    reported: usize,
    /// What came, as long as it is short enough.
    content: Option<Vec<u8>>,
    bytes: u64,
}

/// A companion takes one file.
const FILE: ArtifactNumber = ArtifactNumber(0);

impl Machine for Taking {
    fn on(&mut self, input: Input<'_>, _: &Cx<'_>, out: &mut Out) {
        match input {
            Input::Open => out.keep_start(ArtifactStart {
                number: FILE,
                source: self.source,
                direction: Direction::FromVictim,
                name: Some(std::mem::take(&mut self.name)),
                media_type: None,
                part_of: None,
            }),
            Input::Bytes(inbox) => self.take(inbox.take_all(), out),
            Input::Eof => {
                out.keep_end(FILE, Completeness::Whole);
                let content = self.content.take().map(Bytes::from);
                out.companion(Companion::Report(Outcome::Took { bytes: self.bytes, content }));
                out.hand_over(Next::Close);
            }
            Input::Datagram(_) | Input::Timer => {}
        }
    }
}

impl Taking {
    fn take(&mut self, bytes: Vec<u8>, out: &mut Out) {
        self.bytes += bytes.len() as u64;
        let has_room = |content: &Vec<u8>| content.len() + bytes.len() <= self.reported;
        self.content = self.content.take().filter(has_room).map(|mut content| {
            content.extend_from_slice(&bytes);
            content
        });
        out.keep_bytes(FILE, bytes);
    }
}

#[cfg(test)]
mod tests {
    use model::Keep;

    use super::*;
    use crate::testing::Stage;
    use crate::{Action, Inbox, dns};

    fn actions(machine: &mut dyn Machine, input: Input<'_>) -> Vec<Action> {
        let stage = Stage::new(dns::Answers::default());
        let mut out = Out::default();
        machine.on(input, &stage.cx(), &mut out);
        out.take_actions().collect()
    }

    /// What is reported of these pieces.
    fn taken(reported: usize, pieces: &[&[u8]]) -> Outcome {
        let (source, name) = (ArtifactSource::FtpUpload, "a".to_owned());
        let mut machine = errand(Errand::Take { source, name, reported });
        let begun = actions(machine.as_mut(), Input::Open);
        assert!(matches!(&begun[..], [Action::Keep(Keep::Start(_))]), "{begun:?}");
        for piece in pieces {
            let mut inbox = Inbox::default();
            inbox.push(piece);
            let kept = actions(machine.as_mut(), Input::Bytes(&mut inbox));
            assert_eq!(kept, [Action::Keep(Keep::Bytes(FILE, Bytes::copy_from_slice(piece)))]);
        }
        let ended = actions(machine.as_mut(), Input::Eof);
        match &ended[..] {
            [
                Action::Keep(Keep::End(FILE, Completeness::Whole)),
                Action::Companion(Companion::Report(outcome)),
                Action::HandOver(Next::Close),
            ] => outcome.clone(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_short_is_reported_and_of_more_only_the_length() {
        let whole = Outcome::Took { bytes: 4, content: Some(Bytes::from_static(b"abcd")) };
        assert_eq!(taken(4, &[b"ab", b"cd"]), whole);
        assert_eq!(taken(3, &[b"ab", b"cd"]), Outcome::Took { bytes: 4, content: None });
        assert_eq!(taken(0, &[b"ab"]), Outcome::Took { bytes: 2, content: None });
        assert_eq!(taken(9, &[]), Outcome::Took { bytes: 0, content: Some(Bytes::new()) });
    }

    #[test]
    fn who_waits_leaves_everything_unread() {
        let mut inbox = Inbox::default();
        inbox.push(b"early");
        assert_eq!(actions((PROTOCOL.start)().as_mut(), Input::Bytes(&mut inbox)), []);
        assert_eq!(inbox.peek(), b"early");
    }
}
