//! Passwords: of accounts (SASL, IRCv3), of operators, of gateways. All are noted.

use model::{Event, Limit};

use super::message::Message;
use super::session::Session;
use super::voice::Voice;
use crate::base64::{decoded, encoded};
use crate::sasl::{Exchange, Given, Mechanism, Turn};

/// A login on its way, with the name its mechanism was asked for by.
#[derive(Debug)]
pub(super) struct Login {
    mechanism: String,
    exchange: Exchange,
    /// What has come of an answer that is longer than a line.
    said: String,
}

/// Base64 of one line; so much says that more follows.
const CHUNK: usize = 400;

/// AUTHENTICATE: a mechanism, then answers. Whatever is given is right.
pub(super) fn authenticate(session: &mut Session, message: &Message, voice: &mut Voice<'_>) {
    let said = message.parameter(0).unwrap_or_default();
    if said == "*" {
        session.login = None;
        return session.reply(906, ":SASL authentication aborted", voice);
    }
    let Some(mut login) = session.login.take() else { return begin(session, said, voice) };
    if said != "+" {
        login.said.push_str(said);
    }
    if login.said.len() > voice.cx.rules.line_bytes {
        voice.out.note(Event::LimitReached(Limit::LineBytes));
        return session.reply(905, ":SASL message too long", voice);
    }
    if said.len() == CHUNK {
        session.login = Some(login);
        return;
    }
    let said = std::mem::take(&mut login.said);
    let Some(decoded) = decoded(&said) else {
        session.broke("an answer to AUTHENTICATE that is not base64", voice);
        voice.note_password(&login.mechanism, None, &said);
        return session.reply(904, ":SASL authentication failed", voice);
    };
    let turn = login.exchange.hear(Some(&decoded), voice.cx);
    login.answer(turn, session, voice);
}

fn begin(session: &mut Session, name: &str, voice: &mut Voice<'_>) {
    let Some(known) = Mechanism::named(name) else {
        session.reply(908, "PLAIN :are available SASL mechanisms", voice);
        return session.reply(904, ":SASL authentication failed", voice);
    };
    let exchange = Exchange::new(known);
    let mut login = Login { mechanism: name.to_owned(), exchange, said: String::new() };
    let turn = login.exchange.hear(None, voice.cx);
    login.answer(turn, session, voice);
}

impl Login {
    fn answer(self, turn: Turn, session: &mut Session, voice: &mut Voice<'_>) {
        match turn {
            Turn::Ask(question) => {
                let question = Some(encoded(&question)).filter(|text| !text.is_empty());
                voice.say(&format!("AUTHENTICATE {}", question.as_deref().unwrap_or("+")));
                session.login = Some(self);
            }
            Turn::Given(Given { user, secret }) => {
                voice.note_password(&self.mechanism, user.as_deref(), &secret);
                let account = user.as_deref().unwrap_or("guest");
                let who = session.source(voice);
                let text = format!("{who} {account} :You are now logged in as {account}");
                session.reply(900, &text, voice);
                session.reply(903, ":SASL authentication successful", voice);
            }
        }
    }
}

/// OPER: nobody becomes an operator.
pub(super) fn oper(session: &mut Session, message: &Message, voice: &mut Voice<'_>) {
    let secret = message.parameter(1).unwrap_or_default();
    voice.note_password("oper", message.parameter(0), secret);
    session.reply(491, ":No O-lines for your host", voice);
}

/// WEBIRC: the password by which a gateway speaks for others.
pub(super) fn webirc(_: &mut Session, message: &Message, voice: &mut Voice<'_>) {
    let secret = message.parameter(0).unwrap_or_default();
    voice.note_password("webirc", message.parameter(1), secret);
}
