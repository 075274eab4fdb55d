//! Lines in, what they write out.

use model::{Event, Limit};

use crate::broken_rules::BrokenRules;
use crate::inbox::Line;
use crate::shell::{Login, Shell, Wants};
use crate::{Cx, Inbox, Input, Machine, Next, Out};

/// A shell on one connection.
#[derive(Default)]
pub(super) struct BindShell {
    shell: Option<Box<Shell>>,
    /// What has come of a line that is not whole.
    begun: Vec<u8>,
    is_inside_overlong: bool,
    broken_rules: BrokenRules,
}

impl Machine for BindShell {
    fn on(&mut self, input: Input<'_>, cx: &Cx<'_>, out: &mut Out) {
        match input {
            Input::Bytes(inbox) => {
                while !out.is_over() && self.read(inbox, cx, out) {}
                self.begun = inbox.peek().to_vec();
            }
            Input::Eof => self.end(cx, out),
            Input::Open | Input::Datagram(_) | Input::Timer => {}
        }
    }
}

impl BindShell {
    /// Reads a line; false if more has to come first.
    fn read(&mut self, inbox: &mut Inbox, cx: &Cx<'_>, out: &mut Out) -> bool {
        if self.is_inside_overlong {
            self.is_inside_overlong = !inbox.skip_line();
            return !self.is_inside_overlong;
        }
        match inbox.take_line(cx.rules.line_bytes) {
            Line::Whole(line) => self.hear(&line, cx, out),
            Line::Overlong(_) => {
                out.note(Event::LimitReached(Limit::LineBytes));
                self.is_inside_overlong = true;
            }
            Line::Partial => return false,
        }
        true
    }

    fn hear(&mut self, line: &[u8], cx: &Cx<'_>, out: &mut Out) {
        let login = || Login { protocol: super::PROTOCOL.name, user: "root".to_owned() };
        let shell = self.shell.get_or_insert_with(|| Box::new(Shell::open_quietly(login(), cx)));
        let heard = shell.hear(line, cx, out);
        if !heard.shows.is_empty() {
            out.send(heard.shows);
        }
        if heard.wants == Wants::Nothing {
            shell.close(out);
            out.hand_over(Next::Close);
        }
    }

    /// No more comes: what was begun counts as a line.
    fn end(&mut self, cx: &Cx<'_>, out: &mut Out) {
        let begun = std::mem::take(&mut self.begun);
        if !begun.is_empty() && !self.is_inside_overlong {
            self.broken_rules.note("bind-shell", "the stream ends inside a line", out);
            self.hear(&begun, cx, out);
        }
        if out.is_over() {
            return;
        }
        if let Some(shell) = &mut self.shell {
            shell.close(out);
        }
        out.hand_over(Next::Close);
    }
}
