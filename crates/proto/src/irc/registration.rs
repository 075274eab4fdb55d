//! How a client says who it is (RFC 2812 §3.1), what both can do, and the welcome.

use super::message::Message;
use super::network::VERSION;
use super::server;
use super::session::{Session, Stage, User};
use super::voice::Voice;

/// What we can do, and do whether it is asked for or not.
const CAPABILITIES: &[&str] =
    &["away-notify", "cap-notify", "chghost", "invite-notify", "multi-prefix", "sasl"];

/// What `sasl` is said to take, to clients that understand values.
const SASL_VALUE: &str = "sasl=PLAIN";

/// CAP: who asks before the welcome waits for it until it says END.
pub(super) fn cap(session: &mut Session, message: &Message, voice: &mut Voice<'_>) {
    let word = message.parameter(0).unwrap_or_default().to_ascii_uppercase();
    let nick = session.shown().to_owned();
    match word.as_str() {
        "LS" => {
            begin_negotiation(session);
            let version = message.parameter(1).and_then(|version| version.parse().ok());
            let is_302 = version.is_some_and(|version: u32| version >= 302);
            let shown = |name| if is_302 && name == "sasl" { SASL_VALUE } else { name };
            let all: Vec<&str> = CAPABILITIES.iter().copied().map(shown).collect();
            voice.serve(&format!("CAP {nick} LS :{}", all.join(" ")));
        }
        "LIST" => voice.serve(&format!("CAP {nick} LIST :{}", session.capabilities.join(" "))),
        "REQ" => {
            begin_negotiation(session);
            let wanted = message.parameter(1).unwrap_or_default();
            let answer = if request(session, wanted).is_some() { "ACK" } else { "NAK" };
            voice.serve(&format!("CAP {nick} {answer} :{wanted}"));
        }
        "END" if session.stage == Stage::Negotiating => {
            session.stage = Stage::New;
            welcome_once_known(session, voice);
        }
        "END" => {}
        word => session.reply(410, &format!("{word} :Invalid CAP subcommand"), voice),
    }
}

/// Does all that is wanted, or nothing: some are no longer, after a dash.
fn request(session: &mut Session, wanted: &str) -> Option<()> {
    let mut capabilities = session.capabilities.clone();
    for one in wanted.split_ascii_whitespace() {
        let name = one.trim_start_matches('-');
        let known = CAPABILITIES.iter().find(|known| **known == name)?;
        capabilities.retain(|had| had != known);
        if !one.starts_with('-') {
            capabilities.push(known);
        }
    }
    session.capabilities = capabilities;
    Some(())
}

fn begin_negotiation(session: &mut Session) {
    if session.stage == Stage::New {
        session.stage = Stage::Negotiating;
    }
}

/// PASS: servers that ask for none take any.
pub(super) fn pass(_: &mut Session, message: &Message, voice: &mut Voice<'_>) {
    voice.note_password("pass", None, message.parameter(0).unwrap_or_default());
}

/// Longest nick and user that are kept (NICKLEN, USERLEN).
const NICK: usize = 30;
const USER: usize = 10;

/// NICK: everybody may be called what they want.
pub(super) fn nick(session: &mut Session, message: &Message, voice: &mut Voice<'_>) {
    let Some(wanted) = message.parameter(0) else {
        return session.reply(431, ":No nickname given", voice);
    };
    if wanted.contains(FORBIDDEN) || wanted.starts_with([':', '$', '&']) {
        let text = format!("{wanted} :Erroneous Nickname: Illegal characters");
        return session.reply(432, &text, voice);
    }
    if !wanted.chars().all(is_of_a_nick) || wanted.starts_with(|c: char| c.is_ascii_digit()) {
        session.broke("a nick that no nick may be", voice);
    }
    voice.note("NICK", wanted, None);
    let nick: String = wanted.chars().take(NICK).collect();
    if session.stage == Stage::Welcomed {
        session.act(&format!("NICK :{nick}"), voice);
        session.nick = Some(nick);
    } else {
        session.nick = Some(nick);
        welcome_once_known(session, voice);
    }
}

/// What would make something else of a line.
const FORBIDDEN: [char; 6] = [' ', '!', '@', ',', '#', '*'];

fn is_of_a_nick(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "-[]\\`^{}|_".contains(letter)
}

/// USER: its second and third parameter mean nothing any more.
pub(super) fn user(session: &mut Session, message: &Message, voice: &mut Voice<'_>) {
    let given = message.parameter(0).unwrap_or_default();
    if message.parameters.len() < 4 {
        session.broke("USER without its four parameters", voice);
    }
    let real_name = message.parameter(3).unwrap_or(given);
    voice.note("USER", given, Some(real_name));
    let letters = given.chars().filter(|letter| !" !@:".contains(*letter));
    let name: String = letters.take(USER).collect();
    let name = if name.is_empty() { "user".to_owned() } else { name };
    session.user = Some(User { name, real_name: real_name.to_owned() });
    welcome_once_known(session, voice);
}

/// Welcomes who has said all, and wants to add nothing.
fn welcome_once_known(session: &mut Session, voice: &mut Voice<'_>) {
    if session.stage == Stage::New && session.nick.is_some() && session.user.is_some() {
        session.stage = Stage::Welcomed;
        welcome(session, voice);
    }
}

fn welcome(session: &mut Session, voice: &mut Voice<'_>) {
    let (name, host) = (&voice.network.name, &voice.network.host);
    let usual = || format!("Welcome to the {name} IRC Network");
    let begins = voice.cx.rules.irc.welcome.clone().unwrap_or_else(usual);
    let (nick, user) = (session.shown(), session.user_name());
    let who = format!("{nick}!{user}@{}", voice.cx.persona.public_address);
    let built = server::moment(voice.network.built());
    for (number, text) in [
        (1, format!(":{begins} {who}")),
        (2, format!(":Your host is {host}, running version {VERSION}")),
        (3, format!(":This server was created {built}")),
        (4, format!("{host} {VERSION} {USER_MODES} {CHANNEL_MODES}")),
    ] {
        session.reply(number, &text, voice);
    }
    server::supported(session, voice);
    server::counts(session, voice);
    server::message_of_the_day(session, voice);
    let mask = session.mask(voice);
    session.reply(396, &format!("{mask} :is now your displayed host"), voice);
    voice.say(&format!(":{0} MODE {0} :+iwx", session.shown()));
}

const USER_MODES: &str = "diknopqrstwxzBDGHINRSTWZ";
const CHANNEL_MODES: &str = "beIacdfhiklmnopqrstvzBCDGHKLMNOPQRSTVZ";
