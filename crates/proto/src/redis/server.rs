//! Commands about the server: what it is set to, what it saves, whose replica it is, its modules.

use std::collections::BTreeMap;

use model::Timestamp;

use super::call::Call;
use super::reply::{Answer, OK, Reply};
use super::session::{Command, Session, command, commands};
use super::{info, pattern};
use crate::Next;

pub(super) const COMMANDS: &[Command] = &[
    command("ACL", -2, acl),
    command("BGREWRITEAOF", 1, |_, _| {
        Ok(Reply::Simple("Background append only file rewriting started"))
    }),
    command("BGSAVE", -1, |session, call| {
        session.server.saved = Some(call.cx.now);
        Ok(Reply::Simple("Background saving started"))
    }),
    command("CLUSTER", -2, |_, _| {
        Err(Reply::error("ERR This instance has cluster support disabled"))
    }),
    command("COMMAND", -1, command_list),
    command("CONFIG", -2, config),
    command("INFO", -1, |session, call| {
        let name = call.name(1);
        Ok(Reply::text(&info::info(&name, session, call.cx)))
    }),
    command("LASTSAVE", 1, |session, call| Ok(Reply::Integer(info::last_save(session, call.cx)))),
    command("MODULE", -2, module),
    command("MONITOR", 1, |_, _| Ok(OK)),
    command("REPLICAOF", 3, replicaof),
    command("ROLE", 1, role),
    command("SAVE", 1, save),
    command("SHUTDOWN", -1, shutdown),
    command("SLAVEOF", 3, replicaof),
    command("SLOWLOG", -2, slowlog),
    command("TIME", 1, time),
];

/// What a client has changed about the server.
#[derive(Debug, Default)]
pub(super) struct State {
    settings: BTreeMap<&'static str, String>,
    /// Whose replica it is now.
    pub(super) master: Option<(String, String)>,
    pub(super) modules: Vec<String>,
    pub(super) saved: Option<Timestamp>,
    pub(super) scripts: Vec<String>,
}

/// The settings that clients look at or change, as the package sets them.
const SETTINGS: &[(&str, &str)] = &[
    ("appendfsync", "everysec"),
    ("appendonly", "no"),
    ("bind", "0.0.0.0 ::1"),
    ("daemonize", "yes"),
    ("databases", "16"),
    ("dbfilename", "dump.rdb"),
    ("dir", "/var/lib/redis"),
    ("logfile", "/var/log/redis/redis-server.log"),
    ("loglevel", "notice"),
    ("maxclients", "10000"),
    ("maxmemory", "0"),
    ("maxmemory-policy", "noeviction"),
    ("notify-keyspace-events", ""),
    ("pidfile", "/run/redis/redis-server.pid"),
    ("port", "6379"),
    ("protected-mode", "no"),
    ("rdbcompression", "yes"),
    ("replica-read-only", "yes"),
    ("requirepass", ""),
    ("save", "900 1 300 10 60 10000"),
    ("slave-read-only", "yes"),
    ("slaveof", ""),
    ("stop-writes-on-bgsave-error", "yes"),
    ("timeout", "0"),
];

fn config(session: &mut Session, call: &mut Call<'_>) -> Answer {
    match (call.name(1).as_str(), call.words.len()) {
        ("GET", 3) => Ok(Reply::Map(session.server.settings_like(call.word(2)))),
        ("SET", 4) => session.server.set(call),
        ("REWRITE" | "RESETSTAT", 2) => Ok(OK),
        _ => Err(call.unknown_part()),
    }
}

impl State {
    fn settings_like(&self, wanted: &[u8]) -> Vec<(Reply, Reply)> {
        let wanted = wanted.to_ascii_lowercase();
        let fits = |(name, _): &&(&str, &str)| pattern::fits(&wanted, name.as_bytes());
        let pair = |(name, default): &(&'static str, &str)| {
            let value = self.settings.get(name).map_or(*default, String::as_str);
            (Reply::text(name), Reply::text(value))
        };
        SETTINGS.iter().filter(fits).map(pair).collect()
    }

    fn set(&mut self, call: &Call<'_>) -> Answer {
        let name = call.text(2).to_ascii_lowercase();
        let Some((name, _)) = SETTINGS.iter().find(|(known, _)| *known == name) else {
            let name = call.text(2);
            return Err(Reply::Error(format!("ERR Unsupported CONFIG parameter: {name}")));
        };
        self.settings.insert(name, call.text(3));
        Ok(OK)
    }

    /// What a module answers that a client has loaded: such modules run programs, and these here say
    /// nothing.
    pub(super) fn module_reply(&self, call: &Call<'_>) -> Option<Reply> {
        let verb = call.text(0).to_ascii_lowercase();
        let is_module = !self.modules.is_empty() && verb.contains('.');
        is_module.then(|| Reply::text(""))
    }
}

/// Nothing can go wrong with a disk that is not there.
fn save(session: &mut Session, call: &mut Call<'_>) -> Answer {
    session.server.saved = Some(call.cx.now);
    Ok(OK)
}

/// REPLICAOF: a host and a port, or `NO ONE`.
fn replicaof(session: &mut Session, call: &mut Call<'_>) -> Answer {
    if call.name(1) == "NO" && call.name(2) == "ONE" {
        session.server.master = None;
        return Ok(OK);
    }
    if u16::try_from(call.number(2)?).is_err() {
        return Err(Reply::error("ERR Invalid master port"));
    }
    session.server.master = Some((call.text(1), call.text(2)));
    Ok(OK)
}

fn role(session: &mut Session, _: &mut Call<'_>) -> Answer {
    Ok(Reply::Array(match &session.server.master {
        None => vec![Reply::text("master"), Reply::Integer(0), Reply::Array(Vec::new())],
        Some((host, port)) => vec![
            Reply::text("slave"),
            Reply::text(host),
            Reply::Integer(port.parse().unwrap_or_default()),
            Reply::text("connected"),
            Reply::Integer(14),
        ],
    }))
}

/// MODULE LOAD succeeds: worms put the file there as a replica, and then say what it is for.
fn module(session: &mut Session, call: &mut Call<'_>) -> Answer {
    let modules = &mut session.server.modules;
    match (call.name(1).as_str(), call.words.len()) {
        ("LOAD", 3..) if modules.len() < MODULES => {
            modules.push(module_name(&call.text(2)));
            Ok(OK)
        }
        ("LOAD", 3..) => {
            Err(Reply::error("ERR Error loading the extension. Please check the server logs."))
        }
        ("UNLOAD", 3) => {
            let (name, count) = (call.text(2), modules.len());
            modules.retain(|one| *one != name);
            if modules.len() < count {
                return Ok(OK);
            }
            Err(Reply::error("ERR Error unloading module: no such module with that name"))
        }
        ("LIST", 2) => Ok(Reply::Array(modules.iter().map(|name| module_line(name)).collect())),
        _ => Err(call.unknown_part()),
    }
}

/// Most modules of a server.
const MODULES: usize = 16;

/// The name in `/tmp/exp.so`. The one that is spread most calls itself `system`.
fn module_name(path: &str) -> String {
    let file = path.rsplit('/').next().unwrap_or_default();
    let name = file.split('.').next().unwrap_or_default();
    if matches!(name, "exp" | "" | "module") { "system".to_owned() } else { name.to_owned() }
}

fn module_line(name: &str) -> Reply {
    let pairs = [("name", Reply::text(name)), ("ver", Reply::Integer(1))];
    Reply::Map(pairs.into_iter().map(|(key, value)| (Reply::text(key), value)).collect())
}

/// COMMAND: what is obeyed, with the number of words. Which keys are meant, nobody needs.
fn command_list(_: &mut Session, call: &mut Call<'_>) -> Answer {
    let described = |command: &Command| {
        let name = Reply::text(&command.name.to_ascii_lowercase());
        let flags = Reply::Array(Vec::new());
        let keys = [0, 0, 0].map(Reply::Integer);
        Reply::Array([&[name, Reply::Integer(command.words), flags][..], &keys].concat())
    };
    match call.name(1).as_str() {
        "" => Ok(Reply::Array(commands().map(described).collect())),
        "COUNT" => Ok(Reply::count(commands().count())),
        "INFO" => {
            let about = |name: &Vec<u8>| {
                let is_meant =
                    |command: &&Command| command.name.as_bytes().eq_ignore_ascii_case(name);
                commands().find(is_meant).map_or(Reply::Nil, described)
            };
            Ok(Reply::Array(call.rest(2).iter().map(about).collect()))
        }
        _ => Err(call.unknown_part()),
    }
}

fn acl(_: &mut Session, call: &mut Call<'_>) -> Answer {
    match call.name(1).as_str() {
        "WHOAMI" => Ok(Reply::text("default")),
        "LIST" => Ok(Reply::Array(vec![Reply::text("user default on nopass ~* &* +@all")])),
        "USERS" => Ok(Reply::Array(vec![Reply::text("default")])),
        _ => Err(call.unknown_part()),
    }
}

fn slowlog(_: &mut Session, call: &mut Call<'_>) -> Answer {
    match call.name(1).as_str() {
        "GET" => Ok(Reply::Array(Vec::new())),
        "LEN" => Ok(Reply::Integer(0)),
        "RESET" => Ok(OK),
        _ => Err(call.unknown_part()),
    }
}

fn time(_: &mut Session, call: &mut Call<'_>) -> Answer {
    let now = call.cx.now;
    let parts = [now.as_secs(), now.as_micros().rem_euclid(1_000_000)];
    Ok(Reply::Array(parts.map(|part| Reply::text(&part.to_string())).to_vec()))
}

/// The server goes, and says nothing.
fn shutdown(_: &mut Session, call: &mut Call<'_>) -> Answer {
    call.out.hand_over(Next::Close);
    Ok(Reply::Unsaid)
}
