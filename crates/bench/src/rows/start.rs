//! How soon after its start sinkgate has recorded a connection.

use anyhow::Result;

use super::Measured;
use crate::clock::Stopwatch;
use crate::database::Database;
use crate::others::undisturbed;
use crate::report::say;
use crate::servers::sinkgate::{Sinkgate, somewhere};
use crate::stage::{Plan, Stage};

pub(super) fn measure(plan: &Plan) -> Result<Measured> {
    // Quick, so more often than the others.
    let values =
        (0..3 * plan.rounds).map(|_| undisturbed(|| one_round(plan))).collect::<Result<_>>()?;
    Ok(Measured::Alone(values, "database and rules made anew".to_owned()))
}

/// Milliseconds from the start of the program, which makes a new database and sets the rules,
/// until a connection that was tried all the while has its row.
fn one_round(plan: &Plan) -> Result<f64> {
    let stage = Stage::new()?;
    let watch = Stopwatch::start();
    let (mut running, path) = Sinkgate::exec(plan, &stage, &[])?;
    running.wait_until("sinkgate accepts", || somewhere(&stage))?;
    let accepted = watch.passed();
    running.wait_until("the connection is recorded", || {
        let database = Database::open_if_there(&path)?;
        database.map_or(Ok(false), |database| Ok(database.flows()? > 0))
    })?;
    let recorded = watch.passed();
    say(format_args!("  accepted after {accepted:.0?}, recorded after {recorded:.0?}"));
    running.stop()?;
    Ok(recorded.as_secs_f64() * 1_000.0)
}
