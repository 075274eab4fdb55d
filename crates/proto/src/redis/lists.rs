//! Commands about lists. Nobody else adds to one, so who waits for an element waits in vain.

use std::collections::VecDeque;
use std::time::Duration;

use super::call::Call;
use super::reply::{Answer, Reply};
use super::session::{Command, Session, command};
use super::space::Value;
use super::texts::range;

pub(super) const COMMANDS: &[Command] = &[
    command("BLPOP", -3, |session, call| blocking_pop(End::Left, session, call)),
    command("BRPOP", -3, |session, call| blocking_pop(End::Right, session, call)),
    command("LINDEX", 3, lindex),
    command("LLEN", 2, llen),
    command("LPOP", 2, |session, call| pop(call.word(1), End::Left, session, call)),
    command("LPUSH", -3, |session, call| push(End::Left, session, call)),
    command("LRANGE", 4, lrange),
    command("RPOP", 2, |session, call| pop(call.word(1), End::Right, session, call)),
    command("RPUSH", -3, |session, call| push(End::Right, session, call)),
];

/// Which end of a list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Left,
    Right,
}

fn push(end: End, session: &mut Session, call: &mut Call<'_>) -> Answer {
    session.space.need_room(call)?;
    let place = session.place(call.word(1), call);
    let elements = call.rest(2);
    session.space.change(
        place,
        || Value::List(VecDeque::new()),
        |entry| {
            for element in elements {
                let list = entry.list()?;
                match end {
                    End::Left => list.push_front(element.clone()),
                    End::Right => list.push_back(element.clone()),
                }
                entry.grew(element.len());
            }
            Ok(Reply::count(entry.list()?.len()))
        },
    )
}

fn pop(key: &[u8], end: End, session: &mut Session, call: &Call<'_>) -> Answer {
    let place = session.place(key, call);
    session.space.change(
        place,
        || Value::List(VecDeque::new()),
        |entry| {
            let list = entry.list()?;
            let element = if end == End::Left { list.pop_front() } else { list.pop_back() };
            entry.shrank(element.as_ref().map_or(0, Vec::len));
            Ok(Reply::perhaps(element.as_ref()))
        },
    )
}

/// The first of some lists that has an element. If none has, the client waits as long as it wants to.
fn blocking_pop(end: End, session: &mut Session, call: &mut Call<'_>) -> Answer {
    let keys = call.words.get(1..call.words.len() - 1).unwrap_or_default();
    for key in keys {
        let element = pop(key, end, session, call)?;
        if element != Reply::Nil {
            return Ok(Reply::Array(vec![Reply::Bulk(key.clone()), element]));
        }
    }
    let wanted = call.text(call.words.len() - 1).parse().ok();
    let time = wanted.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    let Some(time) = time else {
        return Err(Reply::error("ERR timeout is not a float or out of range"));
    };
    session.waits = true;
    if !time.is_zero() {
        call.out.wake_after(time);
    }
    Ok(Reply::Unsaid)
}

/// What the list of a key comes to; that of a key that is not there is empty.
fn look(
    session: &mut Session,
    call: &Call<'_>,
    reply: impl FnOnce(&VecDeque<Vec<u8>>) -> Reply,
) -> Answer {
    let place = session.place(call.word(1), call);
    match session.space.find(place) {
        Some(entry) => Ok(reply(entry.list()?)),
        None => Ok(reply(&VecDeque::new())),
    }
}

fn llen(session: &mut Session, call: &mut Call<'_>) -> Answer {
    look(session, call, |list| Reply::count(list.len()))
}

fn lindex(session: &mut Session, call: &mut Call<'_>) -> Answer {
    let number = call.number(2)?;
    look(session, call, |list| {
        Reply::perhaps(
            list.get(range(number, number, list.len()).start)
                .filter(|_| !range(number, number, list.len()).is_empty()),
        )
    })
}

fn lrange(session: &mut Session, call: &mut Call<'_>) -> Answer {
    let (first, last) = (call.number(2)?, call.number(3)?);
    look(session, call, |list| {
        Reply::Array(Reply::bulks(list.range(range(first, last, list.len()))))
    })
}
