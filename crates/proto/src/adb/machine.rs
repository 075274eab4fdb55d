//! A device on one connection: who it is, and its streams.

use std::collections::BTreeMap;

use model::{Event, Limit, ServiceCommand};

use super::message::{Message, PAYLOAD, Taken, VERSION, take, written};
use super::sync::{Answer, Sync};
use crate::broken_rules::BrokenRules;
use crate::derived::{Purpose, derived};
use crate::shell::{Key, Login, Shell, Terminal, Wants, shown_lines};
use crate::{Cx, Input, Machine, Next, Out};

/// A device on one connection.
#[derive(Default)]
pub(super) struct Adb {
    /// All streams work on the same device.
    shell: Option<Box<Shell>>,
    streams: BTreeMap<u32, Stream>,
    /// What our next stream is numbered, but one.
    opened: u32,
    is_inside_message: bool,
    broken_rules: BrokenRules,
}

struct Stream {
    /// What the other side calls it.
    theirs: u32,
    kind: Kind,
}

enum Kind {
    Sync(Sync),
    Terminal(Box<Terminal>),
}

const CLOSE: [u8; 4] = *b"CLSE";
const CONNECT: [u8; 4] = *b"CNXN";
const OKAY: [u8; 4] = *b"OKAY";
const OPEN: [u8; 4] = *b"OPEN";
const WRITE: [u8; 4] = *b"WRTE";

impl Machine for Adb {
    fn on(&mut self, input: Input<'_>, cx: &Cx<'_>, out: &mut Out) {
        match input {
            Input::Bytes(inbox) => {
                while !out.is_over() {
                    match take(inbox) {
                        Taken::Whole(message) => self.hear(message, cx, out),
                        Taken::Partial => break,
                        Taken::Broken => {
                            self.broke("what comes is no message", out);
                            self.close(out);
                        }
                    }
                }
                self.is_inside_message = !inbox.is_empty();
            }
            Input::Eof => {
                if self.is_inside_message {
                    self.broke("the stream ends inside a message", out);
                }
                self.close(out);
            }
            Input::Open | Input::Datagram(_) | Input::Timer => {}
        }
    }
}

impl Adb {
    fn hear(&mut self, message: Message, cx: &Cx<'_>, out: &mut Out) {
        match message.command {
            CONNECT => out.send(written(CONNECT, VERSION, PAYLOAD, banner(cx).as_bytes())),
            OPEN => self.open(&message, cx, out),
            WRITE => self.hear_data(&message, cx, out),
            CLOSE => {
                self.streams.remove(&message.to);
            }
            // Nobody is asked for a key, and TLS is not offered.
            OKAY | [b'A', b'U', b'T', b'H'] | [b'S', b'T', b'L', b'S'] => {}
            _ => self.broke("an unknown command", out),
        }
    }

    /// A stream is opened: a service by its name.
    fn open(&mut self, message: &Message, cx: &Cx<'_>, out: &mut Out) {
        let service = String::from_utf8_lossy(&message.payload);
        let service = service.trim_end_matches('\0');
        let (name, about) = service.split_once(':').unwrap_or((service, ""));
        if self.streams.len() >= cx.rules.adb.streams {
            out.note(Event::LimitReached(Limit::AdbStreams));
            return out.send(written(CLOSE, 0, message.from, b""));
        }
        self.opened += 1;
        let (ours, theirs) = (self.opened, message.from);
        let kind = match name.split(',').next() {
            Some("sync") => Kind::Sync(Sync::default()),
            Some("shell") if about.is_empty() => Kind::Terminal(Box::default()),
            Some("shell" | "exec") => return self.run(about, (ours, theirs), cx, out),
            _ => return other(service, (ours, theirs), out),
        };
        out.send(written(OKAY, ours, theirs, b""));
        if let Kind::Terminal(_) = kind {
            let prompt = self.shell(cx).prompt();
            say(prompt.as_bytes(), (ours, theirs), out);
        }
        self.streams.insert(ours, Stream { theirs, kind });
    }

    /// Runs one line.
    fn run(&mut self, line: &str, numbers: (u32, u32), cx: &Cx<'_>, out: &mut Out) {
        let output = self.shell(cx).run_alone(line.as_bytes(), cx, out);
        out.send(written(OKAY, numbers.0, numbers.1, b""));
        say(&output, numbers, out);
        out.send(written(CLOSE, numbers.0, numbers.1, b""));
    }

    fn hear_data(&mut self, message: &Message, cx: &Cx<'_>, out: &mut Out) {
        let Some(mut stream) = self.streams.remove(&message.to) else {
            self.broke("data for a stream that is not open", out);
            return out.send(written(CLOSE, 0, message.from, b""));
        };
        let numbers = (message.to, stream.theirs);
        out.send(written(OKAY, numbers.0, numbers.1, b""));
        let is_over = match &mut stream.kind {
            Kind::Sync(sync) => {
                let answer = sync.hear(&message.payload, (self.shell(cx), cx), out);
                self.answer(answer, numbers, out)
            }
            Kind::Terminal(terminal) => {
                let shell = self.shell(cx);
                let mut shows = Vec::new();
                let bytes = message.payload.iter();
                let is_over = bytes
                    .copied()
                    .any(|byte| type_byte(byte, (terminal, shell), &mut shows, cx, out));
                say(&shows, numbers, out);
                is_over
            }
        };
        if is_over {
            out.send(written(CLOSE, numbers.0, numbers.1, b""));
        } else {
            self.streams.insert(message.to, stream);
        }
    }

    /// Says what came of requests for files; whether that is all.
    fn answer(&mut self, answer: Answer, numbers: (u32, u32), out: &mut Out) -> bool {
        for command in answer.asked {
            note_command(command, out);
        }
        if answer.is_broken {
            self.broke("a request longer than any may be", out);
        }
        say(&answer.says, numbers, out);
        answer.is_over || answer.is_broken
    }

    fn shell(&mut self, cx: &Cx<'_>) -> &mut Shell {
        let login = || Login { protocol: super::PROTOCOL.name, user: "root".to_owned() };
        self.shell.get_or_insert_with(|| Box::new(Shell::open_quietly(login(), cx)))
    }

    fn close(&mut self, out: &mut Out) {
        if let Some(shell) = &mut self.shell {
            shell.close(out);
        }
        out.hand_over(Next::Close);
    }

    fn broke(&mut self, rule: &'static str, out: &mut Out) {
        self.broken_rules.note("adb", rule, out);
    }
}

/// Hears a key of somebody at a shell; whether the session is over.
fn type_byte(
    byte: u8,
    (terminal, shell): (&mut Terminal, &mut Shell),
    shows: &mut Vec<u8>,
    cx: &Cx<'_>,
    out: &mut Out,
) -> bool {
    let heard = match terminal.hear(byte, cx.rules.line_bytes, shows) {
        None => return false,
        Some(Key::Line(line)) => shell.hear(&line, cx, out),
        Some(Key::End) => shell.hear_end(),
        Some(Key::Interrupt) => shell.interrupt(),
        Some(Key::Overlong) => {
            out.note(Event::LimitReached(Limit::LineBytes));
            return false;
        }
    };
    shows.extend(shown_lines(&heard.shows));
    let is_over = heard.wants == Wants::Nothing;
    if !is_over {
        shows.extend(shell.prompt().bytes());
    }
    is_over
}

/// A service that is not a shell: the device says that it is done, where that is believable.
fn other(service: &str, (ours, theirs): (u32, u32), out: &mut Out) {
    note_command(service.to_owned(), out);
    let says = match service {
        "root:" => "adbd is already running as root\n",
        "remount:" => "remount succeeded\n",
        _ if service.starts_with("tcpip:") => "restarting in TCP mode port: 5555\n",
        _ => return out.send(written(CLOSE, 0, theirs, b"")),
    };
    out.send(written(OKAY, ours, theirs, b""));
    say(says.as_bytes(), (ours, theirs), out);
    out.send(written(CLOSE, ours, theirs, b""));
}

fn note_command(command: String, out: &mut Out) {
    out.note(Event::Command(Box::new(ServiceCommand { protocol: "adb", command })));
}

/// Sends data, as long as messages may be.
fn say(bytes: &[u8], (ours, theirs): (u32, u32), out: &mut Out) {
    for piece in bytes.chunks(usize::try_from(PAYLOAD).unwrap_or(usize::MAX)) {
        out.send(written(WRITE, ours, theirs, piece));
    }
}

/// Who we are: a box beside a television, such as are open to the world.
fn banner(cx: &Cx<'_>) -> String {
    let [number, _] = derived(&cx.persona.seed, Purpose::Device, "box");
    let (name, model) = match number % 3 {
        0 => ("p212", "MBOX"),
        1 => ("rk3229", "R29"),
        _ => ("q201", "TX3 Mini"),
    };
    format!("device::ro.product.name={name};ro.product.model={model};ro.product.device={name};\0")
}
