//! Something understood from the bytes.

use std::borrow::Cow;

use serde::Serialize;

use crate::{
    Credentials, DnsQuery, Download, FlowName, GivenAddress, HttpRequest, IrcCommand, Limit,
    MailMessage, MqttMessage, NetfilterLog, ProgramEnded, ProxyRequest, ServiceCommand,
    SyslogMessage, TelnetOption, Timestamp, TlsEstablished, TlsFailure, TlsHello, WebsocketMessage,
};

/// What was understood. A closed list: a new kind is a new variant, and the compiler shows every
/// place that has to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A name was given addresses of its own, which it keeps. Stored in a table of its own.
    AddressGiven(GivenAddress),
    /// The peer broke a rule of the protocol it speaks.
    Broke {
        /// The protocol, by its registry name.
        protocol: &'static str,
        /// The rule, in words.
        rule: Cow<'static, str>,
    },
    /// A service was told to do something.
    Command(Box<ServiceCommand>),
    /// The victim gave a password, a token or a hash.
    Credentials(Box<Credentials>),
    /// A DNS question with its answer. Stored in a table of its own.
    Dns(DnsQuery),
    /// Somebody at a shell wanted a file fetched.
    Download(Box<Download>),
    /// An HTTP request was answered.
    HttpRequest(HttpRequest),
    /// Something was said or done in a chat.
    IrcCommand(IrcCommand),
    /// A limit of ours was reached.
    LimitReached(Limit),
    /// A mail was handed to us.
    MailMessage(Box<MailMessage>),
    /// A message was published at a broker.
    MqttMessage(Box<MqttMessage>),
    /// The flow has a name. Stored in a table of its own.
    Named(FlowName),
    /// A log line has our prefix, and what follows cannot be read.
    NetfilterGarbled {
        /// What is wrong with it.
        why: Cow<'static, str>,
        /// The line, or its beginning.
        line: String,
    },
    /// A firewall wrote down a packet.
    NetfilterLog(Box<NetfilterLog>),
    /// We were asked, as a proxy, for a way to somebody else.
    ProxyRequest(ProxyRequest),
    /// It is known what the flow speaks.
    Recognised {
        /// The protocol, by its registry name.
        protocol: &'static str,
        /// How we know.
        by: Basis,
    },
    /// A program of the analyst's that answered has ended, or could not be started.
    ProgramEnded(Box<ProgramEnded>),
    /// A rule of the analyst's answers.
    ResponseRule {
        /// What it is called.
        rule: String,
    },
    /// Victims are told another time than the real one; this one, at the time of this event.
    TimeTold(Timestamp),
    /// A client of Telnet said something about itself.
    TelnetOption(Box<TelnetOption>),
    /// A message for a log was sent.
    SyslogMessage(Box<SyslogMessage>),
    /// A TLS handshake succeeded.
    TlsEstablished(Box<TlsEstablished>),
    /// A TLS handshake failed, or what came after it was broken.
    TlsFailed(TlsFailure),
    /// A victim began TLS.
    TlsHello(Box<TlsHello>),
    /// Secrets that open what was recorded of a TLS conversation.
    TlsSecrets {
        /// Lines of the key log format that packet analysers read (`SSLKEYLOGFILE`).
        lines: Vec<String>,
    },
    /// A message came over a websocket.
    WebsocketMessage(WebsocketMessage),
}

/// How we know what a flow speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// From its first bytes.
    Content,
    /// From the port alone: the victim was silent.
    Port,
}

impl Event {
    /// Every kind with what it says, in words.
    pub const KINDS: [(&'static str, &'static str); 26] = [
        ("credentials.given", "the victim gave a password, a token or a hash; whose, and how"),
        ("dns.address-given", "a name was given addresses of its own, which it keeps"),
        ("dns.query", "a DNS question was asked; with the answer it got"),
        ("download.asked", "a shell was told to fetch a file; by what program, and from where"),
        ("flow.named", "the victim knew the other end by this name; with where that is from"),
        ("flow.recognised", "it is known what the flow speaks; by its content or by its port"),
        ("http.request", "an HTTP request was answered; method, target, host, status"),
        ("irc.command", "something was said or done in a chat; what, to whom or where, the text"),
        ("limit.reached", "a limit of ours was reached; with the setting that moves it"),
        ("mail.message", "a mail was handed to us; envelope, fields, its text, attachments"),
        ("mqtt.message", "a message was published at a broker; its topic, its length, its text"),
        ("netfilter.garbled", "a log line has our prefix and cannot be read; why, and the line"),
        ("netfilter.log", "a firewall logged a packet of this flow; every field of the line"),
        ("protocol.broke", "the peer broke a rule of the protocol it speaks; which one"),
        (
            "proxy.request",
            "we were asked, as a proxy, for a way to somebody else; to whom, and by whom",
        ),
        (
            "response.program",
            "a program of `responses.toml` ended, or could not be started; how, and its complaint",
        ),
        ("response.rule", "a rule of `responses.toml` answers; which one"),
        ("service.command", "a service was told to do something; which one, and the command"),
        ("time.told", "victims are told another time than the real one; which one, just then"),
        (
            "telnet.option",
            "a client of Telnet said something about itself; its terminal, a variable",
        ),
        ("syslog.message", "a message for a log was sent; from whom, how bad, its text"),
        ("tls.established", "a TLS handshake succeeded; version, cipher, certificate, client's"),
        ("tls.failed", "a TLS handshake failed; why, and what the victim's alert says about it"),
        ("tls.hello", "a victim began TLS; whom it asked for, what it offers, JA3, JA4"),
        ("tls.secrets", "secrets that open what was recorded; lines for SSLKEYLOGFILE"),
        ("websocket.message", "a message came over a websocket; its length, and how a text begins"),
    ];

    /// The kind, as stored and as shown: `protocol.what`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::AddressGiven(_) => "dns.address-given",
            Self::Broke { .. } => "protocol.broke",
            Self::Command(_) => "service.command",
            Self::Credentials(_) => "credentials.given",
            Self::Dns(_) => "dns.query",
            Self::Download(_) => "download.asked",
            Self::HttpRequest(_) => "http.request",
            Self::IrcCommand(_) => "irc.command",
            Self::LimitReached(_) => "limit.reached",
            Self::MailMessage(_) => "mail.message",
            Self::MqttMessage(_) => "mqtt.message",
            Self::Named(_) => "flow.named",
            Self::NetfilterGarbled { .. } => "netfilter.garbled",
            Self::NetfilterLog(_) => "netfilter.log",
            Self::ProxyRequest(_) => "proxy.request",
            Self::Recognised { .. } => "flow.recognised",
            Self::ProgramEnded(_) => "response.program",
            Self::ResponseRule { .. } => "response.rule",
            Self::TimeTold(_) => "time.told",
            Self::TelnetOption(_) => "telnet.option",
            Self::SyslogMessage(_) => "syslog.message",
            Self::TlsEstablished(_) => "tls.established",
            Self::TlsFailed(_) => "tls.failed",
            Self::TlsHello(_) => "tls.hello",
            Self::TlsSecrets { .. } => "tls.secrets",
            Self::WebsocketMessage(_) => "websocket.message",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_explained_once() {
        let name = String::new;
        let events = [
            Event::AddressGiven(GivenAddress {
                name: name(),
                v4: [192, 0, 2, 1].into(),
                v6: [0; 8].into(),
            }),
            Event::Broke { protocol: "http", rule: "a rule".into() },
            Event::Command(Box::default()),
            Event::Credentials(Box::new(Credentials {
                protocol: "http",
                mechanism: name(),
                user: None,
                secret: name(),
            })),
            Event::Dns(DnsQuery {
                name: name(),
                query_type: 1,
                query_class: 1,
                response_code: None,
                answers: Vec::new(),
            }),
            Event::Download(Box::default()),
            Event::HttpRequest(HttpRequest::default()),
            Event::IrcCommand(IrcCommand::default()),
            Event::LimitReached(Limit::OpenFlows),
            Event::MailMessage(Box::default()),
            Event::MqttMessage(Box::default()),
            Event::Named(FlowName { name: name(), source: crate::NameSource::Sni }),
            Event::NetfilterGarbled { why: "a reason".into(), line: name() },
            Event::NetfilterLog(Box::default()),
            Event::ProxyRequest(ProxyRequest::default()),
            Event::Recognised { protocol: "http", by: Basis::Port },
            Event::ProgramEnded(Box::default()),
            Event::ResponseRule { rule: name() },
            Event::TimeTold(Timestamp::default()),
            Event::TelnetOption(Box::default()),
            Event::SyslogMessage(Box::default()),
            Event::TlsEstablished(Box::default()),
            Event::TlsFailed(TlsFailure::default()),
            Event::TlsHello(Box::default()),
            Event::TlsSecrets { lines: Vec::new() },
            Event::WebsocketMessage(WebsocketMessage::default()),
        ];
        let mut kinds = events.map(|event| event.kind());
        kinds.sort_unstable();
        assert_eq!(kinds, Event::KINDS.map(|(kind, _)| kind));
    }
}
