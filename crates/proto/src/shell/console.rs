//! A shell at a terminal: keys in, what is shown out.

use model::{Event, Limit};

use super::terminal::{Echo, Key, Terminal, shown_lines};
use super::{Heard, Login, Shell, Wants};
use crate::{Cx, Next, Out};

/// A terminal with somebody at it who was let in.
#[derive(Debug)]
pub(crate) struct Console {
    terminal: Terminal,
    shell: Shell,
    /// What is shown of what is typed, but for secrets.
    echo: Echo,
}

impl Console {
    /// Goes on at a terminal at which somebody has logged in.
    pub(crate) fn open(mut terminal: Terminal, login: Login, cx: &Cx<'_>) -> Self {
        let echo = if terminal.echo == Echo::Off { Echo::Off } else { Echo::On };
        terminal.echo = echo;
        Self { terminal, shell: Shell::open(login, cx), echo }
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

    /// Hears a byte. What is to be shown is gathered in `shows`, and sent before anything is noted.
    pub(crate) fn hear(&mut self, byte: u8, shows: &mut Vec<u8>, cx: &Cx<'_>, out: &mut Out) {
        let Some(key) = self.terminal.hear(byte, cx.rules.line_bytes, shows) else { return };
        send(shows, out);
        let heard = match key {
            Key::Line(line) => self.shell.hear(&line, cx, out),
            Key::End => self.shell.hear_end(),
            Key::Interrupt => self.shell.interrupt(),
            Key::Overlong => return out.note(Event::LimitReached(Limit::LineBytes)),
        };
        self.react(heard, shows, out);
    }

    /// No more comes. A line that was begun counts as one; whether there was one.
    pub(crate) fn end(&mut self, cx: &Cx<'_>, out: &mut Out) -> bool {
        let is_inside_line = self.terminal.is_inside_line();
        if is_inside_line {
            let line = self.terminal.take_line();
            let heard = self.shell.hear(&line, cx, out);
            let mut shows = shown_lines(&heard.shows);
            send(&mut shows, out);
        }
        self.shell.close(out);
        is_inside_line
    }

    fn react(&mut self, heard: Heard, shows: &mut Vec<u8>, out: &mut Out) {
        shows.extend(shown_lines(&heard.shows));
        self.terminal.echo = match (heard.wants, self.echo) {
            (Wants::Secret, Echo::On) => Echo::Secret,
            (_, echo) => echo,
        };
        if heard.wants == Wants::Nothing {
            send(shows, out);
            self.shell.close(out);
            out.hand_over(Next::Close);
        } else {
            shows.extend(self.prompt());
        }
    }
}

/// Sends what was gathered.
pub(crate) fn send(shows: &mut Vec<u8>, out: &mut Out) {
    if !shows.is_empty() {
        out.send(std::mem::take(shows));
    }
}
