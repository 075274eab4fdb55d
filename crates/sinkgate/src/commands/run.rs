//! `sinkgate run`: the gateway of a real or virtual network.
//!
//! ```text
//!   keeper (root): rules, routes ──▶ waits ──▶ clears up, or leaves the victims' side closed
//!      └── server (nobody): sockets, database ──▶ serves ──▶ drains and commits
//! ```
//!
//! The keeper never sees a byte of a victim; the server, once it serves, can change no rule.

mod checks;
mod keeping;
mod serving;

use std::process::ExitCode;

use anyhow::{Context, Result};
use kernel::interface::Interface;
use kernel::rules::{Form, RuleSettings};
use kernel::{routes, rules};

use super::Scene;
use crate::cli;
use crate::program::print;

/// Serves until it is told to stop.
pub(crate) fn run(asked: &cli::Run, scene: &Scene) -> Result<ExitCode> {
    if asked.down {
        return down();
    }
    if asked.no_rules {
        return serving::without_rules(asked, scene);
    }
    let settings = rule_settings(asked, scene)?;
    if asked.print_rules {
        return print(&written(&settings));
    }
    let _claim = checks::run(&settings, &scene.config.syslog.listen)?;
    keeping::run(&settings, asked, scene)
}

/// Removes whatever an earlier start left in place.
fn down() -> Result<ExitCode> {
    let were_there = rules::are_present()? || routes::are_present()?;
    rules::remove()?;
    routes::remove()?;
    print(match were_there {
        true => "The rules and routes are removed; nothing keeps the victims' side closed now.\n",
        false => "There was nothing to remove.\n",
    })
}

fn rule_settings(asked: &cli::Run, scene: &Scene) -> Result<RuleSettings> {
    let names = asked.interfaces.iter().map(|name| Interface::new(name));
    let interfaces = names.collect::<Result<Vec<_>, _>>().context("cannot use an interface")?;
    // Several addresses may be listened on; the packets go to the first one's port.
    let port = asked.listen.first().map_or(scene.config.gateway.port, |address| address.port());
    Ok(RuleSettings { interfaces, port, mark: scene.config.gateway.mark })
}

/// What would be set, in the words of the programs that set it.
fn written(settings: &RuleSettings) -> String {
    format!(
        "# nft -f -\n{}\n{}",
        rules::text(settings, Form::Open),
        routes::text(&settings.interfaces)
    )
}
