//! A server of one client: a request, and the transfer that comes of it.

use std::time::Duration;

use model::{ArtifactNumber, ArtifactSource, ArtifactStart, Cut, Direction, Event, ServiceCommand};

use super::message::{Mode, Packet, Request, Way, error, options};
use super::netascii;
use super::receiving::Receiving;
use super::sending::{Progress, Sending};
use crate::broken_rules::BrokenRules;
use crate::{Cx, Input, Machine, Out, any_file};

/// A server of one client.
#[derive(Default)]
pub(super) struct Tftp {
    transfer: Transfer,
    /// How long the client may be silent before it is told again.
    patience: Duration,
    /// How often it was told the same.
    tries: u32,
    /// How many files it has put.
    files: u32,
    broken_rules: BrokenRules,
}

#[derive(Default)]
enum Transfer {
    #[default]
    None,
    Receiving(Receiving),
    Sending(Sending),
}

/// How long a client is waited for, unless it says how long.
const PATIENCE: Duration = Duration::from_secs(3);

/// How often a client is told the same. Then it is gone.
const TRIES: u32 = 5;

/// The size of a block, unless another is agreed on (RFC 1350 §2).
const BLOCK: u64 = 512;

/// Largest block (RFC 2348 §2).
const LARGEST_BLOCK: u64 = 65_464;

/// Most blocks that are sent at once, whatever a client asks for (RFC 7440 lets it be 65,535): with
/// usual blocks some 100 KiB, and no more than 4 MiB with the largest.
const LARGEST_WINDOW: u64 = 64;

impl Machine for Tftp {
    fn on(&mut self, input: Input<'_>, cx: &Cx<'_>, out: &mut Out) {
        match input {
            Input::Datagram(bytes) => match Packet::read(bytes) {
                Ok(packet) => self.hear(packet, cx, out),
                Err(rule) => {
                    self.broken_rules.note("tftp", rule, out);
                    out.send(error(4, "Illegal TFTP operation"));
                }
            },
            Input::Timer => self.tell_again(out),
            Input::Bytes(_) | Input::Eof | Input::Open => {}
        }
    }
}

impl Tftp {
    fn hear(&mut self, packet: Packet<'_>, cx: &Cx<'_>, out: &mut Out) {
        let progress = match (packet, &mut self.transfer) {
            (Packet::Request(request), _) => {
                self.begin(&request, cx, out);
                Progress::Further
            }
            (Packet::Data(number, bytes), Transfer::Receiving(upload)) => {
                upload.take(number, bytes, out)
            }
            (Packet::Ack(number), Transfer::Sending(file)) => file.acknowledge(number, out),
            (Packet::Error, _) => {
                self.give_up(Cut::Withdrawn, out);
                Progress::Same
            }
            // One that comes late.
            (Packet::Ack(_), _) => Progress::Same,
            (Packet::Data(..), _) => {
                self.broken_rules.note("tftp", "a block of no transfer", out);
                out.send(error(5, "Unknown transfer ID"));
                Progress::Same
            }
        };
        if progress == Progress::Further {
            self.tries = 0;
            out.wake_after(self.patience);
        }
        if progress == Progress::Over && matches!(self.transfer, Transfer::Sending(_)) {
            self.transfer = Transfer::None;
        }
    }

    /// A client that asks twice did not hear us, and begins anew.
    fn begin(&mut self, request: &Request, cx: &Cx<'_>, out: &mut Out) {
        self.give_up(Cut::Withdrawn, out);
        let command = request.text();
        out.note(Event::Command(Box::new(ServiceCommand { protocol: "tftp", command })));
        let terms = Terms::of(request);
        self.patience = terms.patience;
        match request.way {
            Way::Read => self.send(request, &terms, cx, out),
            Way::Write => self.receive(request, &terms, out),
        }
    }

    fn send(&mut self, request: &Request, terms: &Terms, cx: &Cx<'_>, out: &mut Out) {
        let name = request.name.rsplit(['/', '\\']).next().unwrap_or_default();
        let content = any_file::content(name, cx);
        let bytes = match request.mode {
            Mode::Octet => content,
            Mode::Mail | Mode::Netascii => netascii::written(&content).into(),
        };
        let agreed = terms.agreed(bytes.len() as u64);
        let sending = Sending::begin(bytes, terms.block_bytes, terms.window, agreed, out);
        self.transfer = Transfer::Sending(sending);
    }

    fn receive(&mut self, request: &Request, terms: &Terms, out: &mut Out) {
        let number = ArtifactNumber(self.files);
        self.files += 1;
        out.keep_start(ArtifactStart {
            number,
            source: ArtifactSource::TftpUpload,
            direction: Direction::FromVictim,
            name: Some(request.name.clone()),
            media_type: None,
            part_of: None,
        });
        let agreed = terms.agreed(request.number("tsize").unwrap_or_default());
        let receiving = Receiving::begin(number, terms.block_bytes, terms.window, agreed);
        let mut receiving = match request.mode {
            Mode::Octet => receiving,
            Mode::Mail | Mode::Netascii => receiving.reading_text(),
        };
        receiving.say(out);
        self.transfer = Transfer::Receiving(receiving);
    }

    /// The client was silent: what it was told last may be lost.
    fn tell_again(&mut self, out: &mut Out) {
        self.tries += 1;
        if self.tries > TRIES {
            return self.give_up(Cut::FlowEnded, out);
        }
        match &mut self.transfer {
            Transfer::Receiving(upload) if !upload.is_over() => upload.say(out),
            Transfer::Sending(file) => file.send_again(out),
            Transfer::Receiving(_) | Transfer::None => return,
        }
        out.wake_after(self.patience);
    }

    fn give_up(&mut self, cut: Cut, out: &mut Out) {
        if let Transfer::Receiving(upload) = std::mem::take(&mut self.transfer) {
            upload.give_up(cut, out);
        }
    }
}

/// What a client and we agree on.
struct Terms {
    block_bytes: usize,
    window: usize,
    patience: Duration,
    /// The options it named that we agree to, in its order; of `tsize` the value is known later.
    options: Vec<(&'static str, u64)>,
}

/// Options, and the least and most that is agreed to. More is lowered; less, and what is no number, is
/// as if it had not been said.
const OPTIONS: [(&str, u64, u64); 4] = [
    ("blksize", 8, LARGEST_BLOCK),
    ("timeout", 1, 255),
    ("tsize", 0, u64::MAX),
    ("windowsize", 1, LARGEST_WINDOW),
];

impl Terms {
    fn of(request: &Request) -> Self {
        let mut options: Vec<(&'static str, u64)> = Vec::new();
        for (name, value) in &request.options {
            let known = OPTIONS.iter().find(|(known, ..)| known == name);
            if let (Some((known, least, most)), Ok(value)) = (known, value.parse::<u64>())
                && value >= *least
                && options.iter().all(|(name, _)| name != known)
            {
                options.push((known, value.min(*most)));
            }
        }
        let found =
            |wanted| options.iter().find(|(name, _)| *name == wanted).map(|(_, value)| *value);
        let number = |value: u64| usize::try_from(value).unwrap_or(usize::MAX);
        Self {
            block_bytes: number(found("blksize").unwrap_or(BLOCK)),
            window: number(found("windowsize").unwrap_or(1)),
            patience: found("timeout").map_or(PATIENCE, Duration::from_secs),
            options,
        }
    }

    /// What is said of it, if anything was asked for: with the size of the file.
    fn agreed(&self, size: u64) -> Option<Vec<u8>> {
        let with_size = |(name, value): &(&'static str, u64)| match *name {
            "tsize" => ("tsize", size),
            name => (name, *value),
        };
        let agreed: Vec<(&str, u64)> = self.options.iter().map(with_size).collect();
        (!agreed.is_empty()).then(|| options(&agreed))
    }
}
