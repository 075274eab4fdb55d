//! A screen on one connection.

use bytes::Bytes;
use model::{Credentials, Event, Limit};

use super::message::{Begun, Message, Wish, begun};
use super::picture::{self, Encoding, HEIGHT, WIDTH};
use super::pixels::{Format, OURS};
use super::typing::{Typing, tell};
use crate::broken_rules::BrokenRules;
use crate::derived::{Purpose, derived};
use crate::hexadecimal::hexadecimal;
use crate::{Cx, Inbox, Input, Machine, Next, Out};

/// A screen on one connection.
#[derive(Default)]
pub(super) struct Vnc {
    state: State,
    version: Version,
    screen: Screen,
    broken_rules: BrokenRules,
    is_inside: bool,
}

/// What is to come next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Version,
    /// How the client wants to log in.
    Choice,
    /// Our challenge, encrypted with the password.
    Response,
    /// Whether it shares the screen.
    Share,
    Message,
    /// Bytes of a message that is too long.
    Passing(usize),
}

/// Which of the versions a client speaks; one that there never was is the oldest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Version {
    #[default]
    V3,
    V7,
    V8,
}

/// What a client sees and types.
#[derive(Default)]
struct Screen {
    said_format: Option<[u8; 16]>,
    encoding: Encoding,
    /// The picture, as the client wants it.
    picture: Option<Bytes>,
    typing: Typing,
}

const GREETING: &str = "RFB 003.008\n";

/// The password decides, by a challenge (RFC 6143 §7.2.2).
const BY_PASSWORD: u8 = 2;

impl Machine for Vnc {
    fn on(&mut self, input: Input<'_>, cx: &Cx<'_>, out: &mut Out) {
        match input {
            Input::Open => out.send(GREETING),
            Input::Bytes(inbox) => {
                while !out.is_over() && self.read(inbox, cx, out) {}
                self.is_inside = !inbox.is_empty();
            }
            Input::Eof => {
                self.screen.typing.end(cx, out);
                if self.is_inside {
                    self.broke("the stream ends inside a message", out);
                }
                out.hand_over(Next::Close);
            }
            Input::Datagram(_) | Input::Timer => {}
        }
    }
}

impl Vnc {
    /// Reads what is to come next; false if more has to come first.
    fn read(&mut self, inbox: &mut Inbox, cx: &Cx<'_>, out: &mut Out) -> bool {
        let length = match self.state {
            State::Version => GREETING.len(),
            State::Choice | State::Share => 1,
            State::Response => 16,
            State::Message => match self.length(inbox, cx, out) {
                Some(length) => length,
                None => return false,
            },
            State::Passing(left) => return self.pass(left, inbox),
        };
        let Some(bytes) = inbox.take(length) else { return false };
        match self.state {
            State::Version => self.agree(&bytes, cx, out),
            State::Choice => self.choose(&bytes, cx, out),
            State::Response => self.judge(&bytes, cx, out),
            State::Share => self.show(cx, out),
            State::Message | State::Passing(_) => self.hear(&bytes, cx, out),
        }
        true
    }

    /// How long the next message is, once that is known; 0 if it is passed over.
    fn length(&mut self, inbox: &Inbox, cx: &Cx<'_>, out: &mut Out) -> Option<usize> {
        match begun(inbox.peek()) {
            Begun::NeedMore => None,
            Begun::Message(length) if length > cx.rules.head_bytes => {
                out.note(Event::LimitReached(Limit::HeadBytes));
                self.state = State::Passing(length);
                Some(0)
            }
            Begun::Message(length) => Some(length),
            Begun::Unknown => {
                self.broke("an unknown message", out);
                out.hand_over(Next::Close);
                None
            }
        }
    }

    fn pass(&mut self, left: usize, inbox: &mut Inbox) -> bool {
        let left = left - inbox.discard(left);
        self.state = if left == 0 { State::Message } else { State::Passing(left) };
        left == 0
    }

    fn agree(&mut self, said: &[u8], cx: &Cx<'_>, out: &mut Out) {
        self.version = match said {
            b"RFB 003.008\n" => Version::V8,
            b"RFB 003.007\n" => Version::V7,
            _ if said.starts_with(b"RFB 003.") => Version::V3,
            _ if said.starts_with(b"RFB ") => Version::V8,
            _ => {
                self.broke("what is no version", out);
                return out.hand_over(Next::Close);
            }
        };
        if self.version == Version::V3 {
            out.send(u32::from(BY_PASSWORD).to_be_bytes().to_vec());
            self.ask(cx, out);
        } else {
            out.send(vec![1, BY_PASSWORD]);
            self.state = State::Choice;
        }
    }

    fn choose(&mut self, choice: &[u8], cx: &Cx<'_>, out: &mut Out) {
        if choice == [BY_PASSWORD] {
            return self.ask(cx, out);
        }
        self.broke("a login that was not offered", out);
        self.refuse("Unsupported security type", out);
    }

    fn ask(&mut self, cx: &Cx<'_>, out: &mut Out) {
        out.send(challenge(cx).to_vec());
        self.state = State::Response;
    }

    /// The response with its challenge, as john reads it (format `vnc`).
    fn judge(&mut self, response: &[u8], cx: &Cx<'_>, out: &mut Out) {
        let form = |bytes: &[u8]| hexadecimal(bytes).to_uppercase();
        let secret = format!("$vnc$*{}*{}", form(&challenge(cx)), form(response));
        let mechanism = "vnc".to_owned();
        let given = Credentials { protocol: "vnc", mechanism, user: None, secret };
        let is_right = cx.rules.vnc.accept.admits(&given, cx);
        out.note(Event::Credentials(Box::new(given)));
        if is_right {
            out.send(vec![0; 4]);
            self.state = State::Share;
        } else {
            self.refuse("Authentication failed", out);
        }
    }

    fn refuse(&self, reason: &str, out: &mut Out) {
        out.send(1_u32.to_be_bytes().to_vec());
        if self.version == Version::V8 {
            let length = u32::try_from(reason.len()).unwrap_or_default();
            out.send([&length.to_be_bytes(), reason.as_bytes()].concat());
        }
        out.hand_over(Next::Close);
    }

    /// What the screen is like (RFC 6143 §7.3.2).
    fn show(&mut self, cx: &Cx<'_>, out: &mut Out) {
        let name = format!("{}:1 (root)", cx.persona.host);
        let length = u32::try_from(name.len()).unwrap_or_default();
        let mut about = [WIDTH.to_be_bytes(), HEIGHT.to_be_bytes()].concat();
        about.extend(OURS);
        about.extend(length.to_be_bytes());
        about.extend(name.as_bytes());
        out.send(about);
        self.state = State::Message;
    }

    fn hear(&mut self, bytes: &[u8], cx: &Cx<'_>, out: &mut Out) {
        match Message::read(bytes) {
            Some(Message::Format(said)) if Format::read(said).is_none() => {
                self.broke("a form of pixels that is none", out);
            }
            Some(message) => self.screen.hear(message, cx, out),
            None => {}
        }
    }

    fn broke(&mut self, rule: &'static str, out: &mut Out) {
        self.broken_rules.note("vnc", rule, out);
    }
}

impl Screen {
    fn hear(&mut self, message: Message, cx: &Cx<'_>, out: &mut Out) {
        match message {
            Message::Format(said) => {
                self.said_format = Some(said);
                self.picture = None;
            }
            Message::Encodings(known) => {
                self.encoding = Encoding::of(&known);
                self.picture = None;
            }
            Message::Update { wish: Wish::Everything } => self.update(out),
            Message::Key { is_down: true, key } => self.typing.press(key, cx, out),
            Message::Clipboard(text) => tell(format!("clipboard {text}"), cx, out),
            // Nothing changes.
            Message::Update { wish: Wish::Changes } | Message::Key { .. } | Message::Pointer => {}
        }
    }

    fn update(&mut self, out: &mut Out) {
        let Some(format) = Format::read(self.said_format.unwrap_or(OURS)) else { return };
        let encoding = self.encoding;
        let picture = self.picture.get_or_insert_with(|| picture::whole(&format, encoding));
        out.send(picture.clone());
    }
}

fn challenge(cx: &Cx<'_>) -> [u8; 16] {
    let chance = derived(&cx.persona.seed, Purpose::Challenge, &cx.flow.id.to_string());
    let [first, second] = chance.map(u64::to_be_bytes);
    let mut both = [0; 16];
    both.iter_mut().zip(first.iter().chain(&second)).for_each(|(place, byte)| *place = *byte);
    both
}
