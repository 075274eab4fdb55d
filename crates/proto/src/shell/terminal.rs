//! Keys of somebody at a terminal, as lines; and what is shown while they are typed.

/// A line on its way.
#[derive(Debug, Default)]
pub(crate) struct Terminal {
    line: Vec<u8>,
    pub(crate) echo: Echo,
    state: State,
}

/// What is shown of what is typed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Echo {
    /// Nothing: the other side shows it.
    Off,
    #[default]
    On,
    /// Its ends of lines alone.
    Secret,
}

/// What came before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    /// A carriage return: a line feed or NUL after it belongs to it.
    AfterReturn,
    /// The beginning of an escape sequence.
    Escape,
    /// The inside of one.
    EscapeSequence,
    /// The line is too long; the rest of it is passed over.
    Overlong,
    #[default]
    Text,
}

/// What a key comes to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Key {
    /// Ctrl-D where nothing was typed.
    End,
    /// Ctrl-C.
    Interrupt,
    Line(Vec<u8>),
    /// The line is longer than it may be; the rest of it is passed over.
    Overlong,
}

impl Terminal {
    /// Whether a line has begun.
    pub(crate) fn is_inside_line(&self) -> bool {
        !self.line.is_empty()
    }

    /// Takes what was typed of a line that will not end.
    pub(crate) fn take_line(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.line)
    }

    /// Hears a byte. What it shows is added to `shows`.
    pub(crate) fn hear(&mut self, byte: u8, limit: usize, shows: &mut Vec<u8>) -> Option<Key> {
        let before = std::mem::replace(&mut self.state, State::Text);
        match (before, byte) {
            (State::AfterReturn, b'\n' | 0) => None,
            (State::Overlong, b'\r' | b'\n') => {
                self.state = after(byte);
                self.show_end(b"\r\n", shows);
                Some(Key::Line(Vec::new()))
            }
            (State::Overlong, _) => {
                self.state = State::Overlong;
                None
            }
            (State::Escape, b'[' | b'O') => {
                self.state = State::EscapeSequence;
                None
            }
            (State::EscapeSequence, b'0'..=b'?') => {
                self.state = State::EscapeSequence;
                None
            }
            (State::Escape | State::EscapeSequence, b' '..=b'~') => None,
            _ => self.key(byte, limit, shows),
        }
    }

    fn key(&mut self, byte: u8, limit: usize, shows: &mut Vec<u8>) -> Option<Key> {
        match byte {
            b'\r' | b'\n' => {
                self.state = after(byte);
                self.show_end(b"\r\n", shows);
                Some(Key::Line(self.take_line()))
            }
            CTRL_C => {
                self.line.clear();
                self.show_end(b"^C\r\n", shows);
                Some(Key::Interrupt)
            }
            CTRL_D => (!self.is_inside_line()).then_some(Key::End),
            CTRL_H | DELETE => {
                self.rub_out(1, shows);
                None
            }
            CTRL_U => {
                self.rub_out(self.line.len(), shows);
                None
            }
            CTRL_W => {
                let words = self.line.trim_ascii_end();
                let start = words.iter().rposition(|byte| *byte == b' ').map_or(0, |at| at + 1);
                self.rub_out(self.line.len() - start, shows);
                None
            }
            ESCAPE => {
                self.state = State::Escape;
                None
            }
            b'\t' | b' '..=b'~' | 0x80.. => self.text(byte, limit, shows),
            _ => None,
        }
    }

    fn text(&mut self, byte: u8, limit: usize, shows: &mut Vec<u8>) -> Option<Key> {
        if self.line.len() >= limit {
            self.line.clear();
            self.state = State::Overlong;
            return Some(Key::Overlong);
        }
        self.line.push(byte);
        self.show(&[byte], shows);
        None
    }

    fn rub_out(&mut self, count: usize, shows: &mut Vec<u8>) {
        let left = self.line.len().saturating_sub(count);
        let gone = self.line.len() - left;
        self.line.truncate(left);
        self.show(&b"\x08 \x08".repeat(gone), shows);
    }

    fn show(&self, what: &[u8], shows: &mut Vec<u8>) {
        if self.echo == Echo::On {
            shows.extend_from_slice(what);
        }
    }

    fn show_end(&self, what: &[u8], shows: &mut Vec<u8>) {
        if self.echo != Echo::Off {
            shows.extend_from_slice(what);
        }
    }
}

fn after(end: u8) -> State {
    if end == b'\r' { State::AfterReturn } else { State::Text }
}

const CTRL_C: u8 = 0x03;
const CTRL_D: u8 = 0x04;
const CTRL_H: u8 = 0x08;
const CTRL_U: u8 = 0x15;
const CTRL_W: u8 = 0x17;
const ESCAPE: u8 = 0x1b;
const DELETE: u8 = 0x7f;

/// What a program wrote, as a terminal gets it: a line feed does not return by itself.
pub(crate) fn shown_lines(written: &[u8]) -> Vec<u8> {
    let mut shown = Vec::with_capacity(written.len());
    for byte in written {
        if *byte == b'\n' {
            shown.push(b'\r');
        }
        shown.push(*byte);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is heard and shown of what is typed.
    fn typed(keys: &[u8], echo: Echo) -> (Vec<Key>, String) {
        let (mut terminal, mut shows) = (Terminal::default(), Vec::new());
        terminal.echo = echo;
        let heard = keys.iter().filter_map(|key| terminal.hear(*key, 8, &mut shows)).collect();
        (heard, shows.escape_ascii().to_string())
    }

    fn line(text: &str) -> Key {
        Key::Line(text.as_bytes().to_vec())
    }

    #[test]
    fn lines_end_in_every_way() {
        let (heard, shows) = typed(b"a\r\nb\r\0c\nd\re\r\n", Echo::On);
        assert_eq!(heard, ["a", "b", "c", "d", "e"].map(line));
        assert_eq!(shows, "a\\r\\nb\\r\\nc\\r\\nd\\r\\ne\\r\\n");
    }

    #[test]
    fn what_was_typed_can_be_taken_back() {
        for (keys, meant) in [
            (&b"ab\x7fc\n"[..], "ac"),
            (b"ab\x08\x08\x08c\n", "c"),
            (b"abc\x15d\n", "d"),
            (b"a bc \x17d\n", "a d"),
            (b"a\x1b[Db\x1bOA\x1b[1;5Cc\n", "abc"),
        ] {
            assert_eq!(typed(keys, Echo::On).0, [line(meant)], "{}", keys.escape_ascii());
        }
    }

    #[test]
    fn controls_end_and_interrupt() {
        let (heard, shows) = typed(b"a\x04\x03\x04", Echo::On);
        assert_eq!(heard, [Key::Interrupt, Key::End]);
        assert_eq!(shows, "a^C\\r\\n");
    }

    #[test]
    fn secrets_are_not_shown_but_for_their_end() {
        assert_eq!(typed(b"x\x7fy\r\n", Echo::Secret), (vec![line("y")], "\\r\\n".to_owned()));
    }

    #[test]
    fn a_line_that_is_too_long_is_said_once_and_passed_over() {
        let (heard, _) = typed(b"0123456789abc\r\nd\r\n", Echo::On);
        assert_eq!(heard, [Key::Overlong, line(""), line("d")]);
    }
}
