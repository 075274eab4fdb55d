//! What is known of a client, and what is done about its operations.

use model::{Event, Limit, ServiceCommand};

use super::bind::Login;
use super::message::{
    ABANDON, ADD, BIND, COMPARE, Code, DELETE, EXTENDED, EXTENDED_RESPONSE, MODIFY, Message,
    Outcome, RENAME, SEARCH, UNBIND, answer,
};
use super::{bind, search};
use crate::ber::{Ber, OCTETS, element};
use crate::{Cx, Next, Out};

/// What is known of a client.
#[derive(Debug, Default)]
pub(super) struct Session {
    /// Who logged in.
    pub(super) user: Option<String>,
    /// A login that is on its way.
    pub(super) login: Option<Login>,
}

/// A rule that a client broke.
pub(super) type Broken = &'static str;

const UNREADABLE: Broken = "an operation that cannot be read";

impl Session {
    /// Does what a message asks for.
    pub(super) fn obey(
        &mut self,
        message: &Message<'_>,
        cx: &Cx<'_>,
        out: &mut Out,
    ) -> Result<(), Broken> {
        match message.operation.tag {
            BIND => bind::bind(self, message, cx, out).ok_or(UNREADABLE),
            SEARCH => search::search(message, cx, out).ok_or(UNREADABLE),
            COMPARE | MODIFY | ADD | DELETE | RENAME => {
                change(message, cx, out);
                Ok(())
            }
            EXTENDED => self.extended(message, cx, out).ok_or(UNREADABLE),
            UNBIND => {
                out.hand_over(Next::Close);
                Ok(())
            }
            ABANDON => Ok(()),
            _ => Err("an operation that is no client's"),
        }
    }

    /// The same of a datagram, where only searches are answered (MS-ADTS §3.1.1.3.1.4).
    pub(super) fn find_only(
        &mut self,
        message: &Message<'_>,
        cx: &Cx<'_>,
        out: &mut Out,
    ) -> Result<(), Broken> {
        match message.operation.tag {
            SEARCH => search::search(message, cx, out).ok_or(UNREADABLE),
            ABANDON | UNBIND => Ok(()),
            _ => Err("an operation that is not for datagrams"),
        }
    }

    fn extended(&self, message: &Message<'_>, cx: &Cx<'_>, out: &mut Out) -> Option<()> {
        let name = Ber::new(message.operation.content).text(0x80)?;
        tell(format!("extended {name}"), cx, out);
        let mut more = Vec::new();
        let mut outcome = Outcome::of(Code::Success);
        match name.as_str() {
            START_TLS if cx.layer == model::Layer::Wire => {
                more.push(element(0x8a, name.as_bytes()))
            }
            WHO_AM_I => more.push(element(0x8b, self.who(cx).as_bytes())),
            _ => {
                outcome.code = Code::ProtocolError;
                outcome.words = "0000203D: LdapErr: DSID-0C091336, comment: Unknown extended request OID, data 0, v4563";
            }
        }
        let is_tls = name == START_TLS && outcome.code == Code::Success;
        out.send(answer(message.id, EXTENDED_RESPONSE, &outcome, &more));
        if is_tls {
            out.hand_over(Next::StartTls { inside: &super::PROTOCOL });
        }
        Some(())
    }

    /// Who a client is (RFC 4532): a user of the domain, or nobody.
    fn who(&self, cx: &Cx<'_>) -> String {
        let Some(user) = &self.user else { return String::new() };
        let first = user.split(',').next().unwrap_or_default();
        let name = first.split_once('=').map_or(first, |(_, name)| name);
        let name = name.split('@').next().unwrap_or_default();
        if name.contains('\\') {
            return format!("u:{name}");
        }
        format!("u:{}\\{name}", super::directory::Domain::of("", cx).netbios())
    }
}

const START_TLS: &str = "1.3.6.1.4.1.1466.20037";
const WHO_AM_I: &str = "1.3.6.1.4.1.4203.1.11.3";

/// What changes or compares entries. Nobody may change anything, and nothing is equal.
fn change(message: &Message<'_>, cx: &Cx<'_>, out: &mut Out) {
    let content = message.operation.content;
    let mut inside = Ber::new(content);
    let name = match message.operation.tag {
        DELETE => String::from_utf8_lossy(content).into_owned(),
        _ => inside.text(OCTETS).unwrap_or_default(),
    };
    let (word, tag) = match message.operation.tag {
        ADD => ("add", 0x69),
        COMPARE => ("compare", 0x6f),
        DELETE => ("delete", 0x6b),
        RENAME => ("rename", 0x6d),
        _ => ("modify", 0x67),
    };
    tell(format!("{word} {name:?}"), cx, out);
    let outcome = match message.operation.tag {
        COMPARE => Outcome::of(Code::CompareFalse),
        _ => Outcome { words: NO_RIGHTS, ..Outcome::of(Code::InsufficientAccessRights) },
    };
    out.send(answer(message.id, tag, &outcome, &[]));
}

const NO_RIGHTS: &str =
    "00000005: SecErr: DSID-03152E29, problem 4003 (INSUFF_ACCESS_RIGHTS), data 0\n";

/// Writes down what a client asked for.
pub(super) fn tell(mut command: String, cx: &Cx<'_>, out: &mut Out) {
    if command.len() > cx.rules.line_bytes {
        command.truncate(command.floor_char_boundary(cx.rules.line_bytes));
        out.note(Event::LimitReached(Limit::LineBytes));
    }
    out.note(Event::Command(Box::new(ServiceCommand { protocol: "ldap", command })));
}
