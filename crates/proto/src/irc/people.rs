//! Who is who (RFC 2812 §3.6): everybody who is asked for is there.

use super::message::Message;
use super::network::Person;
use super::session::Session;
use super::voice::Voice;

/// AWAY.
pub(super) fn away(session: &mut Session, message: &Message, voice: &mut Voice<'_>) {
    match message.parameter(0) {
        Some(_) => session.reply(306, ":You have been marked as being away", voice),
        None => session.reply(305, ":You are no longer marked as being away", voice),
    }
}

/// ISON.
pub(super) fn ison(session: &mut Session, message: &Message, voice: &mut Voice<'_>) {
    session.reply(303, &format!(":{}", message.parameters.join(" ")), voice);
}

/// Most names of one USERHOST (RFC 2812 §4.8).
const USERHOSTS: usize = 5;

/// USERHOST: to the client itself its own address is shown.
pub(super) fn userhost(session: &mut Session, message: &Message, voice: &mut Voice<'_>) {
    let own = voice.cx.persona.public_address;
    let shown = message.parameters.iter().take(USERHOSTS).map(|nick| {
        if session.is(nick) {
            return format!("{}=+{}@{own}", session.shown(), session.user_name());
        }
        let Person { nick, user, host } = voice.network.person(nick);
        format!("{nick}=+{user}@{host}")
    });
    let shown: Vec<String> = shown.collect();
    session.reply(302, &format!(":{}", shown.join(" ")), voice);
}

/// WHO, of a channel or of somebody.
pub(super) fn who(session: &mut Session, message: &Message, voice: &mut Voice<'_>) {
    let mask = message.parameter(0).unwrap_or("*");
    if mask.starts_with('#') {
        let members = voice.network.members(mask);
        let others = members.iter().filter(|person| !session.is(&person.nick));
        for (place, person) in others.enumerate() {
            let flags = if place == 0 { "H@" } else { "H" };
            say_who(session, (mask, flags), person, voice);
        }
        if session.is_in(mask) {
            let own = itself(session, voice);
            say_who(session, (mask, "H"), &own, voice);
        }
    } else if !mask.contains(['*', '?']) {
        let person = person(session, mask, voice);
        say_who(session, ("*", "H"), &person, voice);
    }
    session.reply(315, &format!("{mask} :End of /WHO list."), voice);
}

fn say_who(
    session: &Session,
    (channel, flags): (&str, &str),
    person: &Person,
    voice: &mut Voice<'_>,
) {
    let Person { nick, user, host } = person;
    let (server, real_name) = (&voice.network.host, real_name(session, nick));
    let text = format!("{channel} {user} {host} {server} {nick} {flags} :0 {real_name}");
    session.reply(352, &text, voice);
}

/// The client, or somebody else.
fn person(session: &Session, nick: &str, voice: &Voice<'_>) -> Person {
    if session.is(nick) { itself(session, voice) } else { voice.network.person(nick) }
}

fn itself(session: &Session, voice: &Voice<'_>) -> Person {
    Person {
        nick: session.shown().to_owned(),
        user: session.user_name().to_owned(),
        host: session.mask(voice),
    }
}

fn real_name<'a>(session: &'a Session, nick: &'a str) -> &'a str {
    let own = session.user.as_ref().filter(|_| session.is(nick));
    own.map_or(nick, |user| &user.real_name)
}

/// WHOIS, of one; with two parameters the first is a server.
pub(super) fn whois(session: &mut Session, message: &Message, voice: &mut Voice<'_>) {
    let Some(asked) = message.names(usize::from(message.parameters.len() > 1)).next() else {
        return session.reply(431, ":No nickname given", voice);
    };
    let Person { nick, user, host } = person(session, asked, voice);
    let (server, network) = (&voice.network.host, &voice.network.name);
    let mut lines = vec![(311, format!("{nick} {user} {host} * :{}", real_name(session, &nick)))];
    if session.is(&nick) && !session.channels.is_empty() {
        lines.push((319, format!("{nick} :{}", session.channels.join(" "))));
    }
    lines.push((312, format!("{nick} {server} :{network} Server")));
    let (idle, since) = times(session, &nick, voice);
    lines.push((317, format!("{nick} {idle} {since} :seconds idle, signon time")));
    lines.push((318, format!("{asked} :End of /WHOIS list.")));
    for (number, text) in lines {
        session.reply(number, &text, voice);
    }
}

/// For how long somebody has been silent, and since when there.
fn times(session: &Session, nick: &str, voice: &Voice<'_>) -> (i64, i64) {
    let opened = voice.cx.opened.as_secs();
    if session.is(nick) {
        return (0, opened);
    }
    let (idle, before) = voice.network.presence(nick);
    (idle + voice.cx.now.as_secs() - opened, opened - before)
}
