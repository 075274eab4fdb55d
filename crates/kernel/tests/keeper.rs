//! Two processes that tell each other how they are.

#![expect(clippy::unwrap_used, reason = "a failure here is a failed test")]

mod child;

use std::io::{Read, Write, pipe};

use child::{in_a_child, leave, start};
use kernel::keeper::{End, Keeper, Side, Start, ToKeeper, split};
use kernel::stop::{Stop, StopCause};
use nix::sys::signal::{SigSet, Signal, kill, raise};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{Pid, getpgrp};
use testkit::wait_until;

/// Splits, and lets each side do its part; `server` gives the code it exits with.
fn both(server: impl FnOnce(ToKeeper) -> i32, keeper: impl FnOnce(Keeper)) {
    in_a_child(|| match split().unwrap() {
        Side::Keeper(it) => keeper(it),
        Side::Server(to_keeper) => leave(|| server(to_keeper)),
    });
}

#[test]
fn a_server_that_is_ready_and_ends_later_is_seen_to_do_so() {
    both(
        |to_keeper| {
            to_keeper.ready().unwrap();
            3
        },
        |mut keeper| {
            assert_eq!(keeper.wait_until_ready().unwrap(), Start::Ready);
            assert_eq!(keeper.wait_for_end().unwrap(), End::Exited(3));
        },
    );
}

#[test]
fn a_server_that_cannot_start_says_why() {
    let long = "cannot open the database: ".repeat(1_000);
    both(
        |to_keeper| {
            to_keeper.failed(&long).unwrap();
            1
        },
        |mut keeper| {
            let said = Start::Failed(long[..8_192].to_owned());
            assert_eq!(keeper.wait_until_ready().unwrap(), said);
            assert_eq!(keeper.wait_for_end().unwrap(), End::Exited(1));
        },
    );
}

#[test]
fn a_server_that_ends_without_a_word_is_noticed() {
    both(
        |_| 7,
        |mut keeper| {
            assert_eq!(keeper.wait_until_ready().unwrap(), Start::Ended(End::Exited(7)));
            assert_eq!(keeper.wait_for_end().unwrap(), End::Exited(7));
        },
    );
    both(
        |_| {
            raise(Signal::SIGKILL).unwrap();
            0
        },
        |mut keeper| {
            assert_eq!(keeper.wait_until_ready().unwrap(), Start::Ended(End::Killed(9)));
        },
    );
}

#[test]
fn a_server_that_closes_the_line_is_waited_for() {
    let (mut until, go) = pipe().unwrap();
    both(
        |to_keeper| {
            drop(to_keeper);
            assert_eq!(until.read(&mut [0]).unwrap(), 1);
            5
        },
        |mut keeper| {
            (&go).write_all(b"!").unwrap();
            assert_eq!(keeper.wait_until_ready().unwrap(), Start::Ended(End::Exited(5)));
        },
    );
}

#[test]
fn signals_that_ask_to_stop_are_passed_on() {
    for (signal, cause) in [
        (Signal::SIGHUP, StopCause::Hangup),
        (Signal::SIGINT, StopCause::Interrupt),
        (Signal::SIGTERM, StopCause::Terminate),
    ] {
        both(
            |to_keeper| {
                let stop = Stop::on(Some(&to_keeper)).unwrap();
                assert_eq!(stop.cause().unwrap(), None);
                to_keeper.ready().unwrap();
                assert_eq!(stop.wait().unwrap(), cause);
                0
            },
            |mut keeper| {
                assert_eq!(keeper.wait_until_ready().unwrap(), Start::Ready);
                raise(signal).unwrap();
                assert_eq!(keeper.wait_for_end().unwrap(), End::Exited(0));
            },
        );
    }
}

#[test]
fn a_server_that_does_not_listen_yet_is_ended_by_a_signal() {
    let (until, _never) = pipe().unwrap();
    both(
        |_| (&until).read(&mut [0]).map_or(0, |_| 1),
        |mut keeper| {
            raise(Signal::SIGTERM).unwrap();
            assert_eq!(keeper.wait_until_ready().unwrap(), Start::Ended(End::Killed(15)));
        },
    );
}

#[test]
fn the_server_has_the_signals_and_the_group_of_a_new_process() {
    let before = SigSet::thread_get_mask().unwrap();
    both(
        |_| {
            assert_eq!(SigSet::thread_get_mask().unwrap(), before);
            assert_eq!(getpgrp(), Pid::this());
            0
        },
        |keeper| assert_eq!(keeper.wait_for_end().unwrap(), End::Exited(0)),
    );
}

#[test]
fn a_server_whose_keeper_was_killed_stops() {
    let (mut heard, tell) = pipe().unwrap();
    let keeper = start(|| match split().unwrap() {
        Side::Keeper(mut keeper) => {
            assert_eq!(keeper.wait_until_ready().unwrap(), Start::Ready);
            raise(Signal::SIGKILL).unwrap();
        }
        Side::Server(to_keeper) => leave(|| {
            let stop = Stop::on(Some(&to_keeper)).unwrap();
            to_keeper.ready().unwrap();
            let cause = stop.wait().unwrap();
            (&tell).write_all(format!("{cause:?}").as_bytes()).unwrap();
            0
        }),
    });
    drop(tell);
    let status = waitpid(keeper, None).unwrap();
    assert_eq!(status, WaitStatus::Signaled(keeper, Signal::SIGKILL, false));
    let mut cause = String::new();
    heard.read_to_string(&mut cause).unwrap();
    assert_eq!(cause, "KeeperGone");
}

#[test]
fn without_a_keeper_only_signals_stop() {
    in_a_child(|| {
        let stop = Stop::on(None).unwrap();
        assert_eq!(stop.cause().unwrap(), None);
        kill(Pid::this(), Signal::SIGTERM).unwrap();
        wait_until("the signal is there", || stop.cause().unwrap() == Some(StopCause::Terminate));
        assert_eq!(stop.cause().unwrap(), None);
    });
}
