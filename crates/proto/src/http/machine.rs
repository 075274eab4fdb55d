//! The HTTP/1 conversation: head, body, answer, and the next request.

use model::{Completeness, Cut, Event};

use super::body::{Body, LineLimits, Progress};
use super::kept::FileNumbers;
use super::message::{Connection, Framing, Head, Version, is_all};
use super::names::Names;
use super::own::{Own, Then};
use super::to_http2::{SWITCHING, Wish};
use super::wire::{Afterwards, CONTINUE, TUNNEL_OPEN, written};
use super::{Response, Upload, answered, challenge_tunnel, note_tunnel, note_unanswered};
use crate::responses;
use crate::{Cx, Inbox, Input, Machine, Next, Out, websocket};

/// A server on one connection.
#[derive(Default)]
pub(super) struct Http {
    state: State,
    names: Names,
    files: FileNumbers,
}

enum State {
    /// Waiting for the rest of a head. What has come is kept here and not in the inbox, because it
    /// is evidence even if the stream ends now.
    Head(PartialHead),
    /// Letting a body go by; then its request is answered.
    Body { head: Box<Head>, body: Body, upload: Upload },
    /// Giving an answer of the analyst's own, which takes time.
    Own(Box<Own>),
    /// Answering nothing any more, because the analyst wants it so.
    Silence,
}

#[derive(Default)]
struct PartialHead {
    bytes: Vec<u8>,
    /// Where the line that has not ended yet begins.
    line: usize,
}

/// How far a head has come.
enum HeadProgress {
    Partial,
    TooLong,
    Whole,
}

impl Default for State {
    fn default() -> Self {
        Self::Head(PartialHead::default())
    }
}

impl Machine for Http {
    fn on(&mut self, input: Input<'_>, cx: &Cx<'_>, out: &mut Out) {
        match input {
            Input::Bytes(inbox) => while !out.is_over() && self.read(inbox, cx, out) {},
            Input::Eof => match &mut self.state {
                State::Own(own) => own.end(),
                _ => {
                    self.end(out);
                    out.hand_over(Next::Close);
                }
            },
            Input::Timer => self.go_on(out),
            Input::Open | Input::Datagram(_) => {}
        }
    }
}

impl Http {
    /// Reads one part of a request; false if more has to come first.
    fn read(&mut self, inbox: &mut Inbox, cx: &Cx<'_>, out: &mut Out) -> bool {
        match &mut self.state {
            State::Head(partial) => match partial.read(inbox, cx.rules.head_bytes) {
                HeadProgress::Partial => false,
                HeadProgress::TooLong => {
                    let head = self.take_head();
                    refuse_long(head, cx, out);
                    true
                }
                HeadProgress::Whole => {
                    let head = self.take_head();
                    self.head(head, cx, out);
                    true
                }
            },
            State::Body { head, body, upload } => {
                let limits = LineLimits { line: cx.rules.line_bytes, trailer: cx.rules.head_bytes };
                let files = &mut self.files;
                let progress = body.read(inbox, limits, &mut |piece| {
                    head.request.add_body(piece, cx);
                    upload.add(piece, &head.request, files, out);
                });
                match progress {
                    Progress::Broken(rule) => {
                        upload.end(Completeness::Cut(Cut::Broken), files, out);
                        refuse(head, 400, rule, cx, out);
                    }
                    Progress::Ended => {
                        upload.end(Completeness::Whole, files, out);
                        let head = std::mem::take(head);
                        self.state = State::default();
                        self.answer(&head, cx, out);
                    }
                    Progress::Partial => return false,
                }
                true
            }
            State::Own(_) => false,
            State::Silence => {
                inbox.discard(usize::MAX);
                false
            }
        }
    }

    fn take_head(&mut self) -> Head {
        match std::mem::take(&mut self.state) {
            State::Body { head, .. } => *head,
            State::Head(partial) => Head::read(&partial.bytes),
            State::Own(_) | State::Silence => Head::default(),
        }
    }

    /// A head is there: notes what it says, and turns to its body.
    fn head(&mut self, mut head: Head, cx: &Cx<'_>, out: &mut Out) {
        head.broken_rules.iter().for_each(|rule| broke(rule, out));
        self.names.note(&head.request, out);
        match (head.version, head.body) {
            (Version::Unreadable, _) => {
                refuse(&mut head, 400, "a request line that cannot be read", cx, out);
            }
            (Version::Other, _) => refuse(&mut head, 505, "another version of HTTP", cx, out),
            (_, Framing::Unreadable) => {
                refuse(&mut head, 400, "a body length that cannot be read", cx, out);
            }
            (_, Framing::UnknownCoding) => {
                refuse(&mut head, 501, "an unknown transfer coding", cx, out);
            }
            _ if head.request.method.eq_ignore_ascii_case("connect") => connect(&mut head, cx, out),
            (Version::Http11, Framing::None) if websocket::is_wanted(&head.request) => {
                upgrade(&head, cx, out);
            }
            (version, framing) => {
                if head.expects_continue && version == Version::Http11 && framing != Framing::None {
                    out.send(CONTINUE);
                }
                let upload = Upload::new(&mut self.files, cx);
                let (head, body) = (Box::new(head), Body::new(framing));
                self.state = State::Body { head, body, upload };
            }
        }
    }

    /// Answers a request whose body has ended.
    fn answer(&mut self, head: &Head, cx: &Cx<'_>, out: &mut Out) {
        match responses::rule_for(&head.request, cx) {
            Some(rule) => {
                self.state = State::Own(Box::new(Own::of(rule, head, cx, out)));
                self.go_on(out);
            }
            None => match Wish::of(head) {
                Wish::Http2 => {
                    out.send(SWITCHING);
                    out.hand_over(Next::Http2After(Box::new(head.request.clone())));
                }
                Wish::Broken(rule) => {
                    broke(rule, out);
                    answer_here(head, cx, out);
                }
                Wish::None => answer_here(head, cx, out),
            },
        }
    }

    /// Goes on with an answer that takes time.
    fn go_on(&mut self, out: &mut Out) {
        let State::Own(own) = &mut self.state else { return };
        match own.go_on(out) {
            None => {}
            Some(Then::Next) => self.state = State::default(),
            Some(Then::Silence) => self.state = State::Silence,
            Some(Then::Over(next)) => out.hand_over(next),
        }
    }

    /// The peer is done: a request that is not is recorded all the same.
    fn end(&mut self, out: &mut Out) {
        match &self.state {
            State::Head(partial) if partial.bytes.is_empty() => return,
            State::Own(_) | State::Silence => return,
            State::Body { .. } | State::Head(_) => {}
        }
        let was_inside_head = matches!(self.state, State::Head(_));
        let head = self.take_head();
        broke("the stream ends inside a request", out);
        if was_inside_head {
            self.names.note(&head.request, out);
        }
        note_unanswered(&head.request, out);
    }
}

impl PartialHead {
    /// Takes bytes up to the empty line that ends a head, and no further.
    fn read(&mut self, inbox: &mut Inbox, limit: usize) -> HeadProgress {
        while !inbox.is_empty() {
            let unread = inbox.peek();
            let line_end = unread.iter().position(|byte| *byte == b'\n');
            let room = (limit + 1).saturating_sub(self.bytes.len());
            let count = line_end.map_or(unread.len(), |end| end + 1).min(room);
            self.bytes.extend_from_slice(unread.get(..count).unwrap_or_default());
            inbox.discard(count);
            if self.bytes.len() > limit {
                return HeadProgress::TooLong;
            }
            if self.bytes.ends_with(b"\n") && self.line_ended() {
                return HeadProgress::Whole;
            }
        }
        HeadProgress::Partial
    }

    /// Whether the line that just ended is the last of the head.
    fn line_ended(&mut self) -> bool {
        let line = self.bytes.get(self.line..).unwrap_or_default();
        let is_first = self.line == 0;
        if matches!(line, b"\n" | b"\r\n") {
            if is_first {
                // Some clients send an empty line after a body (RFC 9112 §2.2).
                self.bytes.clear();
            }
            return !is_first;
        }
        let is_all = is_first && is_all(line);
        self.line = self.bytes.len();
        is_all
    }
}

fn answer_here(head: &Head, cx: &Cx<'_>, out: &mut Out) {
    let response = answered(&head.request, None, cx, out);
    finish(head, &response, out);
}

fn finish(head: &Head, response: &Response, out: &mut Out) {
    let afterwards = Afterwards::wanted_by(head);
    out.send(written(response, head.version, afterwards));
    if afterwards == Afterwards::Close {
        out.hand_over(Next::Close);
    }
}

/// Opens the tunnel a proxy's client wants; what comes through it is looked at anew.
fn connect(head: &mut Head, cx: &Cx<'_>, out: &mut Out) {
    if let Some(response) = challenge_tunnel(&head.request, cx, out) {
        if head.body != Framing::None {
            // A tunnel has no body (RFC 9110 §9.3.6), so nobody looks for the end of this one.
            head.connection = Connection::Close;
        }
        return finish(head, &response, out);
    }
    let port = note_tunnel(&head.request, cx, out);
    out.send(TUNNEL_OPEN);
    out.hand_over(Next::Recognise { port });
}

/// Lets the peer speak websocket from here on, or says why not.
fn upgrade(head: &Head, cx: &Cx<'_>, out: &mut Out) {
    match websocket::answer(&head.request, cx, out) {
        websocket::Answer::Refuse(response) => finish(head, &response, out),
        websocket::Answer::Switch(switching) => {
            out.send(switching);
            out.hand_over(Next::Become(&websocket::PROTOCOL));
        }
    }
}

/// Turns a request down and hangs up: where the next one begins is unknown.
fn refuse(head: &mut Head, status: u16, rule: &'static str, cx: &Cx<'_>, out: &mut Out) {
    broke(rule, out);
    let mut head = std::mem::take(head);
    head.connection = Connection::Close;
    let response = super::refuse(&head.request, status, cx, out);
    finish(&head, &response, out);
}

fn refuse_long(mut head: Head, cx: &Cx<'_>, out: &mut Out) {
    head.broken_rules.iter().for_each(|rule| broke(rule, out));
    let status = if head.version == Version::Unreadable { 414 } else { 431 };
    refuse(&mut head, status, "a head longer than limits.head_bytes", cx, out);
}

fn broke(rule: &'static str, out: &mut Out) {
    out.note(Event::Broke { protocol: "http", rule: rule.into() });
}
