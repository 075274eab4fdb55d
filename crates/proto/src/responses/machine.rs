//! The machine of a rule that takes care of a flow as a whole.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use model::{Event, Limit, Transport};

use super::pacing::{Paced, Pacing};
use super::template::Known;
use super::{Act, Afterwards, Moment, Rule, Step};
use crate::{Cx, Input, Machine, Next, Out};

/// Who answers as `rule` says, to a victim that calls the other end by `name`.
#[must_use]
pub fn custom(rule: Arc<Rule>, name: Option<String>) -> Box<dyn Machine> {
    Box::new(Custom {
        rule,
        name,
        received: Vec::new(),
        progress: Progress::Waits,
        step: 0,
        is_full: false,
        is_ended: false,
    })
}

struct Custom {
    rule: Arc<Rule>,
    name: Option<String>,
    /// What has come and no step has taken yet.
    received: Vec<u8>,
    progress: Progress,
    /// Which step of a script is next.
    step: usize,
    /// Whether more has come than is kept.
    is_full: bool,
    /// Whether the peer will send no more.
    is_ended: bool,
}

enum Progress {
    /// For something to answer.
    Waits,
    /// An answer is on its way.
    Sends(Pacing),
    /// For a time to pass.
    Sleeps,
    /// All is said.
    Over,
}

impl Machine for Custom {
    fn on(&mut self, input: Input<'_>, cx: &Cx<'_>, out: &mut Out) {
        match input {
            Input::Open => self.open(cx, out),
            Input::Bytes(inbox) => {
                let bytes = inbox.take_all();
                self.hear(&bytes, cx, out);
            }
            Input::Datagram(bytes) => self.datagram(bytes, cx, out),
            Input::Timer => self.wake(cx, out),
            Input::Eof => {
                self.is_ended = true;
                self.leave_if_done(out);
            }
        }
    }
}

impl Custom {
    fn open(&mut self, cx: &Cx<'_>, out: &mut Out) {
        match (&self.rule.answer.act, self.rule.answer.moment) {
            (Act::Refuse, _) => out.hand_over(Next::Reset),
            (Act::Script(_), _) => self.go_through(cx, out),
            (Act::Say(_), Moment::Open) => self.say(cx, out),
            _ => {}
        }
    }

    fn hear(&mut self, bytes: &[u8], cx: &Cx<'_>, out: &mut Out) {
        match &self.rule.answer.act {
            Act::Echo => self.send(Bytes::copy_from_slice(bytes), cx, out),
            Act::Say(_) if matches!(self.progress, Progress::Waits) => {
                self.keep(bytes, cx, out);
                self.say(cx, out);
            }
            Act::Script(_) => {
                self.keep(bytes, cx, out);
                self.go_through(cx, out);
            }
            Act::Drop
            | Act::Exec(_)
            | Act::Http(_)
            | Act::Refuse
            | Act::Replay(_)
            | Act::Say(_) => {}
        }
    }

    /// Every datagram is a question of its own.
    fn datagram(&mut self, bytes: &[u8], cx: &Cx<'_>, out: &mut Out) {
        if matches!(self.rule.answer.act, Act::Say(_)) {
            self.received.clear();
            if matches!(self.progress, Progress::Over) {
                self.progress = Progress::Waits;
            }
        }
        self.hear(bytes, cx, out);
    }

    fn wake(&mut self, cx: &Cx<'_>, out: &mut Out) {
        match std::mem::replace(&mut self.progress, Progress::Waits) {
            Progress::Sends(pacing) => self.go_on(pacing, out),
            Progress::Sleeps => {}
            Progress::Over => self.progress = Progress::Over,
            Progress::Waits => return,
        }
        if matches!(self.rule.answer.act, Act::Script(_)) {
            self.go_through(cx, out);
        }
        self.leave_if_done(out);
    }

    /// Says the one thing that is to be said.
    fn say(&mut self, cx: &Cx<'_>, out: &mut Out) {
        let Act::Say(content) = &self.rule.answer.act else { return };
        let bytes = content.bytes(&self.known(cx));
        self.send(bytes, cx, out);
    }

    /// Goes through the script as far as it can be gone through now.
    fn go_through(&mut self, cx: &Cx<'_>, out: &mut Out) {
        let rule = Arc::clone(&self.rule);
        let Act::Script(steps) = &rule.answer.act else { return };
        while matches!(self.progress, Progress::Waits) && !out.is_over() {
            match steps.get(self.step) {
                None => self.finish(out),
                Some(step) => match self.take_step(step, cx, out) {
                    Taken::Done => self.step += 1,
                    Taken::NotYet => return,
                },
            }
        }
    }

    fn take_step(&mut self, step: &Step, cx: &Cx<'_>, out: &mut Out) -> Taken {
        match step {
            Step::Close => out.hand_over(Next::Close),
            Step::Reset => out.hand_over(Next::Reset),
            Step::Expect(expected) => {
                let Some(end) = expected.end_in(&self.received) else { return Taken::NotYet };
                self.received.drain(..end);
            }
            Step::Send(content) => {
                let bytes = content.bytes(&self.known(cx));
                self.send(bytes, cx, out);
            }
            Step::Wait(delay) => self.pause(*delay, out),
        }
        Taken::Done
    }

    fn known<'a>(&'a self, cx: &'a Cx<'a>) -> Known<'a> {
        Known { cx, name: self.name.as_deref(), request: None, received: &self.received }
    }

    fn pause(&mut self, delay: Duration, out: &mut Out) {
        self.progress = Progress::Sleeps;
        out.wake_after(delay);
    }

    fn send(&mut self, bytes: Bytes, cx: &Cx<'_>, out: &mut Out) {
        match &mut self.progress {
            // A slow echo: what it still has to say comes first.
            Progress::Sends(pacing) if pacing.len() + bytes.len() <= cx.rules.form_bytes => {
                pacing.add(&bytes);
            }
            Progress::Sends(_) => self.note_limit(out),
            Progress::Over | Progress::Sleeps | Progress::Waits => {
                self.progress = Progress::Waits;
                let answer = &self.rule.answer;
                let pacing = match cx.flow.transport {
                    Transport::Udp => Pacing::of_datagram(answer, bytes),
                    _ => Pacing::of(answer, bytes),
                };
                self.go_on(pacing, out);
            }
        }
    }

    fn go_on(&mut self, mut pacing: Pacing, out: &mut Out) {
        match pacing.go_on(out) {
            Paced::All if matches!(self.rule.answer.act, Act::Script(_)) => {}
            Paced::All => self.finish(out),
            Paced::Waits => self.progress = Progress::Sends(pacing),
        }
    }

    fn finish(&mut self, out: &mut Out) {
        self.progress = Progress::Over;
        match self.rule.answer.afterwards {
            Afterwards::Close => out.hand_over(Next::Close),
            Afterwards::KeepOpen => self.leave_if_done(out),
            Afterwards::Reset => out.hand_over(Next::Reset),
        }
    }

    /// A peer that will send no more is let go, once it has heard all.
    fn leave_if_done(&self, out: &mut Out) {
        let is_busy = matches!(self.progress, Progress::Sends(_) | Progress::Sleeps);
        if self.is_ended && !is_busy && !out.is_over() {
            out.hand_over(Next::Close);
        }
    }

    /// Keeps what has come for the steps to come; at the limit the older part goes.
    fn keep(&mut self, bytes: &[u8], cx: &Cx<'_>, out: &mut Out) {
        self.received.extend_from_slice(bytes);
        let beyond = self.received.len().saturating_sub(cx.rules.form_bytes);
        if beyond > 0 {
            self.received.drain(..beyond);
            self.note_limit(out);
        }
    }

    fn note_limit(&mut self, out: &mut Out) {
        if !std::mem::replace(&mut self.is_full, true) {
            out.note(Event::LimitReached(Limit::FormBytes));
        }
    }
}

/// Whether a step was taken.
enum Taken {
    Done,
    NotYet,
}
