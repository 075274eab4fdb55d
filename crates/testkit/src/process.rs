//! A program that goes on beside the test, with all that it starts in turn.

#![expect(clippy::disallowed_types, reason = "tests run other people's programs")]

use std::collections::BTreeMap;
use std::fs;
use std::process::{Child, Command, ExitStatus};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::waiting::{holds_soon, wait_until};

/// A program and its children; they are killed when this is dropped.
#[derive(Debug)]
pub struct Process {
    child: Child,
}

impl Process {
    /// Starts a program in the namespaces of the calling thread.
    #[must_use]
    pub fn start(command: &mut Command) -> Self {
        Self { child: command.spawn().unwrap() }
    }

    /// What it was started as.
    pub fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// Its process ids: the one that was started, and all below it.
    #[must_use]
    pub fn ids(&self) -> Vec<u32> {
        family(self.child.id())
    }

    /// Asks the one that was started to end, as systemd and `kill` do.
    pub fn terminate(&self) {
        kill(process(self.child.id()), Signal::SIGTERM).unwrap();
    }

    /// Interrupts it, as Ctrl-C does.
    pub fn interrupt(&self) {
        kill(process(self.child.id()), Signal::SIGINT).unwrap();
    }

    /// Waits for its end.
    pub fn end(&mut self) -> ExitStatus {
        let mut status = None;
        let ended = holds_soon(|| {
            status = self.child.try_wait().unwrap();
            status.is_some()
        });
        assert!(ended, "process {} does not end", self.child.id());
        status.unwrap()
    }

    /// Kills the one that was started, and nothing below it, as `kill -9` does.
    pub fn kill_the_first(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Kills all of it, as `kill -9` does.
    pub fn kill(&mut self) {
        let family = self.ids();
        for id in &family {
            // It may have ended by itself meanwhile.
            let _ = kill(process(*id), Signal::SIGKILL);
        }
        let _ = self.child.wait();
        // What it held is free again only when the last of them is gone.
        wait_until("all of it is gone", || family.iter().all(|id| is_gone(*id)));
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Once it is waited for its number may be somebody else's.
        if matches!(self.child.try_wait(), Ok(None)) {
            self.kill();
        }
    }
}

fn process(id: u32) -> Pid {
    Pid::from_raw(id.try_into().unwrap())
}

/// A process and all below it; those that end meanwhile are left out.
fn family(of: u32) -> Vec<u32> {
    let parents: BTreeMap<u32, u32> = fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter_map(|id| Some((id, status(id, "PPid")?.parse().ok()?)))
        .collect();
    let mut found = vec![of];
    let mut next = 0;
    while let Some(parent) = found.get(next).copied() {
        found.extend(parents.iter().filter(|(_, of)| **of == parent).map(|(id, _)| *id));
        next += 1;
    }
    found
}

/// Whether a process has ended, waited for or not. One whose first thread has ended may have others
/// that still hold its files.
#[must_use]
pub fn is_gone(id: u32) -> bool {
    let threads = || fs::read_dir(format!("/proc/{id}/task")).map_or(0, Iterator::count);
    status(id, "State").is_none_or(|state| state.starts_with('Z') && threads() <= 1)
}

/// A line of a process's status, such as `CapEff`.
#[must_use]
pub fn status(id: u32, key: &str) -> Option<String> {
    let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'))?;
    Some(line.trim().to_owned())
}

/// How much time a process has had on processors, in hundredths of a second.
#[must_use]
pub fn processor_time(id: u32) -> u64 {
    let line = fs::read_to_string(format!("/proc/{id}/stat")).unwrap();
    // The second field is a name in brackets, which may hold anything.
    let (_, fields) = line.rsplit_once(") ").unwrap();
    // proc_pid_stat(5): utime and stime are the fields 14 and 15; `fields` begins with the third.
    fields.split(' ').skip(11).take(2).map(|field| field.parse::<u64>().unwrap()).sum()
}
