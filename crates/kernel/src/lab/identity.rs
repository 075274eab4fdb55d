//! Who is who: user namespaces and their maps.
//!
//! ```text
//!   outside          gateway (U1)        victim (U2, inside U1)
//!   uid 1000   ───▶  uid 0         ───▶  uid 1000
//! ```
//!
//! The gateway becomes root of a user namespace of its own, which gives it the right to make
//! network namespaces. The victim gets a second one inside it, where it is who it was outside: it
//! sees its own files under its own name, and has no say over what belongs to U1: networks and
//! mounts. Real root needs no U1; its victim gets a U2 all the same, with everybody in it.

use std::fs;
use std::io;

use caps::{CapSet, Capability};
use nix::errno::Errno;
use nix::sched::{CloneFlags, unshare};
use nix::sys::prctl;
use nix::unistd::{Gid, Pid, Uid, getegid, geteuid};

use super::LabError;

/// Who the gateway's process is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Identity {
    /// An ordinary user who became root of a namespace of their own.
    Mapped { user: Uid, group: Gid },
    /// Root, or whoever else may do everything we need.
    Privileged,
}

impl Identity {
    /// Gets this process the rights a gateway needs. It must have one thread only.
    pub(super) fn assume() -> Result<Self, LabError> {
        if is_privileged() {
            return Ok(Self::Privileged);
        }
        let (user, group) = (geteuid(), getegid());
        // A program with capabilities of its own (setcap) may not write its maps without this.
        prctl::set_dumpable(true).map_err(LabError::step("own up to this process's files"))?;
        unshare(CloneFlags::CLONE_NEWUSER).map_err(LabError::forbidden)?;
        write_maps("/proc/self", &format!("0 {user} 1"), &format!("0 {group} 1"))
            .map_err(|cause| LabError::forbidden(errno(&cause)))?;
        Ok(Self::Mapped { user, group })
    }

    /// Says who is who in the new user namespace of `init`.
    pub(super) fn map(self, init: Pid) -> Result<(), LabError> {
        let folder = format!("/proc/{init}");
        let mapped = match self {
            Self::Mapped { user, group } => {
                write_maps(&folder, &format!("{user} 0 1"), &format!("{group} 0 1"))
            }
            Self::Privileged => map_everybody(&folder),
        };
        mapped.map_err(LabError::step("say who is who in the command's user namespace"))
    }

    /// For root where there are no user namespaces: gives up, for this process and those it starts,
    /// what root needs to get out of the lab's namespaces. It takes effect at the next `exec`.
    pub(super) fn renounce() -> Result<(), caps::errors::CapsError> {
        for capability in caps::runtime::thread_all_supported() {
            if !HARMLESS.contains(&capability) {
                caps::drop(None, CapSet::Bounding, capability)?;
            }
        }
        caps::clear(None, CapSet::Inheritable)
    }
}

/// What root keeps: files and processes of the lab, and ports below 1024.
const HARMLESS: [Capability; 8] = [
    Capability::CAP_CHOWN,
    Capability::CAP_DAC_OVERRIDE,
    Capability::CAP_FOWNER,
    Capability::CAP_FSETID,
    Capability::CAP_KILL,
    Capability::CAP_NET_BIND_SERVICE,
    Capability::CAP_SETGID,
    Capability::CAP_SETUID,
];

/// The groups that exist for us, as far as one range goes: those that may send pings without
/// privileges.
pub(super) fn groups() -> io::Result<String> {
    let map = fs::read_to_string("/proc/self/gid_map")?;
    Ok(map.lines().find_map(range).unwrap_or_else(|| "0 0".to_owned()))
}

/// The first and the last that a map's line speaks of.
fn range(line: &str) -> Option<String> {
    let mut numbers = line.split_ascii_whitespace().map_while(|number| number.parse::<u64>().ok());
    let (inside, count) = (numbers.next()?, numbers.nth(1)?);
    Some(format!("{inside} {}", (inside + count).saturating_sub(1).min(HIGHEST_GROUP)))
}

/// The kernel takes no higher one in a range (`GROUP_RANGE_MAX`).
const HIGHEST_GROUP: u64 = 0x7fff_ffff;

/// Whether we can make and lay networks as we are, and give others maps.
fn is_privileged() -> bool {
    let needed = [
        Capability::CAP_NET_ADMIN,
        Capability::CAP_NET_RAW,
        Capability::CAP_SETFCAP,
        Capability::CAP_SETGID,
        Capability::CAP_SETUID,
        Capability::CAP_SYS_ADMIN,
    ];
    needed.iter().all(|one| caps::has_cap(None, CapSet::Effective, *one).unwrap_or(false))
}

fn write_maps(folder: &str, users: &str, groups: &str) -> io::Result<()> {
    // Without privileges outside, a group map may be written only after this (user_namespaces(7)):
    // else one could leave a group whose members are denied a file.
    fs::write(format!("{folder}/setgroups"), "deny")?;
    fs::write(format!("{folder}/uid_map"), users)?;
    fs::write(format!("{folder}/gid_map"), groups)
}

/// Everybody that exists for us exists there, under the same number.
fn map_everybody(folder: &str) -> io::Result<()> {
    for map in ["uid_map", "gid_map"] {
        let ours = fs::read_to_string(format!("/proc/self/{map}"))?;
        let same: String = ours.lines().filter_map(same_numbers).collect();
        fs::write(format!("{folder}/{map}"), same)?;
    }
    Ok(())
}

/// A map's line is "inside outside count".
fn same_numbers(line: &str) -> Option<String> {
    let mut numbers = line.split_ascii_whitespace();
    let (inside, count) = (numbers.next()?, numbers.nth(1)?);
    Some(format!("{inside} {inside} {count}\n"))
}

fn errno(cause: &io::Error) -> Errno {
    Errno::from_raw(cause.raw_os_error().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_of_groups_ends_where_the_kernel_says() {
        assert_eq!(range("         0          0 4294967295").unwrap(), "0 2147483647");
        assert_eq!(range("      1000          0          1").unwrap(), "1000 1000");
        assert_eq!(range("0 0"), None);
    }

    #[test]
    fn everybody_keeps_their_number() {
        assert_eq!(same_numbers("         0     100000      65536").unwrap(), "0 0 65536\n");
        assert_eq!(same_numbers(""), None);
    }
}
