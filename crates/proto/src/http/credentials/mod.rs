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
    let begun = [PROXY, SERVER].into_iter().find_map(|asker| asker.go_on(request, cx));
    let asker = if request.is_for_a_proxy() { PROXY } else { SERVER };
    begun.or_else(|| asker.begin(request, cx))
}

/// Who asks for credentials: a server, or a proxy on the way to it (RFC 9110 §11.6, §11.7).
struct Asker {
    status: u16,
    /// The field it asks in.
    question: &'static str,
    /// The field it is answered in.
    answer: &'static str,
}

const PROXY: Asker =
    Asker { status: 407, question: "Proxy-Authenticate", answer: "proxy-authorization" };
const SERVER: Asker = Asker { status: 401, question: "WWW-Authenticate", answer: "authorization" };

impl Asker {
    /// The next message of an exchange that the peer has begun.
    fn go_on(&self, request: &Request, cx: &Cx<'_>) -> Option<Response> {
        let scheme = authorization::scheme_of_offer(request.text(self.answer)?)?;
        Some(self.ask(vec![format!("{scheme} {}", encoded(&ntlm::challenge_message(cx)))], cx))
    }

    /// The first question, if nothing was said yet.
    fn begin(&self, request: &Request, cx: &Cx<'_>) -> Option<Response> {
        let is_answered = !request.text(self.answer).unwrap_or_default().is_empty();
        let wanted = first_challenge(cx);
        (!is_answered && !wanted.is_empty()).then(|| self.ask(wanted, cx))
    }

    fn ask(&self, wanted: Vec<String>, cx: &Cx<'_>) -> Response {
        let response = Response::error(self.status, cx);
        wanted.into_iter().fold(response, |response, value| response.with(self.question, value))
    }
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
