//! What an idle connection costs in memory.

use std::fs;

use anyhow::{Context, Result};
use nix::sys::resource::{Resource, getrlimit};

use super::Measured;
use crate::loads::idle;
use crate::others::undisturbed;
use crate::report::say;
use crate::servers::sinkgate::Sinkgate;
use crate::stage::{Plan, Stage};

/// How many connections are held, if the system allows so many files.
const WANTED: u64 = 50_000;

/// Files that both sides need beside the connections.
const OTHER_FILES: u64 = 500;

pub(super) fn measure(plan: &Plan) -> Result<Measured> {
    let (files, _) = getrlimit(Resource::RLIMIT_NOFILE)?;
    let held = WANTED.min(files.saturating_sub(OTHER_FILES));
    let values =
        (0..plan.rounds).map(|_| undisturbed(|| one_round(plan, held))).collect::<Result<_>>()?;
    Ok(Measured::Alone(values, format!("{held} held")))
}

/// KiB per connection: what the process has when all of them are recorded and silent, less what
/// it had before. That is heap, stacks and SQLite's cache, and not the kernel's own buffers.
fn one_round(plan: &Plan, held: u64) -> Result<f64> {
    let stage = Stage::new()?;
    let sinkgate = Sinkgate::start(plan, &stage, &[])?;
    let process = sinkgate.running.id();
    let flows = sinkgate.database.flows()?;
    let before = kib_of(process)?;
    let connections = stage.as_victim(|| idle::hold(held))?;
    sinkgate.database.wait_for_flows(flows + held)?;
    sinkgate.database.wait_for_payloads(flows + held)?;
    let with_all = kib_of(process)?;
    drop(connections);
    sinkgate.database.wait_for_ends(flows + held)?;
    sinkgate.stop()?.check_short_connections(held)?;
    let each = with_all.saturating_sub(before) as f64 / held as f64;
    say(format_args!("  {before} KiB before, {with_all} KiB with {held}: {each:.2} KiB each"));
    Ok(each)
}

/// Memory of sinkgate, which is two processes: their share of every page, as the kernel counts.
fn kib_of(process: u32) -> Result<u64> {
    let started = format!("/proc/{process}/task/{process}/children");
    let started = fs::read_to_string(&started).with_context(|| format!("cannot read {started}"))?;
    let started = started.split_whitespace().map(str::to_owned);
    started.chain([process.to_string()]).map(|process| kib_of_one(&process)).sum()
}

fn kib_of_one(process: &str) -> Result<u64> {
    let path = format!("/proc/{process}/smaps_rollup");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {path}"))?;
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.with_context(|| format!("{path} has no Pss"))?.parse().context("Pss is no number")
}
