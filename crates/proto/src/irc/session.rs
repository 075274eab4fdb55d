//! What is known of the client.

use model::Event;

use super::login::Login;
use super::voice::Voice;

/// A client.
#[derive(Debug, Default)]
pub(super) struct Session {
    pub(super) nick: Option<String>,
    pub(super) user: Option<User>,
    pub(super) stage: Stage,
    /// What it said it can do.
    pub(super) capabilities: Vec<&'static str>,
    /// The channels it is in, as it wrote them.
    pub(super) channels: Vec<String>,
    /// A login on its way.
    pub(super) login: Option<Login>,
    pub(super) is_limit_noted: bool,
    /// Each once, however often they are broken.
    broken_rules: Vec<&'static str>,
}

/// Who the client says its user is.
#[derive(Debug)]
pub(super) struct User {
    pub(super) name: String,
    pub(super) real_name: String,
}

/// How far a client has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Stage {
    /// It talks about capabilities, and is welcomed once it is done.
    Negotiating,
    #[default]
    New,
    Welcomed,
}

impl Session {
    /// What it is called in replies.
    pub(super) fn shown(&self) -> &str {
        self.nick.as_deref().unwrap_or("*")
    }

    /// Who others see: nick, user and a masked address.
    pub(super) fn source(&self, voice: &Voice<'_>) -> String {
        format!("{}!{}@{}", self.shown(), self.user_name(), self.mask(voice))
    }

    pub(super) fn user_name(&self) -> &str {
        self.user.as_ref().map_or("user", |user| &user.name)
    }

    pub(super) fn mask(&self, voice: &Voice<'_>) -> String {
        voice.network.masked(&voice.cx.persona.public_address.to_string())
    }

    /// Whether it is called so.
    pub(super) fn is(&self, nick: &str) -> bool {
        self.shown().eq_ignore_ascii_case(nick)
    }

    pub(super) fn is_in(&self, channel: &str) -> bool {
        self.channels.iter().any(|one| one.eq_ignore_ascii_case(channel))
    }

    /// A numbered reply to this client.
    pub(super) fn reply(&self, number: u16, text: &str, voice: &mut Voice<'_>) {
        voice.reply(self.shown(), (number, text));
    }

    /// Something this client does, as it and others in the channel see it.
    pub(super) fn act(&self, what: &str, voice: &mut Voice<'_>) {
        let line = format!(":{} {what}", self.source(voice));
        voice.say(&line);
    }

    /// Notes a broken rule, once.
    pub(super) fn broke(&mut self, rule: &'static str, voice: &mut Voice<'_>) {
        if !self.broken_rules.contains(&rule) {
            self.broken_rules.push(rule);
            voice.out.note(Event::Broke { protocol: "irc", rule: rule.into() });
        }
    }
}
