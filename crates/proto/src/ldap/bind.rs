//! Logins (RFC 4511 §4.2): a password, SASL, and the way of Windows (MS-ADTS §5.1.1.1.3). What is
//! given is noted, and right if `ldap.accept` says so.

use model::{Credentials, Event};

use super::directory::Domain;
use super::message::{BIND_RESPONSE, Code, Message, Outcome, answer};
use super::session::Session;
use crate::ber::{Ber, Element, INTEGER, OCTETS, element};
use crate::derived::{Purpose, derived};
use crate::sasl::{Exchange, Given, Mechanism, Turn};
use crate::spnego::{Wrapping, unwrapped};
use crate::{Cx, Out, ntlm};

/// A login that is on its way.
#[derive(Debug)]
pub(super) struct Login {
    mechanism: String,
    exchange: Exchange,
}

pub(super) fn bind(
    session: &mut Session,
    message: &Message<'_>,
    cx: &Cx<'_>,
    out: &mut Out,
) -> Option<()> {
    let mut inside = Ber::new(message.operation.content);
    inside.number(INTEGER)?;
    let name = inside.text(OCTETS)?;
    let Element { tag, content } = inside.next()?;
    let mut binding = Binding { session, id: message.id, cx, out };
    match tag {
        0x80 => binding.simple(name, content),
        0xa3 => binding.sasl(Ber::new(content))?,
        0x89 => binding.ask(Code::Success, b"NTLM", None),
        0x8a => binding.ask(Code::Success, &ntlm::challenge_message(cx), None),
        0x8b => binding.hash("sicily", content, Wrapping::Bare),
        _ => binding.end(Code::AuthMethodNotSupported, None),
    }
    Some(())
}

/// One bind, and all that it needs.
struct Binding<'a> {
    session: &'a mut Session,
    id: i64,
    cx: &'a Cx<'a>,
    out: &'a mut Out,
}

impl Binding<'_> {
    /// A name and a password; without either, nobody (RFC 4513 §5.1.1).
    fn simple(&mut self, name: String, password: &[u8]) {
        if name.is_empty() && password.is_empty() {
            self.session.user = None;
            return self.end(Code::Success, None);
        }
        let secret = String::from_utf8_lossy(password).into_owned();
        self.judge("simple", Some(name), secret, None);
    }

    fn sasl(&mut self, mut inside: Ber<'_>) -> Option<()> {
        let name = inside.text(OCTETS)?;
        let said = inside.take(OCTETS);
        let mechanism = name.to_ascii_lowercase();
        match mechanism.as_str() {
            "gss-spnego" | "gssapi" => self.negotiate(&mechanism, said.unwrap_or_default()),
            "digest-md5" => self.digest(said),
            "external" => self.end(Code::InvalidCredentials, None),
            _ => self.exchange(mechanism, said),
        }
        Some(())
    }

    /// SPNEGO, or NTLM without anything around it. Of Kerberos we would learn nothing.
    fn negotiate(&mut self, mechanism: &str, said: &[u8]) {
        let (wrapping, inner) = unwrapped(said);
        match inner {
            Some(inner) if !ntlm::is_offer(inner) => self.hash(mechanism, inner, wrapping),
            inner => {
                let challenge = inner.map(|_| ntlm::challenge_message(self.cx));
                let token = wrapping.reply(challenge.as_deref());
                self.ask(Code::SaslBindInProgress, b"", Some(&token));
            }
        }
    }

    /// The last message of NTLM.
    fn hash(&mut self, mechanism: &str, said: &[u8], wrapping: Wrapping) {
        let (user, secret) = match ntlm::hash(said, self.cx) {
            Some((user, secret)) => (Some(user), secret),
            None => (None, String::from_utf8_lossy(said).into_owned()),
        };
        self.judge(mechanism, user, secret, Some(wrapping.accepted()));
    }

    /// RFC 2831. Who does not know the password cannot say the last word; so nobody gets in, and
    /// the answer is kept with all that it was made of but the password.
    fn digest(&mut self, said: Option<&[u8]>) {
        let Some(said) = said.filter(|said| !said.is_empty()) else {
            let realm = Domain::of("", self.cx).name;
            let flow = self.cx.flow.id.to_string();
            let [first, second] = derived(&self.cx.persona.seed, Purpose::Challenge, &flow);
            let question = format!(
                "qop=\"auth,auth-int,auth-conf\",algorithm=md5-sess,nonce=\"{first:016x}{second:016x}\",\
                 charset=utf-8,realm=\"{realm}\""
            );
            return self.ask(Code::SaslBindInProgress, b"", Some(question.as_bytes()));
        };
        let secret = String::from_utf8_lossy(said).into_owned();
        let after = secret.split_once("username=\"").map(|(_, after)| after);
        let user = after.and_then(|after| after.split('"').next()).map(str::to_owned);
        self.note("digest-md5", user, secret);
        self.refuse();
    }

    /// What mail servers have, too.
    fn exchange(&mut self, mechanism: String, said: Option<&[u8]>) {
        let begun = self.session.login.take().filter(|login| login.mechanism == mechanism);
        let known = || Mechanism::named(&mechanism).map(Exchange::new);
        let Some(mut exchange) = begun.map(|login| login.exchange).or_else(known) else {
            let secret = String::from_utf8_lossy(said.unwrap_or_default()).into_owned();
            self.note(&mechanism, None, secret);
            return self.end(Code::AuthMethodNotSupported, None);
        };
        match exchange.hear(said, self.cx) {
            Turn::Ask(question) => {
                self.session.login = Some(Login { mechanism, exchange });
                self.ask(Code::SaslBindInProgress, b"", Some(&question));
            }
            Turn::Given(Given { user, secret }) => self.judge(&mechanism, user, secret, None),
        }
    }

    fn judge(
        &mut self,
        mechanism: &str,
        user: Option<String>,
        secret: String,
        token: Option<Vec<u8>>,
    ) {
        let given = Credentials { protocol: "ldap", mechanism: mechanism.to_owned(), user, secret };
        let is_right = self.cx.rules.ldap.accept.admits(&given, self.cx);
        let user = given.user.clone().unwrap_or_default();
        self.out.note(Event::Credentials(Box::new(given)));
        if is_right {
            self.session.user = Some(user);
            self.end(Code::Success, token);
        } else {
            self.refuse();
        }
    }

    fn note(&mut self, mechanism: &str, user: Option<String>, secret: String) {
        let mechanism = mechanism.to_owned();
        let given = Credentials { protocol: "ldap", mechanism, user, secret };
        self.out.note(Event::Credentials(Box::new(given)));
    }

    fn refuse(&mut self) {
        let outcome = Outcome { words: REFUSED, ..Outcome::of(Code::InvalidCredentials) };
        self.out.send(answer(self.id, BIND_RESPONSE, &outcome, &[]));
    }

    fn end(&mut self, code: Code, token: Option<Vec<u8>>) {
        let token = token.filter(|token| !token.is_empty());
        self.ask(code, b"", token.as_deref());
    }

    /// An answer with a token, or with bytes where there is usually a name.
    fn ask(&mut self, code: Code, matched: &[u8], token: Option<&[u8]>) {
        let outcome = Outcome { matched: matched.to_vec(), ..Outcome::of(code) };
        let more: Vec<Vec<u8>> = token.map(|token| element(0x87, token)).into_iter().collect();
        self.out.send(answer(self.id, BIND_RESPONSE, &outcome, &more));
    }
}

/// What a domain controller says to a wrong password (error 52e).
const REFUSED: &str =
    "80090308: LdapErr: DSID-0C090447, comment: AcceptSecurityContext error, data 52e, v4563";
