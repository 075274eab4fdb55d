//! The first process inside the lab: furnishes it, starts the command, buries the dead, and goes
//! when the gateway goes. With it goes everything inside: it is process 1 of its namespace.

use std::convert::Infallible;
use std::io;
use std::os::fd::AsFd;

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sched::{CloneFlags, unshare};
use nix::sys::prctl;
use nix::sys::signal::{SigSet, SigmaskHow, Signal, kill, sigprocmask};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

use super::channel::{Channel, Order, Report};
use super::command;
use super::disguise;
use super::error::Complaint;
use super::furniture::Furniture;
use super::identity::Identity;
use super::settings::Command;

/// Everything the init needs, made before there was a second process.
pub(super) struct Init {
    pub(super) channel: Channel,
    pub(super) command: Command,
    pub(super) identity: Identity,
    /// The signal mask the command starts with.
    pub(super) mask: SigSet,
    pub(super) furniture: Furniture,
}

/// Why the init ends.
enum End {
    Complaint(Complaint),
    /// The command has ended, and the gateway knows.
    Done,
    GatewayGone,
}

impl Init {
    /// Lives as long as the command and the gateway do.
    pub(super) fn live(self) {
        let Err(end) = self.furnish_and_run();
        if let End::Complaint(complaint) = end {
            // If it cannot be told, nobody is left to be told.
            let _told = self.channel.report(&Report::Failed(complaint.to_string()));
        }
    }

    fn furnish_and_run(&self) -> Result<Infallible, End> {
        follow_the_gateway()?;
        hold_signals_back()?;
        disguise::look_like_an_init().map_err(Complaint::about("look like an init"))?;
        for warning in self.furniture.furnish()? {
            self.tell(&Report::Warning(warning.to_string()))?;
        }
        self.step_down()?;
        self.tell(&Report::Ready)?;
        match self.channel.next_order() {
            Some(Order::Start) => self.run(),
            _ => Err(End::GatewayGone),
        }
    }

    /// Gives up its rights over networks and mounts. What was mounted before cannot be taken off
    /// again from a user namespace below (`mount_namespaces(7)`, locked mounts).
    fn step_down(&self) -> Result<(), End> {
        match unshare(CloneFlags::CLONE_NEWUSER | CloneFlags::CLONE_NEWNS) {
            Ok(()) => {
                // The change of namespace may have undone it.
                follow_the_gateway()?;
                self.tell(&Report::Unmapped)
            }
            Err(cause) if self.identity == Identity::Privileged => {
                Identity::renounce()
                    .map_err(io::Error::other)
                    .map_err(Complaint::about("give up capabilities"))?;
                let attempt = "make a user namespace for root's command, \
                               which has fewer capabilities instead";
                self.tell(&Report::Warning(Complaint::about(attempt)(cause).to_string()))
            }
            Err(cause) => Err(Complaint::about("make the command's user namespace")(cause).into()),
        }
    }

    fn run(&self) -> Result<Infallible, End> {
        let deaths = SignalFd::with_flags(&only(Signal::SIGCHLD), SfdFlags::SFD_CLOEXEC)
            .map_err(Complaint::about("watch for deaths"))?;
        let child = command::start(&self.command, &self.mask, &self.channel)
            .map_err(Complaint::about("make a process for the command"))?;
        self.watch(child, &deaths)
    }

    fn watch(&self, child: Pid, deaths: &SignalFd) -> Result<Infallible, End> {
        loop {
            let (order, death) = wait_for_either(&self.channel, deaths)?;
            if order {
                self.obey(child)?;
            }
            if death {
                deaths.read_signal().map_err(Complaint::about("read of a death"))?;
                self.bury(child)?;
            }
        }
    }

    fn obey(&self, child: Pid) -> Result<(), End> {
        let Some(Order::Signal(number)) = self.channel.next_order() else {
            return Err(End::GatewayGone);
        };
        if let Ok(signal) = Signal::try_from(number) {
            // It fails when the command has just ended, which the next death will tell.
            let _sent = kill(child, signal);
        }
        Ok(())
    }

    /// Takes note of all who have died. Orphans of this namespace become our children.
    fn bury(&self, child: Pid) -> Result<(), End> {
        loop {
            let report = match waitpid(None, Some(WaitPidFlag::WNOHANG)) {
                Ok(WaitStatus::Exited(pid, code)) if pid == child => Report::Exited(code),
                Ok(WaitStatus::Signaled(pid, signal, _)) if pid == child => {
                    Report::Killed(signal as i32)
                }
                Ok(WaitStatus::StillAlive) | Err(Errno::ECHILD) => return Ok(()),
                Ok(_) | Err(Errno::EINTR) => continue,
                Err(cause) => return Err(Complaint::about("wait for the command")(cause).into()),
            };
            self.tell(&report)?;
            return Err(End::Done);
        }
    }

    fn tell(&self, report: &Report) -> Result<(), End> {
        self.channel.report(report).map_err(|_| End::GatewayGone)
    }
}

impl From<Complaint> for End {
    fn from(complaint: Complaint) -> Self {
        Self::Complaint(complaint)
    }
}

/// The end of the channel says the same, but cannot be heard by a process that is stopped.
fn follow_the_gateway() -> Result<(), Complaint> {
    prctl::set_pdeathsig(Signal::SIGKILL).map_err(Complaint::about("follow the gateway"))
}

fn hold_signals_back() -> Result<(), Complaint> {
    sigprocmask(SigmaskHow::SIG_SETMASK, Some(&SigSet::all()), None)
        .map_err(Complaint::about("hold signals back"))
}

/// Whether there is an order, and whether somebody died.
fn wait_for_either(channel: &Channel, deaths: &SignalFd) -> Result<(bool, bool), Complaint> {
    let mut files = [
        PollFd::new(channel.as_fd(), PollFlags::POLLIN),
        PollFd::new(deaths.as_fd(), PollFlags::POLLIN),
    ];
    match poll(&mut files, PollTimeout::NONE) {
        Ok(_) | Err(Errno::EINTR) => {}
        Err(cause) => return Err(Complaint::about("wait for orders")(cause)),
    }
    let [orders, deaths] = files.map(|file| file.any().unwrap_or(false));
    Ok((orders, deaths))
}

fn only(signal: Signal) -> SigSet {
    let mut set = SigSet::empty();
    set.add(signal);
    set
}
