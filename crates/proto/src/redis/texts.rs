//! Commands about strings, which may be numbers.

use model::Timestamp;

use super::call::{Call, integer};
use super::keys::{MILLISECONDS, SECONDS, moment};
use super::reply::{Answer, OK, Reply};
use super::session::{Command, Session, command};
use super::space::Value;

pub(super) const COMMANDS: &[Command] = &[
    command("APPEND", 3, append),
    command("DECR", 2, |session, call| add(-1, session, call)),
    command("DECRBY", 3, decrby),
    command("GET", 2, get),
    command("GETDEL", 2, getdel),
    command("GETRANGE", 4, getrange),
    command("GETSET", 3, getset),
    command("INCR", 2, |session, call| add(1, session, call)),
    command("INCRBY", 3, incrby),
    command("MGET", -2, mget),
    command("MSET", -3, mset),
    command("PSETEX", 4, |session, call| set_for(MILLISECONDS, session, call)),
    command("SET", -3, set),
    command("SETEX", 4, |session, call| set_for(SECONDS, session, call)),
    command("SETNX", 3, setnx),
    command("STRLEN", 2, strlen),
];

/// What SET was asked for besides.
#[derive(Default)]
struct Wishes {
    only: Option<Only>,
    end: Option<Timestamp>,
    keeps_end: bool,
    gets_old: bool,
}

/// Whether the key has to be there.
#[derive(PartialEq, Eq)]
enum Only {
    IfMissing,
    IfThere,
}

fn set(session: &mut Session, call: &mut Call<'_>) -> Answer {
    let wishes = Wishes::read(call)?;
    session.space.need_room(call)?;
    let place = session.place(call.word(1), call);
    let old = session.space.find(place);
    let (is_there, old_end) = (old.is_some(), old.as_ref().and_then(|old| old.expires));
    let old = match old {
        Some(entry) if wishes.gets_old => Reply::Bulk(entry.text()?.clone()),
        _ => Reply::Nil,
    };
    let is_done = match wishes.only {
        Some(Only::IfMissing) => !is_there,
        Some(Only::IfThere) => is_there,
        None => true,
    };
    if is_done {
        let end = if wishes.keeps_end { old_end } else { wishes.end };
        session.space.set(place, Value::Text(call.word(2).to_vec()), end);
    }
    Ok(if wishes.gets_old || !is_done { old } else { OK })
}

impl Wishes {
    fn read(call: &Call<'_>) -> Result<Self, Reply> {
        let mut wishes = Self::default();
        let mut rest = call.rest(3);
        while let [option, left @ ..] = rest {
            rest = left;
            match option.to_ascii_uppercase().as_slice() {
                b"NX" => wishes.only = Some(Only::IfMissing),
                b"XX" => wishes.only = Some(Only::IfThere),
                b"KEEPTTL" => wishes.keeps_end = true,
                b"GET" => wishes.gets_old = true,
                unit @ (b"EX" | b"PX") => {
                    let unit = if unit == b"EX" { SECONDS } else { MILLISECONDS };
                    let [count, left @ ..] = rest else { return Err(syntax()) };
                    wishes.end = Some(positive(integer(count)?, unit, call)?);
                    rest = left;
                }
                _ => return Err(syntax()),
            }
        }
        Ok(wishes)
    }
}

fn syntax() -> Reply {
    Reply::error("ERR syntax error")
}

/// A time to live is at least one.
fn positive(count: i64, unit: i64, call: &Call<'_>) -> Result<Timestamp, Reply> {
    moment(if count > 0 { count } else { i64::MAX }, unit, call)
}

fn set_for(unit: i64, session: &mut Session, call: &mut Call<'_>) -> Answer {
    let end = positive(call.number(2)?, unit, call)?;
    session.space.need_room(call)?;
    let place = session.place(call.word(1), call);
    session.space.set(place, Value::Text(call.word(3).to_vec()), Some(end));
    Ok(OK)
}

fn setnx(session: &mut Session, call: &mut Call<'_>) -> Answer {
    session.space.need_room(call)?;
    let place = session.place(call.word(1), call);
    let is_new = session.space.find(place).is_none();
    if is_new {
        session.space.set(place, Value::Text(call.word(2).to_vec()), None);
    }
    Ok(Reply::Integer(i64::from(is_new)))
}

fn mset(session: &mut Session, call: &mut Call<'_>) -> Answer {
    let pairs = call.pairs(1)?;
    session.space.need_room(call)?;
    for [key, value] in pairs {
        let place = session.place(key, call);
        session.space.set(place, Value::Text(value.clone()), None);
    }
    Ok(OK)
}

/// The string of a key, if it is there.
fn text(key: &[u8], session: &mut Session, call: &Call<'_>) -> Result<Option<Vec<u8>>, Reply> {
    let place = session.place(key, call);
    session.space.find(place).map(|entry| entry.text().cloned()).transpose()
}

fn get(session: &mut Session, call: &mut Call<'_>) -> Answer {
    Ok(Reply::perhaps(text(call.word(1), session, call)?.as_ref()))
}

fn getdel(session: &mut Session, call: &mut Call<'_>) -> Answer {
    let old = get(session, call)?;
    session.space.remove(session.place(call.word(1), call));
    Ok(old)
}

fn getset(session: &mut Session, call: &mut Call<'_>) -> Answer {
    session.space.need_room(call)?;
    let old = get(session, call)?;
    let place = session.place(call.word(1), call);
    session.space.set(place, Value::Text(call.word(2).to_vec()), None);
    Ok(old)
}

fn mget(session: &mut Session, call: &mut Call<'_>) -> Answer {
    let texts = call.rest(1).iter().map(|key| text(key, session, call).unwrap_or_default());
    Ok(Reply::Array(texts.map(|text| Reply::perhaps(text.as_ref())).collect()))
}

fn strlen(session: &mut Session, call: &mut Call<'_>) -> Answer {
    Ok(Reply::count(text(call.word(1), session, call)?.map_or(0, |text| text.len())))
}

fn append(session: &mut Session, call: &mut Call<'_>) -> Answer {
    session.space.need_room(call)?;
    let place = session.place(call.word(1), call);
    let added = call.word(2);
    session.space.change(
        place,
        || Value::Text(Vec::new()),
        |entry| {
            let text = entry.text()?;
            text.extend(added);
            let length = text.len();
            entry.grew(added.len());
            Ok(Reply::count(length))
        },
    )
}

/// A part of a string; negative numbers count from its end.
fn getrange(session: &mut Session, call: &mut Call<'_>) -> Answer {
    let text = text(call.word(1), session, call)?.unwrap_or_default();
    let range = range(call.number(2)?, call.number(3)?, text.len());
    Ok(Reply::Bulk(text.get(range).unwrap_or_default().to_vec()))
}

/// What two numbers mean, of so many.
pub(super) fn range(first: i64, last: i64, count: usize) -> std::ops::Range<usize> {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let place =
        |number: i64| if number < 0 { (count.saturating_add(number)).max(0) } else { number };
    let (first, end) = (place(first), place(last).saturating_add(1).min(count));
    let bound = |number: i64| usize::try_from(number).unwrap_or_default();
    if last < -count || first >= end { 0..0 } else { bound(first)..bound(end) }
}

fn incrby(session: &mut Session, call: &mut Call<'_>) -> Answer {
    add(call.number(2)?, session, call)
}

fn decrby(session: &mut Session, call: &mut Call<'_>) -> Answer {
    let number = call.number(2)?.checked_neg();
    add(number.ok_or_else(|| Reply::error("ERR decrement would overflow"))?, session, call)
}

fn add(number: i64, session: &mut Session, call: &mut Call<'_>) -> Answer {
    session.space.need_room(call)?;
    let place = session.place(call.word(1), call);
    session.space.change(
        place,
        || Value::Text(b"0".to_vec()),
        |entry| {
            let text = entry.text()?;
            let sum = integer(text)?.checked_add(number);
            let sum =
                sum.ok_or_else(|| Reply::error("ERR increment or decrement would overflow"))?;
            *text = sum.to_string().into_bytes();
            Ok(Reply::Integer(sum))
        },
    )
}
