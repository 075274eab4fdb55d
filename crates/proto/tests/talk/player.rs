//! Plays one script line by line.

use std::time::Duration;

use model::Timestamp;
use proto::{Carrier, Cx, Inbox, Input, Machine, Out};

use super::bytes::{from_hex, unescaped};
use super::dns;
use super::stage::{Stage, start_of_talk};
use super::transcript::Transcript;

/// A machine, and what it has been told and has answered so far.
pub(crate) struct Player<'a> {
    name: &'a str,
    stage: &'a Stage,
    cut: usize,
    machine: Box<dyn Machine>,
    inbox: Inbox,
    now: Timestamp,
    /// Bytes of the lines of one turn, which a stream may bring in one piece.
    turn: Vec<u8>,
    reaction: Transcript,
    is_open: bool,
    played: String,
}

/// What a line of a script asks for.
enum Step {
    Bytes(Vec<u8>),
    Eof,
    Timer,
    Wait(Duration),
}

impl<'a> Player<'a> {
    pub(crate) fn new(name: &'a str, stage: &'a Stage, cut: usize) -> Self {
        Self {
            name,
            stage,
            cut,
            machine: stage.machine(name),
            inbox: Inbox::default(),
            now: start_of_talk(),
            turn: Vec::new(),
            reaction: Transcript::new(name),
            is_open: false,
            played: String::new(),
        }
    }

    /// Takes in one line. What the machine said when the script was written is left out: it says
    /// it again, or does not.
    pub(crate) fn line(&mut self, line: &str) {
        let is_peers = line.starts_with('>');
        if line.starts_with(['<', '!', '=', '~', '+']) {
            self.end_turn();
            return;
        }
        if !is_peers {
            self.end_turn();
            self.played += &format!("{line}\n");
            return;
        }
        self.open();
        match step(self.name, line) {
            Step::Bytes(bytes) => {
                self.played += &format!("{line}\n");
                self.turn.extend_from_slice(&bytes);
                if self.stage.protocol.carrier == Carrier::Datagram {
                    self.end_turn();
                }
            }
            step => {
                self.end_turn();
                self.played += &format!("{line}\n");
                match step {
                    Step::Eof => self.hand_in(Input::Eof),
                    Step::Wait(span) => self.now = self.now.plus(span),
                    Step::Timer | Step::Bytes(_) => self.hand_in(Input::Timer),
                }
                self.write_reaction();
            }
        }
    }

    /// The whole script, as it was really played.
    pub(crate) fn finished(mut self) -> String {
        self.open();
        self.end_turn();
        self.played
    }

    fn open(&mut self) {
        if !self.is_open {
            self.is_open = true;
            self.hand_in(Input::Open);
            self.write_reaction();
        }
    }

    /// Sends what the peer has said since the machine's last word.
    fn end_turn(&mut self) {
        let turn = std::mem::take(&mut self.turn);
        if self.stage.protocol.carrier == Carrier::Datagram && !turn.is_empty() {
            self.hand_in(Input::Datagram(&turn));
        } else {
            for piece in turn.chunks(self.cut.min(turn.len().max(1))) {
                self.inbox.push(piece);
                self.hand_in_bytes();
            }
        }
        self.write_reaction();
    }

    fn hand_in_bytes(&mut self) {
        if self.reaction.is_over() {
            return;
        }
        let mut inbox = std::mem::take(&mut self.inbox);
        self.hand_in(Input::Bytes(&mut inbox));
        self.inbox = inbox;
    }

    /// A machine that has let go of the flow is told nothing any more.
    fn hand_in(&mut self, input: Input<'_>) {
        if self.reaction.is_over() {
            return;
        }
        let Stage { flow, layer, persona, rules, .. } = self.stage;
        let cx = Cx { now: self.now, opened: flow.opened, flow, layer: *layer, persona, rules };
        let mut out = Out::default();
        self.machine.on(input, &cx, &mut out);
        out.take_actions().for_each(|action| self.reaction.add(action));
    }

    fn write_reaction(&mut self) {
        self.played += &self.reaction.take();
    }
}

fn step(name: &str, line: &str) -> Step {
    let (kind, rest) = line.split_once(' ').unwrap_or((line, ""));
    match kind {
        ">" => Step::Bytes(format!("{rest}\r\n").into_bytes()),
        ">|" => Step::Bytes(unescaped(rest)),
        ">*" => {
            let (count, text) = rest.split_once(' ').unwrap();
            Step::Bytes(unescaped(text).repeat(count.parse().unwrap()))
        }
        ">x" => Step::Bytes(from_hex(rest)),
        ">dns" => Step::Bytes(framed(name, dns::query(rest))),
        ">eof" => Step::Eof,
        ">timer" => Step::Timer,
        ">wait" => Step::Wait(Duration::from_secs(rest.parse().unwrap())),
        other => panic!("not a step: {other}"),
    }
}

fn framed(name: &str, message: Vec<u8>) -> Vec<u8> {
    if !name.starts_with("dns-over-tcp-") {
        return message;
    }
    let length = u16::try_from(message.len()).unwrap();
    [length.to_be_bytes().as_slice(), &message].concat()
}
