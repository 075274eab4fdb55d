//! A shell at a terminal: keys in, what is shown out.

use model::{Event, Limit};

use super::terminal::{Echo, Key, Terminal, shown_lines};
use super::{Heard, Login, Shell, Wants};
use crate::{Cx, Out};

/// A terminal with somebody at it who was let in.
#[derive(Debug)]
pub(crate) struct Console {
    terminal: Terminal,
    shell: Shell,
    /// What is shown of what is typed, but for secrets.
    echo: Echo,
}

/// What comes of a key.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Typed {
    pub(crate) shows: Vec<u8>,
    /// Whether the session is over.
    pub(crate) is_over: bool,
}

impl Console {
    /// Goes on at a terminal at which somebody has logged in.
    pub(crate) fn open(terminal: Terminal, login: Login, cx: &Cx<'_>) -> Self {
        let echo = if terminal.echo == Echo::Off { Echo::Off } else { Echo::On };
        let mut console = Self { terminal, shell: Shell::open(login, cx), echo };
        console.terminal.echo = echo;
        console
    }

    /// What stands before the first line.
    pub(crate) fn prompt(&self) -> Vec<u8> {
        shown_lines(&super::bytes::bytes(&self.shell.prompt()))
    }

    pub(crate) fn set_echo(&mut self, echo: Echo) {
        self.echo = echo;
        if self.terminal.echo != Echo::Secret {
            self.terminal.echo = echo;
        }
    }

    /// Hears a byte.
    pub(crate) fn hear(&mut self, byte: u8, cx: &Cx<'_>, out: &mut Out) -> Typed {
        let mut shows = Vec::new();
        let heard = match self.terminal.hear(byte, cx.rules.line_bytes, &mut shows) {
            None => return Typed { shows, is_over: false },
            Some(Key::Line(line)) => self.shell.hear(&line, cx, out),
            Some(Key::End) => self.shell.hear_end(),
            Some(Key::Interrupt) => self.shell.interrupt(),
            Some(Key::Overlong) => {
                out.note(Event::LimitReached(Limit::LineBytes));
                return Typed { shows, is_over: false };
            }
        };
        self.react(heard, shows, out)
    }

    /// No more comes. A line that was begun counts as one.
    pub(crate) fn end(&mut self, cx: &Cx<'_>, out: &mut Out) -> Typed {
        if !self.terminal.is_inside_line() {
            self.shell.close(out);
            return Typed { shows: Vec::new(), is_over: true };
        }
        let line = self.terminal.take_line();
        let heard = self.shell.hear(&line, cx, out);
        let Typed { shows, is_over } = self.react(heard, Vec::new(), out);
        if !is_over {
            self.shell.close(out);
        }
        Typed { shows, is_over: true }
    }

    /// Whether a line has begun.
    pub(crate) fn is_inside_line(&self) -> bool {
        self.terminal.is_inside_line()
    }

    fn react(&mut self, heard: Heard, mut shows: Vec<u8>, out: &mut Out) -> Typed {
        shows.extend(shown_lines(&heard.shows));
        self.terminal.echo = match (heard.wants, self.echo) {
            (Wants::Secret, Echo::On) => Echo::Secret,
            (_, echo) => echo,
        };
        let is_over = heard.wants == Wants::Nothing;
        if is_over {
            self.shell.close(out);
        } else {
            shows.extend(self.prompt());
        }
        Typed { shows, is_over }
    }
}
