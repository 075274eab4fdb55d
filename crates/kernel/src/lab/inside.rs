//! The lab's first process as the gateway sees it.

use nix::errno::Errno;
use nix::sched::CloneFlags;
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::waitpid;
use nix::unistd::Pid;

use super::LabError;
use super::channel::{Channel, Report};
use super::identity::Identity;
use super::init::Init;
use super::process;

/// The init, seen from outside. It ends when this is dropped.
#[derive(Debug)]
pub(super) struct Inside {
    pub(super) channel: Channel,
    /// Until it has been waited for.
    process: Option<Pid>,
}

impl Inside {
    /// Starts it in the network namespace of the calling thread.
    pub(super) fn start(init: impl FnOnce(Channel) -> Init) -> Result<Self, LabError> {
        let (ours, theirs) = Channel::pair().map_err(LabError::step("make a channel"))?;
        let init = init(theirs);
        let namespaces = CloneFlags::CLONE_NEWNS | CloneFlags::CLONE_NEWPID;
        let (process, channel) = process::copy_into(namespaces, ours, || init.live())
            .map_err(LabError::step("make mount and process namespaces"))?;
        Ok(Self { channel, process: Some(process) })
    }

    /// Waits until everything inside is ready, and collects warnings.
    pub(super) fn settle(
        &self,
        identity: Identity,
        warnings: &mut Vec<String>,
    ) -> Result<(), LabError> {
        loop {
            match (self.channel.next_report(), self.process) {
                (Some(Report::Ready), _) => return Ok(()),
                (Some(Report::Unmapped), Some(process)) => identity.map(process)?,
                (Some(Report::Warning(warning)), _) => warnings.push(warning),
                (Some(Report::Failed(complaint)), _) => return Err(LabError::Inside { complaint }),
                _ => return Err(LabError::Inside { complaint: "it ended".to_owned() }),
            }
        }
    }

    /// Ends it, and with it everything inside; returns when that is gone.
    pub(super) fn end(&mut self) {
        let Some(process) = self.process.take() else { return };
        // It fails when the process has ended already; the wait below then returns at once.
        let _killed = kill(process, Signal::SIGKILL);
        while waitpid(process, None) == Err(Errno::EINTR) {}
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        self.end();
    }
}
