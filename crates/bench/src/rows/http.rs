//! HTTP requests over connections that are kept: against a web server.

use anyhow::{Context, Result, ensure};

use super::Measured;
use crate::clock::Stopwatch;
use crate::cores::Cores;
use crate::loads::wrk::{self, CONNECTIONS};
use crate::process::{find, output};
use crate::rounds::{Figure, in_turns};
use crate::servers::nginx;
use crate::servers::sinkgate::Sinkgate;
use crate::stage::{GATEWAY, Plan, Stage};

pub(super) fn measure(plan: &Plan) -> Result<Measured> {
    let size = size_of_answer(plan)?;
    in_turns(plan, || of_sinkgate(plan), || of_nginx(plan, size)).map(Measured::Compared)
}

/// How large the page is that sinkgate answers with.
fn size_of_answer(plan: &Plan) -> Result<usize> {
    let stage = Stage::new()?;
    let sinkgate = Sinkgate::start(plan, &stage, &[])?;
    let address = format!("http://{GATEWAY}/");
    let question = ["-s", "-o", "/dev/null", "-w", "%{size_download}", &address];
    let size = output(&stage.network.victim, &find("curl", "curl")?, &question)?;
    sinkgate.stop()?;
    size.parse().with_context(|| format!("curl said that the page has {size} bytes"))
}

/// The time ends when the last request is committed.
fn of_sinkgate(plan: &Plan) -> Result<Figure> {
    let stage = Stage::new()?;
    let sinkgate = Sinkgate::start(plan, &stage, &[])?;
    let before = sinkgate.database.flows()?;
    let cores = Cores::now()?;
    let done = wrk::run(plan, &stage)?;
    let watch = Stopwatch::start();
    sinkgate.database.wait_for_ends(before + CONNECTIONS)?;
    let took = done.took + watch.passed();
    let busy = Cores::busy_since(cores)?;
    let recorded = sinkgate.stop()?.requests()?;
    ensure!(recorded >= done.requests, "{recorded} of {} requests recorded", done.requests);
    Ok(Figure { value: done.requests as f64 / took.as_secs_f64(), busy })
}

fn of_nginx(plan: &Plan, size: usize) -> Result<Figure> {
    let stage = Stage::new()?;
    let server = nginx::start(&stage, size)?;
    let cores = Cores::now()?;
    let done = wrk::run(plan, &stage)?;
    let busy = Cores::busy_since(cores)?;
    server.stop()?;
    Ok(Figure { value: done.requests as f64 / done.took.as_secs_f64(), busy })
}
