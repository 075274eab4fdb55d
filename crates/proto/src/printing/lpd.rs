//! The line printer daemon (RFC 1179): a queue, then files with their lengths, each acknowledged.

use model::{ArtifactNumber, Completeness, Cut, Event, Limit, ServiceCommand};

use super::job;
use crate::broken_rules::BrokenRules;
use crate::inbox::Line;
use crate::{Cx, Inbox, Input, Machine, Next, Out};

#[derive(Default)]
pub(super) struct Daemon {
    state: State,
    files: u32,
    broken_rules: BrokenRules,
}

#[derive(Default)]
enum State {
    #[default]
    Command,
    /// Files of a job are announced.
    Job,
    /// So many bytes of a file, then a zero.
    Part { number: ArtifactNumber, left: usize },
    /// The zero.
    EndOfPart,
}

/// Everything is fine.
const YES: [u8; 1] = [0];

impl Machine for Daemon {
    fn on(&mut self, input: Input<'_>, cx: &Cx<'_>, out: &mut Out) {
        match input {
            Input::Bytes(inbox) => while !out.is_over() && self.read(inbox, cx, out) {},
            Input::Eof => {
                if let State::Part { number, .. } = self.state {
                    out.keep_end(number, Completeness::Cut(Cut::FlowEnded));
                    self.broken_rules.note("lpd", "the stream ends inside a file", out);
                }
                out.hand_over(Next::Close);
            }
            Input::Open | Input::Datagram(_) | Input::Timer => {}
        }
    }
}

impl Daemon {
    /// Reads what comes next; false if more has to come first.
    fn read(&mut self, inbox: &mut Inbox, cx: &Cx<'_>, out: &mut Out) -> bool {
        match self.state {
            State::Part { number, left } => {
                let bytes = inbox.take(left.min(inbox.len())).unwrap_or_default();
                let left = left - bytes.len();
                if !bytes.is_empty() {
                    out.keep_bytes(number, bytes);
                }
                self.state = State::Part { number, left };
                if left == 0 {
                    out.keep_end(number, Completeness::Whole);
                    self.state = State::EndOfPart;
                }
                left == 0
            }
            State::EndOfPart => {
                let is_there = inbox.discard(1) == 1;
                if is_there {
                    out.send(YES.to_vec());
                    self.state = State::Job;
                }
                is_there
            }
            State::Command | State::Job => self.read_line(inbox, cx, out),
        }
    }

    fn read_line(&mut self, inbox: &mut Inbox, cx: &Cx<'_>, out: &mut Out) -> bool {
        match inbox.take_line(cx.rules.line_bytes) {
            Line::Whole(line) => self.hear(&line, out),
            Line::Overlong(_) => {
                out.note(Event::LimitReached(Limit::LineBytes));
                out.hand_over(Next::Close);
            }
            Line::Partial => return false,
        }
        true
    }

    fn hear(&mut self, line: &[u8], out: &mut Out) {
        let (code, about) = line.split_first().map_or((0, &[][..]), |(code, about)| (*code, about));
        let about = String::from_utf8_lossy(about).into_owned();
        match (&self.state, code) {
            (State::Job, 2 | 3) => self.begin(&about, out),
            (State::Job, 1) => out.send(YES.to_vec()),
            (State::Command, 2) => {
                note(format!("print on {about}"), out);
                self.state = State::Job;
                out.send(YES.to_vec());
            }
            (State::Command, 3 | 4) => {
                note(format!("list {about}"), out);
                out.send("no entries\n");
                out.hand_over(Next::Close);
            }
            (State::Command, 1 | 5) => {
                note(format!("{} {about}", if code == 1 { "start" } else { "remove" }), out);
                out.send(YES.to_vec());
                out.hand_over(Next::Close);
            }
            _ => {
                self.broken_rules.note("lpd", "an unknown command", out);
                out.hand_over(Next::Close);
            }
        }
    }

    /// A file is announced: its length and its name.
    fn begin(&mut self, about: &str, out: &mut Out) {
        let mut words = about.split_ascii_whitespace();
        let length = words.next().and_then(|word| word.parse().ok());
        let Some(left) = length else {
            self.broken_rules.note("lpd", "a file without a length", out);
            return out.hand_over(Next::Close);
        };
        self.files += 1;
        let number = ArtifactNumber(self.files);
        job::start(number, words.next().map(str::to_owned), out);
        self.state = State::Part { number, left };
        out.send(YES.to_vec());
    }
}

fn note(command: String, out: &mut Out) {
    out.note(Event::Command(Box::new(ServiceCommand { protocol: "lpd", command })));
}
