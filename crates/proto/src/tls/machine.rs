//! Reads the ClientHello, and hands the flow over to whoever terminates TLS.

use model::{Event, FlowName, NameSource};

use super::ClientHello;
use super::collected::{Collected, Progress};
use crate::{Cx, Input, Machine, Next, Out};

/// Waits for a whole hello, or for what cannot become one. It only looks: every byte stays unread.
#[derive(Default)]
pub(super) struct HelloReader {
    collected: Collected,
}

impl Machine for HelloReader {
    fn on(&mut self, input: Input<'_>, cx: &Cx<'_>, out: &mut Out) {
        match input {
            Input::Bytes(inbox) => match self.collected.read(inbox.peek(), cx.rules.head_bytes) {
                Progress::Partial => {}
                Progress::Broken(rule) => {
                    broke(rule, out);
                    hand_over(&self.collected, out);
                }
                Progress::Whole => hand_over(&self.collected, out),
            },
            Input::Eof => {
                broke("the stream ends inside the ClientHello", out);
                hand_over(&self.collected, out);
            }
            Input::Open | Input::Datagram(_) | Input::Timer => {}
        }
    }
}

/// Records the hello, as far as it can be read. Whoever terminates TLS gets it even if it is broken,
/// and says what is wrong.
fn hand_over(collected: &Collected, out: &mut Out) {
    let hello = ClientHello::of(collected);
    hello.broken_rules.iter().for_each(|rule| broke(rule, out));
    let name = hello.name();
    out.note(Event::TlsHello(Box::new(hello.described())));
    if let Some(name) = name {
        out.note(Event::Named(FlowName { name, source: NameSource::Sni }));
    }
    out.hand_over(Next::Tls { key: hello.key_kind() });
}

fn broke(rule: &'static str, out: &mut Out) {
    out.note(Event::Broke { protocol: "tls", rule: rule.into() });
}
