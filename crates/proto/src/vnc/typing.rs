//! What is typed, put together to lines: there a command is, if somebody types one.

use model::{Event, Limit, ServiceCommand};

use crate::{Cx, Out};

/// A line that is being typed.
#[derive(Debug, Default)]
pub(super) struct Typing {
    line: String,
}

/// Keys without a letter, by what X calls them (RFC 6143 §7.5.4).
const NAMED: &[(u32, &str)] = &[
    (0xff09, "Tab"),
    (0xff1b, "Escape"),
    (0xff51, "Left"),
    (0xff52, "Up"),
    (0xff53, "Right"),
    (0xff54, "Down"),
    (0xffe3, "Control"),
    (0xffe4, "Control"),
    (0xffe9, "Alt"),
    (0xffea, "Alt"),
    (0xffeb, "Super"),
    (0xffec, "Super"),
    (0xffff, "Delete"),
];

const BACKSPACE: u32 = 0xff08;
const RETURN: u32 = 0xff0d;
const ENTER: u32 = 0xff8d;

impl Typing {
    /// A key was pressed.
    pub(super) fn press(&mut self, key: u32, cx: &Cx<'_>, out: &mut Out) {
        match key {
            RETURN | ENTER => self.end(cx, out),
            BACKSPACE => drop(self.line.pop()),
            key => self.add(key),
        }
        if self.line.len() > cx.rules.line_bytes {
            out.note(Event::LimitReached(Limit::LineBytes));
            self.end(cx, out);
        }
    }

    /// The line is over, even if nobody ended it.
    pub(super) fn end(&mut self, cx: &Cx<'_>, out: &mut Out) {
        let line = std::mem::take(&mut self.line);
        if !line.is_empty() {
            tell(format!("typed {line}"), cx, out);
        }
    }

    /// A letter, or a key that has a name.
    fn add(&mut self, key: u32) {
        let letter = match key {
            0x20..=0x7e | 0xa0..=0xff => char::from_u32(key),
            0x0100_0000..=0x0110_ffff => char::from_u32(key - 0x0100_0000),
            _ => None,
        };
        if let Some(letter) = letter {
            self.line.push(letter);
        } else if let Some((_, name)) = NAMED.iter().find(|(known, _)| *known == key) {
            self.line.push_str(&format!("<{name}>"));
        }
    }
}

/// Writes down what a client means.
pub(super) fn tell(mut command: String, cx: &Cx<'_>, out: &mut Out) {
    command.truncate(command.floor_char_boundary(cx.rules.line_bytes));
    out.note(Event::Command(Box::new(ServiceCommand { protocol: "vnc", command })));
}
