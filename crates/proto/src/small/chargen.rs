//! A character generator (RFC 864): lines without end on a stream, some characters for each datagram.
//!
//! A victim may leave it running. So it speaks slowly, and not for ever.

use std::time::Duration;

use model::{Event, Limit};

use super::goes_round;
use crate::broken_rules::BrokenRules;
use crate::derived::{Purpose, derived};
use crate::{Cx, Input, Machine, Next, Out};

/// On a stream.
#[derive(Default)]
pub(super) struct Chargen {
    /// How many lines were said.
    lines: u64,
}

/// Lines said at once, and how long it is to the next ones: some ten thousand bytes a second.
const AT_ONCE: u64 = 14;
const PAUSE: Duration = Duration::from_millis(100);

impl Machine for Chargen {
    fn on(&mut self, input: Input<'_>, cx: &Cx<'_>, out: &mut Out) {
        match input {
            Input::Open | Input::Timer => self.speak(cx, out),
            Input::Bytes(inbox) => {
                inbox.discard(usize::MAX);
            }
            Input::Eof => out.hand_over(Next::Close),
            Input::Datagram(_) => {}
        }
    }
}

impl Chargen {
    fn speak(&mut self, cx: &Cx<'_>, out: &mut Out) {
        if self.lines * LINE as u64 >= cx.rules.chargen_bytes {
            out.note(Event::LimitReached(Limit::ChargenBytes));
            return out.hand_over(Next::Close);
        }
        let lines = (self.lines..self.lines + AT_ONCE).flat_map(line);
        out.send(lines.collect::<Vec<u8>>());
        self.lines += AT_ONCE;
        out.wake_after(PAUSE);
    }
}

/// Characters of a line, and all its bytes.
const SHOWN: usize = 72;
const LINE: usize = SHOWN + 2;

/// The printable characters, beginning with another one on each line.
fn line(number: u64) -> impl Iterator<Item = u8> {
    let first = usize::try_from(number % 95).unwrap_or_default();
    (b' '..=b'~').cycle().skip(first).take(SHOWN).chain(*b"\r\n")
}

/// For datagrams: each is answered with some characters, never more than 512.
#[derive(Default)]
pub(super) struct ChargenOverUdp {
    answers: u64,
    broken_rules: BrokenRules,
}

/// Most characters of an answer (RFC 864).
const MOST: u64 = 512;

impl Machine for ChargenOverUdp {
    fn on(&mut self, input: Input<'_>, cx: &Cx<'_>, out: &mut Out) {
        if !matches!(input, Input::Datagram(_))
            || goes_round("chargen", &mut self.broken_rules, cx, out)
        {
            return;
        }
        let which = format!("chargen {} {}", cx.flow.id, self.answers);
        let [length, _] = derived(&cx.persona.seed, Purpose::SmallService, &which);
        let length = usize::try_from(length % (MOST + 1)).unwrap_or_default();
        let characters = (0..).flat_map(|number| line(self.answers + number)).take(length);
        out.send(characters.collect::<Vec<u8>>());
        self.answers += 1;
    }
}
