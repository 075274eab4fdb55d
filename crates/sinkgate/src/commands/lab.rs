//! `sinkgate lab`: one program behind a sinkhole of its own.

mod trust;

use std::env;
use std::ffi::OsString;
use std::io::{self, Write};
use std::net::{Ipv4Addr, Ipv6Addr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use engine::{Clock, Doors, Entrance, everywhere};
use kernel::lab::{Addresses, Lab, LabSettings, Outcome};
use kernel::rules::{Form, RuleSettings};
use kernel::sockets::How;
use kernel::{privileges, routes, rules};
use model::RunId;
use readers::summary;
use store::Reader;

use super::{Scene, look};
use crate::cli;
use crate::config::PASSWORD_VARIABLE;
use crate::courier::Followers;
use crate::installation::Installation;
use crate::service::{self, Service};

use trust::Trust;

/// Runs the program to its end, and says what it did.
pub(crate) fn run(asked: &cli::Lab, scene: &Scene) -> Result<ExitCode> {
    let command = Command::of(asked);
    let database = database(scene)?;
    // First of all: both have to be done while this process has one thread. Followers stay in the
    // network we are in now.
    let followers = Followers::start(&scene.config, &database, None)?;
    let state = &scene.paths.state;
    // Only the certificate is held from here on: a copy of this process will be inside.
    let authority = Installation::load(state, &scene.config.persona)?.authority;
    let trust = Trust::in_authority(&authority, Clock::Real.now())?;
    drop(authority);
    let mut lab = Lab::prepare(&command.lab_settings(trust))?;
    for warning in lab.warnings() {
        tracing::warn!("{warning}");
    }
    let service = Service::prepare(&scene.config, &database, state, command.line())?;
    let run = service.run();
    let doors = open_doors(&lab, scene)?;
    let gateway = service.start(doors)?;
    let followers = followers.begin(gateway.ledger())?;
    lab.start()?;
    let outcome = lab.wait();
    let settled = gateway.settle();
    followers.finish();
    settled.finish();
    // Not earlier: the network goes with it, and what was still on its way.
    drop(lab);
    sum_up(asked, &database, run)?;
    command.code(&outcome)
}

/// The program and its arguments.
struct Command {
    program: OsString,
    arguments: Vec<OsString>,
}

impl Command {
    fn of(asked: &cli::Lab) -> Self {
        let mut words = asked.command.iter().cloned();
        Self { program: words.next().unwrap_or_else(shell), arguments: words.collect() }
    }

    /// As one line, for the record.
    fn line(&self) -> String {
        let words = [&self.program].into_iter().chain(&self.arguments);
        words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
    }

    fn lab_settings(&self, trust: Trust) -> LabSettings {
        LabSettings {
            program: self.program.clone(),
            arguments: self.arguments.clone(),
            environment: trust.environment,
            withheld: vec![PASSWORD_VARIABLE.into()],
            addresses: ADDRESSES,
            resolv_conf: format!("nameserver {}\n", ADDRESSES.gateway_four),
            replaced: trust.replaced,
            fuller: trust.fuller,
        }
    }

    /// What a shell would say of the same outcome.
    fn code(&self, outcome: &Outcome) -> Result<ExitCode> {
        match outcome {
            Outcome::Exited(code) => Ok(ExitCode::from(low_byte(*code))),
            Outcome::Failed(complaint) => bail!("the lab failed: {complaint}"),
            Outcome::Killed(signal) => Ok(ExitCode::from(low_byte(128 + signal))),
            Outcome::NotStarted(errno) => {
                let cause = io::Error::from_raw_os_error(*errno);
                let code = if cause.kind() == io::ErrorKind::NotFound { 127 } else { 126 };
                tracing::error!("cannot run {}: {cause}", self.program.display());
                Ok(ExitCode::from(code))
            }
            Outcome::Stopped => bail!("the lab was stopped"),
        }
    }
}

fn shell() -> OsString {
    env::var_os("SHELL").filter(|shell| !shell.is_empty()).unwrap_or_else(|| "/bin/sh".into())
}

/// Exit codes are one byte.
fn low_byte(code: i32) -> u8 {
    code.to_le_bytes()[0]
}

fn database(scene: &Scene) -> Result<PathBuf> {
    let set = scene.config.storage.database.clone();
    let chosen = set.unwrap_or_else(|| scene.paths.new_lab_database(Clock::Real.now()));
    service::absolute(&chosen)
}

/// Opens the sockets and lays the rules.
fn open_doors(lab: &Lab, scene: &Scene) -> Result<Doors> {
    let gateway = &scene.config.gateway;
    let interfaces = vec![lab.interface().clone()];
    privileges::raise_open_files().context("cannot raise the limit on open files")?;
    let doors = Doors::open(&Entrance {
        addresses: everywhere(gateway.port),
        how: How::Transparent,
        tapped: interfaces.clone(),
        workers: service::workers(gateway),
        calls: scene.config.limits.calls,
    })?;
    routes::add(&interfaces)?;
    rules::apply(&RuleSettings { interfaces, port: gateway.port, mark: gateway.mark }, Form::Open)?;
    Ok(doors)
}

fn sum_up(asked: &cli::Lab, database: &Path, run: RunId) -> Result<()> {
    if asked.quiet {
        return Ok(());
    }
    let summary = Reader::open(database)?.summary(run)?;
    let Some(summary) = summary else { bail!("the run is missing in {}", database.display()) };
    let mut out = io::stderr().lock();
    let written = match asked.json {
        true => summary::write_json(&summary, &mut out),
        // Apart from what the program wrote last.
        false => writeln!(out).and_then(|()| summary::write(&summary, look::style(&out), &mut out)),
    };
    written.context("cannot write the summary")
}

/// A home network, as most machines in the world see one.
const ADDRESSES: Addresses = Addresses {
    gateway_four: Ipv4Addr::new(192, 168, 1, 1),
    victim_four: Ipv4Addr::new(192, 168, 1, 104),
    prefix_four: 24,
    gateway_six: Ipv6Addr::new(0x2a02, 0x0908, 0x1391, 0xa440, 0, 0, 0, 1),
    victim_six: Ipv6Addr::new(0x2a02, 0x0908, 0x1391, 0xa440, 0, 0, 0, 0x104),
    prefix_six: 64,
};
