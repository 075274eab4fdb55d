//! The project's own chores: ci, tidy, generate, bench, new-protocol.

mod ci;
mod generate;
mod licences;
mod new_protocol;
mod program;
mod screen;
mod tidy;
mod tree;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::program::Program;
use crate::workspace::root;

/// The project's own chores.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Everything that has to be right before a change is merged
    Ci {
        /// Only these steps: format, tidy, licences, clippy, tests, pages, end-to-end, doc-tests,
        /// documentation, scaffold, fuzz
        steps: Vec<String>,
    },
    /// Check what no compiler checks: sizes, names, arrows between crates, links
    Tidy,
    /// Write the pages, man pages and completions that come from the program's tables
    Generate {
        /// Write nothing; fail if a page is not what it should be
        #[arg(long)]
        check: bool,
    },
    /// Measure; arguments are passed on
    Bench {
        /// Which rows, and how long
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Add a protocol: copies a small one that works
    NewProtocol {
        /// Lower case, such as finger
        name: String,
    },
}

fn main() -> ExitCode {
    match run(Arguments::parse().chore) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            screen::line(format_args!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(chore: Chore) -> Result<()> {
    match chore {
        Chore::Bench { arguments } => bench(&arguments),
        Chore::Ci { steps } => ci::run(&steps),
        Chore::Generate { check: true } => generate::check(&root()),
        Chore::Generate { check: false } => generate::write(&root()),
        Chore::NewProtocol { name } => new_protocol::add(&root(), &name),
        Chore::Tidy => tidy::run(&root()),
    }
}

fn bench(arguments: &[String]) -> Result<()> {
    Program::cargo(&["build", "--release", "--locked", "-p", "sinkgate", "-p", "bench"]).run()?;
    let bench = Program::cargo(&["run", "--release", "--locked", "--quiet", "-p", "bench", "--"]);
    bench.and(arguments).run()
}
