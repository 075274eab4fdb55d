//! The command itself: a process that becomes what the user asked for.

use std::convert::Infallible;

use nix::errno::Errno;
use nix::sys::signal::{SigSet, SigmaskHow, sigprocmask};
use nix::unistd::{Pid, execvpe};

use super::channel::{Channel, Report};
use super::process;
use super::settings::Command;

/// Starts it, with the signal mask of the outside. If it cannot become the program, it says so
/// itself and ends.
pub(super) fn start(command: &Command, mask: &SigSet, channel: &Channel) -> nix::Result<Pid> {
    process::copy(|| {
        let Err(cause) = turn_into(command, mask);
        // If it cannot be told, nobody is left to be told.
        let _told = channel.report(&Report::NotStarted(cause as i32));
    })
}

fn turn_into(command: &Command, mask: &SigSet) -> Result<Infallible, Errno> {
    process::be_ended_by_broken_pipes()?;
    sigprocmask(SigmaskHow::SIG_SETMASK, Some(mask), None)?;
    let program = command.arguments.first().ok_or(Errno::ENOENT)?;
    execvpe(program, &command.arguments, &command.environment)
}
