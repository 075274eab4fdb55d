//! Logins by NTLM in SPNEGO, which both generations have: the hash is noted, and refused.

use model::{Credentials, Event, Limit, ServiceCommand};

use crate::spnego::unwrapped;
use crate::{Cx, Out, ntlm};

/// What a token of a client comes to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// It is asked on, with this.
    Ask(Vec<u8>),
    /// Nobody logs in: there is neither a name nor a password.
    Nobody(Vec<u8>),
    /// It was wrong.
    Refused,
}

/// Takes in a token.
pub(super) fn hear(token: &[u8], cx: &Cx<'_>, out: &mut Out) -> Turn {
    let (wrapping, message) = unwrapped(token);
    match message {
        Some(message) if !ntlm::is_offer(message) => match ntlm::hash(message, cx) {
            Some((user, _)) if user.is_empty() => Turn::Nobody(wrapping.accepted()),
            Some((user, secret)) => {
                note(Some(user), secret, out);
                Turn::Refused
            }
            None => {
                note(None, String::from_utf8_lossy(message).into_owned(), out);
                Turn::Refused
            }
        },
        message => {
            let challenge = message.map(|_| ntlm::challenge_message(cx));
            Turn::Ask(wrapping.reply(challenge.as_deref()))
        }
    }
}

/// Notes a hash in the form of hashcat's modes 5500 and 5600.
pub(super) fn note(user: Option<String>, secret: String, out: &mut Out) {
    let given = Credentials { protocol: "smb", mechanism: "ntlm".to_owned(), user, secret };
    out.note(Event::Credentials(Box::new(given)));
}

/// Writes down what a client asks for.
pub(super) fn tell(mut command: String, cx: &Cx<'_>, out: &mut Out) {
    if command.len() > cx.rules.line_bytes {
        command.truncate(command.floor_char_boundary(cx.rules.line_bytes));
        out.note(Event::LimitReached(Limit::LineBytes));
    }
    out.note(Event::Command(Box::new(ServiceCommand { protocol: "smb", command })));
}
