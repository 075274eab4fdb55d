//! Every setting, in one table.

mod adb;
mod amqp;
mod berkeley;
mod dns;
mod exec;
mod ftp;
mod gateway;
mod http;
mod imap;
mod irc;
mod ldap;
mod limits;
mod log;
mod memcached;
mod mongodb;
mod mqtt;
mod mysql;
mod persona;
mod pop3;
mod postgres;
mod redis;
mod responses;
mod rtsp;
mod shell;
mod sip;
mod smtp;
mod storage;
mod stratum;
mod syslog;
mod telnet;
mod time;
mod tls;
mod vnc;

use std::ops::RangeInclusive;
use std::time::Duration;

use proto::logins::Accept;

use super::kind::{Field, Kind};

/// One row: all there is to know about a setting.
#[derive(Debug)]
pub struct Setting {
    /// `section.name`.
    pub key: &'static str,
    /// What it takes, and the field it fills.
    pub(super) kind: Kind,
    /// As it would be written in an environment variable; empty is "not set".
    pub default: &'static str,
    /// What it is, in one line.
    pub meaning: &'static str,
    /// Why the default is what it is.
    pub reason: &'static str,
    /// The flag that sets it, beside `--set`, if there is one.
    pub flag: Option<&'static str>,
}

impl Setting {
    /// The row of this key.
    #[must_use]
    pub fn find(key: &str) -> Option<&'static Self> {
        settings().find(|setting| setting.key == key)
    }

    /// The environment variable that sets it: `gateway.port` is `SINKGATE_GATEWAY_PORT`.
    #[must_use]
    pub fn variable(&self) -> String {
        format!("{PREFIX}{}", self.key.replace('.', "_").to_ascii_uppercase())
    }

    /// What it takes, in words.
    #[must_use]
    pub fn expected(&self) -> String {
        self.kind.expected()
    }

    /// The part before the dot.
    #[must_use]
    pub fn section(&self) -> &'static str {
        self.key.split_once('.').map_or(self.key, |(section, _)| section)
    }
}

/// What environment variables of ours begin with.
pub(super) const PREFIX: &str = "SINKGATE_";

/// The settings, in the order of the reference.
pub fn settings() -> impl Iterator<Item = &'static Setting> {
    SECTIONS.iter().copied().flatten()
}

static SECTIONS: &[&[Setting]] = &[
    gateway::SETTINGS,
    storage::SETTINGS,
    limits::SETTINGS,
    dns::SETTINGS,
    http::SETTINGS,
    smtp::SETTINGS,
    ftp::SETTINGS,
    pop3::SETTINGS,
    imap::SETTINGS,
    ldap::SETTINGS,
    mqtt::SETTINGS,
    amqp::SETTINGS,
    rtsp::SETTINGS,
    sip::SETTINGS,
    stratum::SETTINGS,
    vnc::SETTINGS,
    irc::SETTINGS,
    berkeley::SETTINGS,
    adb::SETTINGS,
    memcached::SETTINGS,
    mongodb::SETTINGS,
    mysql::SETTINGS,
    postgres::SETTINGS,
    redis::SETTINGS,
    telnet::SETTINGS,
    shell::SETTINGS,
    responses::SETTINGS,
    exec::SETTINGS,
    persona::SETTINGS,
    time::SETTINGS,
    tls::SETTINGS,
    syslog::SETTINGS,
    log::SETTINGS,
];

/// From a second to 30 days.
const SPANS: RangeInclusive<Duration> = Duration::from_secs(1)..=Duration::from_secs(2_592_000);

/// More than any disk a gateway has, and far from where sums overflow.
const PETABYTE: u64 = 1 << 50;

/// The setting of a service that says which logins are right.
const fn accept(key: &'static str, place: Field<Accept>) -> Setting {
    Setting {
        key,
        kind: Kind::Accept(place),
        default: "always",
        meaning: "Which logins are right: `always`, `never`, from a victim's n-th try at this service on \
                  (`try 3`), or pairs of user and password, either of which may be `*` \
                  (`[\"root:toor\", \"admin:*\"]`). Of a hash the password is not known: only `*` matches \
                  it.",
        reason: "Who is let in shows what it looks for. Who tries lists of passwords shows more if \
                 it fails.",
        flag: None,
    }
}

fn pick<T>(place: &mut T, found: Option<T>) -> Option<()> {
    *place = found?;
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_says_what_and_why() {
        for setting in settings() {
            assert!(setting.key.split_once('.').is_some(), "{}", setting.key);
            assert!(setting.meaning.ends_with('.'), "{}", setting.key);
            assert!(setting.reason.ends_with('.'), "{}", setting.key);
        }
    }

    #[test]
    fn no_key_is_there_twice() {
        for setting in settings() {
            let same = settings().filter(|other| other.key == setting.key).count();
            assert_eq!(same, 1, "{}", setting.key);
        }
    }

    #[test]
    fn the_variable_follows_from_the_key() {
        let setting = Setting::find("limits.open_flows_per_victim").unwrap();
        assert_eq!(setting.variable(), "SINKGATE_LIMITS_OPEN_FLOWS_PER_VICTIM");
    }
}
