//! What a machine did, as text.

use model::{
    DnsQuery, Event, HttpRequest, IrcCommand, MailMessage, MqttMessage, ProxyRequest,
    SyslogMessage, TlsHello, WebsocketMessage,
};
use proto::{Action, Next};

use super::kept::Kept;
use super::{bytes, dns};

/// The actions of one turn. What is sent in several pieces is written as if it were one, so that
/// cuts do not show.
pub(crate) struct Transcript {
    is_dns: bool,
    is_framed: bool,
    sent: Vec<u8>,
    kept: Kept,
    written: String,
    is_over: bool,
}

impl Transcript {
    pub(crate) fn new(talk: &str) -> Self {
        Self {
            is_dns: talk.starts_with("dns-"),
            is_framed: talk.starts_with("dns-over-tcp-"),
            sent: Vec::new(),
            kept: Kept::default(),
            written: String::new(),
            is_over: false,
        }
    }

    pub(crate) fn add(&mut self, action: Action) {
        assert!(!self.is_over, "{action:?} after the flow was handed over");
        match action {
            Action::Send(bytes) => self.sent.extend_from_slice(&bytes),
            Action::Note(event) => self.add_line(&format!("! {}\n", event_text(&event))),
            Action::Keep(keep) => {
                let lines = self.kept.step(keep);
                if !lines.is_empty() {
                    self.add_line(&lines);
                }
            }
            Action::Wake(delay) => self.add_line(&format!("~ {delay:?}\n")),
            Action::HandOver(next) => {
                let next = next_text(next);
                let kept = self.kept.take();
                self.add_line(&format!("{kept}= {next}\n"));
                self.is_over = true;
            }
        }
    }

    pub(crate) fn is_over(&self) -> bool {
        self.is_over
    }

    /// The text of this turn.
    pub(crate) fn take(&mut self) -> String {
        self.write_sent();
        self.written += &self.kept.take();
        std::mem::take(&mut self.written)
    }

    fn add_line(&mut self, line: &str) {
        self.write_sent();
        self.written += line;
    }

    fn write_sent(&mut self) {
        let sent = std::mem::take(&mut self.sent);
        self.written += &match (self.is_dns, self.is_framed) {
            _ if sent.is_empty() => String::new(),
            (true, true) => dns::responses(&sent),
            (true, false) => dns::response(&sent),
            (false, _) => bytes::sent(&sent),
        };
    }
}

fn next_text(next: Next) -> String {
    match next {
        Next::Become(protocol) => format!("become {}", protocol.name),
        Next::Close => "close".to_owned(),
        Next::Http2 => "http2".to_owned(),
        Next::Http2After(request) => format!("http2 after {} {}", request.method, request.target),
        Next::Recognise { port: None } => "recognise".to_owned(),
        Next::Recognise { port: Some(port) } => format!("recognise {port}"),
        Next::StartTls { inside } => format!("start tls, {} inside", inside.name),
        Next::Reset => "reset".to_owned(),
        Next::Tls { .. } => "tls".to_owned(),
    }
}

fn event_text(event: &Event) -> String {
    match event {
        Event::AddressGiven(given) => format!("given {} {} {}", given.name, given.v4, given.v6),
        Event::Broke { protocol, rule } => format!("broke {protocol}: {rule}"),
        Event::Command(said) => {
            format!("command {} \"{}\"", said.protocol, said.command.escape_debug())
        }
        Event::MqttMessage(message) => mqtt_text(message),
        Event::SyslogMessage(message) => syslog_text(message),
        Event::Credentials(given) => {
            let user = given.user.as_deref().unwrap_or("-");
            format!(
                "credentials {} {} {user:?} {:?}",
                given.protocol, given.mechanism, given.secret
            )
        }
        Event::Dns(query) => dns_text(query),
        Event::Download(asked) => {
            format!("download {} {}", asked.program, asked.url.escape_debug())
        }
        Event::HttpRequest(request) => http_text(request),
        Event::LimitReached(limit) => format!("limit {}", limit.setting()),
        Event::IrcCommand(said) => irc_text(said),
        Event::MailMessage(mail) => mail_text(mail),
        Event::Named(name) => format!("named {} by {}", name.name, name.source.name()),
        Event::ProxyRequest(asked) => proxy_text(asked),
        Event::ResponseRule { rule } => format!("rule {rule:?}"),
        Event::TelnetOption(said) => {
            format!("telnet {} \"{}\"", said.option, said.value.escape_debug())
        }
        Event::WebsocketMessage(message) => websocket_text(message),
        Event::TlsHello(hello) => tls_text(hello),
        other => format!("{other:?}"),
    }
}

fn dns_text(query: &DnsQuery) -> String {
    let record_type = DnsQuery::type_name(query.query_type);
    let class = if query.query_class == 1 {
        String::new()
    } else {
        format!(" class {}", query.query_class)
    };
    let code = query.response_code.map_or("unanswered", code_name);
    let answers: String =
        query.answers.iter().map(|answer| format!(" [{}]", shortened(answer))).collect();
    format!("dns {} {record_type}{class}, {code}:{answers}", query.name)
}

fn http_text(request: &HttpRequest) -> String {
    let HttpRequest { method, target, version, body_bytes, status, .. } = request;
    let mut text = format!("http {version} {} {}", method.escape_debug(), target.escape_debug());
    for (name, value) in
        [("host", &request.host), ("agent", &request.user_agent), ("type", &request.content_type)]
    {
        if let Some(value) = value {
            text += &format!(", {name} \"{}\"", value.escape_debug());
        }
    }
    if let Some(check) = request.connectivity_check {
        text += &format!(", check \"{check}\"");
    }
    text + &format!(", body {body_bytes}, status {status}")
}

fn mail_text(mail: &MailMessage) -> String {
    let hello = mail.hello.as_deref().unwrap_or("-");
    let to = mail.envelope_to.join(" ");
    let whole = if mail.is_whole { "whole" } else { "cut" };
    let MailMessage { protocol, envelope_from, bytes, .. } = mail;
    let mut text = format!("mail {protocol} {hello}, <{envelope_from}> to <{to}>, {bytes} bytes");
    text += &format!(", {whole}");
    for (name, value) in [
        ("from", &mail.from),
        ("to", &mail.to),
        ("cc", &mail.cc),
        ("subject", &mail.subject),
        ("id", &mail.message_id),
        ("date", &mail.date),
        ("mailer", &mail.mailer),
        ("text", &mail.text),
    ] {
        if let Some(value) = value {
            text += &format!(", {name} \"{}\"", value.escape_debug());
        }
    }
    for name in &mail.attachments {
        text += &format!(", attached \"{}\"", name.escape_debug());
    }
    text
}

fn irc_text(IrcCommand { command, target, text }: &IrcCommand) -> String {
    let text = text.as_ref().map(|text| format!(" \"{}\"", text.escape_debug()));
    format!("irc {command} {target}{}", text.unwrap_or_default())
}

fn mqtt_text(message: &MqttMessage) -> String {
    let MqttMessage { topic, bytes, retained, will, text } = message;
    let words = [(*retained, ", retained"), (*will, ", will")];
    let words: String = words.iter().filter(|(is_so, _)| *is_so).map(|(_, word)| *word).collect();
    let said = text.as_ref().map(|text| format!(", \"{}\"", text.escape_debug()));
    format!("mqtt {topic}, {bytes} bytes{words}{}", said.unwrap_or_default())
}

fn syslog_text(message: &SyslogMessage) -> String {
    let head = [message.facility, message.severity, message.host.as_deref()];
    let head = head.map(|word| word.unwrap_or("-")).join(" ");
    let program = message.program.as_deref().unwrap_or("-");
    format!("syslog {head} {program} \"{}\"", message.text.escape_debug())
}

fn proxy_text(asked: &ProxyRequest) -> String {
    let ProxyRequest { protocol, command, host, port, user, granted } = asked;
    let mut text = format!("proxy {protocol} {command}");
    if let Some(host) = host {
        text += &format!(" {}", host.escape_debug());
    }
    if let Some(port) = port {
        text += &format!(" port {port}");
    }
    if let Some(user) = user {
        text += &format!(", user \"{}\"", user.escape_debug());
    }
    text + if *granted { ", granted" } else { ", refused" }
}

fn websocket_text(message: &WebsocketMessage) -> String {
    let WebsocketMessage { opcode, bytes, text } = message;
    let said = text.as_ref().map_or_else(String::new, |text| format!(", \"{text}\""));
    format!("websocket {opcode}, {bytes} bytes{said}")
}

fn tls_text(hello: &TlsHello) -> String {
    let whole = if hello.is_whole { "whole" } else { "broken" };
    let version = hello.hello_version.as_deref().unwrap_or("no version");
    let mut text = format!("tls hello {whole}, {:?}, {version}", hello.form);
    for (name, value) in
        [("for", &hello.server_name), ("ja3", &hello.ja3_text), ("ja4", &hello.ja4_r)]
    {
        if let Some(value) = value {
            text += &format!(", {name} {}", value.escape_debug());
        }
    }
    for (name, values) in [("offers", &hello.versions.join(" ")), ("alpn", &hello.alpn.join(" "))] {
        if !values.is_empty() {
            text += &format!(", {name} {}", values.escape_debug());
        }
    }
    let resumption = hello.resumption.map(|how| format!(", resumes by {how:?}"));
    let encrypted = hello.encrypted_hello.map(|which| format!(", hides by {which:?}"));
    [Some(text), resumption, encrypted].into_iter().flatten().collect()
}

fn code_name(code: u16) -> &'static str {
    match code {
        0 => "NOERROR",
        1 => "FORMERR",
        2 => "SERVFAIL",
        3 => "NXDOMAIN",
        4 => "NOTIMP",
        5 => "REFUSED",
        16 => "BADVERS",
        other => panic!("response code {other} is new"),
    }
}

/// Long texts are there for their length.
fn shortened(answer: &str) -> String {
    if answer.len() > 120 {
        format!("{}… {} characters", &answer[..10], answer.len())
    } else {
        answer.to_owned()
    }
}
