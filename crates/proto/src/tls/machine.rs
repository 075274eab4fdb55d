//! Reads the ClientHello, and hands the flow over to whoever terminates TLS.

use model::{Event, FlowName, NameSource};

use super::ClientHello;
use super::collected::{Collected, Progress};
use crate::{Cx, Input, Machine, Next, Out};

/// Waits for a whole hello, or for what cannot become one. It only looks: every byte stays unread.
pub(super) struct HelloReader;

const TOO_LONG: &str = "a ClientHello longer than limits.head_bytes";

impl Machine for HelloReader {
    fn on(&mut self, input: Input<'_>, cx: &Cx<'_>, out: &mut Out) {
        match input {
            Input::Bytes(inbox) => read(inbox.peek(), cx, out),
            // The library is told as well, and says that the hello is not whole.
            Input::Eof => out.hand_over(Next::Tls),
            Input::Open | Input::Datagram(_) | Input::Timer => {}
        }
    }
}

fn read(stream: &[u8], cx: &Cx<'_>, out: &mut Out) {
    let collected = Collected::from(stream);
    match collected.progress {
        Progress::Partial if stream.len() <= cx.rules.head_bytes => return,
        Progress::Partial => broke(TOO_LONG, out),
        Progress::Broken(rule) => broke(rule, out),
        Progress::Whole => {}
    }
    let hello = ClientHello::of(&collected);
    hello.broken_rules.iter().for_each(|rule| broke(rule, out));
    let name = hello.name();
    out.note(Event::TlsHello(Box::new(hello.described())));
    if let Some(name) = name {
        out.note(Event::Named(FlowName { name, source: NameSource::Sni }));
    }
    out.hand_over(Next::Tls);
}

fn broke(rule: &'static str, out: &mut Out) {
    out.note(Event::Broke { protocol: "tls", rule: rule.into() });
}
