//! A KDC on one connection, or asked by datagrams.

use model::{Credentials, Event, Limit, ServiceCommand};

use super::answer::{Refusal, error};
use super::request::{Kind, Request};
use crate::broken_rules::BrokenRules;
use crate::one_by_one::Server;
use crate::{Cx, Inbox, Input, Machine, Next, Out};

/// A KDC on one connection: messages with their lengths before them.
#[derive(Default)]
pub(super) struct OverTcp {
    broken_rules: BrokenRules,
}

/// How long the length is.
const HEAD: usize = 4;

impl Server for OverTcp {
    fn read(&mut self, inbox: &mut Inbox, cx: &Cx<'_>, out: &mut Out) -> bool {
        let Some(length) = inbox.peek().first_chunk::<HEAD>() else { return false };
        let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
        if length > cx.rules.head_bytes {
            out.note(Event::LimitReached(Limit::HeadBytes));
            out.hand_over(Next::Close);
            return false;
        }
        let Some(message) = inbox.take(HEAD + length) else { return false };
        match hear(message.get(HEAD..).unwrap_or_default(), cx, out) {
            Some(answer) => {
                let length = u32::try_from(answer.len()).unwrap_or_default();
                out.send([&length.to_be_bytes(), answer.as_slice()].concat());
            }
            None => {
                self.broken_rules.note("kerberos", UNREADABLE, out);
                out.hand_over(Next::Close);
            }
        }
        true
    }

    fn cut(&mut self, out: &mut Out) {
        self.broken_rules.note("kerberos", "the stream ends inside a message", out);
    }
}

const UNREADABLE: &str = "a message that cannot be read";

/// A KDC that is asked by datagrams: each is a message.
#[derive(Default)]
pub(super) struct OverUdp {
    broken_rules: BrokenRules,
}

impl Machine for OverUdp {
    fn on(&mut self, input: Input<'_>, cx: &Cx<'_>, out: &mut Out) {
        let Input::Datagram(bytes) = input else { return };
        match hear(bytes, cx, out) {
            Some(answer) => out.send(answer),
            None => self.broken_rules.note("kerberos", UNREADABLE, out),
        }
    }
}

/// Takes in a request, and gives the answer.
fn hear(message: &[u8], cx: &Cx<'_>, out: &mut Out) -> Option<Vec<u8>> {
    let request = Request::read(message)?;
    tell(request.told(), cx, out);
    let refusal = match (&request.proof, request.kind) {
        (_, Kind::Further) => Refusal::UnknownService,
        (None, Kind::First) => Refusal::ProveFirst,
        (Some(proof), Kind::First) => {
            let user = Some(format!("{}@{}", request.client, request.realm));
            let (protocol, mechanism) = ("kerberos", "encrypted-time".to_owned());
            let secret = proof.written(&request);
            let given = Credentials { protocol, mechanism, user, secret };
            out.note(Event::Credentials(Box::new(given)));
            Refusal::Wrong
        }
    };
    Some(error(&request, refusal, cx))
}

/// Writes down which ticket is asked for.
fn tell(mut command: String, cx: &Cx<'_>, out: &mut Out) {
    if command.len() > cx.rules.line_bytes {
        command.truncate(command.floor_char_boundary(cx.rules.line_bytes));
        out.note(Event::LimitReached(Limit::LineBytes));
    }
    out.note(Event::Command(Box::new(ServiceCommand { protocol: "kerberos", command })));
}
