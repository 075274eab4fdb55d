//! What an idle connection costs in memory.

use std::fs;

use anyhow::{Context, Result};

use super::Measured;
use crate::loads::idle;
use crate::report::say;
use crate::servers::sinkgate::Sinkgate;
use crate::stage::{Plan, Stage};

/// How many connections are held.
const HELD: u64 = 50_000;

pub(super) fn measure(plan: &Plan) -> Result<Measured> {
    (0..plan.rounds).map(|_| one_round(plan)).collect::<Result<_>>().map(Measured::Alone)
}

/// KiB per connection: what the process has when all of them are recorded and silent, less what
/// it had before. That is heap, stacks and SQLite's cache, and not the kernel's own buffers.
fn one_round(plan: &Plan) -> Result<f64> {
    let stage = Stage::new()?;
    let sinkgate = Sinkgate::start(plan, &stage, &[])?;
    let process = sinkgate.running.id();
    let flows = sinkgate.database.flows()?;
    let before = kib_of(process)?;
    let connections = stage.as_victim(|| idle::hold(HELD))?;
    sinkgate.database.wait_for_flows(flows + HELD)?;
    sinkgate.database.wait_for_payloads(flows + HELD)?;
    let with_all = kib_of(process)?;
    drop(connections);
    sinkgate.database.wait_for_ends(flows + HELD)?;
    sinkgate.stop()?.check_short_connections(HELD)?;
    let each = with_all.saturating_sub(before) as f64 / HELD as f64;
    say(format_args!("  {before} KiB before, {with_all} KiB with {HELD}: {each:.2} KiB each"));
    Ok(each)
}

/// Memory of a process: its share of every page, as the kernel counts.
fn kib_of(process: u32) -> Result<u64> {
    let path = format!("/proc/{process}/smaps_rollup");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {path}"))?;
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.with_context(|| format!("{path} has no Pss"))?.parse().context("Pss is no number")
}
