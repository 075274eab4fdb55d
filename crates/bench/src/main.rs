//! Load and the sinks we compare with, for `cargo xtask bench` only.
//!
//! ```text
//!   core 1: the load, in the victim's namespace          core 0: the server, in the gateway's
//!   ───────────────────────────────────────────          ────────────────────────────────────
//!   loads/*   ours, dnsperf, wrk              ── veth ──▶ servers/*   sinkgate, and the others
//! ```
//!
//! A row is one comparison. It measures sinkgate and the other in turns, A B A B, each time
//! started afresh, and says the median of the ratios. What sinkgate should have recorded is looked
//! up in its database afterwards; if anything is missing the row is void.

mod clock;
mod cores;
mod database;
mod interrupts;
mod loads;
mod others;
mod process;
mod ready;
mod report;
mod rounds;
mod rows;
mod servers;
mod stage;

use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::{Parser, Subcommand};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::unistd::geteuid;

use crate::report::say;
use crate::rows::ROWS;
use crate::stage::Plan;

/// Measures sinkgate against other programs on this machine.
///
/// Needs root: it makes network namespaces and sets rules in them. Nothing outside of them is
/// changed and nothing leaves the machine.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask bench", args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    part: Option<Part>,

    /// Which rows; none means all
    #[arg(value_name = "ROW", value_parser = rows::names())]
    rows: Vec<String>,

    /// How long each load goes on
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=600))]
    seconds: u64,

    /// How often each of a pair is measured
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=99))]
    rounds: u32,
}

/// What this program does when it is started by itself.
#[derive(Clone, Copy, Debug, Subcommand)]
enum Part {
    /// The sink that accepts, reads, closes and stores nothing
    #[command(hide = true)]
    BareSink,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = match arguments.part {
        Some(Part::BareSink) => servers::bare_sink::serve(),
        None => measure(&arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(format_args!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn measure(arguments: &Arguments) -> Result<()> {
    if !geteuid().is_root() {
        bail!("this needs root, to make network namespaces and to set rules in them");
    }
    interrupts::listen()?;
    raise_limit_on_files()?;
    cores::pin_to_load_core()?;
    let plan = Plan::new(arguments.seconds, arguments.rounds)?;
    let wanted =
        |name: &str| arguments.rows.is_empty() || arguments.rows.iter().any(|row| row == name);
    report::print_head(&plan)?;
    for row in ROWS.iter().filter(|row| wanted(row.name)) {
        let outcome = row.outcome(&plan);
        interrupts::check()?;
        report::print_row(row, &outcome)?;
    }
    Ok(())
}

/// One row holds 50,000 connections, on both sides. Even root may be refused more than it has;
/// then that row holds fewer.
fn raise_limit_on_files() -> Result<()> {
    const FILES: u64 = 200_000;
    if setrlimit(Resource::RLIMIT_NOFILE, FILES, FILES).is_err() {
        let (_, most) = getrlimit(Resource::RLIMIT_NOFILE)?;
        setrlimit(Resource::RLIMIT_NOFILE, most, most)
            .context("cannot raise the limit on files")?;
    }
    Ok(())
}
