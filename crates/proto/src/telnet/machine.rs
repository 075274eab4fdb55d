//! A Telnet server on one connection: options, a login, a shell.

use model::{Credentials, Event, Limit, TelnetOption};

use super::options::{Echoing, OFFER, Options, Told};
use crate::broken_rules::BrokenRules;
use crate::shell::{Console, Echo, Key, Login, Terminal, Typed};
use crate::{Cx, Input, Machine, Next, Out};

/// A server on one connection.
#[derive(Default)]
pub(super) struct Telnet {
    options: Options,
    stage: Stage,
    echo: Echo,
    /// Logins that were refused.
    refused: usize,
    broken_rules: BrokenRules,
}

/// How far the client has come.
enum Stage {
    /// A user was named.
    Password(Terminal, String),
    Shell(Box<Console>),
    User(Terminal),
}

impl Default for Stage {
    fn default() -> Self {
        Self::User(Terminal::default())
    }
}

/// How many logins are refused before the server hangs up (BusyBox's `login`).
const TRIES: usize = 3;

impl Machine for Telnet {
    fn on(&mut self, input: Input<'_>, cx: &Cx<'_>, out: &mut Out) {
        match input {
            Input::Open => {
                out.send(OFFER);
                out.send(login_prompt(cx));
            }
            Input::Bytes(inbox) => {
                for byte in inbox.take_all() {
                    if !out.is_over() {
                        self.hear(byte, cx, out);
                    }
                }
            }
            Input::Eof => self.end(cx, out),
            Input::Datagram(_) | Input::Timer => {}
        }
    }
}

fn login_prompt(cx: &Cx<'_>) -> String {
    format!("\r\n{} login: ", cx.persona.host)
}

impl Telnet {
    fn hear(&mut self, byte: u8, cx: &Cx<'_>, out: &mut Out) {
        match self.options.hear(byte, cx.rules.line_bytes) {
            None => {}
            Some(Told::Overlong) => out.note(Event::LimitReached(Limit::LineBytes)),
            Some(Told::Reply(reply)) => out.send(reply),
            Some(Told::Said(options)) => options.into_iter().for_each(|option| note(option, out)),
            Some(Told::Typed(byte)) => self.hear_key(byte, cx, out),
            Some(Told::WantsEcho(echoing)) => self.set_echo(echoing, out),
        }
    }

    /// We offered to echo: to agree is no news, anything else is a change that we agree to.
    fn set_echo(&mut self, echoing: Echoing, out: &mut Out) {
        let (echo, says) = match echoing {
            Echoing::On => (Echo::On, b"\xff\xfb\x01"),
            Echoing::Off => (Echo::Off, b"\xff\xfc\x01"),
        };
        if self.echo == echo {
            return;
        }
        self.echo = echo;
        out.send(says.as_slice());
        match &mut self.stage {
            Stage::Password(terminal, _) | Stage::User(terminal) => terminal.echo = echo,
            Stage::Shell(console) => console.set_echo(echo),
        }
    }

    fn hear_key(&mut self, byte: u8, cx: &Cx<'_>, out: &mut Out) {
        let terminal = match &mut self.stage {
            Stage::Shell(console) => {
                let Typed { shows, is_over } = console.hear(byte, cx, out);
                return show(shows, is_over, out);
            }
            Stage::Password(terminal, _) | Stage::User(terminal) => terminal,
        };
        let mut shows = Vec::new();
        let key = terminal.hear(byte, cx.rules.line_bytes, &mut shows);
        show(shows, false, out);
        match key {
            None => {}
            Some(Key::Line(line)) => self.hear_line(&String::from_utf8_lossy(&line), cx, out),
            Some(Key::Overlong) => out.note(Event::LimitReached(Limit::LineBytes)),
            Some(Key::End | Key::Interrupt) => out.hand_over(Next::Close),
        }
    }

    /// A user, or a password.
    fn hear_line(&mut self, line: &str, cx: &Cx<'_>, out: &mut Out) {
        match std::mem::take(&mut self.stage) {
            Stage::User(terminal) if line.trim().is_empty() => {
                out.send(login_prompt(cx));
                self.stage = Stage::User(terminal);
            }
            Stage::User(mut terminal) => {
                out.send("Password: ");
                terminal.echo = if self.echo == Echo::Off { Echo::Off } else { Echo::Secret };
                self.stage = Stage::Password(terminal, line.trim().to_owned());
            }
            Stage::Password(terminal, user) => {
                self.log_in(terminal, credentials("login", &user, line), cx, out);
            }
            Stage::Shell(console) => self.stage = Stage::Shell(console),
        }
    }

    fn log_in(&mut self, mut terminal: Terminal, given: Credentials, cx: &Cx<'_>, out: &mut Out) {
        terminal.echo = self.echo;
        let user = given.user.clone().unwrap_or_default();
        let is_right = cx.rules.telnet.accept.admits(&given, cx);
        out.note(Event::Credentials(Box::new(given)));
        if is_right {
            let console = Console::open(terminal, Login { protocol: "telnet", user }, cx);
            out.send(console.prompt());
            self.stage = Stage::Shell(Box::new(console));
            return;
        }
        self.stage = Stage::User(terminal);
        self.refused += 1;
        out.send("Login incorrect\r\n");
        if self.refused == TRIES {
            out.hand_over(Next::Close);
        } else {
            out.send(login_prompt(cx).trim_start().to_owned());
        }
    }

    /// No more comes. What was begun counts as said.
    fn end(&mut self, cx: &Cx<'_>, out: &mut Out) {
        let is_inside_line = match &mut self.stage {
            Stage::Password(terminal, _) | Stage::User(terminal) => terminal.is_inside_line(),
            Stage::Shell(console) => {
                let is_inside_line = console.is_inside_line();
                let Typed { shows, .. } = console.end(cx, out);
                show(shows, false, out);
                is_inside_line
            }
        };
        if is_inside_line {
            self.broken_rules.note("telnet", "the stream ends inside a line", out);
        }
        out.hand_over(Next::Close);
    }
}

fn show(shows: Vec<u8>, is_over: bool, out: &mut Out) {
    if !shows.is_empty() {
        out.send(shows);
    }
    if is_over {
        out.hand_over(Next::Close);
    }
}

/// What a client says about itself. A user it names there is one that it wants to be (RFC 1572 §4).
fn note(option: TelnetOption, out: &mut Out) {
    if option.option == "environment"
        && let Some(user) = option.value.strip_prefix("USER=").filter(|user| !user.is_empty())
    {
        out.note(Event::Credentials(Box::new(credentials("environment", user, ""))));
    }
    out.note(Event::TelnetOption(Box::new(option)));
}

fn credentials(mechanism: &str, user: &str, secret: &str) -> Credentials {
    Credentials {
        protocol: "telnet",
        mechanism: mechanism.to_owned(),
        user: Some(user.to_owned()),
        secret: secret.to_owned(),
    }
}
