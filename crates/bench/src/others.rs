//! Programs that are none of ours and take time from what is measured.

use std::collections::HashMap;
use std::fs;
use std::process;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::clock::Stopwatch;
use crate::interrupts;
use crate::ready::{rest, wait_until};
use crate::report::say;

/// How much of one core others may take, in percent.
const BEARABLE: f64 = 5.0;

/// How often a disturbed measurement is made again.
const TRIES: u32 = 8;

/// How long we wait for others to be done before we measure all the same.
const PATIENCE: Duration = Duration::from_secs(120);

/// Measures when nobody else is at work, and again if somebody was.
pub(crate) fn undisturbed<T>(mut measure: impl FnMut() -> Result<T>) -> Result<T> {
    let mut tries = 1;
    loop {
        if wait_until("other programs rest", PATIENCE, are_quiet).is_err() {
            interrupts::check()?;
            say(format_args!("    other programs do not rest; measuring all the same"));
        }
        let (watch, before) = (Stopwatch::start(), ticks()?);
        let measured = measure()?;
        let taken = percent(ticks()?.saturating_sub(before), watch.passed());
        if taken <= BEARABLE {
            return Ok(measured);
        }
        if tries == TRIES {
            say(format_args!("    other programs took {taken:.0} % of a core: a doubtful figure"));
            return Ok(measured);
        }
        say(format_args!("    other programs took {taken:.0} % of a core: measured again"));
        tries += 1;
    }
}

fn are_quiet() -> Result<bool> {
    let (watch, before) = (Stopwatch::start(), ticks()?);
    rest(Duration::from_millis(500));
    Ok(percent(ticks()?.saturating_sub(before), watch.passed()) <= BEARABLE)
}

/// The kernel counts 100 ticks a second (`USER_HZ`), so a tick is a percent of one.
fn percent(ticks: u64, time: Duration) -> f64 {
    ticks as f64 / time.as_secs_f64()
}

/// Time on any core of all programs but this one, what it started, and the kernel's threads.
/// Programs that have ended are in the time of those that waited for them.
fn ticks() -> Result<u64> {
    let folders = fs::read_dir("/proc").context("cannot list /proc")?;
    let stats = folders.flatten().filter_map(|folder| {
        let process: u32 = folder.file_name().to_str()?.parse().ok()?;
        // Gone meanwhile: counted where it was waited for.
        let text = fs::read_to_string(folder.path().join("stat")).ok()?;
        Some((process, Stat::read(&text)?))
    });
    let all: HashMap<u32, Stat> = stats.collect();
    // Of our group are those, too, whose parents left them alone (NSD's).
    let group = all.get(&process::id()).map(|stat| stat.group);
    let others =
        all.iter().filter(|(process, stat)| Some(stat.group) != group && !is_ours(**process, &all));
    Ok(others.map(|(_, stat)| stat.ticks).sum())
}

struct Stat {
    parent: u32,
    group: u32,
    ticks: u64,
}

impl Stat {
    /// Reads what stands after the name, which may have any characters (proc_pid_stat(5)).
    fn read(text: &str) -> Option<Self> {
        let (_, rest) = text.rsplit_once(") ")?;
        let fields: Vec<&str> = rest.split(' ').collect();
        let (parent, group) = (fields.get(1)?.parse().ok()?, fields.get(2)?.parse().ok()?);
        // Its own time in programs and in the kernel, and both of those it waited for.
        let ticks = fields.get(11..15)?.iter().flat_map(|field| field.parse::<u64>()).sum();
        Some(Self { parent, group, ticks })
    }
}

/// Whether it descends from this program or from the kernel's thread of threads.
fn is_ours(mut process: u32, all: &HashMap<u32, Stat>) -> bool {
    const KERNEL: u32 = 2;
    let this = process::id();
    while process != this && process != KERNEL {
        match all.get(&process) {
            Some(stat) if stat.parent != 0 => process = stat.parent,
            _ => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_of_a_program_is_read_whatever_its_name() {
        let text = "7 (a) b ) S 3 7 7 0 -1 4194560 1 2 3 4 10 20 30 40 20 0 1 0 5";
        let stat = Stat::read(text).unwrap();
        assert_eq!((stat.parent, stat.group, stat.ticks), (3, 7, 100));
    }

    #[test]
    fn this_program_and_what_it_started_are_ours() {
        let this = process::id();
        let stat = |parent| Stat { parent, group: 0, ticks: 0 };
        let all = HashMap::from([(1, stat(0)), (this, stat(1)), (900_001, stat(this))]);
        assert!(is_ours(900_001, &all) && is_ours(this, &all) && !is_ours(1, &all));
    }
}
