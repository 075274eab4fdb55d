//! A chat server on one connection: lines in, commands obeyed, a ping now and then.

use std::time::Duration;

use model::{Event, Limit};

use super::message::Message;
use super::network::Network;
use super::session::{Session, Stage};
use super::voice::Voice;
use super::{channels, login, people, registration, server, talk};
use crate::inbox::Line;
use crate::{Cx, Inbox, Input, Machine, Next, Out};

/// A chat server on one connection.
#[derive(Default)]
pub(super) struct Irc {
    session: Session,
    /// Whether the rest of a line that is too long is still to come.
    is_inside_overlong: bool,
    /// Whether the client has begun a line that is not whole.
    is_inside_line: bool,
    silence: Silence,
}

/// What was heard since the last look.
#[derive(Default)]
enum Silence {
    #[default]
    None,
    /// Nothing.
    Quiet,
    /// Nothing, though it was asked.
    Pinged,
}

/// How long a client may be silent before it is asked whether it is there, at least; as long again
/// it has for its answer (the most common server's default).
const PING_FREQUENCY: Duration = Duration::from_secs(90);

impl Machine for Irc {
    fn on(&mut self, input: Input<'_>, cx: &Cx<'_>, out: &mut Out) {
        let network = Network::of(cx);
        let mut voice = Voice::new(cx, &network, out);
        match input {
            Input::Open => voice.out.wake_after(PING_FREQUENCY),
            Input::Bytes(inbox) => {
                self.silence = Silence::None;
                while !voice.out.is_over() && self.read(inbox, &mut voice) {}
                self.is_inside_line = !inbox.is_empty();
            }
            Input::Timer => self.look_whether_it_is_there(&mut voice),
            Input::Eof => {
                if self.is_inside_line {
                    self.session.broke("the stream ends inside a line", &mut voice);
                }
                voice.out.hand_over(Next::Close);
            }
            Input::Datagram(_) => {}
        }
    }
}

impl Irc {
    /// Reads a line; false if more has to come first.
    fn read(&mut self, inbox: &mut Inbox, voice: &mut Voice<'_>) -> bool {
        if self.is_inside_overlong {
            return self.skip(inbox);
        }
        match inbox.take_line(voice.cx.rules.line_bytes) {
            Line::Whole(line) => self.session.hear(&line, voice),
            Line::Overlong(_) => {
                voice.out.note(Event::LimitReached(Limit::LineBytes));
                self.session.reply(417, ":Input line was too long", voice);
                self.is_inside_overlong = true;
            }
            Line::Partial => return false,
        }
        voice.flush();
        true
    }

    /// Passes over the rest of a line.
    fn skip(&mut self, inbox: &mut Inbox) -> bool {
        let end = inbox.peek().iter().position(|byte| *byte == b'\n');
        inbox.discard(end.map_or(usize::MAX, |end| end + 1));
        self.is_inside_overlong = end.is_none();
        end.is_some()
    }

    fn look_whether_it_is_there(&mut self, voice: &mut Voice<'_>) {
        self.silence = match self.silence {
            Silence::None => Silence::Quiet,
            Silence::Quiet if self.session.stage == Stage::Welcomed => {
                let ping = format!("PING :{}", voice.network.host);
                voice.say(&ping);
                voice.flush();
                Silence::Pinged
            }
            Silence::Quiet => return self.session.close("Registration Timeout", voice),
            Silence::Pinged => return self.session.close("Ping timeout: 90 seconds", voice),
        };
        voice.out.wake_after(PING_FREQUENCY);
    }
}

impl Session {
    /// Does what a line wants.
    fn hear(&mut self, line: &[u8], voice: &mut Voice<'_>) {
        let line = String::from_utf8_lossy(line);
        if line.contains(['\0', '\r']) {
            self.broke("a control character inside a line", voice);
        }
        let message = Message::read(&line.replace(['\0', '\r'], ""));
        if message.command.is_empty() {
            return;
        }
        match COMMANDS.iter().find(|command| command.name == message.command) {
            Some(command) => self.obey(command, &message, voice),
            None if self.stage == Stage::Welcomed => {
                self.broke("an unknown command", voice);
                self.reply(421, &format!("{} :Unknown command", message.command), voice);
            }
            None => {
                self.broke("an unknown command", voice);
                self.refuse(&message.command, voice);
            }
        }
    }

    fn obey(&mut self, command: &Command, message: &Message, voice: &mut Voice<'_>) {
        let is_welcomed = self.stage == Stage::Welcomed;
        match command.when {
            When::Before if is_welcomed => self.reply(462, ":You may not reregister", voice),
            When::After if !is_welcomed => self.refuse(command.name, voice),
            _ if message.parameters.len() < command.parameters => {
                let text = format!("{} :Not enough parameters", command.name);
                self.reply(461, &text, voice);
            }
            _ => (command.obey)(self, message, voice),
        }
    }

    /// Who has not said who it is cannot do more.
    fn refuse(&self, command: &str, voice: &mut Voice<'_>) {
        self.reply(451, &format!("{command} :You have not registered"), voice);
    }

    /// Hangs up, and says why.
    pub(super) fn close(&self, why: &str, voice: &mut Voice<'_>) {
        let address = voice.cx.persona.public_address;
        voice.say(&format!("ERROR :Closing Link: {}[{address}] ({why})", self.shown()));
        voice.flush();
        voice.out.hand_over(Next::Close);
    }
}

/// A command that is obeyed.
struct Command {
    name: &'static str,
    /// How many parameters it must have.
    parameters: usize,
    when: When,
    obey: fn(&mut Session, &Message, &mut Voice<'_>),
}

/// Whether a command comes before the welcome or after it.
#[derive(Clone, Copy)]
enum When {
    After,
    Always,
    Before,
}

/// Every command that is obeyed.
#[rustfmt::skip]
static COMMANDS: &[Command] = &[
    Command { name: "AUTHENTICATE", parameters: 1, when: When::Always, obey: login::authenticate },
    Command { name: "AWAY", parameters: 0, when: When::After, obey: people::away },
    Command { name: "CAP", parameters: 1, when: When::Always, obey: registration::cap },
    Command { name: "INVITE", parameters: 2, when: When::After, obey: channels::invite },
    Command { name: "ISON", parameters: 1, when: When::After, obey: people::ison },
    Command { name: "JOIN", parameters: 1, when: When::After, obey: channels::join },
    Command { name: "KICK", parameters: 2, when: When::After, obey: channels::kick },
    Command { name: "LIST", parameters: 0, when: When::After, obey: channels::list },
    Command { name: "LUSERS", parameters: 0, when: When::After, obey: server::lusers },
    Command { name: "MODE", parameters: 1, when: When::After, obey: channels::mode },
    Command { name: "MOTD", parameters: 0, when: When::After, obey: server::motd },
    Command { name: "NAMES", parameters: 0, when: When::After, obey: channels::names },
    Command { name: "NICK", parameters: 0, when: When::Always, obey: registration::nick },
    Command { name: "NOTICE", parameters: 0, when: When::Always, obey: talk::notice },
    Command { name: "OPER", parameters: 2, when: When::After, obey: login::oper },
    Command { name: "PART", parameters: 1, when: When::After, obey: channels::part },
    Command { name: "PASS", parameters: 1, when: When::Before, obey: registration::pass },
    Command { name: "PING", parameters: 0, when: When::Always, obey: server::ping },
    Command { name: "PONG", parameters: 0, when: When::Always, obey: server::pong },
    Command { name: "PRIVMSG", parameters: 0, when: When::After, obey: talk::privmsg },
    Command { name: "QUIT", parameters: 0, when: When::Always, obey: server::quit },
    Command { name: "TIME", parameters: 0, when: When::After, obey: server::time },
    Command { name: "TOPIC", parameters: 1, when: When::After, obey: channels::topic },
    Command { name: "USER", parameters: 1, when: When::Before, obey: registration::user },
    Command { name: "USERHOST", parameters: 1, when: When::After, obey: people::userhost },
    Command { name: "VERSION", parameters: 0, when: When::After, obey: server::version },
    Command { name: "WEBIRC", parameters: 1, when: When::Before, obey: login::webirc },
    Command { name: "WHO", parameters: 0, when: When::After, obey: people::who },
    Command { name: "WHOIS", parameters: 0, when: When::After, obey: people::whois },
];
