//! A server of remote commands on one connection: strings, then a shell or one line of it.

use model::{Credentials, Event, Limit};

use crate::broken_rules::BrokenRules;
use crate::logins::Accept;
use crate::shell::{Console, Echo, Key, Login, Shell, Terminal, send};
use crate::{Cx, Inbox, Input, Machine, Next, Out};

/// Which of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Service {
    Rexec,
    Rlogin,
    Rsh,
}

/// A server on one connection.
pub(super) struct Berkeley {
    service: Service,
    stage: Stage,
    broken_rules: BrokenRules,
}

/// How far the client has come.
enum Stage {
    /// These strings were said, and more have to be.
    Strings(Vec<String>),
    /// Who was named is not trusted: a password is asked for.
    Password(Terminal, String),
    Shell(Box<Console>),
}

impl Machine for Berkeley {
    fn on(&mut self, input: Input<'_>, cx: &Cx<'_>, out: &mut Out) {
        match input {
            Input::Bytes(inbox) => self.hear(inbox, cx, out),
            Input::Eof => self.end(cx, out),
            Input::Open | Input::Datagram(_) | Input::Timer => {}
        }
    }
}

impl Berkeley {
    pub(super) fn new(service: Service) -> Self {
        let (stage, broken_rules) = (Stage::Strings(Vec::new()), BrokenRules::default());
        Self { service, stage, broken_rules }
    }

    fn hear(&mut self, inbox: &mut Inbox, cx: &Cx<'_>, out: &mut Out) {
        while !out.is_over() && matches!(self.stage, Stage::Strings(_)) {
            if !self.hear_string(inbox, cx, out) {
                return;
            }
        }
        let mut shows = Vec::new();
        for byte in inbox.take_all() {
            if !out.is_over() {
                self.hear_key(byte, &mut shows, cx, out);
            }
        }
        send(&mut shows, out);
    }

    /// Takes a string; false if its end has not come yet.
    fn hear_string(&mut self, inbox: &mut Inbox, cx: &Cx<'_>, out: &mut Out) -> bool {
        let limit = cx.rules.line_bytes;
        let Some(length) = inbox.peek().iter().take(limit + 1).position(|byte| *byte == 0) else {
            if inbox.len() > limit {
                out.note(Event::LimitReached(Limit::LineBytes));
                out.hand_over(Next::Close);
            }
            return false;
        };
        let bytes = inbox.take(length + 1).unwrap_or_default();
        let text = String::from_utf8_lossy(bytes.get(..length).unwrap_or_default()).into_owned();
        if let Stage::Strings(said) = &mut self.stage {
            said.push(text);
            if let Ok(said) = <[String; 4]>::try_from(said.clone()) {
                self.begin(said, cx, out);
            }
        }
        true
    }

    /// All strings are there. Those of rlogin begin with an empty one.
    fn begin(&mut self, said: [String; 4], cx: &Cx<'_>, out: &mut Out) {
        let [port, first, second, last] = said;
        let (mechanism, user, secret) = match self.service {
            Service::Rexec => ("password", first, second),
            // Who somebody is elsewhere is all that is asked for.
            Service::Rlogin | Service::Rsh => ("trusted", second, first),
        };
        let is_right = self.admit(self.credentials(mechanism, &user, &secret), cx, out);
        match self.service {
            Service::Rlogin if is_right => self.open(Terminal::default(), user, cx, out),
            Service::Rlogin => {
                out.send(b"\0Password: ".as_slice());
                let mut terminal = Terminal::default();
                terminal.echo = Echo::Secret;
                self.stage = Stage::Password(terminal, user);
            }
            Service::Rexec if !is_right => refuse("\u{1}Login incorrect.\n", out),
            Service::Rsh if !is_right => refuse("\u{1}Permission denied.\n", out),
            Service::Rexec | Service::Rsh => {
                if port != "0" && !port.is_empty() {
                    self.broken_rules.note(
                        self.name(),
                        "a second connection is wanted for errors, which nobody makes",
                        out,
                    );
                }
                self.run(&last, user, cx, out);
            }
        }
    }

    /// Notes a login; whether it is right.
    fn admit(&self, given: Credentials, cx: &Cx<'_>, out: &mut Out) -> bool {
        let is_right = self.accept(cx).admits(&given, cx);
        out.note(Event::Credentials(Box::new(given)));
        is_right
    }

    fn credentials(&self, mechanism: &str, user: &str, secret: &str) -> Credentials {
        Credentials {
            protocol: self.name(),
            mechanism: mechanism.to_owned(),
            user: Some(user.to_owned()),
            secret: secret.to_owned(),
        }
    }

    fn open(&mut self, terminal: Terminal, user: String, cx: &Cx<'_>, out: &mut Out) {
        let console = Console::open(terminal, Login { protocol: self.name(), user }, cx);
        let mut greeting = b"\0".to_vec();
        if matches!(self.stage, Stage::Password(..)) {
            greeting.clear();
        }
        greeting.extend(console.prompt());
        out.send(greeting);
        self.stage = Stage::Shell(Box::new(console));
    }

    /// Runs one line, says what came of it, and hangs up.
    fn run(&mut self, line: &str, user: String, cx: &Cx<'_>, out: &mut Out) {
        let mut shell = Shell::open_quietly(Login { protocol: self.name(), user }, cx);
        let written = shell.run_alone(line.as_bytes(), cx, out);
        shell.close(out);
        out.send([b"\0".as_slice(), &written].concat());
        out.hand_over(Next::Close);
    }

    fn hear_key(&mut self, byte: u8, shows: &mut Vec<u8>, cx: &Cx<'_>, out: &mut Out) {
        let key = match &mut self.stage {
            Stage::Shell(console) => return console.hear(byte, shows, cx, out),
            Stage::Password(terminal, _) => terminal.hear(byte, cx.rules.line_bytes, shows),
            Stage::Strings(_) => return,
        };
        let Some(key) = key else { return };
        send(shows, out);
        match key {
            Key::Line(line) => self.hear_password(&String::from_utf8_lossy(&line), cx, out),
            Key::Overlong => out.note(Event::LimitReached(Limit::LineBytes)),
            Key::End | Key::Interrupt => out.hand_over(Next::Close),
        }
    }

    fn hear_password(&mut self, secret: &str, cx: &Cx<'_>, out: &mut Out) {
        let Stage::Password(_, user) = &self.stage else { return };
        let user = user.clone();
        if self.admit(self.credentials("login", &user, secret), cx, out) {
            self.open(Terminal::default(), user, cx, out);
        } else {
            refuse("Login incorrect\r\n", out);
        }
    }

    fn end(&mut self, cx: &Cx<'_>, out: &mut Out) {
        let is_inside = match &mut self.stage {
            Stage::Password(terminal, _) => terminal.is_inside_line(),
            Stage::Shell(console) => console.end(cx, out),
            Stage::Strings(_) => true,
        };
        if is_inside {
            self.broken_rules.note(self.name(), "the stream ends before what was begun", out);
        }
        out.hand_over(Next::Close);
    }

    fn name(&self) -> &'static str {
        match self.service {
            Service::Rexec => "rexec",
            Service::Rlogin => "rlogin",
            Service::Rsh => "rsh",
        }
    }

    fn accept<'a>(&self, cx: &Cx<'a>) -> &'a Accept {
        match self.service {
            Service::Rexec => &cx.rules.berkeley.rexec,
            Service::Rlogin => &cx.rules.berkeley.rlogin,
            Service::Rsh => &cx.rules.berkeley.rsh,
        }
    }
}

fn refuse(complaint: &'static str, out: &mut Out) {
    out.send(complaint);
    out.hand_over(Next::Close);
}
