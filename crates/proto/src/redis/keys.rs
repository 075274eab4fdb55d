//! Commands about keys, whatever is in them.

use model::Timestamp;

use super::call::Call;
use super::pattern;
use super::reply::{Answer, OK, Reply};
use super::session::{Command, Session, command};

pub(super) const COMMANDS: &[Command] = &[
    command("DBSIZE", 1, dbsize),
    command("DEL", -2, del),
    command("EXISTS", -2, exists),
    command("EXPIRE", -3, |session, call| expire(SECONDS, session, call)),
    command("FLUSHALL", -1, flushall),
    command("FLUSHDB", -1, flushdb),
    command("KEYS", 2, keys),
    command("PERSIST", 2, persist),
    command("PEXPIRE", -3, |session, call| expire(MILLISECONDS, session, call)),
    command("PTTL", 2, |session, call| time_left(MILLISECONDS, session, call)),
    command("RANDOMKEY", 1, randomkey),
    command("RENAME", 3, rename),
    command("SCAN", -2, scan),
    command("TTL", 2, |session, call| time_left(SECONDS, session, call)),
    command("TYPE", 2, kind),
    command("UNLINK", -2, del),
];

/// Units of time, in microseconds.
pub(super) const SECONDS: i64 = 1_000_000;
pub(super) const MILLISECONDS: i64 = 1_000;

fn dbsize(session: &mut Session, call: &mut Call<'_>) -> Answer {
    Ok(Reply::count(session.space.names(session.database, call.cx.now).count()))
}

fn del(session: &mut Session, call: &mut Call<'_>) -> Answer {
    let mut count = 0;
    for key in call.rest(1) {
        let place = session.place(key, call);
        let was_there = session.space.find(place).is_some();
        session.space.remove(place);
        count += usize::from(was_there);
    }
    Ok(Reply::count(count))
}

fn exists(session: &mut Session, call: &mut Call<'_>) -> Answer {
    let mut count = 0;
    for key in call.rest(1) {
        let place = session.place(key, call);
        count += usize::from(session.space.find(place).is_some());
    }
    Ok(Reply::count(count))
}

fn expire(unit: i64, session: &mut Session, call: &mut Call<'_>) -> Answer {
    let end = moment(call.number(2)?, unit, call)?;
    let place = session.place(call.word(1), call);
    let entry = session.space.find(place);
    let is_there = entry.is_some();
    entry.into_iter().for_each(|entry| entry.expires = Some(end));
    Ok(Reply::Integer(i64::from(is_there)))
}

/// So many units from now.
pub(super) fn moment(count: i64, unit: i64, call: &Call<'_>) -> Result<Timestamp, Reply> {
    let micros = count.checked_mul(unit);
    let end = micros.and_then(|micros| call.cx.now.as_micros().checked_add(micros));
    end.map(Timestamp::from_micros).ok_or_else(|| {
        let verb = call.text(0).to_ascii_lowercase();
        Reply::Error(format!("ERR invalid expire time in {verb}"))
    })
}

fn time_left(unit: i64, session: &mut Session, call: &mut Call<'_>) -> Answer {
    let place = session.place(call.word(1), call);
    let now = call.cx.now.as_micros();
    Ok(Reply::Integer(match session.space.find(place) {
        None => -2,
        Some(entry) => entry.expires.map_or(-1, |end| (end.as_micros() - now + unit / 2) / unit),
    }))
}

fn persist(session: &mut Session, call: &mut Call<'_>) -> Answer {
    let place = session.place(call.word(1), call);
    let had_end = session.space.find(place).and_then(|entry| entry.expires.take()).is_some();
    Ok(Reply::Integer(i64::from(had_end)))
}

fn flushall(session: &mut Session, _: &mut Call<'_>) -> Answer {
    session.space.clear(None);
    Ok(OK)
}

fn flushdb(session: &mut Session, _: &mut Call<'_>) -> Answer {
    session.space.clear(Some(session.database));
    Ok(OK)
}

fn keys(session: &mut Session, call: &mut Call<'_>) -> Answer {
    let names = session.space.names(session.database, call.cx.now);
    let names = names.filter(|name| pattern::fits(call.word(1), name));
    Ok(Reply::Array(Reply::bulks(names)))
}

/// All keys at once: there are few.
fn scan(session: &mut Session, call: &mut Call<'_>) -> Answer {
    if call.number(1).is_err() {
        return Err(Reply::error("ERR invalid cursor"));
    }
    let mut wanted: &[u8] = b"*";
    for option in call.rest(2).chunks(2) {
        match option {
            [name, pattern] if name.eq_ignore_ascii_case(b"MATCH") => wanted = pattern,
            [_, _] => {}
            _ => return Err(Reply::error("ERR syntax error")),
        }
    }
    let names = session.space.names(session.database, call.cx.now);
    let names = Reply::bulks(names.filter(|name| pattern::fits(wanted, name)));
    Ok(Reply::Array(vec![Reply::text("0"), Reply::Array(names)]))
}

fn randomkey(session: &mut Session, call: &mut Call<'_>) -> Answer {
    Ok(Reply::perhaps(session.space.names(session.database, call.cx.now).next()))
}

fn rename(session: &mut Session, call: &mut Call<'_>) -> Answer {
    let (from, to) = (session.place(call.word(1), call), session.place(call.word(2), call));
    session.space.rename(from, to).map(|()| OK).ok_or_else(|| Reply::error("ERR no such key"))
}

fn kind(session: &mut Session, call: &mut Call<'_>) -> Answer {
    let place = session.place(call.word(1), call);
    Ok(Reply::Simple(session.space.find(place).map_or("none", |entry| entry.value.kind())))
}
