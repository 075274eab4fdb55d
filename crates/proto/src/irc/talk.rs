//! What clients say to others (RFC 2812 §3.3). Nobody is there to hear it: it is written down.

use super::message::Message;
use super::session::Session;
use super::voice::Voice;

/// NOTICE: nothing is ever answered to one.
pub(super) fn notice(session: &mut Session, message: &Message, voice: &mut Voice<'_>) {
    if let (Some(target), Some(text)) = (message.parameter(0), message.parameter(1)) {
        note(session, ("NOTICE", target, text), voice);
    }
}

/// PRIVMSG.
pub(super) fn privmsg(session: &mut Session, message: &Message, voice: &mut Voice<'_>) {
    let Some(target) = message.parameter(0) else {
        return session.reply(411, ":No recipient given (PRIVMSG)", voice);
    };
    let Some(text) = message.parameter(1) else {
        return session.reply(412, ":No text to send", voice);
    };
    note(session, ("PRIVMSG", target, text), voice);
    let (is_echo, is_channel) = (voice.cx.rules.irc.echo, target.starts_with('#'));
    match (is_echo, is_channel) {
        (true, _) => echo(session, target, text, voice),
        (false, true) if !session.is_in(target) => {
            let why = format!("{target} :No external channel messages ({target})");
            session.reply(404, &why, voice);
        }
        (false, true) => {}
        (false, false) => answer(session, target, text, voice),
    }
}

/// Writes down what is said; and a password, if it is for the keeper of nicks.
fn note(session: &Session, (command, to, text): (&'static str, &str, &str), voice: &mut Voice<'_>) {
    voice.note(command, to, Some(text));
    if let Some((user, secret)) = identification(to, text) {
        let user = user.or(session.nick.as_deref());
        voice.note_password("nickserv", user, secret);
    }
}

/// An account, if it is named, and its password.
fn identification<'a>(target: &str, text: &'a str) -> Option<(Option<&'a str>, &'a str)> {
    let nick = target.split('@').next()?;
    let mut words = text.split_ascii_whitespace();
    let verb = words.next()?;
    let is_one = nick.eq_ignore_ascii_case(NICK_SERVICE) && verb.eq_ignore_ascii_case("IDENTIFY");
    match (words.next(), words.next()) {
        (Some(user), Some(secret)) if is_one => Some((Some(user), secret)),
        (Some(secret), None) if is_one => Some((None, secret)),
        _ => None,
    }
}

const NICK_SERVICE: &str = "NickServ";

/// Says a message back: to a channel as the one who runs it, else as whom it was for.
fn echo(session: &Session, target: &str, text: &str, voice: &mut Voice<'_>) {
    let (person, to) = if target.starts_with('#') {
        (voice.network.members(target).into_iter().next(), target)
    } else {
        (Some(voice.network.person(target)), session.shown())
    };
    if let Some(person) = person {
        let line = format!(":{} PRIVMSG {to} :{text}", person.source());
        voice.say(&line);
    }
}

/// What comes back by itself: programs answer for people who are away.
fn answer(session: &Session, target: &str, text: &str, voice: &mut Voice<'_>) {
    let answer = match text.strip_prefix('\u{1}').map(|text| text.trim_end_matches('\u{1}')) {
        Some("VERSION") => Some(CLIENT.to_owned()),
        Some(ping) if ping.starts_with("PING ") => Some(format!("\u{1}{ping}\u{1}")),
        None if identification(target, text).is_some() => Some(ACCEPTED.to_owned()),
        _ => None,
    };
    if let Some(answer) = answer {
        let from = voice.network.person(target).source();
        voice.say(&format!(":{from} NOTICE {} :{answer}", session.shown()));
    }
}

const CLIENT: &str = "\u{1}VERSION mIRC v7.77 Khaled Mardam-Bey\u{1}";
const ACCEPTED: &str = "Password accepted - you are now recognized.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_for_the_keeper_of_nicks_are_found() {
        for (target, text, expected) in [
            ("NickServ", "IDENTIFY x", Some((None, "x"))),
            ("nickserv@services.a", "identify jo x", Some((Some("jo"), "x"))),
            ("NickServ", "IDENTIFY", None),
            ("NickServ", "HELP x", None),
            ("jo", "IDENTIFY x", None),
        ] {
            assert_eq!(identification(target, text), expected, "{target} {text}");
        }
    }
}
