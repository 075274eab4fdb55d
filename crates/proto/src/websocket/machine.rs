//! The server's end of a websocket: messages are put together and noted, pings and goodbyes are
//! answered.

use model::{Event, Limit, WebsocketMessage};

use super::message::{CONTROL_BYTES, Header, Opcode, control, may_be_sent};
use crate::broken_rules::BrokenRules;
use crate::{Cx, Inbox, Input, Machine, Next, Out};

/// The server's end of a websocket.
#[derive(Default)]
pub(super) struct Websocket {
    /// The frame whose payload is coming in.
    frame: Option<Frame>,
    /// The message whose last frame has not come.
    message: Option<Message>,
    /// Whether a header has begun and is not whole.
    is_inside_header: bool,
    /// Each once, however many frames break them.
    broken_rules: BrokenRules,
    /// Whether it was noted that a text is longer than what is kept of it.
    is_limit_noted: bool,
}

/// A frame whose payload is coming in.
struct Frame {
    header: Header,
    /// Bytes of the payload so far.
    read: u64,
    /// The payload of a frame of control, as far as it may be one.
    control: Vec<u8>,
}

/// A message that is coming in.
struct Message {
    opcode: &'static str,
    /// How many there were so far.
    bytes: u64,
    /// What is kept of a text.
    text: Option<Vec<u8>>,
}

impl Machine for Websocket {
    fn on(&mut self, input: Input<'_>, cx: &Cx<'_>, out: &mut Out) {
        match input {
            Input::Bytes(inbox) => {
                while !out.is_over() && self.read(inbox, cx, out) {}
                self.is_inside_header = !inbox.is_empty();
            }
            Input::Eof => {
                if self.frame.is_some() || self.is_inside_header {
                    self.broke("the stream ends inside a frame", out);
                }
                self.end_message("the stream ends inside a message", out);
                out.hand_over(Next::Close);
            }
            Input::Open | Input::Datagram(_) | Input::Timer => {}
        }
    }
}

impl Websocket {
    /// Reads a header or the next of a payload; false if more has to come first.
    fn read(&mut self, inbox: &mut Inbox, cx: &Cx<'_>, out: &mut Out) -> bool {
        let Some(mut frame) = self.frame.take() else {
            let Some((header, length)) = Header::read(inbox.peek()) else { return false };
            inbox.discard(length);
            self.begin(header, out);
            return true;
        };
        let left = usize::try_from(frame.header.length - frame.read).unwrap_or(usize::MAX);
        let piece = inbox.peek();
        let piece = piece.get(..left).unwrap_or(piece);
        let taken = piece.len();
        self.take(&mut frame, piece, cx);
        inbox.discard(taken);
        if taken < left {
            self.frame = Some(frame);
            return false;
        }
        self.end(&frame, out);
        true
    }

    fn begin(&mut self, header: Header, out: &mut Out) {
        for (is_broken, rule) in header.rules() {
            if is_broken {
                self.broke(rule, out);
            }
        }
        if !header.opcode.is_control() {
            self.begin_data(header.opcode, out);
        }
        self.frame = Some(Frame { header, read: 0, control: Vec::new() });
    }

    /// The first frame of a message has its opcode, the others say that they go on.
    fn begin_data(&mut self, opcode: Opcode, out: &mut Out) {
        if opcode == Opcode::Continuation {
            if self.message.is_some() {
                return;
            }
            self.broke("a message goes on that was not begun", out);
        }
        self.end_message("a message begins inside another", out);
        let text = (opcode == Opcode::Text).then(Vec::new);
        self.message = Some(Message { opcode: opcode.name(), bytes: 0, text });
    }

    /// Takes in a piece of a payload, of which little is kept.
    fn take(&mut self, frame: &mut Frame, piece: &[u8], cx: &Cx<'_>) {
        let message = self.message.as_mut().filter(|_| !frame.header.opcode.is_control());
        match message {
            None => {
                let room = CONTROL_BYTES.saturating_sub(frame.control.len());
                let start: Vec<u8> = frame.unmasked(piece).take(room).collect();
                frame.control.extend(start);
            }
            Some(message) => {
                message.bytes += piece.len() as u64;
                if let Some(text) = &mut message.text {
                    let room = cx.rules.line_bytes.saturating_sub(text.len());
                    text.extend(frame.unmasked(piece).take(room));
                }
            }
        }
        frame.read += piece.len() as u64;
    }

    /// A frame is whole: does what it asks for.
    fn end(&mut self, frame: &Frame, out: &mut Out) {
        match frame.header.opcode {
            // One that may not be so long cannot be repeated either.
            Opcode::Ping if frame.header.length <= CONTROL_BYTES as u64 => {
                out.send(control(Opcode::Pong, &frame.control));
            }
            Opcode::Close => self.close(&frame.control, out),
            opcode if !opcode.is_control() && frame.header.is_last => self.note_message(out),
            _ => {}
        }
    }

    /// Says goodbye with the same reason (RFC 6455 §5.5.1), and hangs up.
    fn close(&mut self, payload: &[u8], out: &mut Out) {
        const PROTOCOL_ERROR: [u8; 2] = 1002_u16.to_be_bytes();
        self.end_message("the websocket is closed inside a message", out);
        let (reply, broken): (&[u8], _) = match payload.split_first_chunk() {
            None if payload.is_empty() => (&[], None),
            None => (&PROTOCOL_ERROR, Some("half a reason to close")),
            Some((code, _)) if !may_be_sent(u16::from_be_bytes(*code)) => {
                (&PROTOCOL_ERROR, Some("a reason to close that may not be sent"))
            }
            Some((code, text)) if std::str::from_utf8(text).is_err() => {
                (code, Some("a reason to close that is not UTF-8"))
            }
            Some((code, _)) => (code, None),
        };
        if let Some(rule) = broken {
            self.broke(rule, out);
        }
        out.send(control(Opcode::Close, reply));
        out.hand_over(Next::Close);
    }

    /// A message that nothing more comes of is noted all the same.
    fn end_message(&mut self, rule: &'static str, out: &mut Out) {
        if self.message.is_some() {
            self.broke(rule, out);
            self.note_message(out);
        }
    }

    fn note_message(&mut self, out: &mut Out) {
        let Some(Message { opcode, bytes, text }) = self.message.take() else { return };
        let text = text.map(|text| self.read_text(text, bytes, out));
        out.note(Event::WebsocketMessage(WebsocketMessage { opcode, bytes, text }));
    }

    /// What was kept of a text. If it was cut, half a character at its end is no fault.
    fn read_text(&mut self, mut text: Vec<u8>, bytes: u64, out: &mut Out) -> String {
        let is_cut = (text.len() as u64) < bytes;
        if is_cut && !self.is_limit_noted {
            self.is_limit_noted = true;
            out.note(Event::LimitReached(Limit::LineBytes));
        }
        match std::str::from_utf8(&text) {
            Err(error) if is_cut && error.error_len().is_none() => {
                text.truncate(error.valid_up_to());
            }
            Err(_) => self.broke("a text that is not UTF-8", out),
            Ok(_) => {}
        }
        String::from_utf8_lossy(&text).into_owned()
    }

    fn broke(&mut self, rule: &'static str, out: &mut Out) {
        self.broken_rules.note("websocket", rule, out);
    }
}

impl Frame {
    /// The next piece of the payload, as the peer meant it.
    fn unmasked(&self, piece: &[u8]) -> impl Iterator<Item = u8> {
        let mask = self.header.mask.unwrap_or_default();
        let place = usize::try_from(self.read % 4).unwrap_or_default();
        piece.iter().zip(mask.into_iter().cycle().skip(place)).map(|(byte, mask)| byte ^ mask)
    }
}
