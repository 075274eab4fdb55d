//! A daemon on one connection: what is asked for, and that there is nothing in it.

use model::{Event, FlowName, NameSource, ServiceCommand};

use crate::broken_rules::BrokenRules;
use crate::{Cx, Inbox, Input, Machine, Next, Out, host};

#[derive(Default)]
pub(super) struct Daemon {
    has_asked: bool,
    broken_rules: BrokenRules,
}

/// Digits of a length.
const LENGTH: usize = 4;
/// Nothing comes after this.
const FLUSH: &str = "0000";

impl Machine for Daemon {
    fn on(&mut self, input: Input<'_>, _: &Cx<'_>, out: &mut Out) {
        match input {
            Input::Bytes(inbox) => while !out.is_over() && self.read(inbox, out) {},
            Input::Eof => out.hand_over(Next::Close),
            Input::Open | Input::Datagram(_) | Input::Timer => {}
        }
    }
}

impl Daemon {
    /// Reads a packet line; false if more has to come first. Once it has asked, a client that wants
    /// nothing says so, and hangs up.
    fn read(&mut self, inbox: &mut Inbox, out: &mut Out) -> bool {
        let Some(digits) = inbox.peek().first_chunk::<LENGTH>() else { return false };
        let length =
            str::from_utf8(digits).ok().and_then(|text| usize::from_str_radix(text, 16).ok());
        match length {
            Some(0) => {
                inbox.discard(LENGTH);
                out.hand_over(Next::Close);
                true
            }
            Some(length) if length > LENGTH => {
                let Some(line) = inbox.take(length) else { return false };
                self.hear(line.get(LENGTH..).unwrap_or_default(), out);
                true
            }
            _ => {
                self.broken_rules.note("git", "a line without its length", out);
                out.hand_over(Next::Close);
                false
            }
        }
    }

    /// `git-upload-pack /path`, a NUL, `host=name`, and more.
    fn hear(&mut self, line: &[u8], out: &mut Out) {
        if std::mem::replace(&mut self.has_asked, true) {
            return;
        }
        let text = String::from_utf8_lossy(line).into_owned();
        let mut parts = text.split('\0');
        let command = parts.next().unwrap_or_default().trim_end().to_owned();
        let host = parts.find_map(|part| part.strip_prefix("host=")).and_then(named);
        let (service, path) = command.split_once(' ').unwrap_or((&command, ""));
        let fetches = service == "git-upload-pack";
        let refusal = || format!("ERR access denied or repository not exported: {path}");
        let answer = if fetches { empty(FETCH) } else { line_of(&refusal()) };
        out.note(Event::Command(Box::new(ServiceCommand { protocol: "git", command })));
        if let Some(name) = host {
            out.note(Event::Named(FlowName { name, source: NameSource::HostHeader }));
        }
        out.send(answer);
        if !fetches {
            out.hand_over(Next::Close);
        }
    }
}

/// The host as a name, without its port.
fn named(host: &str) -> Option<String> {
    host::as_name(host.split(':').next().unwrap_or_default())
}

/// A repository without a reference: what we can do, and no more.
fn empty(capabilities: &str) -> String {
    let line = format!("{} capabilities^{{}}\0{capabilities}\n", "0".repeat(40));
    line_of(&line) + FLUSH
}

/// What a daemon can do of which clients fetch.
const FETCH: &str = "multi_ack thin-pack side-band side-band-64k ofs-delta shallow deepen-since \
                     deepen-not deepen-relative no-progress include-tag multi_ack_detailed \
                     object-format=sha1 agent=git/2.39.2";

/// A packet line: its length in digits, its own four among it.
fn line_of(text: &str) -> String {
    format!("{:04x}{text}", text.len() + LENGTH)
}
