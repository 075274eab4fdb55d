//! A broker on one connection.

use model::{Credentials, Event, Limit, ServiceCommand};

use super::frame::{Arguments, BEAT, Frame, HEARTBEAT, METHOD, Taken, long, method, short, take};
use crate::base64::encoded;
use crate::broken_rules::BrokenRules;
use crate::derived::{Purpose, derived};
use crate::one_by_one::Server;
use crate::{Cx, Inbox, Next, Out};

#[derive(Default)]
pub(super) struct Broker {
    has_begun: bool,
    broken_rules: BrokenRules,
}

/// What a client begins with, and what is said to one of another version.
const HEADER: &[u8; 8] = b"AMQP\0\0\x09\x01";

/// Classes with their methods (AMQP 0-9-1 §1.3).
const START: (u16, u16) = (10, 10);
const TUNE: (u16, u16) = (10, 30);
const CLOSE: (u16, u16) = (10, 50);

impl Server for Broker {
    /// Reads what comes next; false if more has to come first.
    fn read(&mut self, inbox: &mut Inbox, cx: &Cx<'_>, out: &mut Out) -> bool {
        if !self.has_begun {
            let Some(header) = inbox.take(HEADER.len()) else { return false };
            self.begin(&header, out);
            return true;
        }
        match take(inbox, cx.rules.form_bytes) {
            Taken::Whole(frame) => self.hear(&frame, cx, out),
            Taken::Partial => return false,
            Taken::Broken => self.give_up(out),
            Taken::Overlong => {
                out.note(Event::LimitReached(Limit::FormBytes));
                out.hand_over(Next::Close);
            }
        }
        true
    }

    fn cut(&mut self, out: &mut Out) {
        self.broke("the stream ends inside a frame", out);
    }
}

impl Broker {
    /// A client of this version is greeted; another is told which it is.
    fn begin(&mut self, header: &[u8], out: &mut Out) {
        self.has_begun = true;
        if header == HEADER {
            out.send(method(0, START, &start()));
        } else {
            self.broke("another version of AMQP", out);
            out.send(HEADER.to_vec());
            out.hand_over(Next::Close);
        }
    }

    fn hear(&mut self, frame: &Frame, cx: &Cx<'_>, out: &mut Out) {
        match frame.kind {
            METHOD if self.obey(frame, cx, out).is_none() => self.give_up(out),
            HEARTBEAT => out.send(BEAT.to_vec()),
            // What a message is like, and what is in it.
            _ => {}
        }
    }

    /// Does what a method wants; nothing if an argument is missing.
    fn obey(&mut self, frame: &Frame, cx: &Cx<'_>, out: &mut Out) -> Option<()> {
        let mut arguments = Arguments(&frame.content);
        let which = (arguments.number()?, arguments.number()?);
        let row = METHODS.iter().find(|(known, ..)| *known == which);
        match row {
            Some((_, name, obey)) => {
                let said = obey(frame.channel, arguments, cx, out)?;
                // After a refusal and at the end there is nothing more to say.
                if !out.is_over() {
                    note(format!("{name} {said}").trim_end(), out);
                }
            }
            None => note(&format!("method {}.{}", which.0, which.1), out),
        }
        Some(())
    }

    fn give_up(&mut self, out: &mut Out) {
        self.broke("a frame that cannot be read", out);
        out.hand_over(Next::Close);
    }

    fn broke(&mut self, rule: &'static str, out: &mut Out) {
        self.broken_rules.note("amqp", rule, out);
    }
}

/// Does something, and says what about; nothing if an argument is missing.
type Obey = fn(u16, Arguments<'_>, &Cx<'_>, &mut Out) -> Option<String>;

const METHODS: &[((u16, u16), &str, Obey)] = &[
    ((10, 11), "start-ok", log_in),
    ((10, 31), "tune-ok", |_, _, _, _| Some(String::new())),
    ((10, 40), "open", |channel, mut arguments, _, out| {
        out.send(method(channel, (10, 41), &[0]));
        arguments.short()
    }),
    ((10, 50), "close", |channel, _, _, out| {
        out.send(method(channel, (10, 51), &[]));
        out.hand_over(Next::Close);
        Some(String::new())
    }),
    ((10, 51), "close-ok", |_, _, _, out| {
        out.hand_over(Next::Close);
        Some(String::new())
    }),
    ((20, 10), "channel.open", |channel, _, _, out| {
        out.send(method(channel, (20, 11), &long(&[])));
        Some(String::new())
    }),
    ((20, 40), "channel.close", |channel, _, _, out| {
        out.send(method(channel, (20, 41), &[]));
        Some(String::new())
    }),
    ((40, 10), "exchange.declare", |channel, mut arguments, _, out| {
        out.send(method(channel, (40, 11), &[]));
        arguments.number()?;
        arguments.short()
    }),
    ((50, 10), "queue.declare", |channel, mut arguments, cx, out| {
        arguments.number()?;
        let queue = arguments.short()?;
        let named = if queue.is_empty() { name("amq.gen-", cx) } else { queue.clone() };
        out.send(method(channel, (50, 11), &[&short(&named)[..], &[0; 8]].concat()));
        Some(queue)
    }),
    ((50, 20), "queue.bind", |channel, mut arguments, _, out| {
        out.send(method(channel, (50, 21), &[]));
        arguments.number()?;
        Some(format!("{} {} {}", arguments.short()?, arguments.short()?, arguments.short()?))
    }),
    ((60, 10), "basic.qos", |channel, _, _, out| {
        out.send(method(channel, (60, 11), &[]));
        Some(String::new())
    }),
    ((60, 20), "basic.consume", |channel, mut arguments, cx, out| {
        arguments.number()?;
        let (queue, tag) = (arguments.short()?, arguments.short()?);
        let tag = if tag.is_empty() { name("amq.ctag-", cx) } else { tag };
        out.send(method(channel, (60, 21), &short(&tag)));
        Some(queue)
    }),
    ((60, 40), "basic.publish", |_, mut arguments, _, _| {
        arguments.number()?;
        Some(format!("{} {}", arguments.short()?, arguments.short()?))
    }),
    // A queue has nothing in it.
    ((60, 70), "basic.get", |channel, mut arguments, _, out| {
        out.send(method(channel, (60, 72), &short("")));
        arguments.number()?;
        arguments.short()
    }),
];

/// A name for what the client did not name.
fn name(begins: &str, cx: &Cx<'_>) -> String {
    let what = format!("{begins}{}", cx.flow.id);
    let [first, second] = derived(&cx.persona.seed, Purpose::SmallService, &what);
    let bytes = [first.to_be_bytes(), second.to_be_bytes()].concat();
    format!("{begins}{}", encoded(&bytes).trim_end_matches('='))
}

/// Who we are, and how to log in: as the broker that is most widely run.
fn start() -> Vec<u8> {
    let field =
        |name: &str, value: &str| [&short(name)[..], b"S", &long(value.as_bytes())].concat();
    let about = [
        field("cluster_name", "rabbit@localhost"),
        field("platform", "Erlang/OTP 25.2.3"),
        field("product", "RabbitMQ"),
        field("version", "3.10.8"),
    ];
    let (mechanisms, locales) = (long(b"AMQPLAIN PLAIN"), long(b"en_US"));
    [&[0, 9][..], &long(&about.concat()), &mechanisms, &locales].concat()
}

/// A mechanism and what is given by it; then limits, or a refusal.
fn log_in(
    channel: u16,
    mut arguments: Arguments<'_>,
    cx: &Cx<'_>,
    out: &mut Out,
) -> Option<String> {
    arguments.long()?;
    let (mechanism, response) = (arguments.short()?, arguments.long()?);
    let (user, secret) = match mechanism.as_str() {
        "AMQPLAIN" => (field_of("LOGIN", response), field_of("PASSWORD", response)),
        _ => {
            let mut parts = response.split(|byte| *byte == 0).skip(1).map(lossy);
            (parts.next(), parts.next())
        }
    };
    let secret = secret.unwrap_or_else(|| lossy(response));
    let mechanism = mechanism.to_ascii_lowercase();
    let given = Credentials { protocol: "amqp", mechanism: mechanism.clone(), user, secret };
    let is_right = cx.rules.amqp.accept.admits(&given, cx);
    out.note(Event::Credentials(given.into()));
    if is_right {
        out.send(method(channel, TUNE, &[0x07, 0xff, 0, 2, 0, 0, 0, 60]));
    } else {
        let why = "ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN";
        out.send(method(channel, CLOSE, &[&[1, 0x93][..], &short(why), &[0; 4]].concat()));
        out.hand_over(Next::Close);
    }
    Some(mechanism)
}

/// The text of this name in a table without its length (§4.2.5.5).
fn field_of(name: &str, table: &[u8]) -> Option<String> {
    let mut rest = Arguments(table);
    while !rest.0.is_empty() {
        let found = rest.short()?;
        let kind = rest.0.split_off_first()?;
        let value = rest.long().filter(|_| *kind == b'S')?;
        if found == name {
            return Some(lossy(value));
        }
    }
    None
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn note(command: &str, out: &mut Out) {
    let command = command.to_owned();
    out.note(Event::Command(Box::new(ServiceCommand { protocol: "amqp", command })));
}
