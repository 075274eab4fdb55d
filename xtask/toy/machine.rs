//! A TOY conversation: a greeting for every name.

use model::Event;

use super::message::Command;
use crate::{Cx, Inbox, Input, Line, Machine, Next, Out};

#[derive(Debug)]
pub(super) struct Toy;

impl Machine for Toy {
    fn on(&mut self, input: Input<'_>, cx: &Cx<'_>, out: &mut Out) {
        match input {
            Input::Bytes(inbox) => read(inbox, cx, out),
            Input::Eof => out.hand_over(Next::Close),
            Input::Open | Input::Datagram(_) | Input::Timer => {}
        }
    }
}

fn read(inbox: &mut Inbox, cx: &Cx<'_>, out: &mut Out) {
    while !out.is_over() {
        match inbox.take_line(cx.rules.line_bytes) {
            Line::Whole(line) => answer(&line, cx, out),
            Line::Overlong(_) => broke("a line is too long", out),
            Line::Partial => return,
        }
    }
}

fn answer(line: &[u8], cx: &Cx<'_>, out: &mut Out) {
    match Command::read(line) {
        Command::Bye => out.hand_over(Next::Close),
        Command::Greet(name) => out.send(format!("{} greets {name}\r\n", cx.persona.host)),
        Command::Other => broke("unknown command", out),
    }
}

fn broke(rule: &'static str, out: &mut Out) {
    out.note(Event::Broke { protocol: super::PROTOCOL.name, rule: rule.into() });
}
