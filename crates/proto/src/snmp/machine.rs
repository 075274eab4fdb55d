//! An agent: everybody may read, with whatever community; nobody may write.

use model::{Credentials, Event, ServiceCommand};

use super::ber::{SEQUENCE, Values};
use super::message::Message;
use super::mib::Mib;
use super::user_based::{Report, Secured};
use crate::broken_rules::BrokenRules;
use crate::{Cx, Input, Machine, Out};

#[derive(Default)]
pub(super) struct Agent {
    broken_rules: BrokenRules,
    /// What was given last: it comes with every message, and is noted once.
    given: Option<Credentials>,
}

impl Machine for Agent {
    fn on(&mut self, input: Input<'_>, cx: &Cx<'_>, out: &mut Out) {
        let Input::Datagram(bytes) = input else { return };
        if self.hear(bytes, cx, out).is_none() {
            self.broken_rules.note("snmp", "a message that cannot be read", out);
        }
    }
}

impl Agent {
    fn hear(&mut self, bytes: &[u8], cx: &Cx<'_>, out: &mut Out) -> Option<()> {
        let mut inside = Values::new(bytes).of(SEQUENCE)?.inside();
        match inside.integer()? {
            version @ (0 | 1) => self.by_community(&Message::read(version, inside)?, cx, out),
            3 => self.by_user(&Secured::read(bytes, inside)?, cx, out),
            _ => return None,
        }
        Some(())
    }

    fn by_community(&mut self, message: &Message<'_>, cx: &Cx<'_>, out: &mut Out) {
        let secret = String::from_utf8_lossy(message.community).into_owned();
        self.note_given(("community", None, secret), out);
        note(message.pdu.command(), out);
        if let Some(answer) = message.pdu.answered(&Mib::new(cx), message.dialect()) {
            out.send(message.around(answer));
        }
    }

    /// Who asks first wants to know who we are. Then come its name and, if it has a password, a digest:
    /// we do not have the password, and say that it is wrong.
    fn by_user(&mut self, message: &Secured<'_>, cx: &Cx<'_>, out: &mut Out) {
        let report = |report| message.reported(report, cx);
        if !message.is_for_us(cx) {
            return out.send(report(Report::UnknownEngine));
        }
        let user = Some(String::from_utf8_lossy(message.user).into_owned());
        if message.is_signed() {
            self.note_given(("usm", user, message.guessable()), out);
            return out.send(report(Report::WrongDigest));
        }
        if message.user.is_empty() {
            return out.send(report(Report::UnknownUser));
        }
        self.note_given(("usm", user, String::new()), out);
        if let Some(command) = message.command() {
            note(command, out);
        }
        if let Some(answer) = message.answered(&Mib::new(cx), cx) {
            out.send(answer);
        }
    }

    fn note_given(
        &mut self,
        (mechanism, user, secret): (&str, Option<String>, String),
        out: &mut Out,
    ) {
        let given = Credentials { protocol: "snmp", mechanism: mechanism.to_owned(), user, secret };
        if self.given.as_ref() != Some(&given) {
            out.note(Event::Credentials(given.clone().into()));
            self.given = Some(given);
        }
    }
}

fn note(command: String, out: &mut Out) {
    out.note(Event::Command(Box::new(ServiceCommand { protocol: "snmp", command })));
}
