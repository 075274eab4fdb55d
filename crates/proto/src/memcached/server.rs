//! What both protocols share: reading, what is stored, answers.

use super::items::Items;
use super::text::{self, Storage};
use super::value::Value;
use super::{binary, statistics};
use crate::broken_rules::BrokenRules;
use crate::frames::{Framed, Frames};
use crate::inbox::Line;
use crate::{Cx, Inbox, Out, command_text};

/// A server, as one client sees it.
#[derive(Debug, Default)]
pub(super) struct Server {
    pub(super) items: Items,
    state: State,
    frames: Frames,
    files: u32,
    is_over: bool,
    broken_rules: BrokenRules,
}

/// What is to come next.
#[derive(Debug, Default)]
pub(super) enum State {
    #[default]
    Command,
    /// The rest of a line that is too long.
    Rest,
    /// The value of a command, then the end of its line.
    Value(Storage, Value),
}

/// What a command comes to.
pub(super) enum Done {
    Quit,
    Said,
    /// So many bytes of a value follow.
    Stores(Storage),
}

impl Server {
    pub(super) const fn is_over(&self) -> bool {
        self.is_over
    }

    /// Whether something has begun that is not whole.
    pub(super) fn is_inside(&self) -> bool {
        !matches!(self.state, State::Command) || self.frames.is_inside()
    }

    /// What has begun will not go on.
    pub(super) fn forget_begun(&mut self) {
        self.state = State::Command;
        self.frames = Frames::default();
    }

    /// Reads what is to come next; false if more has to come first. Answers go to the end of `reply`.
    pub(super) fn read(
        &mut self,
        inbox: &mut Inbox,
        reply: &mut Vec<u8>,
        cx: &Cx<'_>,
        out: &mut Out,
    ) -> bool {
        match std::mem::take(&mut self.state) {
            State::Command if self.frames.is_inside() || inbox.peek().first() == Some(&0x80) => {
                self.packet(inbox, reply, cx, out)
            }
            State::Command => self.line(inbox, reply, cx, out),
            State::Rest => {
                let is_over = inbox.skip_line();
                if !is_over {
                    self.state = State::Rest;
                }
                is_over
            }
            State::Value(storage, value) => self.value(storage, value, inbox, (reply, cx, out)),
        }
    }

    fn line(&mut self, inbox: &mut Inbox, reply: &mut Vec<u8>, cx: &Cx<'_>, out: &mut Out) -> bool {
        match inbox.take_line(cx.rules.line_bytes) {
            Line::Partial => return false,
            Line::Overlong(_) => {
                out.note(model::Event::LimitReached(model::Limit::LineBytes));
                self.broke("a line that is too long", out);
                reply.extend(b"ERROR line too long\r\n");
                self.state = State::Rest;
            }
            Line::Whole(line) => {
                let text = String::from_utf8_lossy(&line).into_owned();
                self.note(text.clone(), cx, out);
                match text::obey(self, &text, reply, (cx, out)) {
                    Done::Said => {}
                    Done::Quit => self.is_over = true,
                    Done::Stores(storage) => {
                        let value =
                            Value::begin(storage.length, &storage.key, &mut self.files, out);
                        self.state = State::Value(storage, value);
                    }
                }
            }
        }
        true
    }

    /// A value, and two bytes after it.
    fn value(
        &mut self,
        storage: Storage,
        mut value: Value,
        inbox: &mut Inbox,
        (reply, cx, out): (&mut Vec<u8>, &Cx<'_>, &mut Out),
    ) -> bool {
        if !value.hear(inbox, cx, out) || inbox.len() < 2 {
            self.state = State::Value(storage, value);
            return false;
        }
        if inbox.take(2).as_deref() == Some(b"\r\n") {
            text::store(self, storage, value.held, reply, (cx, out));
        } else {
            self.broke("a value that does not end where it should", out);
            reply.extend(b"CLIENT_ERROR bad data chunk\r\n");
            self.state = State::Rest;
        }
        true
    }

    fn packet(
        &mut self,
        inbox: &mut Inbox,
        reply: &mut Vec<u8>,
        cx: &Cx<'_>,
        out: &mut Out,
    ) -> bool {
        match self.frames.read(inbox, binary::SHAPE, cx.rules.form_bytes) {
            Framed::Partial => return false,
            Framed::Impossible => {
                self.broke("a packet that is too long", out);
                self.is_over = true;
            }
            Framed::Whole(frame) => {
                if frame.is_cut {
                    out.note(model::Event::LimitReached(model::Limit::FormBytes));
                }
                self.is_over = binary::obey(self, &frame, reply, (cx, out));
            }
        }
        true
    }

    pub(super) fn note(&self, text: String, cx: &Cx<'_>, out: &mut Out) {
        command_text::note("memcached", text, cx, out);
    }

    /// What STAT lines say.
    pub(super) fn statistics(&self, about: &str, cx: &Cx<'_>) -> Vec<(String, String)> {
        statistics::about(about, &self.items, cx)
    }

    /// Notes a broken rule, once.
    pub(super) fn broke(&mut self, rule: &'static str, out: &mut Out) {
        self.broken_rules.note("memcached", rule, out);
    }
}
