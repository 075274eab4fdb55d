//! Every protocol emulator.

use bytes::Bytes;
use model::{ArtifactNumber, Keep};
use proto::{Action, Carrier, Inbox, Input, Protocol, recognise};

use crate::stage::{Stage, rows};

/// No input makes a machine panic, and a stream has the same answers however it is cut. The first
/// byte says where to cut.
pub fn machine(input: &[u8]) {
    let Some((&cut, bytes)) = input.split_first() else { return };
    for carrier in [Carrier::Datagram, Carrier::Stream] {
        let _ = recognise(bytes, carrier, u16::from(cut));
    }
    for row in rows(Carrier::Datagram) {
        Stage::new().answer(row, Input::Datagram(bytes));
    }
    for row in rows(Carrier::Stream) {
        let whole = play(row, bytes, bytes.len());
        assert_eq!(whole, play(row, bytes, usize::from(cut)), "{} cut every {cut} bytes", row.name);
    }
}

/// What a machine does about a stream that comes in pieces, until it lets go or the stream ends.
fn play(row: &Protocol, bytes: &[u8], cut: usize) -> Vec<Action> {
    let stage = Stage::new();
    let mut machine = (row.start)();
    let mut inbox = Inbox::default();
    let mut done = stage.react(machine.as_mut(), Input::Open);
    for piece in bytes.chunks(cut.max(1)) {
        inbox.push(piece);
        done.extend(stage.react(machine.as_mut(), Input::Bytes(&mut inbox)));
        if matches!(done.last(), Some(Action::HandOver(_))) {
            return joined(done);
        }
    }
    done.extend(stage.react(machine.as_mut(), Input::Eof));
    joined(done)
}

/// The same with neighbouring bytes joined: how an answer is cut is no part of it. Wishes to be
/// woken are left out: they follow the time that bytes arrive.
fn joined(actions: Vec<Action>) -> Vec<Action> {
    let mut joined: Vec<Action> = Vec::new();
    for action in actions {
        match (joined.last_mut(), action) {
            (_, Action::Wake(_)) => {}
            (Some(Action::Send(before)), Action::Send(bytes)) => {
                *before = [&before[..], &bytes[..]].concat().into();
            }
            (_, Action::Keep(Keep::Bytes(number, more))) => add_kept(number, more, &mut joined),
            (_, action) => joined.push(action),
        }
    }
    joined
}

/// Bytes of one file are joined whatever files they are interleaved with.
fn add_kept(number: ArtifactNumber, more: Bytes, joined: &mut Vec<Action>) {
    let before = joined.iter_mut().find_map(|action| match action {
        Action::Keep(Keep::Bytes(one, bytes)) if *one == number => Some(bytes),
        _ => None,
    });
    match before {
        Some(bytes) => *bytes = [&bytes[..], &more[..]].concat().into(),
        None => joined.push(Action::Keep(Keep::Bytes(number, more))),
    }
}
