//! A remote desktop on one connection.

use model::{Event, Layer, Limit, ServiceCommand};

use super::inside;
use super::request::{CREDSSP, Request, confirmed, refused};
use crate::ber::{Framed, framed};
use crate::broken_rules::BrokenRules;
use crate::one_by_one::Server;
use crate::{Cx, Inbox, Next, Out};

/// A remote desktop on one connection.
#[derive(Default)]
pub(super) struct Rdp {
    broken_rules: BrokenRules,
}

impl Server for Rdp {
    fn read(&mut self, inbox: &mut Inbox, cx: &Cx<'_>, out: &mut Out) -> bool {
        let is_login = cx.layer != Layer::Wire && inbox.peek().first() == Some(&0x30);
        let length = if is_login { framed(inbox.peek()) } else { packet(inbox.peek()) };
        match length {
            Framed::NeedMore => return false,
            Framed::Broken => {
                self.broke("what is no packet", out);
                out.hand_over(Next::Close);
            }
            Framed::Whole(length) if length > cx.rules.head_bytes => {
                out.note(Event::LimitReached(Limit::HeadBytes));
                out.hand_over(Next::Close);
            }
            Framed::Whole(length) => {
                let Some(bytes) = inbox.take(length) else { return false };
                if is_login {
                    self.log_in(&bytes, cx, out);
                } else {
                    self.connect(&bytes, cx, out);
                }
            }
        }
        true
    }

    fn cut(&mut self, out: &mut Out) {
        self.broke("the stream ends inside a packet", out);
    }
}

impl Rdp {
    /// A connection request; one that comes later, or inside TLS, is out of its turn.
    fn connect(&mut self, packet: &[u8], cx: &Cx<'_>, out: &mut Out) {
        if packet.get(5) != Some(&0xe0) || cx.layer != Layer::Wire {
            self.broke("a packet out of its turn", out);
            return out.hand_over(Next::Close);
        }
        let request = Request::read(packet);
        if let Some(cookie) = request.cookie {
            tell(cookie, cx, out);
        }
        if request.protections.is_some_and(|asked| asked & CREDSSP != 0) {
            out.send(confirmed());
            out.hand_over(Next::StartTls { inside: &super::PROTOCOL });
        } else {
            // Who has it comes back with it.
            out.send(refused());
            out.hand_over(Next::Close);
        }
    }

    fn log_in(&mut self, bytes: &[u8], cx: &Cx<'_>, out: &mut Out) {
        if inside::log_in(bytes, cx, out).is_none() {
            self.broke("a login that cannot be read", out);
            out.hand_over(Next::Close);
        }
    }

    fn broke(&mut self, rule: &'static str, out: &mut Out) {
        self.broken_rules.note("rdp", rule, out);
    }
}

/// How long the first packet is (RFC 1006 §6).
fn packet(bytes: &[u8]) -> Framed {
    match bytes {
        [3, 0, high, low, ..] => match u16::from_be_bytes([*high, *low]) {
            0..7 => Framed::Broken,
            length => Framed::Whole(usize::from(length)),
        },
        [] | [3] | [3, 0] | [3, 0, _] => Framed::NeedMore,
        _ => Framed::Broken,
    }
}

/// Writes down a cookie, which says who asks.
fn tell(mut command: String, cx: &Cx<'_>, out: &mut Out) {
    command.truncate(command.floor_char_boundary(cx.rules.line_bytes));
    out.note(Event::Command(Box::new(ServiceCommand { protocol: "rdp", command })));
}
