//! Why there is no lab: what was tried, or which setting of the system forbids it.

use std::fs;
use std::io;

use nix::errno::Errno;

use crate::program::ProgramError;

/// Why there is no lab.
#[derive(Debug, thiserror::Error)]
pub enum LabError {
    /// The system does not let this user make user namespaces.
    #[error("{refusal}")]
    Forbidden {
        /// Which setting says so.
        refusal: Refusal,
        /// What the kernel said.
        #[source]
        cause: io::Error,
    },
    /// The process in the lab could not prepare it.
    #[error("cannot prepare the lab from inside: {complaint}")]
    Inside {
        /// What it tried, and what came of it.
        complaint: String,
    },
    /// `ip` or `nft` failed or is missing.
    #[error("cannot lay the lab's network")]
    Network(#[from] ProgramError),
    /// One step failed.
    #[error("cannot {attempt}")]
    Step {
        /// What was tried.
        attempt: &'static str,
        /// Why it failed.
        #[source]
        cause: io::Error,
    },
    /// Namespaces and forks are for processes with one thread.
    #[error("a lab must be prepared before any thread is started; this process has {count}")]
    Threads {
        /// How many there are.
        count: usize,
    },
    /// A name, an argument or a variable of the command has a zero byte in it.
    #[error("the command has a zero byte in it")]
    ZeroByte,
}

/// Which setting of the system forbids unprivileged user namespaces. Each sentence names it, how to
/// change it, and the way around.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Ubuntu 24.04 and later.
    #[error(
        "AppArmor forbids unprivileged user namespaces \
         (kernel.apparmor_restrict_unprivileged_userns = 1); allow them with \
         `sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0` or an AppArmor profile with \
         `userns,`, or run the lab with sudo"
    )]
    AppArmor,
    /// Debian before 11, hardened kernels.
    #[error(
        "unprivileged user namespaces are switched off (kernel.unprivileged_userns_clone = 0); \
         allow them with `sudo sysctl kernel.unprivileged_userns_clone=1`, or run the lab with sudo"
    )]
    CloneSwitchedOff,
    /// No more of them, or none at all.
    #[error(
        "no user namespace can be made: user.max_user_namespaces is 0 or used up; raise it with \
         `sudo sysctl user.max_user_namespaces=15000`, or run the lab with sudo"
    )]
    TooMany,
    /// None of the settings we know: a container's seccomp filter, as a rule.
    #[error(
        "the system refuses user namespaces and no setting says why: inside a container its \
         seccomp profile does (Docker: `--security-opt seccomp=unconfined`); otherwise run the lab \
         with sudo"
    )]
    Unexplained,
}

impl LabError {
    /// For `map_err`: names the step.
    pub(super) fn step<E: Into<io::Error>>(attempt: &'static str) -> impl FnOnce(E) -> Self {
        move |cause| Self::Step { attempt, cause: cause.into() }
    }

    /// A step of making user namespaces failed: finds the setting that forbids it.
    pub(super) fn forbidden(cause: Errno) -> Self {
        let read = |path: &str| fs::read_to_string(path).ok();
        Self::Forbidden { refusal: Refusal::explain(cause, read), cause: cause.into() }
    }
}

impl Refusal {
    fn explain(cause: Errno, read: impl Fn(&str) -> Option<String>) -> Self {
        let is = |path, value| read(path).is_some_and(|text| text.trim() == value);
        if cause == Errno::ENOSPC || is("/proc/sys/user/max_user_namespaces", "0") {
            Self::TooMany
        } else if is("/proc/sys/kernel/unprivileged_userns_clone", "0") {
            Self::CloneSwitchedOff
        } else if is("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1") {
            Self::AppArmor
        } else {
            Self::Unexplained
        }
    }
}

/// What the init, or a step that the lab can do without, tried in vain. It crosses between processes
/// as text, so the cause is part of it.
#[derive(Debug, thiserror::Error)]
#[error("cannot {attempt}: {cause}")]
pub(super) struct Complaint {
    attempt: String,
    cause: io::Error,
}

impl Complaint {
    /// For `map_err`: names the step.
    pub(super) fn about<E: Into<io::Error>>(attempt: impl Into<String>) -> impl FnOnce(E) -> Self {
        let attempt = attempt.into();
        move |cause| Self { attempt, cause: cause.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn explain(cause: Errno, path: &str, value: &str) -> Refusal {
        Refusal::explain(cause, |asked| (asked == path).then(|| format!("{value}\n")))
    }

    #[test]
    fn each_setting_that_forbids_is_named() {
        let max = "/proc/sys/user/max_user_namespaces";
        let clone = "/proc/sys/kernel/unprivileged_userns_clone";
        let apparmor = "/proc/sys/kernel/apparmor_restrict_unprivileged_userns";
        assert_eq!(explain(Errno::EPERM, max, "0"), Refusal::TooMany);
        assert_eq!(explain(Errno::ENOSPC, max, "9"), Refusal::TooMany);
        assert_eq!(explain(Errno::EPERM, clone, "0"), Refusal::CloneSwitchedOff);
        assert_eq!(explain(Errno::EPERM, apparmor, "1"), Refusal::AppArmor);
        assert_eq!(explain(Errno::EPERM, apparmor, "0"), Refusal::Unexplained);
    }

    #[test]
    fn every_sentence_names_the_way_around() {
        use Refusal::{AppArmor, CloneSwitchedOff, TooMany, Unexplained};
        for refusal in [AppArmor, CloneSwitchedOff, TooMany, Unexplained] {
            assert!(refusal.to_string().contains("sudo"), "{refusal}");
        }
    }
}
