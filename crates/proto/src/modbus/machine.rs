//! A controller on one connection.

use std::collections::BTreeMap;

use model::{Event, ServiceCommand};

use super::request::{READ_COILS, READ_HOLDING, Request, WRITE_COIL, WRITE_COILS};
use crate::broken_rules::BrokenRules;
use crate::derived::{Purpose, derived};
use crate::one_by_one::Server;
use crate::{Cx, Inbox, Next, Out};

#[derive(Default)]
pub(super) struct Controller {
    /// What the victim wrote: coils and registers, of which there are 65,536 each.
    coils: BTreeMap<u16, u16>,
    registers: BTreeMap<u16, u16>,
    broken_rules: BrokenRules,
}

/// Bytes before the unit: a number, the protocol, a length (Modbus messaging on TCP §3.1.3).
const HEADER: usize = 6;

/// What is wrong (Modbus application protocol §7).
const NO_SUCH_FUNCTION: u8 = 1;
const BAD_VALUE: u8 = 3;

impl Server for Controller {
    /// Answers a request; false if more has to come first.
    fn read(&mut self, inbox: &mut Inbox, cx: &Cx<'_>, out: &mut Out) -> bool {
        let Some(&[n0, n1, p0, p1, l0, l1]) = inbox.peek().first_chunk::<HEADER>() else {
            return false;
        };
        let length = usize::from(u16::from_be_bytes([l0, l1]));
        if [p0, p1] != [0, 0] || !(2..=254).contains(&length) {
            self.broken_rules.note("modbus", "no header of Modbus", out);
            out.hand_over(Next::Close);
            return false;
        }
        let Some(bytes) = inbox.take(HEADER + length) else { return false };
        if let Some([unit, function, content @ ..]) = bytes.get(HEADER..) {
            let answer = self.answered((*unit, *function), content, cx, out);
            let length = u16::try_from(answer.len() + 1).unwrap_or_default().to_be_bytes();
            let header = [n0, n1, 0, 0, length[0], length[1], *unit];
            out.send([&header[..], &answer].concat());
        }
        true
    }

    fn cut(&mut self, out: &mut Out) {
        self.broken_rules.note("modbus", "the stream ends inside a request", out);
    }
}

impl Controller {
    fn answered(
        &mut self,
        (unit, function): (u8, u8),
        content: &[u8],
        cx: &Cx<'_>,
        out: &mut Out,
    ) -> Vec<u8> {
        let Some(request) = Request::read(function, content) else {
            self.broken_rules.note("modbus", "a request with values that are not allowed", out);
            return vec![function | 0x80, BAD_VALUE];
        };
        let command = request.command(function, unit);
        out.note(Event::Command(Box::new(ServiceCommand { protocol: "modbus", command })));
        match request {
            Request::ReadBits { first, count } => self.bits(function, (first, count), cx),
            Request::ReadWords { first, count } => self.words(function, (first, count), cx),
            Request::Write { first, values } => self.write(function, first, values, content),
            Request::Identify => [&[function][..], IDENTITY].concat(),
            Request::Echo => [&[function][..], content].concat(),
            Request::Unknown => vec![function | 0x80, NO_SUCH_FUNCTION],
        }
    }

    fn bits(&self, function: u8, (first, count): (u16, u16), cx: &Cx<'_>) -> Vec<u8> {
        let bit = |address: u16| {
            let written = self.coils.get(&address).filter(|_| function == READ_COILS);
            written.copied().unwrap_or_else(|| value(function, address, cx) % 2)
        };
        let mut bytes = vec![0_u8; usize::from(count).div_ceil(8)];
        for place in 0..count {
            if let Some(byte) = bytes.get_mut(usize::from(place / 8)) {
                *byte |= u8::from(bit(first.wrapping_add(place)) > 0) << (place % 8);
            }
        }
        let length = u8::try_from(bytes.len()).unwrap_or_default();
        [&[function, length][..], &bytes].concat()
    }

    fn words(&self, function: u8, (first, count): (u16, u16), cx: &Cx<'_>) -> Vec<u8> {
        let word = |address: u16| {
            let written = self.registers.get(&address).filter(|_| function == READ_HOLDING);
            written.copied().unwrap_or_else(|| value(function, address, cx))
        };
        let words = (0..count).flat_map(|place| word(first.wrapping_add(place)).to_be_bytes());
        let words: Vec<u8> = words.collect();
        let length = u8::try_from(words.len()).unwrap_or_default();
        [&[function, length][..], &words].concat()
    }

    /// What was written is read from then on. The answer is where, and what or how many.
    fn write(&mut self, function: u8, first: u16, values: Vec<u16>, content: &[u8]) -> Vec<u8> {
        let is_coil = matches!(function, WRITE_COIL | WRITE_COILS);
        let written = if is_coil { &mut self.coils } else { &mut self.registers };
        for (place, value) in (0..).zip(values) {
            written.insert(first.wrapping_add(place), value);
        }
        let said = content.get(..4).unwrap_or_default();
        [&[function][..], said].concat()
    }
}

/// What is there before anything was written: settings stay, and what is measured moves a little.
fn value(function: u8, address: u16, cx: &Cx<'_>) -> u16 {
    let of = |what: String| derived(&cx.persona.seed, Purpose::SmallService, &what)[0];
    let base = of(format!("modbus {function} {address}"));
    let moves = if function == READ_HOLDING { 0 } else { cx.now.as_secs().div_euclid(5) };
    let drift = of(format!("modbus {function} {address} {moves}")) % 9;
    u16::try_from(base % 4_000 + drift).unwrap_or_default()
}

/// The basic objects of an identification (§6.21): vendor, product, revision.
const IDENTITY: &[u8] = b"\x0e\x01\x01\x00\x00\x03\
                          \x00\x12Schneider Electric\
                          \x01\x0dBMX P34 20302\
                          \x02\x04v3.1";
