//! A server on one connection from which mail is fetched: greeting, login, commands.

use model::{Event, Layer, Limit};

use super::login;
use super::maildrop::{self, Maildrop};
use super::message::Command;
use super::reply::{banner, capabilities, line};
use crate::broken_rules::BrokenRules;
use crate::inbox::Line;
use crate::one_by_one::Server;
use crate::sasl::Login;
use crate::{Cx, Inbox, Next, Out};

/// A server on one connection.
#[derive(Default)]
pub(super) struct Pop3 {
    state: State,
    session: Session,
}

/// What is to come next.
#[derive(Debug, Default)]
pub(super) enum State {
    #[default]
    Command,
    Login(Login),
    /// The rest of a line that is too long.
    Rest,
}

/// What is known of the client.
#[derive(Debug, Default)]
pub(super) struct Session {
    /// Whom USER named.
    pub(super) user: Option<String>,
    /// What the client may fetch, once it has logged in.
    pub(super) maildrop: Option<Maildrop>,
    broken_rules: BrokenRules,
}

impl Server for Pop3 {
    fn greet(&mut self, cx: &Cx<'_>, out: &mut Out) {
        out.send(banner(cx));
    }

    fn read(&mut self, inbox: &mut Inbox, cx: &Cx<'_>, out: &mut Out) -> bool {
        if matches!(self.state, State::Rest) {
            let is_over = inbox.skip_line();
            if is_over {
                self.state = State::Command;
            }
            return is_over;
        }
        match inbox.take_line(cx.rules.line_bytes) {
            Line::Whole(said) => self.state = self.hear(&said, cx, out),
            Line::Overlong(_) => {
                out.note(Event::LimitReached(Limit::LineBytes));
                out.send(line("-ERR Input line too long."));
                self.state = State::Rest;
            }
            Line::Partial => return false,
        }
        true
    }

    fn cut(&mut self, out: &mut Out) {
        self.session.broke("the stream ends inside a line", out);
    }
}

impl Pop3 {
    /// Takes in a line: a command, or what a login asked for.
    fn hear(&mut self, said: &[u8], cx: &Cx<'_>, out: &mut Out) -> State {
        match std::mem::take(&mut self.state) {
            State::Login(login) => {
                let step = login.hear(String::from_utf8_lossy(said).trim(), cx);
                self.session.follow(step, cx, out)
            }
            State::Command | State::Rest => self.session.obey(&Command::read(said), cx, out),
        }
    }
}

impl Session {
    /// Does what a command wants.
    fn obey(&mut self, command: &Command, cx: &Cx<'_>, out: &mut Out) -> State {
        let verb = command.verb.as_str();
        if let Some((_, obey)) = ALWAYS.iter().find(|(known, _)| *known == verb) {
            return obey(self, command, cx, out);
        }
        let before = BEFORE.iter().find(|(known, _)| *known == verb);
        let after = maildrop::COMMANDS.iter().find(|(known, _)| *known == verb);
        match (&mut self.maildrop, before, after) {
            (None, Some((_, obey)), _) => return obey(self, command, cx, out),
            (Some(maildrop), _, Some((_, obey))) => out.send(obey(maildrop, command)),
            (None, None, None) | (Some(_), None, None) => {
                self.broke("an unknown command", out);
                out.send(line("-ERR Unknown command."));
            }
            (None, None, Some(_)) | (Some(_), Some(_), None) => {
                self.broke("a command out of its turn", out);
                out.send(line("-ERR Unknown command."));
            }
        }
        State::Command
    }

    /// Notes a broken rule, once.
    pub(super) fn broke(&mut self, rule: &'static str, out: &mut Out) {
        self.broken_rules.note("pop3", rule, out);
    }
}

/// A command and what is done about it.
type Obey = fn(&mut Session, &Command, &Cx<'_>, &mut Out) -> State;

/// Commands that are obeyed whether or not somebody has logged in.
const ALWAYS: &[(&str, Obey)] = &[("CAPA", capa), ("QUIT", quit)];

/// Commands that are obeyed as long as nobody has logged in.
const BEFORE: &[(&str, Obey)] = &[
    ("APOP", login::apop),
    ("AUTH", login::auth),
    ("PASS", login::pass),
    ("STLS", start_tls),
    ("USER", login::user),
];

fn capa(_: &mut Session, _: &Command, cx: &Cx<'_>, out: &mut Out) -> State {
    out.send(capabilities(cx));
    State::Command
}

/// What was marked is deleted now, says the server. It lies there again next time.
fn quit(session: &mut Session, _: &Command, _: &Cx<'_>, out: &mut Out) -> State {
    out.send(line(match &session.maildrop {
        Some(maildrop) if maildrop.has_marks() => "+OK Logging out, messages deleted.",
        Some(_) => "+OK Logging out.",
        None => "+OK Logging out",
    }));
    out.hand_over(Next::Close);
    State::Command
}

/// What follows is TLS, and inside it we begin anew, without a greeting (RFC 2595 §4).
fn start_tls(_: &mut Session, _: &Command, cx: &Cx<'_>, out: &mut Out) -> State {
    if cx.layer == Layer::Wire {
        out.send(line("+OK Begin TLS negotiation now."));
        out.hand_over(Next::StartTls { inside: &super::PROTOCOL });
    } else {
        out.send(line("-ERR TLS is already active."));
    }
    State::Command
}
