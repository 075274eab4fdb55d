//! The network a server belongs to, and who is in its channels. The same is said of the same name
//! wherever it is asked for.

use crate::Cx;
use crate::derived::{Purpose, derived, pick};

/// A network and the server of it that we are.
#[derive(Debug)]
pub(super) struct Network {
    pub(super) name: String,
    /// What the server calls itself.
    pub(super) host: String,
    domain: String,
    seed: [u8; 16],
}

/// A server like many: the one that is most widely run (UnrealIRCd).
pub(super) const VERSION: &str = "UnrealIRCd-6.1.10";

/// Somebody in a channel.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Person {
    pub(super) nick: String,
    pub(super) user: String,
    pub(super) host: String,
}

impl Network {
    pub(super) fn of(cx: &Cx<'_>) -> Self {
        let seed = cx.persona.seed;
        let [first, second] = derived(&seed, Purpose::Chat, "network");
        let derived = || format!("{}{}", pick(STARTS, first), pick(ENDS, second));
        let name = cx.rules.irc.network.clone().unwrap_or_else(derived);
        let label: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        let domain = format!("{}.org", label.to_ascii_lowercase());
        let host = format!("{}.{domain}", cx.persona.host);
        Self { name, host, domain, seed }
    }

    /// When the server was built: some time in 2025.
    pub(super) fn built(&self) -> i64 {
        START_OF_2025 + self.number("built", 330 * 86_400)
    }

    /// Who is in a channel. The first of them runs it.
    pub(super) fn members(&self, channel: &str) -> Vec<Person> {
        let channel = channel.to_ascii_lowercase();
        let count = 3 + self.number(&format!("members of {channel}"), 6);
        let mut nicks: Vec<&str> = Vec::new();
        for place in 0..count {
            let [number, _] = self.derived(&format!("{channel} {place}"));
            let nick = pick(NICKS, number);
            if !nicks.contains(&nick) {
                nicks.push(nick);
            }
        }
        nicks.into_iter().map(|nick| self.person(nick)).collect()
    }

    /// Anybody who is asked for.
    pub(super) fn person(&self, nick: &str) -> Person {
        if SERVICES.iter().any(|service| service.eq_ignore_ascii_case(nick)) {
            let (user, host) = ("services".to_owned(), format!("services.{}", self.domain));
            return Person { nick: nick.to_owned(), user, host };
        }
        let user: String = nick.chars().filter(char::is_ascii_alphanumeric).take(10).collect();
        let user = if user.is_empty() { "user".to_owned() } else { user.to_ascii_lowercase() };
        Person { nick: nick.to_owned(), user, host: self.masked(&nick.to_ascii_lowercase()) }
    }

    /// An address that is shown to others: nobody learns it from that.
    pub(super) fn masked(&self, whose: &str) -> String {
        let [first, second] = self.derived(&format!("mask {whose}"));
        let [first, second, third] = [first >> 32, first & 0xffff_ffff, second >> 32];
        format!("{first:08X}.{second:08X}.{third:08X}.IP")
    }

    /// What a channel is about, by whom, and since when.
    pub(super) fn topic(&self, channel: &str) -> Topic {
        let channel = channel.to_ascii_lowercase();
        let [number, _] = self.derived(&format!("topic of {channel}"));
        let text = pick(TOPICS, number).replace("{channel}", &channel);
        let set = self.created(&channel) + self.number(&format!("topic set {channel}"), 2_000_000);
        Topic { text, set }
    }

    /// When a channel was created: after the server was built.
    pub(super) fn created(&self, channel: &str) -> i64 {
        let channel = channel.to_ascii_lowercase();
        self.built() + 86_400 + self.number(&format!("created {channel}"), 600_000)
    }

    /// Channels that a list shows.
    pub(super) fn listed(&self) -> impl Iterator<Item = &'static str> {
        let count = 4 + self.number("listed", 4);
        LISTED.iter().take(usize::try_from(count).unwrap_or_default()).copied()
    }

    /// For how many seconds somebody had been silent, and there, when the client came.
    pub(super) fn presence(&self, nick: &str) -> (i64, i64) {
        let nick = nick.to_ascii_lowercase();
        let idle = self.number(&format!("idle {nick}"), 3_600);
        (idle, idle + self.number(&format!("there {nick}"), 500_000))
    }

    /// How many are on the network.
    pub(super) fn users(&self) -> i64 {
        30 + self.number("users", 120)
    }

    /// A number below `below` that belongs to this text.
    fn number(&self, text: &str, below: i64) -> i64 {
        let [number, _] = self.derived(text);
        i64::try_from(number >> 1).unwrap_or_default() % below.max(1)
    }

    fn derived(&self, text: &str) -> [u64; 2] {
        derived(&self.seed, Purpose::Chat, text)
    }
}

impl Person {
    /// Who others see.
    pub(super) fn source(&self) -> String {
        format!("{}!{}@{}", self.nick, self.user, self.host)
    }
}

/// What a channel is about.
#[derive(Debug)]
pub(super) struct Topic {
    pub(super) text: String,
    pub(super) set: i64,
}

const START_OF_2025: i64 = 1_735_689_600;

/// Of no network that there is.
const STARTS: &[&str] =
    &["Amber", "Cobalt", "Delta", "Dusk", "Hollow", "Lunar", "Quiet", "Raven", "Tidal", "Zephyr"];
const ENDS: &[&str] = &["Chat", "Net", "Relay", "Talk", "Link"];

/// Programs of the network that keep names for people.
const SERVICES: &[&str] = &["ChanServ", "MemoServ", "NickServ"];

/// As people call themselves.
const NICKS: &[&str] = &[
    "Aesir", "al3x", "Bandit", "blu", "cr0w", "dany", "Dex", "drifter", "Echo", "faust", "fl0w",
    "Grim", "hex_", "Iggy", "jayk", "kaos", "Kestrel", "lain", "Lynx", "m4rk", "Mako", "nadir",
    "Nix", "nyx", "Onyx", "phreak", "Pixel", "quark", "Rook", "rusty", "sable", "Shade", "spyder",
    "tomcat", "Trace", "umbra", "vex", "Wraith", "xen", "zed",
];

const TOPICS: &[&str] = &[
    "{channel} - be nice, no spam",
    "Welcome to {channel}",
    "Welcome to {channel} | read the rules before you ask",
    "no flooding, no ads",
    "{channel} :: ask and wait, somebody will answer",
];

const LISTED: &[&str] =
    &["#lobby", "#help", "#chat", "#linux", "#music", "#trade", "#games", "#dev"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dns;
    use crate::testing::Stage;

    #[test]
    fn a_channel_has_the_same_people_however_it_is_written() {
        let stage = Stage::new(dns::Answers::default());
        let network = Network::of(&stage.cx());
        assert_eq!(network.members("#A"), network.members("#a"));
        assert_ne!(network.members("#a"), network.members("#b"));
        assert!(!network.members("#a").is_empty());
    }

    #[test]
    fn nothing_was_made_before_the_server_or_after_it_was_asked() {
        let stage = Stage::new(dns::Answers::default());
        let network = Network::of(&stage.cx());
        let (built, created, topic) =
            (network.built(), network.created("#a"), network.topic("#a").set);
        assert!(built < created && created <= topic && topic < stage.cx().now.as_secs());
    }
}
