//! A bulk upload: against a sink that stores nothing and a plain write, whichever is slower.

use std::fs::File;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use nix::unistd::sync;

use super::Measured;
use crate::clock::Stopwatch;
use crate::cores::Cores;
use crate::loads::bulk::{self, BYTES, CONNECTIONS};
use crate::report::say;
use crate::rounds::{Figure, in_turns};
use crate::servers::bare_sink;
use crate::servers::sinkgate::Sinkgate;
use crate::stage::{Plan, Stage};

pub(super) fn measure(plan: &Plan) -> Result<Measured> {
    in_turns(plan, || of_sinkgate(plan), || of_the_lower(plan)).map(Measured::Compared)
}

/// The time ends when every byte is committed and the disk has it.
fn of_sinkgate(plan: &Plan) -> Result<Figure> {
    let stage = Stage::new()?;
    let sinkgate = Sinkgate::start(plan, &stage, &[])?;
    let before = sinkgate.database.flows()?;
    let figure = measured(|| {
        let watch = Stopwatch::start();
        stage.as_victim(bulk::run)?;
        let uploaded = watch.passed();
        sinkgate.database.wait_for_ends(before + CONNECTIONS)?;
        let committed = watch.passed();
        let files = [stage.file("bench.db"), stage.file("bench.db-wal")];
        files.iter().try_for_each(|path| flush(path))?;
        let flushed = watch.passed();
        say(format_args!(
            "    uploaded {uploaded:.2?}, committed {committed:.2?}, on disk {flushed:.2?}"
        ));
        Ok(())
    })?;
    sinkgate.stop()?.check_bulk_upload()?;
    Ok(figure)
}

fn of_the_lower(plan: &Plan) -> Result<Figure> {
    let (sink, disk) = (of_bare_sink(plan)?, of_disk()?);
    say(format_args!("    bare sink {:.0} MiB/s, disk {:.0} MiB/s", sink.value, disk.value));
    Ok(if sink.value < disk.value { sink } else { disk })
}

fn of_bare_sink(plan: &Plan) -> Result<Figure> {
    let stage = Stage::new()?;
    let sink = bare_sink::start(plan, &stage)?;
    let figure = measured(|| stage.as_victim(bulk::run))?;
    sink.stop()?;
    Ok(figure)
}

fn of_disk() -> Result<Figure> {
    let stage = Stage::new()?;
    measured(|| bulk::write_to_file(&stage.file("bulk")))
}

fn flush(path: &Path) -> Result<()> {
    let file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
    file.sync_data().with_context(|| format!("cannot flush {}", path.display()))
}

/// In MiB per second. What earlier measurements left to be written is written first.
fn measured(upload: impl FnOnce() -> Result<()>) -> Result<Figure> {
    sync();
    let cores = Cores::now()?;
    let watch = Stopwatch::start();
    upload()?;
    let took = watch.passed();
    ensure!(!took.is_zero(), "the upload took no time");
    let value = BYTES as f64 / f64::from(1 << 20) / took.as_secs_f64();
    Ok(Figure { value, busy: Cores::busy_since(cores)? })
}
