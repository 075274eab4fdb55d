//! Logins by Basic and Digest (RFC 7617, RFC 7616, RFC 3261 §22).

use model::Credentials;

use crate::Cx;
use crate::base64::decoded;
use crate::derived::{Purpose, derived};

/// Where a login is going on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ends<'a> {
    pub(crate) protocol: &'static str,
    pub(crate) method: &'a str,
}

/// What has to be digested with the password: the same all through a flow.
pub(crate) fn challenge(cx: &Cx<'_>) -> String {
    let [first, _] = derived(&cx.persona.seed, Purpose::Challenge, &cx.flow.id.to_string());
    format!("{first:016x}")
}

/// Reads the value of a field Authorization; nothing if there is nothing in it.
pub(crate) fn given(value: &str, ends: Ends<'_>, cx: &Cx<'_>) -> Option<Credentials> {
    let (scheme, rest) = value.split_once(' ')?;
    let mechanism = scheme.to_ascii_lowercase();
    let understood = match mechanism.as_str() {
        "basic" => basic(rest),
        "digest" => digest(rest, ends, cx),
        _ => None,
    };
    let (user, secret) = match understood {
        Some((user, secret)) => (Some(user), secret),
        None => (None, rest.to_owned()),
    };
    Some(Credentials { protocol: ends.protocol, mechanism, user, secret })
}

fn basic(encoded: &str) -> Option<(String, String)> {
    let both = decoded(encoded)?;
    let both = String::from_utf8_lossy(&both);
    let (user, secret) = both.split_once(':')?;
    Some((user.to_owned(), secret.to_owned()))
}

/// The user, and the digest with all it was made of, as hashcat reads it (mode 11400).
fn digest(text: &str, Ends { method, .. }: Ends<'_>, cx: &Cx<'_>) -> Option<(String, String)> {
    let parameters = parameters(text);
    let value = |wanted: &str| {
        let found = parameters.iter().find(|(name, _)| name == wanted);
        found.map_or("", |(_, value)| value.as_str())
    };
    let (user, response) = (value("username"), value("response"));
    if response.is_empty() {
        return None;
    }
    // The target is cut at its first two colons.
    let mut target = value("uri").splitn(3, ':');
    let mut part = || target.next().unwrap_or_default();
    let (prefix, resource, suffix) = (part(), part(), part());
    let (server, client) = (cx.flow.orig_dst.ip(), cx.flow.victim.ip());
    let words = [
        &server.to_string(),
        &client.to_string(),
        user,
        value("realm"),
        method,
        prefix,
        resource,
        suffix,
        value("nonce"),
        value("cnonce"),
        value("nc"),
        value("qop"),
        "MD5",
        response,
    ];
    Some((user.to_owned(), format!("$sip$*{}", words.join("*"))))
}

/// `name=value, name="value"`; in quotes a comma is no end.
fn parameters(text: &str) -> Vec<(String, String)> {
    let mut is_quoted = false;
    let ends_here = |letter: char| {
        is_quoted ^= letter == '"';
        letter == ',' && !is_quoted
    };
    let parameters = text.split(ends_here).filter_map(|parameter| parameter.split_once('='));
    let plain = |(name, value): (&str, &str)| {
        (name.trim().to_ascii_lowercase(), value.trim().trim_matches('"').to_owned())
    };
    parameters.map(plain).collect()
}
