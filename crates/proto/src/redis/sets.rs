//! Commands about sets.

use std::collections::BTreeSet;

use super::call::Call;
use super::reply::{Answer, Reply};
use super::session::{Command, Session, command};
use super::space::Value;

pub(super) const COMMANDS: &[Command] = &[
    command("SADD", -3, sadd),
    command("SCARD", 2, |session, call| look(session, call, |set| Reply::count(set.len()))),
    command("SISMEMBER", 3, sismember),
    command("SMEMBERS", 2, smembers),
    command("SREM", -3, srem),
];

fn sadd(session: &mut Session, call: &mut Call<'_>) -> Answer {
    session.space.need_room(call)?;
    let place = session.place(call.word(1), call);
    let members = call.rest(2);
    session.space.change(
        place,
        || Value::Set(BTreeSet::new()),
        |entry| {
            let mut added = 0;
            for member in members {
                if entry.set()?.insert(member.clone()) {
                    entry.grew(member.len());
                    added += 1;
                }
            }
            Ok(Reply::count(added))
        },
    )
}

fn srem(session: &mut Session, call: &mut Call<'_>) -> Answer {
    let place = session.place(call.word(1), call);
    let members = call.rest(2);
    session.space.change(
        place,
        || Value::Set(BTreeSet::new()),
        |entry| {
            let mut removed = 0;
            for member in members {
                if entry.set()?.remove(member) {
                    entry.shrank(member.len());
                    removed += 1;
                }
            }
            Ok(Reply::count(removed))
        },
    )
}

/// What the set of a key comes to; that of a key that is not there is empty.
fn look(
    session: &mut Session,
    call: &Call<'_>,
    reply: impl FnOnce(&BTreeSet<Vec<u8>>) -> Reply,
) -> Answer {
    let place = session.place(call.word(1), call);
    match session.space.find(place) {
        Some(entry) => Ok(reply(entry.set()?)),
        None => Ok(reply(&BTreeSet::new())),
    }
}

fn sismember(session: &mut Session, call: &mut Call<'_>) -> Answer {
    look(session, call, |set| Reply::Integer(i64::from(set.contains(call.word(2)))))
}

fn smembers(session: &mut Session, call: &mut Call<'_>) -> Answer {
    look(session, call, |set| Reply::Set(Reply::bulks(set.iter())))
}
