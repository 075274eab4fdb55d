//! DNS: against a name server that records nothing, and one that writes a log.

use anyhow::{Result, ensure};

use super::Measured;
use crate::clock::Stopwatch;
use crate::cores::Cores;
use crate::loads::dnsperf;
use crate::process::Running;
use crate::report::say;
use crate::rounds::{Figure, in_turns};
use crate::servers::sinkgate::Sinkgate;
use crate::servers::{dnsmasq, nsd};
use crate::stage::{Plan, Stage};

pub(super) fn against_nsd(plan: &Plan) -> Result<Measured> {
    in_turns(plan, || of_sinkgate(plan), || of(nsd::start, plan)).map(Measured::Compared)
}

pub(super) fn against_dnsmasq(plan: &Plan) -> Result<Measured> {
    in_turns(plan, || of_sinkgate(plan), || of(dnsmasq::start, plan)).map(Measured::Compared)
}

/// The time ends when the last question is committed.
fn of_sinkgate(plan: &Plan) -> Result<Figure> {
    let stage = Stage::new()?;
    let sinkgate = Sinkgate::start(plan, &stage, &[])?;
    let before = sinkgate.database.questions()?;
    let cores = Cores::now()?;
    let done = dnsperf::run(plan, &stage)?;
    let watch = Stopwatch::start();
    sinkgate.database.wait_for_questions(before + done.answered)?;
    let took = done.took + watch.passed();
    let busy = Cores::busy_since(cores)?;
    let database = sinkgate.stop()?;
    let (asked, lost) = (database.questions()?, database.counter("datagrams_lost_in_kernel")?);
    ensure!(asked >= before + done.answered, "{asked} of {} questions recorded", done.answered);
    say(format_args!(
        "    {} answered, {asked} recorded, {lost} lost in the kernel",
        done.answered
    ));
    Ok(Figure { value: done.answered as f64 / took.as_secs_f64(), busy })
}

fn of(start: fn(&Stage) -> Result<Running>, plan: &Plan) -> Result<Figure> {
    let stage = Stage::new()?;
    let server = start(&stage)?;
    let cores = Cores::now()?;
    let done = dnsperf::run(plan, &stage)?;
    let busy = Cores::busy_since(cores)?;
    server.stop()?;
    Ok(Figure { value: done.answered as f64 / done.took.as_secs_f64(), busy })
}
