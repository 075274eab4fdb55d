//! Reads the ClientHello, and hands the flow over to whoever terminates TLS.

use model::{Event, FlowName, NameSource};

use super::ClientHello;
use super::collected::{Collected, Progress};
use crate::{Cx, Input, Machine, Next, Out, Protocol};

/// Waits for a whole hello, or for what cannot become one. It only looks: every byte stays unread.
#[derive(Default)]
pub(super) struct HelloReader {
    collected: Collected,
    /// What was agreed to go on inside.
    inside: Option<&'static Protocol>,
}

impl HelloReader {
    pub(super) fn agreed_on(inside: &'static Protocol) -> Self {
        Self { collected: Collected::default(), inside: Some(inside) }
    }
}

impl Machine for HelloReader {
    fn on(&mut self, input: Input<'_>, cx: &Cx<'_>, out: &mut Out) {
        match input {
            Input::Bytes(inbox) => match self.collected.read(inbox.peek(), cx.rules.head_bytes) {
                Progress::Partial => {}
                Progress::Broken(rule) => {
                    broke(rule, out);
                    self.hand_over(out);
                }
                Progress::Whole => self.hand_over(out),
            },
            Input::Eof => {
                broke("the stream ends inside the ClientHello", out);
                self.hand_over(out);
            }
            Input::Open | Input::Datagram(_) | Input::Timer => {}
        }
    }
}

impl HelloReader {
    /// Records the hello, as far as it can be read. Whoever terminates TLS gets it even if it is
    /// broken, and says what is wrong.
    fn hand_over(&self, out: &mut Out) {
        let hello = ClientHello::of(&self.collected);
        hello.broken_rules.iter().for_each(|rule| broke(rule, out));
        let name = hello.name();
        out.note(Event::TlsHello(Box::new(hello.described())));
        if let Some(name) = name {
            out.note(Event::Named(FlowName { name, source: NameSource::Sni }));
        }
        out.hand_over(Next::Tls { key: hello.key_kind(), inside: self.inside });
    }
}

fn broke(rule: &'static str, out: &mut Out) {
    out.note(Event::Broke { protocol: "tls", rule: rule.into() });
}
