//! Giving up root, for good, once everything that needs it is set up.

use std::fs;
use std::io;

use caps::CapSet;
use nix::sys::prctl::set_no_new_privs;
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::unistd::{User, geteuid, setgroups, setresgid, setresuid};

use crate::threads;

/// What became of the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dropped {
    /// It keeps its account, which was not root's or is root's inside a user namespace only. It
    /// has no capabilities.
    CapabilitiesOnly,
    /// It is another account's, without other groups or capabilities.
    To {
        /// Number of the account.
        uid: u32,
        /// Number of its group.
        gid: u32,
    },
}

/// Why privileges were not dropped. The process must not go on.
#[derive(Debug, thiserror::Error)]
pub enum PrivilegeError {
    /// It still has something.
    #[error("privileges were dropped, but the kernel still says `{line}`")]
    Kept {
        /// What `/proc` says.
        line: String,
    },
    /// The account is root's.
    #[error("cannot give up root by becoming {user}: that account is root's too")]
    Root {
        /// Name of the account.
        user: String,
    },
    /// A system call refused.
    #[error("cannot give up root: {attempt}")]
    Step {
        /// What was tried.
        attempt: &'static str,
        /// Why not.
        #[source]
        cause: io::Error,
    },
    /// Other threads would keep theirs.
    #[error("cannot give up root in a process with {count} threads: it must be done before")]
    Threads {
        /// How many there are.
        count: usize,
    },
    /// There is no such account.
    #[error(
        "there is no account {user}: make one (`useradd --system --no-create-home \
         --shell /usr/sbin/nologin {user}`) or name another"
    )]
    UnknownAccount {
        /// Name of the account.
        user: String,
    },
}

/// Makes the process the account `user`'s, takes every capability from it, and sees to it that
/// neither it nor any program it starts can gain any. A process that is not root, or is root
/// inside a user namespace only, keeps its account and loses the rest.
///
/// Capabilities belong to threads, so this comes before the first thread is started. The kernel
/// makes a process that changed its account undumpable: its memory is in no core file, and others
/// of the account cannot look into it.
///
/// # Errors
/// When anything of it fails, or does not show in `/proc` afterwards.
pub fn drop_to(user: &str) -> Result<Dropped, PrivilegeError> {
    refuse_threads()?;
    let dropped = if geteuid().is_root() && is_initial_user_namespace()? {
        become_account(user)?
    } else {
        Dropped::CapabilitiesOnly
    };
    clear_capabilities()?;
    step("promise to gain none", set_no_new_privs().map_err(io::Error::from))?;
    verify(&status()?, dropped)?;
    Ok(dropped)
}

/// Lets the process open as many files and sockets as the system allows it at most; gives that
/// number. To be called before privileges are dropped, for no reason but that all set-up is.
///
/// # Errors
/// When the kernel refuses, which it does not for a limit that was granted already.
pub fn raise_open_files() -> io::Result<u64> {
    let (_, most) = getrlimit(Resource::RLIMIT_NOFILE)?;
    setrlimit(Resource::RLIMIT_NOFILE, most, most)?;
    Ok(most)
}

fn refuse_threads() -> Result<(), PrivilegeError> {
    let count = step("count threads", threads::count())?;
    if count == 1 { Ok(()) } else { Err(PrivilegeError::Threads { count }) }
}

/// In the initial one every number of an account is itself.
fn is_initial_user_namespace() -> Result<bool, PrivilegeError> {
    let map = step("read the map of accounts", fs::read_to_string("/proc/self/uid_map"))?;
    Ok(map.split_whitespace().eq(["0", "0", "4294967295"]))
}

fn become_account(user: &str) -> Result<Dropped, PrivilegeError> {
    let found = User::from_name(user).map_err(io::Error::from);
    let account = step("look up the account", found)?;
    let account =
        account.ok_or_else(|| PrivilegeError::UnknownAccount { user: user.to_owned() })?;
    let (uid, gid) = (account.uid, account.gid);
    if uid.is_root() {
        return Err(PrivilegeError::Root { user: user.to_owned() });
    }
    // While there is still a right to. It bounds what any later program could gain.
    step("empty the bounding set", clear(CapSet::Bounding))?;
    step("leave all groups", setgroups(&[]).map_err(io::Error::from))?;
    step("change the group", setresgid(gid, gid, gid).map_err(io::Error::from))?;
    step("change the account", setresuid(uid, uid, uid).map_err(io::Error::from))?;
    Ok(Dropped::To { uid: uid.as_raw(), gid: gid.as_raw() })
}

/// Takes every capability from the calling thread but those of the bounding set.
pub(crate) fn clear_capabilities() -> Result<(), PrivilegeError> {
    step("clear the ambient set", clear(CapSet::Ambient))?;
    step("clear the inheritable set", clear(CapSet::Inheritable))?;
    step("clear the effective set", clear(CapSet::Effective))?;
    step("clear the permitted set", clear(CapSet::Permitted))
}

fn clear(set: CapSet) -> io::Result<()> {
    caps::clear(None, set).map_err(io::Error::other)
}

fn status() -> Result<String, PrivilegeError> {
    step("read back what is left", fs::read_to_string("/proc/thread-self/status"))
}

/// Compares what `/proc/PID/status` says with what is meant to be left.
fn verify(status: &str, dropped: Dropped) -> Result<(), PrivilegeError> {
    let none = "0000000000000000".to_owned();
    let mut wanted = vec![
        ("CapInh", none.clone()),
        ("CapPrm", none.clone()),
        ("CapEff", none.clone()),
        ("CapAmb", none),
        ("NoNewPrivs", "1".to_owned()),
    ];
    if let Dropped::To { uid, gid } = dropped {
        // Real, effective, saved, of the file system.
        wanted.push(("Uid", format!("{uid}\t{uid}\t{uid}\t{uid}")));
        wanted.push(("Gid", format!("{gid}\t{gid}\t{gid}\t{gid}")));
        wanted.push(("Groups", String::new()));
    }
    let wrong = wanted.into_iter().find_map(|(name, value)| difference(status, name, &value));
    wrong.map_or(Ok(()), |line| Err(PrivilegeError::Kept { line }))
}

fn difference(status: &str, name: &str, wanted: &str) -> Option<String> {
    let line = status.lines().find(|line| line.split(':').next() == Some(name));
    let value = line.and_then(|line| line.split_once(':')).map(|(_, value)| value.trim());
    (value != Some(wanted)).then(|| line.unwrap_or(name).to_owned())
}

fn step<T>(attempt: &'static str, outcome: io::Result<T>) -> Result<T, PrivilegeError> {
    outcome.map_err(|cause| PrivilegeError::Step { attempt, cause })
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLEAN: &str = "Name:\tsinkgate\nUid:\t9\t9\t9\t9\nGid:\t8\t8\t8\t8\nGroups:\t \n\
                         CapInh:\t0000000000000000\nCapPrm:\t0000000000000000\n\
                         CapEff:\t0000000000000000\nCapBnd:\t0000000000000000\n\
                         CapAmb:\t0000000000000000\nNoNewPrivs:\t1\n";

    #[test]
    fn a_clean_process_passes() {
        assert!(verify(CLEAN, Dropped::To { uid: 9, gid: 8 }).is_ok());
        assert!(verify(CLEAN, Dropped::CapabilitiesOnly).is_ok());
    }

    #[test]
    fn whatever_is_left_is_found() {
        for (clean, left) in [
            ("Uid:\t9\t9\t9\t9", "Uid:\t9\t9\t0\t9"),
            ("Gid:\t8\t8\t8\t8", "Gid:\t8\t8\t8\t0"),
            ("Groups:\t ", "Groups:\t0 27"),
            ("CapPrm:\t0000000000000000", "CapPrm:\t0000000000001000"),
            ("CapAmb:\t0000000000000000", "CapAmb:\t0000000000000001"),
            ("NoNewPrivs:\t1", "NoNewPrivs:\t0"),
        ] {
            let error = verify(&CLEAN.replace(clean, left), Dropped::To { uid: 9, gid: 8 });
            let PrivilegeError::Kept { line } = error.unwrap_err() else { panic!("{left}") };
            assert_eq!(line, left);
        }
    }

    #[test]
    fn what_proc_does_not_say_is_not_taken_as_clean() {
        assert!(verify("", Dropped::CapabilitiesOnly).is_err());
    }

    #[test]
    fn a_process_with_threads_is_refused() {
        // The harness has at least one besides the one this runs on.
        let error = std::thread::scope(|scope| scope.spawn(|| drop_to("nobody")).join().unwrap());
        assert!(matches!(error, Err(PrivilegeError::Threads { .. })), "{error:?}");
    }

    #[test]
    fn the_limit_of_open_files_is_raised() {
        let number = raise_open_files().unwrap();
        assert_eq!(getrlimit(Resource::RLIMIT_NOFILE).unwrap(), (number, number));
    }
}
