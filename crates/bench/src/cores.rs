//! Who runs on which core, and how busy the cores are.

use std::fs;

use anyhow::{Context, Result, bail};
use nix::sched::{CpuSet, sched_setaffinity};
use nix::unistd::Pid;

/// The core of whoever is measured.
pub(crate) const SERVER: usize = 0;

/// The core of the load.
pub(crate) const LOAD: usize = 1;

/// Pins this process, and what it starts without another wish, to the core of the load.
pub(crate) fn pin_to_load_core() -> Result<()> {
    let mut cores = CpuSet::new();
    cores.set(LOAD)?;
    sched_setaffinity(Pid::from_raw(0), &cores)
        .context("cannot pin the load to core 1: this needs two cores")
}

/// What the cores did until now.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cores {
    server: Ticks,
    load: Ticks,
}

/// Since the machine was started.
#[derive(Clone, Copy, Debug)]
struct Ticks {
    busy: u64,
    all: u64,
}

/// Which part of a time both cores were busy, in percent.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Busy {
    pub(crate) server: u64,
    pub(crate) load: u64,
}

impl Cores {
    pub(crate) fn now() -> Result<Self> {
        let stat = fs::read_to_string("/proc/stat").context("cannot read /proc/stat")?;
        Ok(Self { server: ticks(&stat, SERVER)?, load: ticks(&stat, LOAD)? })
    }

    /// How busy they were from then until now.
    pub(crate) fn busy_since(earlier: Self) -> Result<Busy> {
        let now = Self::now()?;
        let percent =
            |now: Ticks, then: Ticks| 100 * (now.busy - then.busy) / (now.all - then.all).max(1);
        Ok(Busy {
            server: percent(now.server, earlier.server),
            load: percent(now.load, earlier.load),
        })
    }
}

fn ticks(stat: &str, core: usize) -> Result<Ticks> {
    let name = format!("cpu{core} ");
    let Some(line) = stat.lines().find_map(|line| line.strip_prefix(&name)) else {
        bail!("/proc/stat has no core {core}");
    };
    // user nice system idle iowait irq softirq steal; what guests use is in user already.
    let columns: Vec<u64> = line.split_whitespace().take(8).flat_map(str::parse).collect();
    let all = columns.iter().sum();
    let idle: u64 = columns.iter().skip(3).take(2).sum();
    Ok(Ticks { busy: all - idle, all })
}
