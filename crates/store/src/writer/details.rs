//! What an event says beyond its kind, as JSON.

use std::borrow::Cow;
use std::net::{Ipv4Addr, Ipv6Addr};

use model::{
    Basis, Credentials, DnsQuery, Download, Event, HttpRequest, IrcCommand, Limit, MailMessage,
    MqttMessage, NetfilterLog, ProgramEnded, ProxyRequest, ServiceCommand, SyslogMessage,
    TelnetOption, TlsEstablished, TlsFailure, TlsHello, WebsocketMessage,
};
use serde::Serialize;

use super::space::Shortage;

/// The details of an event, as they are stored and shown.
pub(super) fn write_details(event: &Event, out: &mut Vec<u8>) -> serde_json::Result<()> {
    serde_json::to_writer(out, &Details::of(event))
}

/// The details of the event that the database itself writes: which limit, and what is full.
pub(super) fn write_shortage(full: Shortage, out: &mut Vec<u8>) -> serde_json::Result<()> {
    #[derive(Serialize)]
    struct Details {
        limit: &'static str,
        full: Shortage,
    }
    serde_json::to_writer(out, &Details { limit: Limit::DatabaseBytes.setting(), full })
}

#[derive(Serialize)]
#[serde(untagged)]
enum Details<'a> {
    AddressGiven { name: &'a str, v4: Ipv4Addr, v6: Ipv6Addr },
    Broke { protocol: &'a str, rule: &'a Cow<'static, str> },
    Command(&'a ServiceCommand),
    Credentials(&'a Credentials),
    Dns(&'a DnsQuery),
    Download(&'a Download),
    HttpRequest(&'a HttpRequest),
    IrcCommand(&'a IrcCommand),
    LimitReached { limit: &'static str },
    MailMessage(&'a MailMessage),
    MqttMessage(&'a MqttMessage),
    Named { name: &'a str, source: &'static str },
    NetfilterGarbled { why: &'a str, line: &'a str },
    NetfilterLog(&'a NetfilterLog),
    ProxyRequest(&'a ProxyRequest),
    Recognised { protocol: &'a str, by: Basis },
    ProgramEnded(&'a ProgramEnded),
    ResponseRule { rule: &'a str },
    TimeTold { told: String },
    TelnetOption(&'a TelnetOption),
    SyslogMessage(&'a SyslogMessage),
    TlsEstablished(&'a TlsEstablished),
    TlsFailed(&'a TlsFailure),
    TlsHello(&'a TlsHello),
    TlsSecrets { lines: &'a [String] },
    WebsocketMessage(&'a WebsocketMessage),
}

impl<'a> Details<'a> {
    fn of(event: &'a Event) -> Self {
        match event {
            Event::AddressGiven(given) => {
                Self::AddressGiven { name: &given.name, v4: given.v4, v6: given.v6 }
            }
            Event::Broke { protocol, rule } => Self::Broke { protocol, rule },
            Event::Command(command) => Self::Command(command),
            Event::Credentials(given) => Self::Credentials(given),
            Event::Dns(query) => Self::Dns(query),
            Event::Download(asked) => Self::Download(asked),
            Event::HttpRequest(request) => Self::HttpRequest(request),
            Event::IrcCommand(command) => Self::IrcCommand(command),
            Event::LimitReached(limit) => Self::LimitReached { limit: limit.setting() },
            Event::MailMessage(mail) => Self::MailMessage(mail),
            Event::MqttMessage(message) => Self::MqttMessage(message),
            Event::Named(name) => Self::Named { name: &name.name, source: name.source.name() },
            Event::NetfilterGarbled { why, line } => Self::NetfilterGarbled { why, line },
            Event::NetfilterLog(log) => Self::NetfilterLog(log),
            Event::ProxyRequest(request) => Self::ProxyRequest(request),
            Event::Recognised { protocol, by } => Self::Recognised { protocol, by: *by },
            Event::ProgramEnded(ended) => Self::ProgramEnded(ended),
            Event::ResponseRule { rule } => Self::ResponseRule { rule },
            Event::TimeTold(told) => Self::TimeTold { told: told.to_string() },
            Event::TelnetOption(option) => Self::TelnetOption(option),
            Event::SyslogMessage(message) => Self::SyslogMessage(message),
            Event::TlsEstablished(established) => Self::TlsEstablished(established),
            Event::TlsFailed(failure) => Self::TlsFailed(failure),
            Event::TlsHello(hello) => Self::TlsHello(hello),
            Event::TlsSecrets { lines } => Self::TlsSecrets { lines },
            Event::WebsocketMessage(message) => Self::WebsocketMessage(message),
        }
    }
}

#[cfg(test)]
mod tests {
    use model::{
        EncryptedHello, FlowName, GivenAddress, KeyKind, NameSource, Resumption, Transport,
    };

    use super::*;

    fn credentials() -> Credentials {
        let (mechanism, user, secret) = ("basic".into(), Some("jo".into()), "x".into());
        Credentials { protocol: "http", mechanism, user, secret }
    }

    fn check(event: &Event, expected: &str) {
        let mut written = Vec::new();
        write_details(event, &mut written).unwrap();
        assert_eq!(String::from_utf8(written).unwrap(), expected);
    }

    #[test]
    fn so_are_the_events_of_tls() {
        let hello = TlsHello {
            is_whole: true,
            hello_version: Some("TLSv1.2".into()),
            server_name: Some("a.example".into()),
            alpn: vec!["h2".into()],
            ciphers: vec!["1301".into()],
            resumption: Some(Resumption::PreSharedKey),
            encrypted_hello: Some(EncryptedHello::Ech),
            ..TlsHello::default()
        };
        let established = TlsEstablished {
            version: "TLSv1.2",
            cipher: "AES".into(),
            alpn: Some("h2".into()),
            certificate_for: "a.example".into(),
            key: KeyKind::Rsa2048,
            resumed: true,
            client_certificate: None,
        };
        for (event, expected) in [
            (
                Event::TlsEstablished(Box::new(established)),
                r#"{"version":"TLSv1.2","cipher":"AES","alpn":"h2","certificate_for":"a.example","key":"RSA-2048","resumed":true}"#,
            ),
            (
                Event::TlsFailed(TlsFailure {
                    reason: "tlsv1 alert unknown ca".into(),
                    alert: Some(48),
                    meaning: None,
                }),
                r#"{"reason":"tlsv1 alert unknown ca","alert":48}"#,
            ),
            (
                Event::TlsHello(Box::new(hello)),
                r#"{"form":"records","is_whole":true,"hello_version":"TLSv1.2","server_name":"a.example","alpn":["h2"],"ciphers":["1301"],"resumption":"pre-shared-key","encrypted_hello":"ech"}"#,
            ),
            (
                Event::TlsSecrets { lines: vec!["CLIENT_RANDOM 00 01".into()] },
                r#"{"lines":["CLIENT_RANDOM 00 01"]}"#,
            ),
        ] {
            check(&event, expected);
        }
    }

    #[test]
    fn every_event_is_an_object_with_plain_keys() {
        let request =
            HttpRequest { method: "GET".into(), version: "1.1", status: 200, ..Default::default() };
        let query = DnsQuery {
            name: "a.example".into(),
            query_type: 1,
            query_class: 1,
            response_code: Some(0),
            answers: vec!["192.0.2.1".into()],
        };
        let given = GivenAddress { name: "a".into(), v4: [192, 0, 2, 1].into(), v6: [0; 8].into() };
        let log = NetfilterLog {
            in_interface: Some("eth0".into()),
            src: Some([10, 0, 0, 7].into()),
            protocol: Some(Transport::Tcp),
            flags: vec!["SYN"],
            icmp_type: Some(8),
            quoted: Some(Box::default()),
            truncated: Some("IN=eth0".into()),
            ..NetfilterLog::default()
        };
        for (event, expected) in [
            (Event::AddressGiven(given), r#"{"name":"a","v4":"192.0.2.1","v6":"::"}"#),
            (
                Event::Broke { protocol: "http", rule: "no \"target\"".into() },
                r#"{"protocol":"http","rule":"no \"target\""}"#,
            ),
            (
                Event::Credentials(credentials().into()),
                r#"{"protocol":"http","mechanism":"basic","user":"jo","secret":"x"}"#,
            ),
            (
                Event::Dns(query),
                r#"{"name":"a.example","query_type":1,"query_class":1,"response_code":0,"answers":["192.0.2.1"]}"#,
            ),
            (
                Event::HttpRequest(request),
                r#"{"method":"GET","target":"","version":"1.1","body_bytes":0,"status":200}"#,
            ),
            (Event::LimitReached(Limit::OpenFlows), r#"{"limit":"limits.open_flows"}"#),
            (
                Event::Named(FlowName { name: "a".into(), source: NameSource::Sni }),
                r#"{"name":"a","source":"sni"}"#,
            ),
            (
                Event::NetfilterGarbled { why: "no address".into(), line: "SRC=\"".into() },
                r#"{"why":"no address","line":"SRC=\""}"#,
            ),
            (
                Event::NetfilterLog(Box::new(log)),
                r#"{"in":"eth0","src":"10.0.0.7","protocol":"tcp","flags":["SYN"],"type":8,"quoted":{},"truncated":"IN=eth0"}"#,
            ),
            (
                Event::Recognised { protocol: "http", by: Basis::Content },
                r#"{"protocol":"http","by":"content"}"#,
            ),
        ] {
            assert_eq!(written(&event), expected);
        }
    }

    #[test]
    fn what_was_not_said_is_left_out() {
        let asked = ProxyRequest {
            protocol: "socks5",
            command: "connect",
            host: Some("a.example".into()),
            port: Some(443),
            granted: true,
            ..ProxyRequest::default()
        };
        let said = IrcCommand { command: "JOIN", target: "#a".into(), text: None };
        let message = WebsocketMessage { opcode: "text", bytes: 5, text: Some("hello".into()) };
        for (event, expected) in [
            (
                Event::ProxyRequest(asked),
                r#"{"protocol":"socks5","command":"connect","host":"a.example","port":443,"granted":true}"#,
            ),
            (Event::IrcCommand(said), r##"{"command":"JOIN","target":"#a"}"##),
            (Event::WebsocketMessage(message), r#"{"opcode":"text","bytes":5,"text":"hello"}"#),
        ] {
            assert_eq!(written(&event), expected);
        }
    }

    fn written(event: &Event) -> String {
        let mut written = Vec::new();
        write_details(event, &mut written).unwrap();
        String::from_utf8(written).unwrap()
    }
}
