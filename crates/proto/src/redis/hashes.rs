//! Commands about hashes: keys with fields in them.

use super::call::{Call, integer};
use super::reply::{Answer, OK, Reply};
use super::session::{Command, Session, command};
use super::space::Value;

pub(super) const COMMANDS: &[Command] = &[
    command("HDEL", -3, hdel),
    command("HEXISTS", 3, hexists),
    command("HGET", 3, hget),
    command("HGETALL", 2, hgetall),
    command("HINCRBY", 4, hincrby),
    command("HKEYS", 2, hkeys),
    command("HLEN", 2, hlen),
    command("HMGET", -3, hmget),
    command("HMSET", -4, |session, call| hset(session, call).map(|_| OK)),
    command("HSET", -4, hset),
    command("HVALS", 2, hvals),
];

type Fields = std::collections::BTreeMap<Vec<u8>, Vec<u8>>;

fn hset(session: &mut Session, call: &mut Call<'_>) -> Answer {
    let pairs = call.pairs(2)?;
    session.space.need_room(call)?;
    let place = session.place(call.word(1), call);
    session.space.change(
        place,
        || Value::Hash(Fields::new()),
        |entry| {
            let mut added = 0;
            for [field, value] in pairs {
                let old = entry.hash()?.insert(field.clone(), value.clone());
                entry.grew(field.len() + value.len());
                match old {
                    Some(old) => entry.shrank(field.len() + old.len()),
                    None => added += 1,
                }
            }
            Ok(Reply::count(added))
        },
    )
}

fn hincrby(session: &mut Session, call: &mut Call<'_>) -> Answer {
    let number = call.number(3)?;
    session.space.need_room(call)?;
    let (place, field) = (session.place(call.word(1), call), call.word(2));
    session.space.change(
        place,
        || Value::Hash(Fields::new()),
        |entry| {
            let fields = entry.hash()?;
            let is_new = !fields.contains_key(field);
            let value = fields.entry(field.to_vec()).or_insert_with(|| b"0".to_vec());
            let old =
                integer(value).map_err(|_| Reply::error("ERR hash value is not an integer"))?;
            let sum = old.checked_add(number);
            let sum =
                sum.ok_or_else(|| Reply::error("ERR increment or decrement would overflow"))?;
            *value = sum.to_string().into_bytes();
            if is_new {
                entry.grew(field.len());
            }
            Ok(Reply::Integer(sum))
        },
    )
}

fn hdel(session: &mut Session, call: &mut Call<'_>) -> Answer {
    let place = session.place(call.word(1), call);
    let fields = call.rest(2);
    session.space.change(
        place,
        || Value::Hash(Fields::new()),
        |entry| {
            let mut removed = 0;
            for field in fields {
                if let Some(old) = entry.hash()?.remove(field) {
                    entry.shrank(field.len() + old.len());
                    removed += 1;
                }
            }
            Ok(Reply::count(removed))
        },
    )
}

/// What the hash of a key comes to; that of a key that is not there is empty.
fn look(session: &mut Session, call: &Call<'_>, reply: impl FnOnce(&Fields) -> Reply) -> Answer {
    let place = session.place(call.word(1), call);
    match session.space.find(place) {
        Some(entry) => Ok(reply(entry.hash()?)),
        None => Ok(reply(&Fields::new())),
    }
}

fn hexists(session: &mut Session, call: &mut Call<'_>) -> Answer {
    look(session, call, |fields| Reply::Integer(i64::from(fields.contains_key(call.word(2)))))
}

fn hget(session: &mut Session, call: &mut Call<'_>) -> Answer {
    look(session, call, |fields| Reply::perhaps(fields.get(call.word(2))))
}

fn hmget(session: &mut Session, call: &mut Call<'_>) -> Answer {
    let wanted = call.rest(2);
    look(session, call, |fields| {
        Reply::Array(wanted.iter().map(|field| Reply::perhaps(fields.get(field))).collect())
    })
}

fn hgetall(session: &mut Session, call: &mut Call<'_>) -> Answer {
    look(session, call, |fields| {
        let bulk = |word: &Vec<u8>| Reply::Bulk(word.clone());
        Reply::Map(fields.iter().map(|(field, value)| (bulk(field), bulk(value))).collect())
    })
}

fn hkeys(session: &mut Session, call: &mut Call<'_>) -> Answer {
    look(session, call, |fields| Reply::Array(Reply::bulks(fields.keys())))
}

fn hvals(session: &mut Session, call: &mut Call<'_>) -> Answer {
    look(session, call, |fields| Reply::Array(Reply::bulks(fields.values())))
}

fn hlen(session: &mut Session, call: &mut Call<'_>) -> Answer {
    look(session, call, |fields| Reply::count(fields.len()))
}
