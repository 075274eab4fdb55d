//! Stand-in.
use crate::{Carrier, Cx, Input, Machine, Next, Out, Protocol, Verdict};
/// x
#[derive(Debug)]
pub struct ClientHello;
impl ClientHello {
    /// x
    pub fn read(_b: &[u8]) -> Self {
        Self
    }
    /// x
    pub fn key_kind(&self) -> model::KeyKind {
        model::KeyKind::EcdsaP256
    }
}
/// x
pub fn alert_meaning(_a: u8) -> &'static str {
    "x"
}
pub(crate) const PROTOCOL: Protocol = Protocol {
    name: "tls",
    carrier: Carrier::Stream,
    ports: &[443],
    probe: |b| match b {
        [0x16, 3, ..] => Verdict::Yes,
        [0x16] | [] => Verdict::NeedMore,
        _ => Verdict::No,
    },
    start: || Box::new(T),
};
struct T;
impl Machine for T {
    fn on(&mut self, input: Input<'_>, _cx: &Cx<'_>, out: &mut Out) {
        if let Input::Bytes(_) = input {
            out.hand_over(Next::Tls)
        }
    }
}
