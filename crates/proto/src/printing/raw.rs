//! A printer that prints what comes, and is asked about itself between (PJL).

use model::{ArtifactNumber, Completeness, Event, ServiceCommand};

use super::{UNIVERSAL_EXIT, job};
use crate::derived::{Purpose, derived};
use crate::{Cx, Input, Machine, Next, Out};

/// The only job of a connection.
const JOB: ArtifactNumber = ArtifactNumber(1);

/// Longest line that could be a command.
const LINE: usize = 256;

#[derive(Default)]
pub(super) struct Printer {
    has_begun: bool,
    /// The beginning of a line; one that is too long is no command.
    line: Vec<u8>,
    /// How much of the escape that begins commands has just come.
    escaped: usize,
}

impl Machine for Printer {
    fn on(&mut self, input: Input<'_>, cx: &Cx<'_>, out: &mut Out) {
        match input {
            Input::Bytes(inbox) if !inbox.is_empty() => {
                if !std::mem::replace(&mut self.has_begun, true) {
                    job::start(JOB, None, out);
                }
                let bytes = inbox.take_all();
                out.keep_bytes(JOB, bytes.clone());
                bytes.iter().for_each(|byte| self.see(*byte, cx, out));
            }
            Input::Eof => {
                if self.has_begun {
                    out.keep_end(JOB, Completeness::Whole);
                }
                out.hand_over(Next::Close);
            }
            Input::Open | Input::Bytes(_) | Input::Datagram(_) | Input::Timer => {}
        }
    }
}

impl Printer {
    fn see(&mut self, byte: u8, cx: &Cx<'_>, out: &mut Out) {
        let fits = UNIVERSAL_EXIT.get(self.escaped) == Some(&byte);
        self.escaped = if fits { self.escaped + 1 } else { usize::from(byte == 0x1b) };
        if self.escaped == UNIVERSAL_EXIT.len() {
            self.escaped = 0;
            self.line.clear();
        } else if byte == b'\n' {
            let line = std::mem::take(&mut self.line);
            hear(&line, cx, out);
        } else if self.line.len() <= LINE {
            self.line.push(byte);
        }
    }
}

/// Answers a command; any other line is printed.
fn hear(line: &[u8], cx: &Cx<'_>, out: &mut Out) {
    let Some(command) = line.strip_prefix(b"@PJL ").filter(|_| line.len() <= LINE) else { return };
    let command = String::from_utf8_lossy(command).trim().to_owned();
    let upper = command.to_ascii_uppercase();
    let answer = match upper.as_str() {
        "INFO ID" => Some("\"HP LaserJet M402dn\"\r\n".to_owned()),
        "INFO STATUS" => Some("CODE=10001\r\nDISPLAY=\"Ready\"\r\nONLINE=TRUE\r\n".to_owned()),
        "INFO PAGECOUNT" => Some(format!("PAGECOUNT={}\r\n", pages(cx))),
        _ if upper.starts_with("ECHO ") => Some(String::new()),
        _ => None,
    };
    out.note(Event::Command(Box::new(ServiceCommand {
        protocol: "jetdirect",
        command: command.clone(),
    })));
    if let Some(answer) = answer {
        out.send(format!("@PJL {command}\r\n{answer}\x0c"));
    }
}

/// How many pages it has printed in its life: a few more each day.
fn pages(cx: &Cx<'_>) -> i64 {
    let [first, _] = derived(&cx.persona.seed, Purpose::SmallService, "printer");
    let days = cx.now.as_secs().div_euclid(86_400) - 19_000;
    days * i64::try_from(20 + first % 60).unwrap_or_default()
}
