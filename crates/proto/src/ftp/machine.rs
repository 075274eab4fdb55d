//! A file server on one control connection: greeting, lines, and news of the data connection.

use model::{Event, Limit};

use super::about;
use super::message::Command;
use super::session::Session;
use crate::inbox::Line;
use crate::{Cx, Inbox, Input, Machine, News, Next, Out};

/// A server on one connection.
#[derive(Default)]
pub(super) struct Ftp {
    session: Session,
    /// Whether the rest of a line that is too long is passed over.
    is_skipping: bool,
    /// Whether the client has begun a line that is not whole.
    is_inside_line: bool,
}

impl Machine for Ftp {
    fn on(&mut self, input: Input<'_>, cx: &Cx<'_>, out: &mut Out) {
        match input {
            Input::Open => out.send(about::banner(cx)),
            Input::Bytes(inbox) => {
                while !out.is_over() && self.read(inbox, cx, out) {}
                self.is_inside_line = !inbox.is_empty();
            }
            Input::Timer => self.session.waited(out),
            Input::Eof => {
                if self.is_inside_line {
                    self.session.broke("the stream ends inside a line", out);
                }
                out.hand_over(Next::Close);
            }
            Input::Datagram(_) => {}
        }
    }

    fn hear_of_companion(&mut self, news: News, cx: &Cx<'_>, out: &mut Out) {
        self.session.hear(news, cx, out);
    }
}

impl Ftp {
    /// Reads what is to come next; false if more has to come first.
    fn read(&mut self, inbox: &mut Inbox, cx: &Cx<'_>, out: &mut Out) -> bool {
        if self.is_skipping {
            self.is_skipping = !inbox.skip_line();
            return !self.is_skipping;
        }
        match inbox.take_line(cx.rules.line_bytes) {
            Line::Whole(said) => self.session.obey(&Command::read(&said), cx, out),
            Line::Overlong(_) => {
                out.note(Event::LimitReached(Limit::LineBytes));
                out.send("500 Command line too long\r\n");
                self.is_skipping = true;
            }
            Line::Partial => return false,
        }
        true
    }
}
