//! Logins in forms, JSON documents and queries, known by the names of their fields.

use model::Credentials;
use serde_json::Value;

use crate::http::Request;
use crate::http::form::{Pair, multipart, url_encoded};

const FORM: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data";

/// Whether a body of this type is read for a login.
pub(super) fn is_read(request: &Request) -> bool {
    let media_type = request.media_type();
    matches!(media_type.as_str(), FORM | MULTIPART) || is_json(&media_type)
}

/// A login, if a field of the request has the name of a secret.
pub(super) fn read(request: &Request) -> Option<Credentials> {
    let media_type = request.media_type();
    let (mechanism, pairs) = match media_type.as_str() {
        // Programs that write their requests by hand often say nothing.
        "" | FORM => ("form", url_encoded(&request.body)),
        MULTIPART => {
            let content_type = request.text("content-type").unwrap_or_default();
            ("multipart-form", multipart(&request.body, content_type))
        }
        media_type if is_json(media_type) => ("json", json(&request.body)),
        _ => ("", Vec::new()),
    };
    login(mechanism, &pairs).or_else(|| login("query", &url_encoded(request.query().as_bytes())))
}

fn is_json(media_type: &str) -> bool {
    media_type.ends_with("/json") || media_type.ends_with("+json")
}

/// Every text in a document with the name it has there.
fn json(body: &[u8]) -> Vec<Pair> {
    let mut pairs = Vec::new();
    let mut rest: Vec<Value> = serde_json::from_slice(body).into_iter().collect();
    while let Some(value) = rest.pop() {
        match value {
            Value::Array(values) => rest.extend(values),
            Value::Object(fields) => {
                for (name, value) in fields {
                    match value {
                        Value::String(text) => pairs.push((name, text)),
                        Value::Number(number) => pairs.push((name, number.to_string())),
                        value => rest.push(value),
                    }
                }
            }
            _ => {}
        }
    }
    pairs
}

fn login(mechanism: &str, pairs: &[Pair]) -> Option<Credentials> {
    let named = |is_known: fn(&str) -> bool| {
        let found = pairs.iter().find(|(name, value)| !value.is_empty() && is_known(&plain(name)));
        found.map(|(_, value)| value.clone())
    };
    let secret = named(|name| SECRETS.contains(&name) || ends_with(name, SECRET_ENDINGS))?;
    let user = named(|name| USERS.contains(&name) || ends_with(name, USER_ENDINGS));
    Some(Credentials { protocol: "http", mechanism: mechanism.to_owned(), user, secret })
}

/// The last part of a name such as `user[e-mail]` or `ctl00$txtPassword`, letters and digits only,
/// in lower case.
fn plain(name: &str) -> String {
    let mut parts = name.split(['[', ']', '.', '$', ':', '/']).filter(|part| !part.is_empty());
    let last = parts.next_back().unwrap_or_default();
    let letters = last.chars().filter(|letter| letter.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

fn ends_with(name: &str, endings: &[&str]) -> bool {
    endings.iter().any(|ending| name.ends_with(ending))
}

const SECRETS: &[&str] = &[
    "contrasena",
    "haslo",
    "loginpass",
    "motdepasse",
    "parola",
    "pass",
    "passphrase",
    "passw",
    "pin",
    "psw",
    "pw",
    "secret",
    "senha",
    "userpass",
];

const SECRET_ENDINGS: &[&str] = &["passwd", "password", "passwort", "pwd"];

const USERS: &[&str] = &[
    "account",
    "acct",
    "benutzer",
    "id",
    "log",
    "mail",
    "nick",
    "uid",
    "uname",
    "usr",
    "usuario",
    "utilisateur",
];

const USER_ENDINGS: &[&str] = &["email", "login", "loginid", "user", "userid", "username"];

#[cfg(test)]
mod tests {
    use super::*;

    fn found(media_type: &str, body: &str) -> Option<(String, Option<String>, String)> {
        let fields = vec![("content-type".to_owned(), media_type.as_bytes().to_vec())];
        let body = body.as_bytes().to_vec();
        let login = read(&Request { fields, body, ..Request::default() })?;
        Some((login.mechanism, login.user, login.secret))
    }

    #[test]
    fn logins_are_known_by_the_names_of_their_fields() {
        for (media_type, body, mechanism) in [
            (FORM, "user=jo&pass=x", "form"),
            (FORM, "ctl00%24Main%24txtUserName=jo&ctl00%24Main%24txtPassword=x", "form"),
            (FORM, "session[email]=jo&session[password]=x&commit=ok", "form"),
            ("", "login=jo&pwd=x", "form"),
            ("application/json; charset=utf-8", r#"{"a":[{"e-mail":"jo","passwd":"x"}]}"#, "json"),
        ] {
            let expected = (mechanism.to_owned(), Some("jo".to_owned()), "x".to_owned());
            assert_eq!(found(media_type, body), Some(expected), "{body}");
        }
    }

    #[test]
    fn other_forms_are_none() {
        for (media_type, body) in [
            (FORM, "user=jo&bypass=x"),
            (FORM, "pass="),
            (FORM, ""),
            ("text/plain", "user=jo&pass=x"),
            ("application/json", "{\"pass\":"),
            ("application/json", "\"pass\""),
        ] {
            assert_eq!(found(media_type, body), None, "{body}");
        }
    }
}
