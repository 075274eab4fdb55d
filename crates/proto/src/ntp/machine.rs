//! A server that is asked for the time. It keeps nothing from one datagram to the next.

use std::time::Duration;

use model::{Event, ServiceCommand};

use super::control::{Control, private_command};
use super::message::{Mode, Moment, Request, mode};
use super::upstream;
use crate::broken_rules::BrokenRules;
use crate::derived::{Purpose, derived};
use crate::{Cx, Input, Machine, Out};

#[derive(Default)]
pub(super) struct Ntp {
    broken_rules: BrokenRules,
}

impl Machine for Ntp {
    fn on(&mut self, input: Input<'_>, cx: &Cx<'_>, out: &mut Out) {
        let Input::Datagram(bytes) = input else { return };
        match mode(bytes.first().copied().unwrap_or_default()) {
            Mode::Unsaid | Mode::SymmetricActive | Mode::Client => self.tell(bytes, cx, out),
            Mode::Control => self.control(bytes, cx, out),
            Mode::Private => self.private(bytes, out),
            // To answer an answer would go round for ever.
            Mode::SymmetricPassive | Mode::Server | Mode::Broadcast => {
                self.broke("an answer to no question", out);
            }
        }
    }
}

impl Ntp {
    fn tell(&mut self, bytes: &[u8], cx: &Cx<'_>, out: &mut Out) {
        let Some(request) = Request::read(bytes) else {
            return self.broke("a message shorter than its header", out);
        };
        let asked = crate::hexadecimal::hexadecimal(bytes);
        let [before, after] = derived(&cx.persona.seed, Purpose::SmallService, &asked);
        let came = Moment::new(cx.now, before);
        let took = Duration::from_micros(20 + after % 40);
        let leaves = Moment::new(cx.now.plus(took), after >> 32);
        let mut answer = request.answered(&upstream::quality(cx), (came, leaves));
        if is_signed(request.extra) {
            // We do not have the key: what says so is the number 0 of none (RFC 5905 §9.2).
            answer.extend([0; 4]);
        }
        out.send(answer);
    }

    fn control(&mut self, bytes: &[u8], cx: &Cx<'_>, out: &mut Out) {
        let Some(control) = Control::read(bytes) else {
            return self.broke("not a question about us", out);
        };
        note(control.command(), out);
        out.send(control.answered(cx));
    }

    /// Recorded, and never answered: a small question that has a large answer is how networks are
    /// flooded, and servers have not answered since 2010.
    fn private(&mut self, bytes: &[u8], out: &mut Out) {
        match private_command(bytes) {
            Some(command) => note(command, out),
            None => self.broke("not a question about us", out),
        }
    }

    fn broke(&mut self, rule: &'static str, out: &mut Out) {
        self.broken_rules.note("ntp", rule, out);
    }
}

/// Whether what comes after the header is a key's number and a digest, of MD5 or SHA-1.
const fn is_signed(extra: usize) -> bool {
    matches!(extra, 20 | 24)
}

fn note(command: String, out: &mut Out) {
    out.note(Event::Command(Box::new(ServiceCommand { protocol: "ntp", command })));
}
