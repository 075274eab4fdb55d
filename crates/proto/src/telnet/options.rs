//! Options of Telnet (RFC 855): what each side does, and what clients say about themselves.

use model::TelnetOption;

/// Takes commands out of what a client sends.
#[derive(Debug, Default)]
pub(super) struct Options {
    state: State,
    /// What is said about an option, on its way.
    about: Vec<u8>,
    is_overlong: bool,
}

#[derive(Clone, Copy, Debug, Default)]
enum State {
    /// IAC came inside what is said about an option.
    AboutCommand,
    About,
    /// IAC came.
    Command,
    #[default]
    Text,
    /// What about an option; which one comes.
    Verb(u8),
}

/// What a byte comes to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// More about an option than is kept.
    Overlong,
    /// To be sent.
    Reply(Vec<u8>),
    /// Known of the client now.
    Said(Vec<TelnetOption>),
    /// Typed.
    Typed(u8),
    /// The client wants what it types to be shown, or not.
    WantsEcho(Echoing),
}

/// Whether we show what is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Echoing {
    Off,
    On,
}

const IAC: u8 = 0xff;
const DONT: u8 = 0xfe;
const DO: u8 = 0xfd;
const WONT: u8 = 0xfc;
const WILL: u8 = 0xfb;
const SB: u8 = 0xfa;
/// Of the commands without an option, one that a client may mean by Ctrl-C.
const INTERRUPT: u8 = 0xf4;
const SE: u8 = 0xf0;

const ECHO: u8 = 1;
const SUPPRESS_GO_AHEAD: u8 = 3;
const TERMINAL_TYPE: u8 = 24;
const WINDOW_SIZE: u8 = 31;
const ENVIRONMENT: u8 = 39;

/// The first thing we say: we echo, nobody waits for a turn, and who are you?
pub(super) const OFFER: &[u8] = &[
    IAC,
    WILL,
    ECHO,
    IAC,
    WILL,
    SUPPRESS_GO_AHEAD,
    IAC,
    DO,
    TERMINAL_TYPE,
    IAC,
    DO,
    WINDOW_SIZE,
    IAC,
    DO,
    ENVIRONMENT,
];

impl Options {
    pub(super) fn hear(&mut self, byte: u8, limit: usize) -> Option<Told> {
        match self.state {
            State::Text if byte == IAC => self.state = State::Command,
            State::Text => return Some(Told::Typed(byte)),
            State::Command => return self.command(byte),
            State::Verb(verb) => {
                self.state = State::Text;
                return answer(verb, byte);
            }
            State::About if byte == IAC => self.state = State::AboutCommand,
            State::About => return self.add(byte, limit),
            State::AboutCommand if byte == IAC => {
                self.state = State::About;
                return self.add(IAC, limit);
            }
            // Whatever it is, it ends what was said (RFC 855 has SE alone).
            State::AboutCommand => {
                self.state = State::Text;
                self.is_overlong = false;
                let about = std::mem::take(&mut self.about);
                let said = if byte == SE { understood(&about) } else { Vec::new() };
                return (!said.is_empty()).then_some(Told::Said(said));
            }
        }
        None
    }

    fn command(&mut self, byte: u8) -> Option<Told> {
        self.state = match byte {
            WILL | WONT | DO | DONT => State::Verb(byte),
            SB => State::About,
            _ => State::Text,
        };
        match byte {
            IAC => Some(Told::Typed(IAC)),
            INTERRUPT => Some(Told::Typed(0x03)),
            _ => None,
        }
    }

    fn add(&mut self, byte: u8, limit: usize) -> Option<Told> {
        if self.about.len() < limit {
            self.about.push(byte);
            return None;
        }
        let is_new = !self.is_overlong;
        self.is_overlong = true;
        is_new.then_some(Told::Overlong)
    }
}

/// What we say to what a client wants or offers. To what we asked for or offered ourselves the answer
/// is an agreement, and is not answered (RFC 854, p. 2: no loops).
fn answer(verb: u8, option: u8) -> Option<Told> {
    match (verb, option) {
        (DO, ECHO) => Some(Told::WantsEcho(Echoing::On)),
        (DONT, ECHO) => Some(Told::WantsEcho(Echoing::Off)),
        (DO, SUPPRESS_GO_AHEAD) | (DONT | WONT, _) | (WILL, WINDOW_SIZE | SUPPRESS_GO_AHEAD) => {
            None
        }
        (WILL, TERMINAL_TYPE | ENVIRONMENT) => {
            const SEND: u8 = 1;
            Some(Told::Reply(vec![IAC, SB, option, SEND, IAC, SE]))
        }
        (WILL, _) => Some(Told::Reply(vec![IAC, DONT, option])),
        (_, _) => Some(Told::Reply(vec![IAC, WONT, option])),
    }
}

/// What a client says about itself.
fn understood(about: &[u8]) -> Vec<TelnetOption> {
    match about {
        [TERMINAL_TYPE, 0, name @ ..] => vec![option("terminal-type", name)],
        [WINDOW_SIZE, a, b, c, d] => {
            let (columns, rows) = (u16::from_be_bytes([*a, *b]), u16::from_be_bytes([*c, *d]));
            vec![option("window-size", format!("{columns}x{rows}").as_bytes())]
        }
        [ENVIRONMENT, 0 | 2, variables @ ..] => environment(variables),
        _ => Vec::new(),
    }
}

fn option(option: &'static str, value: &[u8]) -> TelnetOption {
    TelnetOption { option, value: String::from_utf8_lossy(value).into_owned() }
}

/// Variables, each with a value or without (RFC 1572 §2).
fn environment(bytes: &[u8]) -> Vec<TelnetOption> {
    let mut said: Vec<Vec<u8>> = Vec::new();
    let mut rest = bytes.iter();
    while let Some(byte) = rest.next() {
        match (*byte, said.last_mut()) {
            (0 | 3, _) => said.push(Vec::new()),
            (1, Some(variable)) => variable.push(b'='),
            (2, Some(variable)) => variable.extend(rest.next()),
            (other, Some(variable)) => variable.push(other),
            (_, None) => {}
        }
    }
    said.iter().map(|variable| option("environment", variable)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(bytes: &[u8]) -> Vec<Told> {
        let mut options = Options::default();
        bytes.iter().filter_map(|byte| options.hear(*byte, 16)).collect()
    }

    fn said(texts: &[(&'static str, &str)]) -> Told {
        Told::Said(texts.iter().map(|(name, value)| option(name, value.as_bytes())).collect())
    }

    #[test]
    fn clients_say_who_they_are() {
        assert_eq!(told(b"\xff\xfa\x18\0XTERM\xff\xf0"), [said(&[("terminal-type", "XTERM")])]);
        assert_eq!(
            told(b"\xff\xfa\x1f\0\x50\0\xff\xff\xff\xf0"),
            [said(&[("window-size", "80x255")])]
        );
        let variables = b"\xff\xfa\x27\0\0USER\x01a\x02\x01\x03X\xff\xf0";
        assert_eq!(told(variables), [said(&[("environment", "USER=a\x01"), ("environment", "X")])]);
    }

    #[test]
    fn what_we_do_not_have_is_declined_and_agreements_are_not_answered() {
        assert_eq!(told(b"\xff\xfd\x18"), [Told::Reply(vec![IAC, WONT, 24])]);
        assert_eq!(told(b"\xff\xfb\x2a"), [Told::Reply(vec![IAC, DONT, 42])]);
        assert_eq!(told(b"\xff\xfb\x1f\xff\xfd\x03\xff\xfe\x05\xff\xfc\x05"), []);
    }

    #[test]
    fn bytes_that_look_like_commands_are_typed_if_they_come_twice() {
        assert_eq!(told(b"a\xff\xff\xff\xf1b"), [b'a', 0xff, b'b'].map(Told::Typed));
    }

    #[test]
    fn more_than_is_kept_is_said_once() {
        assert_eq!(
            told(&[b"\xff\xfa\x63".as_slice(), &[7; 50], b"\xff\xf0x"].concat()),
            [Told::Overlong, Told::Typed(b'x')]
        );
    }
}
