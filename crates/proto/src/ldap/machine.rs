//! A directory on one connection, or asked by datagrams.

use model::{Event, Limit};

use super::message::Message;
use super::session::Session;
use crate::ber::{Framed, SEQUENCE, framed};
use crate::broken_rules::BrokenRules;
use crate::one_by_one::Server;
use crate::{Cx, Inbox, Input, Machine, Next, Out};

/// A directory on one connection.
#[derive(Default)]
pub(super) struct OverTcp {
    session: Session,
    broken_rules: BrokenRules,
    /// How much of a message that is too long is to come.
    passing: usize,
}

impl Server for OverTcp {
    fn read(&mut self, inbox: &mut Inbox, cx: &Cx<'_>, out: &mut Out) -> bool {
        self.passing -= inbox.discard(self.passing);
        if self.passing > 0 || inbox.is_empty() {
            return false;
        }
        let is_message = inbox.peek().first() == Some(&SEQUENCE);
        match framed(inbox.peek()) {
            _ if !is_message => self.give_up(out),
            Framed::NeedMore => return false,
            Framed::Broken => self.give_up(out),
            Framed::Whole(length) if length > cx.rules.head_bytes => {
                out.note(Event::LimitReached(Limit::HeadBytes));
                self.passing = length;
            }
            Framed::Whole(length) => {
                let Some(bytes) = inbox.take(length) else { return false };
                self.hear(&bytes, cx, out);
            }
        }
        true
    }

    fn cut(&mut self, out: &mut Out) {
        self.broke("the stream ends inside a message", out);
    }

    fn has_begun(&self) -> bool {
        self.passing > 0
    }
}

impl OverTcp {
    fn hear(&mut self, bytes: &[u8], cx: &Cx<'_>, out: &mut Out) {
        match Message::read(bytes) {
            Some(message) => {
                if let Err(rule) = self.session.obey(&message, cx, out) {
                    self.broke(rule, out);
                }
            }
            None => self.give_up(out),
        }
    }

    /// Where a message ends is no longer known.
    fn give_up(&mut self, out: &mut Out) {
        self.broke("what is no message", out);
        out.hand_over(Next::Close);
    }

    fn broke(&mut self, rule: &'static str, out: &mut Out) {
        self.broken_rules.note("ldap", rule, out);
    }
}

/// A directory that is asked by datagrams: each is a message.
#[derive(Default)]
pub(super) struct OverUdp {
    session: Session,
    broken_rules: BrokenRules,
}

impl Machine for OverUdp {
    fn on(&mut self, input: Input<'_>, cx: &Cx<'_>, out: &mut Out) {
        let Input::Datagram(bytes) = input else { return };
        let obeyed = match Message::read(bytes) {
            Some(message) => self.session.find_only(&message, cx, out),
            None => Err("what is no message"),
        };
        if let Err(rule) = obeyed {
            self.broken_rules.note("cldap", rule, out);
        }
    }
}
