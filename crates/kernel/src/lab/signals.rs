//! Signals that end a lab: held back from this process, and looked at one by one.

use std::fs;
use std::os::fd::{AsFd, BorrowedFd};

use nix::sys::signal::{SigSet, SigmaskHow, Signal};
use nix::sys::signalfd::{SfdFlags, SignalFd, siginfo};

use super::LabError;

const ENDING: [Signal; 4] = [Signal::SIGHUP, Signal::SIGINT, Signal::SIGQUIT, Signal::SIGTERM];

/// `si_code` of a signal that came from the kernel itself (`SI_KERNEL` in `asm-generic/siginfo.h`).
const FROM_THE_KERNEL: i32 = 0x80;

/// They stay held back when this is gone: a second Ctrl-C must not cut off what is written after
/// the lab's end.
#[derive(Debug)]
pub(super) struct Signals {
    file: SignalFd,
    /// The mask before.
    pub(super) outside: SigSet,
}

/// One signal that has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Arrival {
    pub(super) number: i32,
    code: i32,
}

impl Signals {
    /// Holds them back from the calling thread, and from those it starts later. Those that whoever
    /// started us wants ignored (`nohup`, a shell's `&`) stay ignored.
    pub(super) fn hold_back() -> Result<Self, LabError> {
        let attempt = "hold signals back";
        let status = fs::read_to_string("/proc/self/status").map_err(LabError::step(attempt))?;
        let ignored = ignored(&status);
        let wanted: SigSet = ENDING.into_iter().filter(|one| !is_in(ignored, *one)).collect();
        let outside = wanted.thread_swap_mask(SigmaskHow::SIG_BLOCK);
        let outside = outside.map_err(LabError::step(attempt))?;
        let file = SignalFd::with_flags(&wanted, SfdFlags::SFD_CLOEXEC);
        Ok(Self { file: file.map_err(LabError::step(attempt))?, outside })
    }

    /// The next one, waiting for it.
    pub(super) fn next(&self) -> Option<Arrival> {
        self.file.read_signal().ok().flatten().as_ref().map(Arrival::from)
    }
}

impl AsFd for Signals {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.file.as_fd()
    }
}

impl Arrival {
    /// Whether it came from a key of the terminal: then the command, which shares it, has it too.
    pub(super) fn reached_the_command(self) -> bool {
        let by_key = [Signal::SIGINT as i32, Signal::SIGQUIT as i32].contains(&self.number);
        by_key && self.code == FROM_THE_KERNEL
    }
}

impl From<&siginfo> for Arrival {
    fn from(told: &siginfo) -> Self {
        Self { number: i32::try_from(told.ssi_signo).unwrap_or(i32::MAX), code: told.ssi_code }
    }
}

/// The ignored signals, a bit each, from `/proc/self/status`.
fn ignored(status: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    line.and_then(|bits| u64::from_str_radix(bits.trim(), 16).ok()).unwrap_or(0)
}

const fn is_in(bits: u64, signal: Signal) -> bool {
    bits >> (signal as i32 - 1) & 1 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signal_that_was_ignored_outside_is_found() {
        let bits = ignored("Name:\tsinkgate\nSigIgn:\t0000000000001001\nSigCgt:\t0\n");
        assert!(is_in(bits, Signal::SIGHUP) && is_in(bits, Signal::SIGPIPE));
        assert!(!is_in(bits, Signal::SIGINT));
    }

    #[test]
    fn only_the_terminals_keys_reach_the_command_by_themselves() {
        let from = |signal: Signal, code| Arrival { number: signal as i32, code };
        assert!(from(Signal::SIGINT, FROM_THE_KERNEL).reached_the_command());
        assert!(!from(Signal::SIGINT, 0).reached_the_command());
        assert!(!from(Signal::SIGHUP, FROM_THE_KERNEL).reached_the_command());
    }
}
