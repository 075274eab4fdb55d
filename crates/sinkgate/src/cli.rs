//! The command line, as typed. Every word of `--help` is here.

mod ca;
mod filter;
mod init_db;
mod lab;
mod pattern;
mod persona;
mod run;
mod show;
mod since;
mod test_response;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::config::{self, FlagValue};

pub(crate) use ca::{CaCommand, CaForm};
pub(crate) use filter::Filter;
pub(crate) use init_db::InitDb;
pub(crate) use lab::Lab;
pub(crate) use pattern::Pattern;
pub(crate) use persona::PersonaCommand;
pub(crate) use run::Run;
pub(crate) use show::{Form, Show, Watch, What};
pub(crate) use since::Since;
pub(crate) use test_response::{Scheme, Target, TestResponse};

/// The whole internet, as far as the machine behind it can tell.
///
/// sinkgate takes every packet a program or machine sends, answers as whoever was asked for,
/// forwards nothing, and writes every connection, DNS question and byte to a database.
#[derive(Debug, Parser)]
#[command(name = "sinkgate", version, after_help = EXAMPLES, max_term_width = 100)]
pub(crate) struct Cli {
    /// Configuration file [default: ~/.config/sinkgate/sinkgate.toml, /etc/sinkgate/sinkgate.toml]
    #[arg(long, global = true, value_name = "FILE", help_heading = GLOBAL)]
    pub(crate) config: Option<PathBuf>,

    /// Set one setting for this time; `sinkgate config explain` lists them
    #[arg(long, global = true, value_name = "KEY=VALUE", help_heading = GLOBAL, value_parser = key_and_value)]
    pub(crate) set: Vec<(String, String)>,

    /// Least important line of our own log: error, warn, info, debug, trace
    #[arg(long, global = true, value_name = "LEVEL", help_heading = GLOBAL)]
    pub(crate) log_level: Option<String>,

    /// How a log line is written: kv, json
    #[arg(long, global = true, value_name = "FORMAT", help_heading = GLOBAL)]
    pub(crate) log_format: Option<String>,

    /// What to do
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What sinkgate can be asked to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Lab(Lab),
    Run(Run),
    Show(Show),
    Watch(Watch),
    InitDb(InitDb),
    #[command(subcommand)]
    Ca(CaCommand),
    #[command(subcommand)]
    Persona(PersonaCommand),
    #[command(subcommand)]
    Config(ConfigCommand),
    Completions(Completions),
    #[command(hide = true)]
    Generate(Generate),
}

/// Explain settings, and show which hold.
#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Explain one setting, or list them all
    #[command(
        after_help = "Examples:\n  sinkgate config explain\n  sinkgate config explain dns.mode"
    )]
    Explain {
        /// The setting, such as dns.mode
        key: Option<String>,
    },
    /// Print the configuration that holds, each value with where it was written
    Show,
    /// Print which configuration file is used
    Path,
    TestResponse(TestResponse),
}

/// Print a completion script for your shell.
#[derive(Debug, Args)]
#[command(after_help = COMPLETION_EXAMPLES)]
pub(crate) struct Completions {
    /// Which shell
    pub(crate) shell: clap_complete::Shell,
}

/// Write the generated pages, man pages and completions into a folder.
#[derive(Debug, Args)]
pub(crate) struct Generate {
    /// The folder: the root of the project, or a copy of its layout
    pub(crate) folder: PathBuf,
}

impl Cli {
    /// What flags say about settings.
    #[must_use]
    pub(crate) fn flag_values(&self) -> Vec<FlagValue> {
        let given = |flag: &str, key: &str, value: &str| FlagValue {
            key: key.to_owned(),
            value: value.to_owned(),
            flag: flag.to_owned(),
        };
        let set = self.set.iter().map(|(key, value)| given("--set", key, value));
        let level = self.log_level.iter().map(|level| given("--log-level", "log.level", level));
        let format = self.log_format.iter().map(|name| given("--log-format", "log.format", name));
        let database = self
            .command
            .new_database()
            .map(|path| given("--db", "storage.database", &path.to_string_lossy()));
        let responses = self
            .command
            .responses()
            .map(|path| given("--responses", "responses.file", &path.to_string_lossy()));
        set.chain(level).chain(format).chain(database).chain(responses).collect()
    }
}

impl Command {
    /// The database that a command which records was told to use.
    fn new_database(&self) -> Option<&PathBuf> {
        match self {
            Self::Lab(lab) => lab.db.as_ref(),
            Self::Run(run) => run.db.as_ref(),
            Self::Ca(_)
            | Self::Completions(_)
            | Self::Config(_)
            | Self::Generate(_)
            | Self::InitDb(_)
            | Self::Persona(_)
            | Self::Show(_)
            | Self::Watch(_) => None,
        }
    }

    /// The rules that a command which answers was told to follow.
    fn responses(&self) -> Option<&PathBuf> {
        match self {
            Self::Lab(lab) => lab.responses.as_ref(),
            Self::Run(run) => run.responses.as_ref(),
            _ => None,
        }
    }

    /// Databases elsewhere that were named.
    pub(crate) fn other_databases(&self) -> Vec<String> {
        match self {
            Self::InitDb(asked) => asked.others().cloned().collect(),
            Self::Lab(lab) => lab.database.clone(),
            Self::Run(run) => run.database.clone(),
            Self::Ca(_)
            | Self::Completions(_)
            | Self::Config(_)
            | Self::Generate(_)
            | Self::Persona(_)
            | Self::Show(_)
            | Self::Watch(_) => Vec::new(),
        }
    }

    /// What the shell sees when we fail. `lab` keeps away from what the program inside may return,
    /// as `env` and `timeout` do.
    pub(crate) fn failure_code(&self, error: &anyhow::Error) -> ExitCode {
        match self {
            Self::Lab(_) => ExitCode::from(lab::OUR_FAILURE),
            _ if error.is::<config::Error>() => ExitCode::from(USAGE),
            _ => ExitCode::FAILURE,
        }
    }
}

/// What the parser of the command line exits with too: the request itself is wrong.
const USAGE: u8 = 2;

fn key_and_value(text: &str) -> Result<(String, String), &'static str> {
    let (key, value) = text.split_once('=').ok_or("expected KEY=VALUE, such as dns.ttl=60")?;
    Ok((key.trim().to_owned(), value.trim().to_owned()))
}

/// Where flags that every command takes are listed.
const GLOBAL: &str = "Global options";

const EXAMPLES: &str = "\
Examples:
  sinkgate lab -- curl http://example.com/    run one program behind the sinkhole
  sinkgate show flows                         whom it called
  sinkgate show data --text                   what it said
  sudo sinkgate run -i virbr1                 be the gateway of a virtual network";

const COMPLETION_EXAMPLES: &str = "\
Examples:
  sinkgate completions bash > ~/.local/share/bash-completion/completions/sinkgate
  sinkgate completions zsh > ~/.zfunc/_sinkgate
  sinkgate completions fish > ~/.config/fish/completions/sinkgate.fish";

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn flags_become_settings() {
        let cli = Cli::try_parse_from([
            "sinkgate",
            "lab",
            "--set",
            "dns.ttl=60",
            "--db",
            "x.db",
            "--log-level",
            "debug",
            "--",
            "ls",
        ])
        .unwrap();
        let values: Vec<_> = cli
            .flag_values()
            .iter()
            .map(|given| format!("{}={}", given.key, given.value))
            .collect();
        assert_eq!(values, ["dns.ttl=60", "log.level=debug", "storage.database=x.db"]);
    }

    #[test]
    fn every_flag_of_a_setting_exists() {
        let mut long = Vec::new();
        collect_flags(&Cli::command(), &mut long);
        for setting in config::settings() {
            let flag = setting.flag.map(|flag| flag.trim_start_matches('-').to_owned());
            assert!(flag.is_none_or(|flag| long.contains(&flag)), "{}", setting.key);
        }
    }

    #[test]
    fn every_command_and_flag_has_a_help_text() {
        fn check(command: &clap::Command) {
            assert!(command.get_about().is_some(), "{}", command.get_name());
            for argument in command.get_arguments() {
                assert!(argument.get_help().is_some(), "{argument}");
            }
            command.get_subcommands().for_each(check);
        }
        check(&Cli::command());
    }

    fn collect_flags(command: &clap::Command, long: &mut Vec<String>) {
        long.extend(command.get_arguments().filter_map(|flag| flag.get_long().map(str::to_owned)));
        command.get_subcommands().for_each(|command| collect_flags(command, long));
    }
}
