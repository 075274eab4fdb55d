//! What a victim gives to be let in: in fields, in forms, in the target.

mod authorization;
mod login;

use model::{Credentials, Event, Limit};

use super::{Request, Response};
use crate::base64::encoded;
use crate::derived::{Purpose, derived};
use crate::{Cx, Out, ntlm};

/// What a server asks for before it answers (`http.authentication`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Authentication {
    /// Nothing.
    #[default]
    None,
    /// A password in the clear (RFC 7617).
    Basic,
    /// A hash of a password (RFC 7616).
    Digest,
    /// What Windows has at hand (MS-NLMP).
    Ntlm,
}

impl Authentication {
    /// All of them, as they are set.
    pub const WORDS: &'static [&'static str] = &["none", "basic", "digest", "ntlm"];

    /// The one of this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "basic" => Some(Self::Basic),
            "digest" => Some(Self::Digest),
            "none" => Some(Self::None),
            "ntlm" => Some(Self::Ntlm),
            _ => None,
        }
    }
}

/// Notes every credential a request carries.
pub(super) fn note(request: &Request, cx: &Cx<'_>, out: &mut Out) {
    for (field, place) in [("authorization", ""), ("proxy-authorization", "proxy-")] {
        let value = request.text(field).unwrap_or_default();
        if let Some(credentials) = authorization::read(value, request, cx) {
            let mechanism = format!("{place}{}", credentials.mechanism);
            out.note(Event::Credentials(Credentials { mechanism, ..credentials }.into()));
        }
    }
    if login::is_read(request) && request.body_bytes > request.body.len() as u64 {
        out.note(Event::LimitReached(Limit::FormBytes));
    }
    if let Some(credentials) = login::read(request) {
        out.note(Event::Credentials(credentials.into()));
    }
}

/// Who asks a proxy for a way, if that was said.
pub(super) fn proxy_user(request: &Request, cx: &Cx<'_>) -> Option<String> {
    authorization::read(request.text("proxy-authorization")?, request, cx)?.user
}

/// Asks for credentials, if that is wanted and there are none yet, or if the peer has begun an
/// exchange of messages. Whatever comes then is right.
pub(super) fn challenge(request: &Request, cx: &Cx<'_>) -> Option<Response> {
    let value = request.text("authorization").unwrap_or_default();
    let wanted = if let Some(scheme) = authorization::scheme_of_offer(value) {
        vec![format!("{scheme} {}", encoded(&ntlm::challenge_message(cx)))]
    } else if value.is_empty() {
        first_challenge(cx)
    } else {
        Vec::new()
    };
    let mut wanted = wanted.into_iter().peekable();
    wanted.peek()?;
    let response = Response::error(401, cx);
    Some(wanted.fold(response, |response, value| response.with("WWW-Authenticate", value)))
}

fn first_challenge(cx: &Cx<'_>) -> Vec<String> {
    let realm = &cx.persona.host;
    match cx.rules.http_authentication {
        Authentication::None => Vec::new(),
        Authentication::Basic => vec![format!("Basic realm=\"{realm}\"")],
        Authentication::Digest => {
            let [nonce, opaque] = chance(cx);
            vec![format!(
                "Digest realm=\"{realm}\", qop=\"auth\", algorithm=MD5, nonce=\"{nonce:016x}\", \
                 opaque=\"{opaque:016x}\""
            )]
        }
        Authentication::Ntlm => vec!["Negotiate".to_owned(), "NTLM".to_owned()],
    }
}

/// What an answer has to be made with: another number for each flow.
fn chance(cx: &Cx<'_>) -> [u64; 2] {
    derived(&cx.persona.seed, Purpose::Challenge, &cx.flow.id.to_string())
}
