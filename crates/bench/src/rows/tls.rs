//! TLS handshakes: against a web server with one certificate.

use std::time::Duration;

use anyhow::{Result, ensure};

use super::Measured;
use crate::clock::Stopwatch;
use crate::cores::Cores;
use crate::database::Database;
use crate::loads::tls::{self, Done, Names};
use crate::rounds::{Figure, in_turns};
use crate::servers::nginx;
use crate::servers::sinkgate::Sinkgate;
use crate::stage::{Plan, Stage};

pub(super) fn for_a_name_seen_before(plan: &Plan) -> Result<Measured> {
    compared(plan, Names::One)
}

pub(super) fn for_names_never_seen(plan: &Plan) -> Result<Measured> {
    compared(plan, Names::New)
}

fn compared(plan: &Plan, names: Names) -> Result<Measured> {
    in_turns(plan, || of_sinkgate(plan, names), || of_nginx(plan, names)).map(Measured::Compared)
}

/// The time ends when the last handshake is committed.
fn of_sinkgate(plan: &Plan, names: Names) -> Result<Figure> {
    let stage = Stage::with_own_cores()?;
    let sinkgate = Sinkgate::start(plan, &stage, &[])?;
    let first = match names {
        Names::One => see(&stage, &sinkgate.database)?,
        Names::New => 0,
    };
    let before = sinkgate.database.flows()?;
    let cores = Cores::now()?;
    let done = stage.as_victim(|| tls::run(plan.time, names))?;
    let watch = Stopwatch::start();
    sinkgate.database.wait_for_ends(before + done.handshakes)?;
    let took = done.took + watch.passed();
    let busy = Cores::busy_since(cores)?;
    check(&sinkgate.stop()?, first + done.handshakes, names)?;
    Ok(Figure { value: done.handshakes as f64 / took.as_secs_f64(), busy })
}

/// Has sinkgate see the name; how many handshakes that took.
fn see(stage: &Stage, database: &Database) -> Result<u64> {
    let before = database.flows()?;
    let Done { handshakes, .. } = stage.as_victim(|| tls::run(Duration::ZERO, Names::One))?;
    database.wait_for_ends(before + handshakes)?;
    Ok(handshakes)
}

/// Every handshake has to be recorded, with the name that it was for.
fn check(database: &Database, handshakes: u64, names: Names) -> Result<()> {
    let recorded = database.handshakes()?;
    ensure!(recorded == handshakes, "{recorded} of {handshakes} handshakes recorded");
    let expected = match names {
        Names::One => 1,
        Names::New => handshakes,
    };
    let certified = database.certified_names()?;
    ensure!(certified == expected, "certificates for {certified} of {expected} names");
    Ok(())
}

fn of_nginx(plan: &Plan, names: Names) -> Result<Figure> {
    let stage = Stage::with_own_cores()?;
    let server = nginx::start_tls(&stage)?;
    let cores = Cores::now()?;
    let done = stage.as_victim(|| tls::run(plan.time, names))?;
    let busy = Cores::busy_since(cores)?;
    server.stop()?;
    Ok(Figure { value: done.handshakes as f64 / done.took.as_secs_f64(), busy })
}
