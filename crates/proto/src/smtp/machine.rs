//! A mail server on one connection: greeting, hello, commands.

use model::{Completeness, Cut, Event, Layer, Limit};

use super::login;
use super::message::Command;
use super::reply::{banner, extensions, line};
use super::text::{Piece, Text};
use super::transaction::{self, Chunk, Envelope};
use crate::broken_rules::BrokenRules;
use crate::inbox::Line;
use crate::mail::Mail;
use crate::sasl::Login;
use crate::{Cx, Inbox, Input, Machine, Next, Out};

/// A mail server on one connection.
#[derive(Default)]
pub(super) struct Smtp {
    state: State,
    session: Session,
    /// Whether the client has begun a line that is not whole.
    is_inside_line: bool,
}

/// What is to come next.
#[derive(Debug, Default)]
pub(super) enum State {
    #[default]
    Command,
    Chunk(Chunk),
    Login(Login),
    /// The rest of a line that is too long.
    Rest,
    Text(Box<Incoming>),
}

/// A mail that DATA brings.
#[derive(Debug)]
pub(super) struct Incoming {
    pub(super) text: Text,
    pub(super) mail: Mail,
}

/// What is known of the client.
#[derive(Debug, Default)]
pub(super) struct Session {
    pub(super) hello: Option<String>,
    pub(super) dialect: Dialect,
    pub(super) is_logged_in: bool,
    pub(super) envelope: Option<Envelope>,
    /// The number of the next file.
    pub(super) next_file: u32,
    /// Each once, however often they are broken.
    broken_rules: BrokenRules,
}

/// Which of the two protocols is spoken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Dialect {
    Lmtp,
    #[default]
    Smtp,
}

impl Machine for Smtp {
    fn on(&mut self, input: Input<'_>, cx: &Cx<'_>, out: &mut Out) {
        match input {
            Input::Open => out.send(banner(cx)),
            Input::Bytes(inbox) => {
                while !out.is_over() && self.read(inbox, cx, out) {}
                self.is_inside_line = !inbox.is_empty();
                self.flush(out);
            }
            Input::Eof => {
                self.end(cx, out);
                out.hand_over(Next::Close);
            }
            Input::Datagram(_) | Input::Timer => {}
        }
    }
}

impl Smtp {
    /// Reads what is to come next; false if more has to come first.
    fn read(&mut self, inbox: &mut Inbox, cx: &Cx<'_>, out: &mut Out) -> bool {
        match std::mem::take(&mut self.state) {
            State::Command => match inbox.take_line(cx.rules.line_bytes) {
                Line::Whole(command) => self.state = self.obey(&command, cx, out),
                Line::Overlong(_) => self.state = too_long(out),
                Line::Partial => return false,
            },
            State::Login(login) => match inbox.take_line(cx.rules.line_bytes) {
                Line::Whole(said) => {
                    let said = String::from_utf8_lossy(&said);
                    let step = login.hear(said.trim(), cx);
                    self.state = self.session.follow(step, cx, out);
                }
                Line::Overlong(_) => self.state = too_long(out),
                Line::Partial => {
                    self.state = State::Login(login);
                    return false;
                }
            },
            State::Rest => {
                let is_over = inbox.skip_line();
                if !is_over {
                    self.state = State::Rest;
                }
                return is_over;
            }
            State::Text(incoming) => return self.read_text(incoming, inbox, cx, out),
            State::Chunk(chunk) => return self.read_chunk(chunk, inbox, cx, out),
        }
        true
    }

    fn read_text(
        &mut self,
        mut incoming: Box<Incoming>,
        inbox: &mut Inbox,
        cx: &Cx<'_>,
        out: &mut Out,
    ) -> bool {
        loop {
            let broken = match incoming.text.read(inbox) {
                Piece::Partial => {
                    self.state = State::Text(incoming);
                    return false;
                }
                Piece::Line(line, broken) => {
                    incoming.mail.add(&line, cx, out);
                    broken
                }
                Piece::End(broken) => {
                    self.session.broke_perhaps(broken, out);
                    self.session.take(incoming.mail, cx, out);
                    return true;
                }
            };
            self.session.broke_perhaps(broken, out);
        }
    }

    fn read_chunk(
        &mut self,
        mut chunk: Chunk,
        inbox: &mut Inbox,
        cx: &Cx<'_>,
        out: &mut Out,
    ) -> bool {
        let left = usize::try_from(chunk.left).unwrap_or(usize::MAX);
        let bytes = inbox.take(left.min(inbox.len())).unwrap_or_default();
        self.session.add_to_chunks(&bytes, cx, out);
        chunk.left -= bytes.len() as u64;
        if chunk.left > 0 {
            self.state = State::Chunk(chunk);
            return false;
        }
        self.session.end_chunk(&chunk, cx, out);
        true
    }

    /// Does what a command wants.
    fn obey(&mut self, line_of_client: &[u8], cx: &Cx<'_>, out: &mut Out) -> State {
        let command = Command::read(line_of_client);
        if let Some((_, obey)) = COMMANDS.iter().find(|(verb, _)| *verb == command.verb) {
            return obey(&mut self.session, &command, cx, out);
        }
        if REFUSED.contains(&command.verb.as_str()) {
            out.send(line("502 5.5.1 Error: command not implemented"));
        } else {
            self.session.broke("an unknown command", out);
            out.send(line("502 5.5.2 Error: command not recognized"));
        }
        State::Command
    }

    /// Hands on what has come of a mail.
    fn flush(&mut self, out: &mut Out) {
        match &mut self.state {
            State::Text(incoming) => incoming.mail.flush(out),
            _ => self.session.flush(out),
        }
    }

    /// The client is done: what has come of a mail is noted all the same.
    fn end(&mut self, cx: &Cx<'_>, out: &mut Out) {
        let cut = Completeness::Cut(Cut::FlowEnded);
        let chunks = self.session.envelope.as_mut().and_then(Envelope::take_chunks);
        match std::mem::take(&mut self.state) {
            State::Text(incoming) => {
                self.session.broke("the stream ends inside a mail", out);
                self.session.end(incoming.mail, cut, cx, out);
            }
            _ if chunks.is_some() => {
                self.session.broke("the stream ends inside a mail", out);
                if let Some(mail) = chunks {
                    self.session.end(mail, cut, cx, out);
                }
            }
            _ if self.is_inside_line => self.session.broke("the stream ends inside a line", out),
            _ => {}
        }
    }
}

/// A command and what is done about it.
type Obey = fn(&mut Session, &Command, &Cx<'_>, &mut Out) -> State;

/// What hardly any server still does.
const REFUSED: &[&str] = &["ATRN", "EXPN", "TURN"];

/// Every command that is obeyed.
const COMMANDS: &[(&str, Obey)] = &[
    ("AUTH", login::begin),
    ("BDAT", transaction::bdat),
    ("DATA", transaction::data),
    ("EHLO", hello),
    ("ETRN", start_queue),
    ("HELO", hello),
    ("HELP", help),
    ("LHLO", hello),
    ("MAIL", transaction::mail),
    ("NOOP", do_nothing),
    ("QUIT", quit),
    ("RCPT", transaction::rcpt),
    ("RSET", transaction::rset),
    ("SAML", transaction::mail),
    ("SEND", transaction::mail),
    ("SOML", transaction::mail),
    ("STARTTLS", start_tls),
    ("VRFY", verify),
];

/// A hello also begins anew (RFC 5321 §4.1.4).
fn hello(session: &mut Session, command: &Command, cx: &Cx<'_>, out: &mut Out) -> State {
    session.forget(cx, out);
    if command.about.is_empty() {
        session.broke("a hello without a name", out);
    }
    session.hello = Some(command.about.clone()).filter(|name| !name.is_empty());
    session.dialect = if command.verb == "LHLO" { Dialect::Lmtp } else { Dialect::Smtp };
    out.send(match command.verb.as_str() {
        "HELO" => format!("250 {}\r\n", cx.persona.host),
        _ => extensions(cx),
    });
    State::Command
}

fn do_nothing(_: &mut Session, _: &Command, _: &Cx<'_>, out: &mut Out) -> State {
    out.send(line("250 2.0.0 Ok"));
    State::Command
}

/// Nobody says who is here (RFC 5321 §7.3).
fn verify(_: &mut Session, command: &Command, _: &Cx<'_>, out: &mut Out) -> State {
    out.send(match command.about.as_str() {
        "" => line("501 5.5.4 Syntax: VRFY address"),
        about => format!("252 2.0.0 {about}\r\n"),
    });
    State::Command
}

/// RFC 1985 §5.3.
fn start_queue(_: &mut Session, _: &Command, _: &Cx<'_>, out: &mut Out) -> State {
    out.send(line("250 2.0.0 Queuing started"));
    State::Command
}

fn help(_: &mut Session, _: &Command, _: &Cx<'_>, out: &mut Out) -> State {
    let verbs: Vec<&str> = COMMANDS.iter().map(|(verb, _)| *verb).collect();
    out.send(format!("214-2.0.0 Commands:\r\n214 2.0.0 {}\r\n", verbs.join(" ")));
    State::Command
}

/// What follows is TLS, and inside it we begin anew, without a greeting (RFC 3207 §4.2).
fn start_tls(session: &mut Session, _: &Command, cx: &Cx<'_>, out: &mut Out) -> State {
    if cx.layer != Layer::Wire {
        out.send(line("554 5.5.1 Error: TLS already active"));
        return State::Command;
    }
    session.forget(cx, out);
    out.send(line("220 2.0.0 Ready to start TLS"));
    out.hand_over(Next::StartTls { inside: &super::PROTOCOL });
    State::Command
}

fn quit(session: &mut Session, _: &Command, cx: &Cx<'_>, out: &mut Out) -> State {
    session.forget(cx, out);
    out.send(line("221 2.0.0 Bye"));
    out.hand_over(Next::Close);
    State::Command
}

fn too_long(out: &mut Out) -> State {
    out.note(Event::LimitReached(Limit::LineBytes));
    out.send(line("500 5.5.2 Error: line too long"));
    State::Rest
}

impl Session {
    /// Notes a broken rule, once.
    pub(super) fn broke(&mut self, rule: &'static str, out: &mut Out) {
        self.broken_rules.note("smtp", rule, out);
    }

    fn broke_perhaps(&mut self, rule: Option<&'static str>, out: &mut Out) {
        if let Some(rule) = rule {
            self.broke(rule, out);
        }
    }
}
