//! Channels (RFC 2812 §3.2): each is there, has people in it, and one of them runs it.

use model::{Event, Limit};

use super::message::Message;
use super::session::Session;
use super::voice::Voice;

/// Longest name of a channel (RFC 2812 §1.3).
const NAME: usize = 50;

/// JOIN, and "0" for leaving all.
pub(super) fn join(session: &mut Session, message: &Message, voice: &mut Voice<'_>) {
    if message.parameter(0) == Some("0") {
        for channel in std::mem::take(&mut session.channels) {
            session.act(&format!("PART {channel}"), voice);
        }
        return;
    }
    let mut keys = message.names(1);
    for channel in message.names(0) {
        voice.note("JOIN", channel, keys.next());
        if !is_channel(channel) {
            no_such_channel(session, channel, voice);
        } else if session.channels.len() >= voice.cx.rules.irc.channels {
            if !std::mem::replace(&mut session.is_limit_noted, true) {
                voice.out.note(Event::LimitReached(Limit::IrcChannels));
            }
            session.reply(405, &format!("{channel} :You have joined too many channels"), voice);
        } else if !session.is_in(channel) {
            session.channels.push(channel.to_owned());
            session.act(&format!("JOIN :{channel}"), voice);
            say_topic(session, channel, voice);
            say_names(session, channel, voice);
        }
    }
}

fn is_channel(name: &str) -> bool {
    name.starts_with('#') && name.chars().count() <= NAME && !name.contains([' ', '\u{7}'])
}

fn no_such_channel(session: &Session, channel: &str, voice: &mut Voice<'_>) {
    session.reply(403, &format!("{channel} :No such channel"), voice);
}

fn say_topic(session: &Session, channel: &str, voice: &mut Voice<'_>) {
    let topic = voice.network.topic(channel);
    let by = voice.network.members(channel).into_iter().next().map(|person| person.source());
    let by = by.unwrap_or_default();
    session.reply(332, &format!("{channel} :{}", topic.text), voice);
    session.reply(333, &format!("{channel} {by} {}", topic.set), voice);
}

fn say_names(session: &Session, channel: &str, voice: &mut Voice<'_>) {
    let members = voice.network.members(channel);
    let others = members.iter().map(|person| person.nick.as_str());
    let others = others.filter(|nick| !session.is(nick)).enumerate();
    let others = others.map(|(place, nick)| match place {
        0 => format!("@{nick}"),
        _ => nick.to_owned(),
    });
    let own = session.is_in(channel).then(|| session.shown().to_owned());
    let names: Vec<String> = own.into_iter().chain(others).collect();
    session.reply(353, &format!("= {channel} :{} ", names.join(" ")), voice);
    session.reply(366, &format!("{channel} :End of /NAMES list."), voice);
}

/// PART.
pub(super) fn part(session: &mut Session, message: &Message, voice: &mut Voice<'_>) {
    let why = message.parameter(1).map(|why| format!(" :{why}")).unwrap_or_default();
    for channel in message.names(0) {
        let place = session.channels.iter().position(|one| one.eq_ignore_ascii_case(channel));
        match place {
            Some(place) => {
                session.channels.remove(place);
                session.act(&format!("PART {channel}{why}"), voice);
            }
            None if is_channel(channel) => not_in(session, channel, voice),
            None => no_such_channel(session, channel, voice),
        }
    }
}

fn not_in(session: &Session, channel: &str, voice: &mut Voice<'_>) {
    session.reply(442, &format!("{channel} :You're not on that channel"), voice);
}

/// TOPIC: what is asked for is said; to change it one has to run the channel.
pub(super) fn topic(session: &mut Session, message: &Message, voice: &mut Voice<'_>) {
    let channel = message.parameter(0).unwrap_or_default();
    let text = message.parameters.get(1);
    if let Some(text) = text {
        voice.note("TOPIC", channel, Some(text));
    }
    if !is_channel(channel) {
        no_such_channel(session, channel, voice);
    } else if text.is_none() {
        say_topic(session, channel, voice);
    } else {
        must_run_it(session, channel, voice);
    }
}

/// Refuses what only those may do who run a channel.
fn must_run_it(session: &Session, channel: &str, voice: &mut Voice<'_>) {
    if session.is_in(channel) {
        session.reply(482, &format!("{channel} :You're not channel operator"), voice);
    } else {
        not_in(session, channel, voice);
    }
}

/// KICK.
pub(super) fn kick(session: &mut Session, message: &Message, voice: &mut Voice<'_>) {
    let channel = message.parameter(0).unwrap_or_default();
    voice.note("KICK", channel, message.parameter(1));
    must_run_it(session, channel, voice);
}

/// INVITE: everybody may be.
pub(super) fn invite(session: &mut Session, message: &Message, voice: &mut Voice<'_>) {
    let (Some(nick), Some(channel)) = (message.parameter(0), message.parameter(1)) else {
        return session.reply(461, "INVITE :Not enough parameters", voice);
    };
    voice.note("INVITE", channel, Some(nick));
    if session.is_in(channel) {
        session.reply(341, &format!("{nick} {channel}"), voice);
    } else {
        not_in(session, channel, voice);
    }
}

/// MODE, of a channel or of the client itself.
pub(super) fn mode(session: &mut Session, message: &Message, voice: &mut Voice<'_>) {
    let target = message.parameter(0).unwrap_or_default();
    match (target.starts_with('#'), message.parameter(1)) {
        (true, None) => {
            let created = voice.network.created(target);
            session.reply(324, &format!("{target} +nt"), voice);
            session.reply(329, &format!("{target} {created}"), voice);
        }
        (true, Some(modes)) => channel_mode(session, (target, modes), message, voice),
        (false, _) if !session.is(target) => {
            session.reply(502, ":Cant change mode for other users", voice);
        }
        (false, None) => session.reply(221, "+iwx", voice),
        (false, Some(modes)) => {
            let is_mode = |letter: &char| letter.is_ascii_alphabetic() || "+-".contains(*letter);
            let modes: String = modes.chars().filter(is_mode).collect();
            voice.say(&format!(":{0} MODE {0} :{modes}", session.shown()));
        }
    }
}

/// Lists are shown, and are empty.
fn channel_mode(
    session: &Session,
    (channel, modes): (&str, &str),
    message: &Message,
    voice: &mut Voice<'_>,
) {
    let letter = modes.trim_start_matches('+');
    let list = LISTS.iter().find(|(list, ..)| *list == letter && message.parameter(2).is_none());
    match list {
        Some((_, number, list)) => {
            session.reply(*number, &format!("{channel} :End of Channel {list} List"), voice);
        }
        None => must_run_it(session, channel, voice),
    }
}

/// Modes that are lists, the number of each one's end, and what it is a list of.
const LISTS: &[(&str, u16, &str)] =
    &[("b", 368, "Ban"), ("e", 349, "Exception"), ("I", 347, "Invite")];

/// NAMES.
pub(super) fn names(session: &mut Session, message: &Message, voice: &mut Voice<'_>) {
    let Some(channel) = message.names(0).next() else {
        return session.reply(366, "* :End of /NAMES list.", voice);
    };
    if is_channel(channel) {
        say_names(session, channel, voice);
    } else {
        session.reply(366, &format!("{channel} :End of /NAMES list."), voice);
    }
}

/// LIST: the channels of the network, or those that are asked for.
pub(super) fn list(session: &mut Session, message: &Message, voice: &mut Voice<'_>) {
    let asked: Vec<&str> = message.names(0).filter(|name| is_channel(name)).collect();
    session.reply(321, "Channel :Users  Name", voice);
    let shown = if asked.is_empty() { voice.network.listed().collect() } else { asked };
    for channel in shown {
        let users = voice.network.members(channel).len() + usize::from(session.is_in(channel));
        let topic = voice.network.topic(channel).text;
        session.reply(322, &format!("{channel} {users} :[+nt] {topic}"), voice);
    }
    session.reply(323, ":End of /LIST", voice);
}
