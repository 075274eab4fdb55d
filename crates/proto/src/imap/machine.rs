//! A server on one connection where mail is read: greeting, lines and literals.

use model::{Event, Limit};

use super::append::{self, Incoming};
use super::arguments::Piece;
use super::command::Command;
use super::literal::Announced;
use super::reply::banner;
use super::session::Session;
use crate::inbox::Line;
use crate::sasl::Login;
use crate::{Cx, Inbox, Input, Machine, Next, Out};

/// A server on one connection.
#[derive(Default)]
pub(super) struct Imap {
    state: State,
    session: Session,
    /// What has come of a command that literals break.
    pieces: Vec<Piece>,
    /// Whether the client has begun something that is not whole.
    is_inside: bool,
}

/// What is to come next.
#[derive(Debug, Default)]
pub(super) enum State {
    /// A command, or the rest of one after a literal.
    #[default]
    Command,
    /// The word that ends IDLE.
    Idle(Box<Command>),
    /// Bytes of a literal, and then more of the command.
    Literal {
        left: usize,
    },
    Login {
        login: Login,
        command: Box<Command>,
    },
    /// A mail that APPEND brings.
    Message(Box<Incoming>),
    /// Bytes of a literal that is too long, and the line after it.
    Passing {
        left: u64,
    },
    /// The rest of a line that is too long.
    Rest,
}

impl Machine for Imap {
    fn on(&mut self, input: Input<'_>, cx: &Cx<'_>, out: &mut Out) {
        match input {
            Input::Open => out.send(banner(cx)),
            Input::Bytes(inbox) => {
                while !out.is_over() && self.read(inbox, cx, out) {}
                self.is_inside = !inbox.is_empty() || !self.pieces.is_empty();
                if let State::Message(incoming) = &mut self.state {
                    incoming.flush(out);
                }
            }
            Input::Eof => self.end(cx, out),
            Input::Datagram(_) | Input::Timer => {}
        }
    }
}

impl Imap {
    /// Reads what is to come next; false if more has to come first.
    fn read(&mut self, inbox: &mut Inbox, cx: &Cx<'_>, out: &mut Out) -> bool {
        match std::mem::take(&mut self.state) {
            State::Literal { left } => self.read_literal(left, inbox),
            State::Message(incoming) => self.read_message(incoming, inbox, cx, out),
            State::Passing { left } => self.pass(left, inbox),
            State::Rest => {
                let is_over = inbox.skip_line();
                if !is_over {
                    self.state = State::Rest;
                }
                is_over
            }
            state => self.read_line(state, inbox, cx, out),
        }
    }

    fn read_line(&mut self, state: State, inbox: &mut Inbox, cx: &Cx<'_>, out: &mut Out) -> bool {
        match inbox.take_line(cx.rules.line_bytes) {
            Line::Whole(said) => self.state = self.hear(state, said, cx, out),
            Line::Overlong(_) => {
                out.note(Event::LimitReached(Limit::LineBytes));
                self.state = self.refuse_long(State::Rest, out);
            }
            Line::Partial => {
                self.state = state;
                return false;
            }
        }
        true
    }

    /// Takes in a line: of a command, of a login, or the end of IDLE.
    fn hear(&mut self, state: State, said: Vec<u8>, cx: &Cx<'_>, out: &mut Out) -> State {
        match state {
            State::Login { login, command } => {
                let step = login.hear(String::from_utf8_lossy(&said).trim(), cx);
                self.session.follow(step, &command, cx, out)
            }
            State::Idle(command) if said.eq_ignore_ascii_case(b"DONE") => {
                out.send(command.ok("Idle completed."));
                State::Command
            }
            State::Idle(command) => {
                self.session.broke("something other than DONE ends IDLE", out);
                out.send(command.bad("Expected DONE."));
                State::Command
            }
            _ => self.hear_command(said, cx, out),
        }
    }

    fn hear_command(&mut self, mut said: Vec<u8>, cx: &Cx<'_>, out: &mut Out) -> State {
        let Some(announced) = Announced::read(&said) else {
            self.pieces.push(Piece::Line(said));
            let command = Command::read(&std::mem::take(&mut self.pieces));
            return self.session.obey(&command, cx, out);
        };
        said.truncate(announced.start);
        self.pieces.push(Piece::Line(said));
        let command = Command::read(&self.pieces);
        if append::is_message_next(&command) {
            self.pieces.clear();
            return append::begin(&mut self.session, command, announced, cx, out);
        }
        let so_far: usize = self.pieces.iter().map(Piece::len).sum();
        let left = usize::try_from(announced.bytes).unwrap_or(usize::MAX);
        if left.saturating_add(so_far) > cx.rules.line_bytes {
            out.note(Event::LimitReached(Limit::LineBytes));
            return self.refuse_long(announced.passing(), out);
        }
        announced.ask(out);
        State::Literal { left }
    }

    /// Too much; what comes of it next goes by.
    fn refuse_long(&mut self, next: State, out: &mut Out) -> State {
        self.pieces.clear();
        out.send("* BAD Error in IMAP command received by server: Too long argument.\r\n");
        next
    }

    fn read_literal(&mut self, left: usize, inbox: &mut Inbox) -> bool {
        let Some(bytes) = inbox.take(left) else {
            self.state = State::Literal { left };
            return false;
        };
        self.pieces.push(Piece::Literal(bytes));
        true
    }

    fn read_message(
        &mut self,
        mut incoming: Box<Incoming>,
        inbox: &mut Inbox,
        cx: &Cx<'_>,
        out: &mut Out,
    ) -> bool {
        if !incoming.read(inbox, cx, out) {
            self.state = State::Message(incoming);
            return false;
        }
        // The command ends with its line.
        match inbox.take_line(cx.rules.line_bytes) {
            Line::Partial => {
                self.state = State::Message(incoming);
                return false;
            }
            Line::Whole(_) => {}
            Line::Overlong(_) => self.state = State::Rest,
        }
        incoming.end(&mut self.session, cx, out);
        true
    }

    fn pass(&mut self, left: u64, inbox: &mut Inbox) -> bool {
        let passed = inbox.discard(usize::try_from(left).unwrap_or(usize::MAX));
        let left = left - passed as u64;
        self.state = if left == 0 { State::Rest } else { State::Passing { left } };
        left == 0
    }

    /// The client is done: what has come of a mail is kept all the same.
    fn end(&mut self, cx: &Cx<'_>, out: &mut Out) {
        match std::mem::take(&mut self.state) {
            State::Message(incoming) => {
                self.session.broke("the stream ends inside a mail", out);
                incoming.cut(&mut self.session, cx, out);
            }
            _ if self.is_inside => self.session.broke("the stream ends inside a command", out),
            _ => {}
        }
        out.hand_over(Next::Close);
    }
}

impl Piece {
    fn len(&self) -> usize {
        match self {
            Self::Line(bytes) | Self::Literal(bytes) => bytes.len(),
        }
    }
}
