//! The field Authorization (RFC 9110 §11.6.2).

use model::Credentials;

use crate::base64::decoded;
use crate::http::Request;
use crate::{Cx, ntlm};

/// Reads its value; a scheme that is not known is kept as it came.
pub(super) fn read(value: &str, request: &Request, cx: &Cx<'_>) -> Option<Credentials> {
    if scheme_of_offer(value).is_some() {
        return None;
    }
    let (scheme, rest) = value.split_once(' ')?;
    let (mechanism, rest) = (scheme.to_ascii_lowercase(), rest.trim());
    let (mechanism, understood) = match mechanism.as_str() {
        "basic" => (mechanism, basic(rest)),
        "digest" => (mechanism, digest(rest, request)),
        "negotiate" | "ntlm" => match decoded(rest).and_then(|message| ntlm::hash(&message, cx)) {
            None => (mechanism, None),
            hash => ("ntlm".to_owned(), hash),
        },
        _ => (mechanism, None),
    };
    let (user, secret) = match understood {
        Some((user, secret)) => (Some(user), secret),
        None => (None, rest.to_owned()),
    };
    Some(Credentials { protocol: "http", mechanism, user, secret })
}

/// The scheme in which a peer offers to log in by NTLM, if this is an offer.
pub(super) fn scheme_of_offer(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    let is_ours = scheme.eq_ignore_ascii_case("ntlm") || scheme.eq_ignore_ascii_case("negotiate");
    let message = decoded(token).filter(|_| is_ours)?;
    ntlm::is_offer(&message).then_some(scheme)
}

fn basic(encoded: &str) -> Option<(String, String)> {
    let both = decoded(encoded)?;
    let both = String::from_utf8_lossy(&both);
    let (user, secret) = both.split_once(':')?;
    Some((user.to_owned(), secret.to_owned()))
}

/// The user, and the hash with all it was made of, as John the Ripper reads it (format HDAA).
fn digest(parameters: &str, request: &Request) -> Option<(String, String)> {
    let parameters = read_parameters(parameters);
    let value = |wanted: &str| {
        let found = parameters.iter().find(|(name, _)| name == wanted);
        found.map_or("", |(_, value)| value.as_str())
    };
    let (user, response) = (value("username"), value("response"));
    if response.is_empty() {
        return None;
    }
    let words = [
        response,
        user,
        value("realm"),
        &request.method,
        value("uri"),
        value("nonce"),
        value("nc"),
        value("cnonce"),
        value("qop"),
    ];
    let words: Vec<_> = words.iter().map(|word| format!("${word}")).collect();
    Some((user.to_owned(), format!("$response{}", words.concat())))
}

/// `name=value, name="value"`; in quotes a comma is no end.
fn read_parameters(text: &str) -> Vec<(String, String)> {
    let mut is_quoted = false;
    let ends_here = |letter: char| {
        is_quoted ^= letter == '"';
        letter == ',' && !is_quoted
    };
    let parameters = text.split(ends_here).filter_map(|parameter| parameter.split_once('='));
    parameters
        .map(|(name, value)| {
            (name.trim().to_ascii_lowercase(), value.trim().trim_matches('"').to_owned())
        })
        .collect()
}
