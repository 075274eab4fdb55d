//! Scripts: they are written down, and give what can be seen from their text.

use sha1::{Digest, Sha1};

use super::call::Call;
use super::reply::{Answer, OK, Reply};
use super::session::{Command, Session, command};
use crate::hexadecimal::hexadecimal;

pub(super) const COMMANDS: &[Command] =
    &[command("EVAL", -3, eval), command("EVALSHA", -3, evalsha), command("SCRIPT", -2, script)];

/// Most scripts that are remembered.
const SCRIPTS: usize = 256;

fn eval(session: &mut Session, call: &mut Call<'_>) -> Answer {
    check_keys(call)?;
    remember(name(call.word(1)), session);
    Ok(result(&call.text(1), call))
}

fn evalsha(session: &mut Session, call: &mut Call<'_>) -> Answer {
    check_keys(call)?;
    if session.server.scripts.contains(&call.text(1).to_ascii_lowercase()) {
        return Ok(Reply::Nil);
    }
    Err(Reply::error("NOSCRIPT No matching script. Please use EVAL."))
}

fn check_keys(call: &Call<'_>) -> Result<(), Reply> {
    let count = call.number(2)?;
    match usize::try_from(count) {
        Ok(count) if count <= call.words.len().saturating_sub(3) => Ok(()),
        Ok(_) => Err(Reply::error("ERR Number of keys can't be greater than number of args")),
        Err(_) => Err(Reply::error("ERR Number of keys can't be negative")),
    }
}

fn script(session: &mut Session, call: &mut Call<'_>) -> Answer {
    match (call.name(1).as_str(), call.words.len()) {
        ("LOAD", 3) => {
            let name = name(call.word(2));
            remember(name.clone(), session);
            Ok(Reply::text(&name))
        }
        ("EXISTS", 3..) => {
            let is_known = |name: &Vec<u8>| {
                let name = String::from_utf8_lossy(name).to_ascii_lowercase();
                Reply::Integer(i64::from(session.server.scripts.contains(&name)))
            };
            Ok(Reply::Array(call.rest(2).iter().map(is_known).collect()))
        }
        ("FLUSH", _) => {
            session.server.scripts.clear();
            Ok(OK)
        }
        ("KILL", 2) => Err(Reply::error("NOTBUSY No scripts in execution right now.")),
        _ => Err(call.unknown_part()),
    }
}

/// What a script is called: the hash of its text.
fn name(text: &[u8]) -> String {
    hexadecimal(&Sha1::digest(text))
}

fn remember(name: String, session: &mut Session) {
    let scripts = &mut session.server.scripts;
    if !scripts.contains(&name) {
        scripts.truncate(SCRIPTS - 1);
        scripts.push(name);
    }
}

/// What a script gives that only returns a number, a text, a key or an argument; of all others nothing.
fn result(script: &str, call: &Call<'_>) -> Reply {
    let Some(value) = script.trim().strip_prefix("return").map(str::trim) else {
        return Reply::Nil;
    };
    let value = value.trim_end_matches(';').trim_end();
    if let Ok(number) = value.parse() {
        return Reply::Integer(number);
    }
    let mut letters = value.chars();
    let inside = match (letters.next(), letters.next_back()) {
        (Some(first @ ('"' | '\'')), Some(last)) if first == last => letters.as_str(),
        _ => return argument(value, call),
    };
    if inside.contains(['"', '\'', '\\']) { Reply::Nil } else { Reply::text(inside) }
}

/// The word that `KEYS[1]` or `ARGV[1]` means.
fn argument(value: &str, call: &Call<'_>) -> Reply {
    let keys = call.number(2).ok().and_then(|count| usize::try_from(count).ok()).unwrap_or(0);
    let place = |name: &str| -> Option<usize> {
        value.strip_prefix(name)?.strip_suffix(']')?.parse::<usize>().ok()?.checked_sub(1)
    };
    let words = call.rest(3);
    let key = place("KEYS[").filter(|place| *place < keys);
    let word = key.or_else(|| place("ARGV[").and_then(|place| place.checked_add(keys)));
    Reply::perhaps(word.and_then(|place| words.get(place)))
}
