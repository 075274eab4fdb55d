//! The frame around every command: read what was asked, load what holds, say what failed.

use std::collections::BTreeMap;
use std::env;
use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{CommandFactory, Parser};

use crate::cli::{Cli, Command, ConfigCommand};
use crate::commands::{self, Scene};
use crate::config::{self, Sources};
use crate::paths::Paths;
use crate::{generate, logging};

/// Runs the program. What it returns is what the shell sees.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(&cli) {
        Ok(code) => code,
        Err(error) if reader_is_gone(&error) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error);
            cli.command.failure_code(&error)
        }
    }
}

fn run(cli: &Cli) -> Result<ExitCode> {
    let environment: BTreeMap<String, String> = env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    let paths = Paths::new(&environment);
    let named = cli.config.clone().or_else(|| environment.get("SINKGATE_CONFIG").map(Into::into));
    let file = paths.configuration(named);
    let databases = cli.command.other_databases();
    let sources = Sources { flags: cli.flag_values(), databases, environment, file };
    match &cli.command {
        Command::Persona(asked) => commands::persona::run(asked, &scene(&sources, paths)?),
        Command::Ca(asked) => commands::ca::run(asked, &scene(&sources, paths)?),
        Command::Completions(shell) => completions(shell.shell),
        Command::Config(command) => show_config(command, &sources),
        Command::Generate(place) => generate::write(&place.folder).map(|()| ExitCode::SUCCESS),
        Command::InitDb(asked) => commands::init_db::run(asked, &scene(&sources, paths)?),
        Command::Lab(asked) => commands::lab::run(asked, &scene(&sources, paths)?),
        Command::Run(asked) => commands::run::run(asked, &scene(&sources, paths)?),
        Command::Show(asked) => commands::show::run(asked, &paths),
        Command::Watch(asked) => commands::watch::run(asked, &paths),
    }
}

fn scene(sources: &Sources, paths: Paths) -> Result<Scene> {
    let config = sources.load()?.config;
    logging::start(&config.log);
    Ok(Scene { config, paths })
}

fn completions(shell: clap_complete::Shell) -> Result<ExitCode> {
    print(&generate::completions(shell))
}

fn show_config(command: &ConfigCommand, sources: &Sources) -> Result<ExitCode> {
    match command {
        ConfigCommand::Explain { key } => print(&config::explain(key.as_deref())?),
        ConfigCommand::Path => match &sources.file {
            Some(file) => print(&format!("{}\n", file.display())),
            None => print("no configuration file; the defaults hold\n"),
        },
        ConfigCommand::Show => print(&config::show(&sources.load()?)),
        ConfigCommand::TestResponse(asked) => {
            commands::test_response::run(asked, &sources.load()?.config)
        }
    }
}

/// Writes to standard output; the exit code is then that of success.
pub(crate) fn print(text: &str) -> Result<ExitCode> {
    io::stdout().write_all(text.as_bytes()).context("cannot write to standard output")?;
    Ok(ExitCode::SUCCESS)
}

/// Whether we failed only because nobody reads us any more, as in `sinkgate show | head`.
fn reader_is_gone(error: &anyhow::Error) -> bool {
    let root = error.root_cause().downcast_ref::<io::Error>();
    root.is_some_and(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}

/// Prints the chain, once.
fn complain(error: &anyhow::Error) {
    let mut text = format!("error: {error}\n");
    for cause in error.chain().skip(1) {
        text += &format!("  because: {}\n", cause.to_string().trim_end().replace('\n', "\n    "));
    }
    // If standard error is gone there is nobody left to tell.
    let _ = io::stderr().write_all(text.as_bytes());
}

/// The command line, for whoever writes pages about it.
pub(crate) fn command_line() -> clap::Command {
    Cli::command()
}
