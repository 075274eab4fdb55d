//! Services that are asked in a line and answer.

use model::{Event, Limit};

use super::note_asked;
use crate::broken_rules::BrokenRules;
use crate::inbox::Line;
use crate::{Cx, Inbox, Input, Machine, Next, Out};

/// What a service answers to a line.
pub(super) type Answer = fn(&str, &Cx<'_>) -> Vec<u8>;

/// What happens once it has answered.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Afterwards {
    HangsUp,
    Listens,
}

pub(super) struct Asked {
    name: &'static str,
    answer: Answer,
    afterwards: Afterwards,
    /// The beginning of a line. It is answered too, if its end never comes.
    begun: Inbox,
    broken_rules: BrokenRules,
}

impl Asked {
    /// One that hangs up after an answer.
    pub(super) fn once(name: &'static str, answer: Answer) -> Self {
        Self::new(name, answer, Afterwards::HangsUp)
    }

    /// One that may be asked again.
    pub(super) fn on_and_on(name: &'static str, answer: Answer) -> Self {
        Self::new(name, answer, Afterwards::Listens)
    }

    fn new(name: &'static str, answer: Answer, afterwards: Afterwards) -> Self {
        let (begun, broken_rules) = (Inbox::default(), BrokenRules::default());
        Self { name, answer, afterwards, begun, broken_rules }
    }
}

impl Machine for Asked {
    fn on(&mut self, input: Input<'_>, cx: &Cx<'_>, out: &mut Out) {
        match input {
            Input::Bytes(inbox) => {
                self.begun.push(&inbox.take_all());
                while !out.is_over() && self.read(cx, out) {}
            }
            Input::Eof => {
                if !self.begun.is_empty() {
                    self.broken_rules.note(self.name, "the stream ends inside a line", out);
                    let line = self.begun.take_all();
                    self.hear(&line, cx, out);
                }
                if !out.is_over() {
                    out.hand_over(Next::Close);
                }
            }
            Input::Open | Input::Datagram(_) | Input::Timer => {}
        }
    }
}

impl Asked {
    /// Answers a line; false if none has come to its end.
    fn read(&mut self, cx: &Cx<'_>, out: &mut Out) -> bool {
        match self.begun.take_line(cx.rules.line_bytes) {
            Line::Whole(line) => self.hear(&line, cx, out),
            // Longer than any question: nobody waits for an answer to it.
            Line::Overlong(_) => {
                out.note(Event::LimitReached(Limit::LineBytes));
                out.hand_over(Next::Close);
            }
            Line::Partial => return false,
        }
        true
    }

    fn hear(&mut self, line: &[u8], cx: &Cx<'_>, out: &mut Out) {
        let asked = String::from_utf8_lossy(line);
        note_asked(self.name, &asked, out);
        out.send((self.answer)(&asked, cx));
        if self.afterwards == Afterwards::HangsUp {
            out.hand_over(Next::Close);
        }
    }
}
