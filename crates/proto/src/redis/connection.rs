//! Commands about the connection: logins, the protocol, transactions, subscriptions.

use model::{Credentials, Event};

use super::call::Call;
use super::reply::{Answer, OK, Reply, Version};
use super::session::{Command, Session, command, find};
use super::{info, pattern};

pub(super) const COMMANDS: &[Command] = &[
    command("AUTH", -2, auth),
    command("CLIENT", -2, client),
    command("DISCARD", 1, discard),
    command("ECHO", 2, |_, call| Ok(Reply::Bulk(call.word(1).to_vec()))),
    command("EXEC", 1, exec),
    command("HELLO", -1, hello),
    command("MULTI", 1, multi),
    command("PING", -1, ping),
    command("PSUBSCRIBE", -2, |session, call| Ok(subscribe("psubscribe", session, call))),
    command("PUBLISH", 3, publish),
    command("PUNSUBSCRIBE", -1, |session, call| Ok(unsubscribe("punsubscribe", session, call))),
    command("QUIT", -1, |_, _| Ok(OK)),
    command("RESET", 1, reset),
    command("SELECT", 2, select),
    command("SUBSCRIBE", -2, |session, call| Ok(subscribe("subscribe", session, call))),
    command("UNSUBSCRIBE", -1, |session, call| Ok(unsubscribe("unsubscribe", session, call))),
    command("UNWATCH", 1, |_, _| Ok(OK)),
    command("WATCH", -2, |_, _| Ok(OK)),
];

/// What is done at once where other commands wait for EXEC.
pub(super) const ENDS_OF_QUEUE: &[&str] = &["DISCARD", "EXEC", "MULTI", "QUIT", "RESET", "WATCH"];

/// AUTH: a password, or a user and a password.
fn auth(_: &mut Session, call: &mut Call<'_>) -> Answer {
    match call.words {
        [_, secret] => judge(None, secret, call),
        [_, user, secret] => judge(Some(user), secret, call),
        _ => Err(Reply::error("ERR syntax error")),
    }
}

/// HELLO: a version, a login, a name.
fn hello(session: &mut Session, call: &mut Call<'_>) -> Answer {
    let mut version = session.version;
    if call.words.len() > 1 {
        version = match call.number(1) {
            Ok(2) => Version::Two,
            Ok(3) => Version::Three,
            Ok(_) => return Err(Reply::error("NOPROTO unsupported protocol version")),
            Err(_) => {
                return Err(Reply::error("ERR Protocol version is not an integer or out of range"));
            }
        };
    }
    let mut options = call.rest(2);
    while let [option, rest @ ..] = options {
        options = match (option.to_ascii_uppercase().as_slice(), rest) {
            (b"AUTH", [user, secret, rest @ ..]) => {
                judge(Some(user), secret, call)?;
                rest
            }
            (b"SETNAME", [name, rest @ ..]) => {
                session.name.clone_from(name);
                rest
            }
            _ => {
                let option = String::from_utf8_lossy(option);
                return Err(Reply::Error(format!("ERR Syntax error in HELLO option '{option}'")));
            }
        };
    }
    session.version = version;
    Ok(info::hello(version, call.cx))
}

/// Notes a login, and says whether it is right.
fn judge(user: Option<&Vec<u8>>, secret: &[u8], call: &mut Call<'_>) -> Answer {
    let text = |word: &[u8]| String::from_utf8_lossy(word).into_owned();
    let given = Credentials {
        protocol: "redis",
        mechanism: "auth".to_owned(),
        user: user.map(|user| text(user)),
        secret: text(secret),
    };
    let is_right = call.cx.rules.redis.accept.admits(&given, call.cx);
    call.out.note(Event::Credentials(given.into()));
    if is_right { Ok(OK) } else { Err(Reply::error("WRONGPASS invalid username-password pair")) }
}

fn client(session: &mut Session, call: &mut Call<'_>) -> Answer {
    match (call.name(1).as_str(), call.words.len()) {
        ("GETNAME", 2) if session.name.is_empty() => Ok(Reply::Nil),
        ("GETNAME", 2) => Ok(Reply::Bulk(session.name.clone())),
        ("SETNAME", 3) => {
            session.name = call.word(2).to_vec();
            Ok(OK)
        }
        ("ID", 2) => Ok(Reply::Integer(info::client_id(call.cx))),
        ("LIST", _) => Ok(Reply::text(&info::client_line(session, call.cx))),
        ("KILL" | "NO-EVICT" | "PAUSE" | "REPLY" | "TRACKING" | "UNBLOCK", _) => Ok(OK),
        _ => Err(call.unknown_part()),
    }
}

fn ping(session: &mut Session, call: &mut Call<'_>) -> Answer {
    let is_subscriber = !session.subscriptions.is_empty() && session.version == Version::Two;
    match call.words {
        [_] if is_subscriber => Ok(Reply::Array(vec![Reply::text("pong"), Reply::text("")])),
        [_] => Ok(Reply::Simple("PONG")),
        [_, said] if is_subscriber => {
            Ok(Reply::Array(vec![Reply::text("pong"), Reply::Bulk(said.clone())]))
        }
        [_, said] => Ok(Reply::Bulk(said.clone())),
        _ => Err(call.wrong_count()),
    }
}

/// As if the connection were new.
fn reset(session: &mut Session, _: &mut Call<'_>) -> Answer {
    session.version = Version::Two;
    session.database = 0;
    session.name.clear();
    session.subscriptions.clear();
    session.queue = None;
    Ok(Reply::Simple("RESET"))
}

fn select(session: &mut Session, call: &mut Call<'_>) -> Answer {
    let number = call.number(1).map_err(|_| Reply::error("ERR invalid DB index"))?;
    match u8::try_from(number) {
        Ok(number) if number < DATABASES => {
            session.database = number;
            Ok(OK)
        }
        _ => Err(Reply::error("ERR DB index is out of range")),
    }
}

/// As many as a server has if nobody sets it.
const DATABASES: u8 = 16;

fn multi(session: &mut Session, _: &mut Call<'_>) -> Answer {
    if session.queue.is_some() {
        return Err(Reply::error("ERR MULTI calls can not be nested"));
    }
    session.queue = Some(Vec::new());
    Ok(OK)
}

/// A command waits for EXEC.
pub(super) fn enqueue(queue: &mut Vec<Vec<Vec<u8>>>, call: &mut Call<'_>) -> Reply {
    let waiting: usize = queue.iter().flatten().map(Vec::len).sum();
    if waiting + queue.len() * 64 + call.bytes() > call.cx.rules.redis.memory {
        return Reply::error("OOM command not allowed when used memory > 'maxmemory'.");
    }
    queue.push(call.words.to_vec());
    Reply::Simple("QUEUED")
}

fn exec(session: &mut Session, call: &mut Call<'_>) -> Answer {
    let Some(queue) = session.queue.take() else {
        return Err(Reply::error("ERR EXEC without MULTI"));
    };
    let mut replies = Vec::new();
    for words in &queue {
        let mut call = Call { cx: call.cx, out: call.out, words };
        if let Some(command) = find(&call) {
            replies.push(session.run(command, &mut call));
        }
    }
    Ok(Reply::Array(replies))
}

fn discard(session: &mut Session, _: &mut Call<'_>) -> Answer {
    session.queue.take().map(|_| OK).ok_or_else(|| Reply::error("ERR DISCARD without MULTI"))
}

/// Each channel is confirmed on its own.
fn subscribe(verb: &'static str, session: &mut Session, call: &mut Call<'_>) -> Reply {
    for channel in call.rest(1) {
        let room = call.cx.rules.redis.memory / 256;
        if !session.subscriptions.contains(channel) && session.subscriptions.len() < room {
            session.subscriptions.push(channel.clone());
        }
        confirm(verb, Reply::Bulk(channel.clone()), session, call);
    }
    Reply::Unsaid
}

fn unsubscribe(verb: &'static str, session: &mut Session, call: &mut Call<'_>) -> Reply {
    let mut channels = call.rest(1).to_vec();
    if channels.is_empty() {
        channels = std::mem::take(&mut session.subscriptions);
    }
    if channels.is_empty() {
        confirm(verb, Reply::Nil, session, call);
    }
    for channel in channels {
        session.subscriptions.retain(|one| *one != channel);
        confirm(verb, Reply::Bulk(channel), session, call);
    }
    Reply::Unsaid
}

fn confirm(verb: &'static str, channel: Reply, session: &Session, call: &mut Call<'_>) {
    let count = Reply::count(session.subscriptions.len());
    session.say(&Reply::Push(vec![Reply::text(verb), channel, count]), call.out);
}

/// Nobody else listens; who does so itself hears it.
fn publish(session: &mut Session, call: &mut Call<'_>) -> Answer {
    let (channel, said) = (call.word(1), call.word(2));
    let fits = |wanted: &&Vec<u8>| pattern::fits(wanted, channel);
    let listeners = session.subscriptions.iter().filter(fits).count();
    if listeners > 0 {
        let message =
            [b"message", channel, said].map(|word: &[u8]| Reply::Bulk(word.to_vec())).to_vec();
        session.say(&Reply::Push(message), call.out);
    }
    Ok(Reply::count(listeners))
}
