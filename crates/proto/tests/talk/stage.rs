//! The surroundings of a talk, as its `@` lines set them.

use std::net::SocketAddr;
use std::sync::Arc;

use model::{
    CertificateAuthority, Flow, FlowId, Layer, OrigDst, Persona, RunId, Timestamp, Transport,
    Victim,
};
use proto::dns::{
    Answers, Denial, Mode, Settings, StaticAnswer, StaticName, StaticRecords, Ttl, WalkSettings,
};
use proto::http::Authentication;
use proto::logins::Accept;
use proto::responses::{Table, custom};
use proto::{
    Carrier, DecoderRoom, Machine, PROTOCOLS, Protocol, Recognised, Responses, irc, pop3, smtp,
};

use super::databases::Databases;
use super::rules;

/// Whom and what a machine is told about in one talk.
pub(crate) struct Stage {
    pub(crate) protocol: &'static Protocol,
    pub(crate) flow: Flow,
    pub(crate) layer: Layer,
    pub(crate) persona: Persona,
    pub(crate) rules: Responses,
}

impl Stage {
    /// Reads the `@` lines of `script`; `name` decides the protocol.
    pub(crate) fn set(name: &str, script: &str) -> Self {
        let protocol = protocol(name);
        let mut settings = Settings { ttl: Ttl::Exactly(300), ..Settings::default() };
        let mut to: SocketAddr = ([198, 51, 100, 7], 80).into();
        let mut from: SocketAddr = ([10, 0, 0, 7], 40_000).into();
        let (mut line_bytes, mut head_bytes, mut form_bytes) = (256, 512, 1_024);
        let (mut decoded_bytes, mut decoder_memory) = (100_000, 256 << 20);
        let mut http_authentication = Authentication::None;
        let mut layer = Layer::Wire;
        let (mut pop3, mut smtp) = (pop3::Settings::default(), smtp::Settings::default());
        let mut irc = irc::Settings::default();
        let mut databases = Databases::default();
        let mut own = Vec::new();
        for line in script.lines().filter_map(|line| line.strip_prefix("@ ")) {
            match line.split_whitespace().collect::<Vec<_>>().as_slice() {
                ["from", address] => from = address.parse().unwrap(),
                ["to", address] => to = address.parse().unwrap(),
                ["line-bytes", bytes] => line_bytes = bytes.parse().unwrap(),
                ["head-bytes", bytes] => head_bytes = bytes.parse().unwrap(),
                ["form-bytes", bytes] => form_bytes = bytes.parse().unwrap(),
                ["decoded-bytes", bytes] => decoded_bytes = bytes.parse().unwrap(),
                ["decoder-memory", bytes] => decoder_memory = bytes.parse().unwrap(),
                ["http-authentication", word] => {
                    http_authentication = Authentication::from_word(word).unwrap();
                }
                ["inside-tls"] => layer = Layer::Inner,
                ["pop3", key, value @ ..] => set_pop3(&mut pop3, key, &value.join(" ")),
                [service, key, value @ ..] if databases.have(service) => {
                    databases.set(service, key, &value.join(" "));
                }
                ["irc", key, value @ ..] => set_irc(&mut irc, key, &value.join(" ")),
                ["smtp", key, value @ ..] => set_smtp(&mut smtp, key, &value.join(" ")),
                ["rule", words @ ..] => own.push(rules::rule(words)),
                ["dns", rest @ ..] => set_dns(&mut settings, rest),
                other => panic!("not a setting: {other:?}"),
            }
        }
        let dns = Answers::new(&settings).unwrap();
        let rules = Responses {
            own: Arc::new(Table::new(own)),
            dns: Arc::new(dns),
            line_bytes,
            head_bytes,
            form_bytes,
            decoded_bytes,
            decoder_room: DecoderRoom::new(decoder_memory),
            http_authentication,
            pop3,
            smtp,
            irc,
            memcached: databases.memcached,
            mongodb: databases.mongodb,
            mysql: databases.mysql,
            postgres: databases.postgres,
            redis: databases.redis,
            ..Responses::default()
        };
        Self { protocol, flow: flow(protocol.carrier, from, to), layer, persona: persona(), rules }
    }

    /// Who answers: in a talk `custom-…` the first rule.
    pub(crate) fn machine(&self, name: &str) -> Box<dyn Machine> {
        match self.rules.own.rules().first() {
            Some(rule) if name.starts_with("custom-") => {
                custom(Arc::clone(rule), Some("c2.test".to_owned()))
            }
            _ => (self.protocol.start)(),
        }
    }
}

/// When every talk begins.
pub(crate) fn start_of_talk() -> Timestamp {
    Timestamp::parse("2026-11-24T09:30:00Z").unwrap()
}

fn protocol(name: &str) -> &'static Protocol {
    let row = |name, carrier| {
        PROTOCOLS.iter().find(|row| row.name == name && row.carrier == carrier).unwrap()
    };
    match name {
        _ if name.starts_with("dns-over-tcp-") => row("dns", Carrier::Stream),
        _ if name.starts_with("dns-") => row("dns", Carrier::Datagram),
        _ if name.starts_with("memcached-datagram-") => row("memcached", Carrier::Datagram),
        _ if name.starts_with("raw-datagram-") || name.starts_with("custom-datagram-") => {
            match proto::recognise(b"\0", Carrier::Datagram, 9) {
                Recognised::Unknown(row) => row,
                other => panic!("a NUL is {other:?}"),
            }
        }
        _ if name.starts_with("raw-") || name.starts_with("custom-") => proto::silent_peer(),
        _ => PROTOCOLS.iter().find(|row| name.starts_with(row.name)).unwrap(),
    }
}

fn set_pop3(settings: &mut pop3::Settings, key: &str, value: &str) {
    match key {
        "mechanisms" => settings.offer = smtp::Offer::from_word(value).unwrap(),
        "accept" => settings.accept = Accept::read(&[value]).unwrap(),
        other => panic!("not a setting of mailboxes: {other}"),
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

fn set_smtp(settings: &mut smtp::Settings, key: &str, value: &str) {
    match key {
        "mechanisms" => settings.offer = smtp::Offer::from_word(value).unwrap(),
        "recipients" => settings.recipients = value.parse().unwrap(),
        "accept" => settings.accept = Accept::read(&[value]).unwrap(),
        other => panic!("not a setting of mail: {other}"),
    }
}

fn set_dns(settings: &mut Settings, words: &[&str]) {
    match words {
        ["pool"] => settings.mode = Mode::Pool,
        ["pool-names", count] => settings.pool_names = count.parse().unwrap(),
        ["self", v4, v6] => {
            settings.mode = Mode::SelfAddress { v4: v4.parse().ok(), v6: v6.parse().ok() };
        }
        ["fixed", v4, v6] => {
            settings.mode = Mode::Fixed { v4: v4.parse().ok(), v6: v6.parse().ok() };
        }
        ["ttl", "natural"] => settings.ttl = Ttl::Natural,
        ["ttl", seconds] => settings.ttl = Ttl::Exactly(seconds.parse().unwrap()),
        ["link-names"] => settings.link_names = true,
        ["walk", words @ ..] => set_walk(&mut settings.walk, words),
        ["name", pattern, answer @ ..] => set_name(settings, pattern, answer),
        other => panic!("not a DNS setting: {other:?}"),
    }
}

fn set_walk(walk: &mut WalkSettings, words: &[&str]) {
    match words {
        ["answer", word] => walk.denial = Denial::from_word(word).unwrap(),
        ["names", count] => walk.names = count.parse().unwrap(),
        ["pattern", pattern] => walk.patterns.push((*pattern).to_owned()),
        ["random"] => walk.random_looking = true,
        ["remembered", count] => walk.remembered = count.parse().unwrap(),
        other => panic!("not about the walk: {other:?}"),
    }
}

/// Several lines about one name add up.
fn set_name(settings: &mut Settings, pattern: &str, words: &[&str]) {
    let nothing = StaticAnswer::Records(StaticRecords::default());
    let mut row = settings
        .names
        .pop_if(|name| name.pattern == pattern && words[0] != "types")
        .unwrap_or_else(|| StaticName::new(pattern.to_owned(), nothing));
    match words {
        ["alias", target] => row.answer = StaticAnswer::Alias((*target).to_owned()),
        ["as-usual"] => row.answer = StaticAnswer::AsUsual,
        ["no-data"] => {}
        ["ttl", seconds] => row.ttl = Some(seconds.parse().unwrap()),
        ["types", types @ ..] => row.types = types.iter().map(|word| type_number(word)).collect(),
        [word] => row.answer = StaticAnswer::Denied(Denial::from_word(word).unwrap()),
        record => add_record(&mut row, record),
    }
    settings.names.push(row);
}

fn add_record(row: &mut StaticName, words: &[&str]) {
    let StaticAnswer::Records(records) = &mut row.answer else { panic!("{row:?} has no records") };
    match words {
        ["a", address] => records.a.push(address.parse().unwrap()),
        ["aaaa", address] => records.aaaa.push(address.parse().unwrap()),
        ["mx", preference, host] => {
            records.mx.push((preference.parse().unwrap(), (*host).to_owned()));
        }
        ["ns", host] => records.ns.push((*host).to_owned()),
        ["ptr", host] => records.ptr = Some((*host).to_owned()),
        ["txt", "repeat", count, text] => {
            records.txt.push(text.repeat(count.parse().unwrap()));
        }
        ["txt", words @ ..] => records.txt.push(words.join(" ")),
        [word, data @ ..] => records.others.push((type_number(word), data.join(" "))),
        [] => panic!("no answer"),
    }
}

fn type_number(word: &str) -> u16 {
    model::DnsQuery::type_number(word).unwrap()
}

fn flow(carrier: Carrier, from: SocketAddr, to: SocketAddr) -> Flow {
    let transport = match carrier {
        Carrier::Datagram => Transport::Udp,
        Carrier::Stream => Transport::Tcp,
    };
    let victim = Victim::new(from);
    let orig_dst = OrigDst::new(to);
    let (id, run) = (FlowId::from_bytes([1; 16]), RunId::from_bytes([2; 16]));
    Flow { id, run, opened: start_of_talk(), transport, victim, orig_dst }
}

fn persona() -> Persona {
    Persona {
        seed: *b"sixteen bytes it",
        host: "web04".to_owned(),
        http_server: "nginx/1.24.0".to_owned(),
        dns_version: "9.18.28".to_owned(),
        mail_server: "Postfix".to_owned(),
        public_address: [203, 0, 113, 77].into(),
        authority: CertificateAuthority::default(),
    }
}
