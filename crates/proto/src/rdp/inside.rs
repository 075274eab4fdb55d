//! The login inside TLS: NTLM in SPNEGO in CredSSP. Its last message holds a hash of the password,
//! and is refused: to go on we would have to know the password.

use model::{Credentials, Event};

use super::credssp::Said;
use crate::spnego::unwrapped;
use crate::{Cx, Next, Out, ntlm};

/// Takes in one message; nothing, if it cannot be read.
pub(super) fn log_in(bytes: &[u8], cx: &Cx<'_>, out: &mut Out) -> Option<()> {
    let said = Said::read(bytes)?;
    let (wrapping, inner) = unwrapped(said.token);
    match inner {
        Some(inner) if !ntlm::is_offer(inner) => {
            note(inner, cx, out);
            out.send(said.refused());
            out.hand_over(Next::Close);
        }
        inner => {
            let challenge = inner.map(|_| ntlm::challenge_message(cx));
            out.send(said.reply(&wrapping.reply(challenge.as_deref())));
        }
    }
    Some(())
}

/// The hash, in the form of hashcat's modes 5500 and 5600; what is none as it came.
fn note(message: &[u8], cx: &Cx<'_>, out: &mut Out) {
    let (user, secret) = match ntlm::hash(message, cx) {
        Some((user, secret)) => (Some(user), secret),
        None => (None, String::from_utf8_lossy(message).into_owned()),
    };
    let given = Credentials { protocol: "rdp", mechanism: "credssp".to_owned(), user, secret };
    out.note(Event::Credentials(Box::new(given)));
}
