//! Short connections: against a sink that stores nothing, and against the recipe.

use anyhow::Result;

use super::Measured;
use crate::cores::Cores;
use crate::loads::short::{self, Done};
use crate::rounds::{Figure, in_turns};
use crate::servers::bare_sink;
use crate::servers::recipe::Recipe;
use crate::servers::sinkgate::Sinkgate;
use crate::stage::{Plan, Stage};

pub(super) fn against_bare_sink(plan: &Plan) -> Result<Measured> {
    in_turns(plan, || of_sinkgate(plan), || of_bare_sink(plan)).map(Measured::Compared)
}

pub(super) fn against_recipe(plan: &Plan) -> Result<Measured> {
    in_turns(plan, || of_sinkgate(plan), || of_recipe(plan)).map(Measured::Compared)
}

/// The time ends when the last connection is committed, and each is looked up afterwards.
fn of_sinkgate(plan: &Plan) -> Result<Figure> {
    let stage = Stage::with_own_cores()?;
    let sinkgate = Sinkgate::start(plan, &stage, &[])?;
    let before = sinkgate.database.flows()?;
    let mut connections = 0;
    let figure = measured(|| {
        let done = stage.as_victim(|| short::run(plan.time))?;
        let watch = crate::clock::Stopwatch::start();
        sinkgate.database.wait_for_ends(before + done.connections)?;
        connections = done.connections;
        Ok(Done { took: done.took + watch.passed(), ..done })
    })?;
    sinkgate.stop()?.check_short_connections(connections)?;
    Ok(figure)
}

fn of_bare_sink(plan: &Plan) -> Result<Figure> {
    let stage = Stage::with_own_cores()?;
    let sink = bare_sink::start(plan, &stage)?;
    let figure = measured(|| stage.as_victim(|| short::run(plan.time)))?;
    sink.stop()?;
    Ok(figure)
}

fn of_recipe(plan: &Plan) -> Result<Figure> {
    let stage = Stage::with_own_cores()?;
    let recipe = Recipe::start(&stage)?;
    let mut connections = 0;
    let figure = measured(|| {
        let done = stage.as_victim(|| short::run(plan.time))?;
        connections = done.connections;
        Ok(done)
    })?;
    recipe.stop(&stage, connections)?;
    Ok(figure)
}

fn measured(load: impl FnOnce() -> Result<Done>) -> Result<Figure> {
    let cores = Cores::now()?;
    let done = load()?;
    let busy = Cores::busy_since(cores)?;
    Ok(Figure { value: done.connections as f64 / done.took.as_secs_f64(), busy })
}
