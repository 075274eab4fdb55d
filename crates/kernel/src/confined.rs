//! Programs that answer victims: started without root, without a network, with bounded memory, and
//! in a session of their own that ends with us.

#![expect(clippy::disallowed_types, reason = "these programs are the analyst's, not ours")]
#![expect(unsafe_code, reason = "what a new process gives up it gives up between fork and exec")]

use std::io;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use nix::errno::Errno;
use nix::sched::{CloneFlags, unshare};
use nix::sys::prctl::{set_no_new_privs, set_pdeathsig};
use nix::sys::resource::{Resource, setrlimit};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::{Gid, Pid, Uid, geteuid, setgroups, setresgid, setresuid, setsid};

use crate::privileges::clear_capabilities;

/// What a program may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Confinement {
    /// Bytes of address space (`exec.memory`).
    pub memory: u64,
    /// Which network it sees.
    pub network: Network,
}

/// A network a program sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Network {
    /// The one we are in.
    Ours,
    /// One of its own with nothing in it.
    Nothing,
}

/// The account of nobody, for a gateway that is root still.
const NOBODY: u32 = 65_534;

/// A program that is confined as soon as it is started. Its environment is empty, but for `PATH`
/// and `LANG`.
#[must_use]
pub fn command(program: &Path, folder: &Path, confinement: Confinement) -> Command {
    let mut command = Command::new(program);
    command.env_clear().env("PATH", PATH).env("LANG", "C.UTF-8");
    if !folder.as_os_str().is_empty() {
        command.current_dir(folder);
    }
    // SAFETY: between fork and exec the new process may do only what is safe in a signal handler.
    // `confine` makes system calls and allocates nothing unless one of them fails.
    unsafe { command.pre_exec(move || confine(confinement)) };
    command
}

const PATH: &str = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin";

/// Ends a program that [`command`] started, with every process it started itself.
pub fn end(program: u32) {
    if let Ok(group) = i32::try_from(program) {
        // It may be gone already, which is what we want.
        let _ = killpg(Pid::from_raw(group), Signal::SIGKILL);
    }
}

fn confine(confinement: Confinement) -> io::Result<()> {
    setsid()?;
    setrlimit(Resource::RLIMIT_AS, confinement.memory, confinement.memory)?;
    setrlimit(Resource::RLIMIT_CORE, 0, 0)?;
    if geteuid().is_root() {
        leave_root()?;
    }
    if confinement.network == Network::Nothing {
        // A user namespace is what allows somebody who is not root to have a network of their own.
        unshare(CloneFlags::CLONE_NEWUSER | CloneFlags::CLONE_NEWNET)?;
    }
    set_no_new_privs()?;
    // After the account has changed, which would make the kernel forget it.
    set_pdeathsig(Signal::SIGKILL)?;
    Ok(())
}

/// Becomes nobody. Root of a user namespace with one account stays what it is for others, which is
/// not root, and loses its capabilities.
fn leave_root() -> io::Result<()> {
    let (uid, gid) = (Uid::from_raw(NOBODY), Gid::from_raw(NOBODY));
    // Forbidden where there is one account, and then there are no groups to leave.
    let _ = setgroups(&[]);
    match setresgid(gid, gid, gid).and_then(|()| setresuid(uid, uid, uid)) {
        Ok(()) => Ok(()),
        Err(Errno::EINVAL) => clear_capabilities().map_err(io::Error::other),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use std::process::Stdio;

    use super::*;

    /// What a shell says that is confined with this network.
    fn said(line: &str, network: Network) -> String {
        let confinement = Confinement { memory: 1 << 30, network };
        let mut command = command(Path::new("sh"), Path::new("/"), confinement);
        let output = command.args(["-c", line]).stdin(Stdio::null()).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    #[test]
    fn threat_15_it_is_not_root_and_cannot_become_it() {
        let status = said("grep -E '^(CapEff|CapPrm|NoNewPrivs)' /proc/self/status", Network::Ours);
        let expected = "CapPrm:\t0000000000000000\nCapEff:\t0000000000000000\nNoNewPrivs:\t1";
        assert_eq!(status, expected);
        assert_ne!(said("id -u", Network::Ours), "0");
    }

    #[test]
    fn threat_15_it_sees_no_network() {
        let devices = said("tail -n +3 /proc/net/dev | grep -v '^ *lo:' | wc -l", Network::Nothing);
        assert_eq!(devices, "0");
        let capabilities = said("grep -E '^CapEff' /proc/self/status", Network::Nothing);
        assert_eq!(capabilities, "CapEff:\t0000000000000000");
    }

    #[test]
    fn its_memory_is_bounded_and_its_environment_is_known() {
        assert_eq!(said("ulimit -v", Network::Ours), (1_u64 << 20).to_string());
        assert_eq!(said("echo $LANG $HOME $USER", Network::Ours), "C.UTF-8");
    }

    #[test]
    fn all_of_it_is_ended() {
        let confinement = Confinement { memory: 1 << 30, network: Network::Ours };
        let mut command = command(Path::new("sh"), Path::new("/"), confinement);
        let line = "sleep 600 & echo begun; wait";
        let mut child = command.args(["-c", line]).stdout(Stdio::piped()).spawn().unwrap();
        let mut stdout = child.stdout.take().unwrap();
        let mut begun = [0; 6];
        io::Read::read_exact(&mut stdout, &mut begun).unwrap();
        end(child.id());
        // The other process holds the pipe open: it ends only if both are gone.
        assert_eq!(io::Read::read_to_end(&mut stdout, &mut Vec::new()).unwrap(), 0);
        assert!(!child.wait().unwrap().success());
    }
}
