//! A proxy on one connection: who are you, whom do you want, go ahead.

use model::{Credentials, Event, FlowName, NameSource, ProxyRequest};

use super::message::{
    Command, Host, Login, Missing, Reading, Reply4, Reply5, Request4, Request5, method, read_login,
    read_methods, read_request4, read_request5,
};
use crate::host::as_name;
use crate::{Cx, Inbox, Input, Machine, Next, Out};

/// A proxy on one connection.
#[derive(Default)]
pub(super) struct Socks {
    state: State,
    /// Whether the peer has said something that is not whole.
    is_inside: bool,
}

/// What comes next.
#[derive(Default)]
enum State {
    /// The first message, which shows the version.
    #[default]
    First,
    /// User and password of a client of SOCKS 5.
    Login,
    /// The request of a client of SOCKS 5.
    Request5 { user: Option<String> },
}

/// How a request of SOCKS 5 is answered, and the rule it breaks.
struct Judgement {
    reply: Reply5,
    broken: Option<&'static str>,
}

impl Machine for Socks {
    fn on(&mut self, input: Input<'_>, cx: &Cx<'_>, out: &mut Out) {
        match input {
            Input::Bytes(inbox) => {
                while !out.is_over() && self.read(inbox, cx, out) {}
                self.is_inside = !inbox.is_empty();
            }
            Input::Eof => {
                if self.is_inside {
                    broke("the stream ends inside a message", out);
                }
                out.hand_over(Next::Close);
            }
            Input::Open | Input::Datagram(_) | Input::Timer => {}
        }
    }
}

impl Socks {
    /// Reads one message; false if more has to come first.
    fn read(&mut self, inbox: &mut Inbox, cx: &Cx<'_>, out: &mut Out) -> bool {
        match (&mut self.state, inbox.peek().first()) {
            (_, None) => false,
            (State::First, Some(0x04)) => {
                let limit = cx.rules.line_bytes;
                take(
                    |seen| read_request4(seen, limit),
                    inbox,
                    out,
                    |request, out| {
                        answer4(&request, out);
                    },
                )
            }
            (State::First, Some(0x05)) => {
                take(read_methods, inbox, out, |methods, out| self.choose(&methods, out))
            }
            (State::First, Some(_)) => {
                broke("an unknown version", out);
                out.hand_over(Next::Close);
                true
            }
            (State::Login, _) => take(read_login, inbox, out, |login, out| self.log_in(login, out)),
            (State::Request5 { user }, _) => take(read_request5, inbox, out, |request, out| {
                answer5(&request, user.take(), out);
            }),
        }
    }

    /// A password is asked for if there is one to be had: it is worth knowing.
    fn choose(&mut self, methods: &[u8], out: &mut Out) {
        let method = if methods.contains(&method::PASSWORD) {
            self.state = State::Login;
            method::PASSWORD
        } else if methods.contains(&method::NONE) {
            self.state = State::Request5 { user: None };
            method::NONE
        } else {
            method::NO_ACCEPTABLE
        };
        if methods.is_empty() {
            broke("no method is offered", out);
        }
        out.send(vec![0x05, method]);
        if method == method::NO_ACCEPTABLE {
            out.hand_over(Next::Close);
        }
    }

    /// Every password is right.
    fn log_in(&mut self, login: Login, out: &mut Out) {
        if login.version != 0x01 {
            broke("an unknown version of the login", out);
        }
        out.send(&[0x01, 0x00][..]);
        self.state = State::Request5 { user: Some(login.user.clone()) };
        let Login { user, password: secret, .. } = login;
        let (protocol, mechanism) = ("socks", "password".to_owned());
        let given = Credentials { protocol, mechanism, user: Some(user), secret };
        out.note(Event::Credentials(given.into()));
    }
}

/// Takes what was read out of the inbox and does something about it; false if it is not whole.
fn take<T>(
    read: impl Fn(&[u8]) -> Reading<'_, T>,
    inbox: &mut Inbox,
    out: &mut Out,
    answer: impl FnOnce(T, &mut Out),
) -> bool {
    let seen = inbox.peek();
    match read(seen).map(|(message, rest)| (message, seen.len() - rest.len())) {
        Err(Missing::More) => return false,
        Err(Missing::TextEnd) => {
            broke("a text longer than limits.line_bytes", out);
            out.send(Reply4::Refused.written());
            out.hand_over(Next::Close);
        }
        Ok((message, length)) => {
            inbox.discard(length);
            answer(message, out);
        }
    }
    true
}

/// SOCKS 4 has CONNECT and BIND; we are a proxy that nobody can be reached through from outside.
fn answer4(request: &Request4, out: &mut Out) {
    let is_named = matches!(request.host, Host::Name(_));
    let granted = request.command == Command::Connect;
    if !matches!(request.command, Command::Bind | Command::Connect) {
        broke("an unknown command", out);
    }
    note_name(&request.host, out);
    out.note(Event::ProxyRequest(ProxyRequest {
        protocol: if is_named { "socks4a" } else { "socks4" },
        command: request.command.name(),
        host: Some(request.host.text()),
        port: Some(request.port),
        user: Some(request.user.clone()).filter(|user| !user.is_empty()),
        granted,
    }));
    out.send(if granted { Reply4::Granted } else { Reply4::Refused }.written());
    let open = Next::Recognise { port: Some(request.port) };
    out.hand_over(if granted { open } else { Next::Close });
}

fn answer5(request: &Request5, user: Option<String>, out: &mut Out) {
    let Judgement { reply, broken } = judge(request);
    if request.reserved != 0 {
        broke("a reserved byte is not 0", out);
    }
    if let Some(rule) = broken {
        broke(rule, out);
    }
    if let Some((host, _)) = &request.target {
        note_name(host, out);
    }
    let granted = matches!(reply, Reply5::Granted);
    let port = request.target.as_ref().map(|(_, port)| *port);
    out.note(Event::ProxyRequest(ProxyRequest {
        protocol: "socks5",
        command: request.command.name(),
        host: request.target.as_ref().map(|(host, _)| host.text()),
        port,
        user,
        granted,
    }));
    out.send(reply.written());
    out.hand_over(if granted { Next::Recognise { port } } else { Next::Close });
}

/// As a proxy answers that offers CONNECT and nothing else.
fn judge(request: &Request5) -> Judgement {
    let (reply, broken) = match (request.version, request.command, &request.target) {
        (version, _, _) if version != 0x05 => {
            (Reply5::Failure, Some("a request of another version"))
        }
        (_, _, None) => (Reply5::AddressNotSupported, Some("an unknown kind of address")),
        (_, Command::Unknown, _) => (Reply5::CommandNotSupported, Some("an unknown command")),
        (_, Command::Bind | Command::UdpAssociate, _) => (Reply5::CommandNotSupported, None),
        (_, Command::Connect, Some((Host::Name(name), _))) if name.is_empty() => {
            (Reply5::HostUnreachable, Some("an empty name"))
        }
        (_, Command::Connect, Some(_)) => (Reply5::Granted, None),
    };
    Judgement { reply, broken }
}

fn note_name(host: &Host, out: &mut Out) {
    let Host::Name(host) = host else { return };
    if let Some(name) = as_name(host) {
        out.note(Event::Named(FlowName { name, source: NameSource::Proxy }));
    }
}

fn broke(rule: &'static str, out: &mut Out) {
    out.note(Event::Broke { protocol: "socks", rule: rule.into() });
}
