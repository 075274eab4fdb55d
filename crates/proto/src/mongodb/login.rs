//! Logins by SASL: passwords by PLAIN; proofs of SCRAM, which nobody can answer who does not know the
//! password.

use model::{Credentials, Event};

use super::bson::{Document, Value};
use super::commands::{Told, ok, refused};
use super::machine::Session;
use crate::scram;

/// A login on its way: its mechanism, whose it is, what both have said.
#[derive(Debug)]
pub(super) struct Login {
    mechanism: String,
    user: Option<String>,
    said: String,
}

pub(super) fn start(session: &mut Session, told: &mut Told<'_>) -> Document {
    let mechanism = told.request.command.text("mechanism").unwrap_or_default().to_owned();
    let payload = payload(told);
    if mechanism.starts_with("SCRAM-")
        && let Some(first) = scram::first(&payload, told.cx)
    {
        let user = first.user.clone();
        session.login = Some(Login { mechanism, user, said: first.said });
        return step(&first.asked, false);
    }
    let mut parts = payload.splitn(3, '\0').skip(1);
    let (user, secret) = match (parts.next(), parts.next()) {
        (Some(user), Some(secret)) => (Some(user.to_owned()), secret.to_owned()),
        _ => (None, payload.clone()),
    };
    let is_plain = mechanism == "PLAIN";
    if is_right(&mechanism, user, secret, told) && is_plain { step("", true) } else { wrong() }
}

pub(super) fn go_on(session: &mut Session, told: &mut Told<'_>) -> Document {
    let Some(login) = session.login.take() else {
        session.broke("an answer to nothing", told.out);
        return refused(17, "ProtocolError", "No SASL session state found");
    };
    let Login { mechanism, user, said } = login;
    let form = mechanism.to_ascii_lowercase();
    let secret = format!("${form}${said}${}", payload(told));
    is_right(&mechanism, user, secret, told);
    wrong()
}

fn payload(told: &Told<'_>) -> String {
    match told.request.command.find("payload") {
        Some(Value::Binary(bytes)) => String::from_utf8_lossy(bytes).into_owned(),
        Some(Value::Text(text)) => text.clone(),
        _ => String::new(),
    }
}

/// Notes a login.
fn is_right(mechanism: &str, user: Option<String>, secret: String, told: &mut Told<'_>) -> bool {
    let mechanism = mechanism.to_ascii_lowercase();
    let given = Credentials { protocol: "mongodb", mechanism, user, secret };
    let is_right = told.cx.rules.mongodb.accept.admits(&given, told.cx);
    told.out.note(Event::Credentials(given.into()));
    is_right
}

fn step(asked: &str, done: bool) -> Document {
    ok([
        ("conversationId", Value::Int(1)),
        ("done", Value::Boolean(done)),
        ("payload", Value::Binary(asked.as_bytes().to_vec())),
    ])
}

fn wrong() -> Document {
    refused(18, "AuthenticationFailed", "Authentication failed.")
}
