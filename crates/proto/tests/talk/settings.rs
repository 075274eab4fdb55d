//! What is set in a talk: its lines such as `@ smtp accept try 2`.

use std::sync::Arc;

use bytes::Bytes;
use proto::http::Authentication;
use proto::logins::Accept;
use proto::smtp::Offer;
use proto::{
    DecoderRoom, Responses, berkeley, ftp, imap, irc, memcached, mqtt, mysql, pop3, postgres,
    redis, shell, smtp,
};

/// As nothing is set: small limits, so that talks reach them.
pub(crate) fn usual() -> Responses {
    Responses {
        line_bytes: 256,
        head_bytes: 512,
        form_bytes: 1_024,
        decoded_bytes: 100_000,
        chargen_bytes: 4_000,
        ..Responses::default()
    }
}

/// Sets one thing.
pub(crate) fn set(rules: &mut Responses, service: &str, key: &str, value: &str) {
    match service {
        "adb" => rules.adb.streams = value.parse().unwrap(),
        "amqp" => rules.amqp.accept = accept(key, value),
        "ftp" => set_ftp(&mut rules.ftp, key, value),
        "http" => rules.http_authentication = Authentication::from_word(key).unwrap(),
        "imap" => set_imap(&mut rules.imap, key, value),
        "irc" => set_irc(&mut rules.irc, key, value),
        "ldap" => rules.ldap.accept = accept(key, value),
        "limits" => set_limit(rules, key, value),
        "memcached" => set_memcached(&mut rules.memcached, key, value),
        "mongodb" => rules.mongodb.accept = accept(key, value),
        "mqtt" => set_mqtt(&mut rules.mqtt, key, value),
        "mysql" => set_mysql(&mut rules.mysql, key, value),
        "pop3" => set_pop3(&mut rules.pop3, key, value),
        "postgres" => set_postgres(&mut rules.postgres, key, value),
        "redis" => set_redis(&mut rules.redis, key, value),
        "remote-commands" => rules.berkeley = remote_commands(&accept(key, value)),
        "rtsp" => rules.rtsp.accept = accept(key, value),
        "shell" => set_shell(&mut rules.shell, key, value.parse().unwrap()),
        "sip" => rules.sip.accept = accept(key, value),
        "smtp" => set_smtp(&mut rules.smtp, key, value),
        "stratum" => rules.stratum.accept = accept(key, value),
        "telnet" => rules.telnet.accept = accept(key, value),
        "vnc" => rules.vnc.accept = accept(key, value),
        other => panic!("not a service: {other}"),
    }
}

/// For services of which nothing else is set.
fn accept(key: &str, value: &str) -> Accept {
    assert_eq!(key, "accept");
    Accept::read(&[value]).unwrap()
}

fn set_limit(rules: &mut Responses, key: &str, value: &str) {
    match key {
        "chargen-bytes" => rules.chargen_bytes = value.parse().unwrap(),
        "decoded-bytes" => rules.decoded_bytes = value.parse().unwrap(),
        "decoder-memory" => rules.decoder_room = DecoderRoom::new(value.parse().unwrap()),
        "form-bytes" => rules.form_bytes = value.parse().unwrap(),
        "head-bytes" => rules.head_bytes = value.parse().unwrap(),
        "line-bytes" => rules.line_bytes = value.parse().unwrap(),
        other => panic!("not a limit: {other}"),
    }
}

fn set_ftp(settings: &mut ftp::Settings, key: &str, value: &str) {
    match key {
        "accept" => settings.accept = accept(key, value),
        "changes" => settings.changes = value.parse().unwrap(),
        "file" => {
            let own = ftp::OwnFile { name: value.to_owned(), bytes: Bytes::from_static(b"own") };
            settings.files = Arc::new([own]);
        }
        "kept-bytes" => settings.kept_bytes = value.parse().unwrap(),
        other => panic!("not a setting of file servers: {other}"),
    }
}

fn set_imap(settings: &mut imap::Settings, key: &str, value: &str) {
    match key {
        "accept" => settings.accept = accept(key, value),
        "mailbox-bytes" => settings.mailbox_bytes = value.parse().unwrap(),
        "mechanisms" => settings.offer = Offer::from_word(value).unwrap(),
        other => panic!("not a setting of IMAP: {other}"),
    }
}

fn set_irc(settings: &mut irc::Settings, key: &str, value: &str) {
    match key {
        "channels" => settings.channels = value.parse().unwrap(),
        "echo" => settings.echo = true,
        "network" => settings.network = Some(value.to_owned()),
        "welcome" => settings.welcome = Some(value.to_owned()),
        other => panic!("not a setting of chats: {other}"),
    }
}

fn set_memcached(settings: &mut memcached::Settings, key: &str, value: &str) {
    match key {
        "accept" => settings.accept = accept(key, value),
        "memory" => settings.memory = value.parse().unwrap(),
        other => panic!("not a setting of memcached: {other}"),
    }
}

fn set_mqtt(settings: &mut mqtt::Settings, key: &str, value: &str) {
    match key {
        "accept" => settings.accept = accept(key, value),
        "topics" => settings.topics = value.parse().unwrap(),
        other => panic!("not a setting of brokers: {other}"),
    }
}

fn set_mysql(settings: &mut mysql::Settings, key: &str, value: &str) {
    match key {
        "accept" => settings.accept = accept(key, value),
        "login" => settings.login = mysql::Way::from_word(value).unwrap(),
        other => panic!("not a setting of MySQL: {other}"),
    }
}

fn set_pop3(settings: &mut pop3::Settings, key: &str, value: &str) {
    match key {
        "accept" => settings.accept = accept(key, value),
        "mechanisms" => settings.offer = Offer::from_word(value).unwrap(),
        other => panic!("not a setting of POP3: {other}"),
    }
}

fn set_postgres(settings: &mut postgres::Settings, key: &str, value: &str) {
    match key {
        "accept" => settings.accept = accept(key, value),
        "login" => settings.login = postgres::Way::from_word(value).unwrap(),
        other => panic!("not a setting of PostgreSQL: {other}"),
    }
}

fn set_redis(settings: &mut redis::Settings, key: &str, value: &str) {
    match key {
        "accept" => settings.accept = accept(key, value),
        "memory" => settings.memory = value.parse().unwrap(),
        other => panic!("not a setting of Redis: {other}"),
    }
}

fn set_shell(settings: &mut shell::Settings, key: &str, value: usize) {
    match key {
        "bytes" => settings.bytes = value,
        "commands" => settings.commands = value,
        "files" => settings.files = value,
        "levels" => settings.levels = value,
        "output-bytes" => settings.output_bytes = value,
        other => panic!("not a setting of shells: {other}"),
    }
}

/// The same logins for each of them.
fn remote_commands(accept: &Accept) -> berkeley::Settings {
    let [rlogin, rsh, rexec] = [(); 3].map(|()| accept.clone());
    berkeley::Settings { rlogin, rsh, rexec }
}

fn set_smtp(settings: &mut smtp::Settings, key: &str, value: &str) {
    match key {
        "accept" => settings.accept = accept(key, value),
        "mechanisms" => settings.offer = Offer::from_word(value).unwrap(),
        "recipients" => settings.recipients = value.parse().unwrap(),
        other => panic!("not a setting of mail: {other}"),
    }
}
