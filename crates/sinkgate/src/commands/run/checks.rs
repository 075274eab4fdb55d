//! What has to hold before a rule is set. Each refusal says what to do about it.

use std::env;

use anyhow::{Context, Result, bail};
use kernel::claim::Claim;
use kernel::host;
use kernel::interface::Interface;
use kernel::rules::{self, RuleSettings, Weight};

/// Refuses what would fail later, cut off whoever started it, or catch nothing. What it gives is
/// held by keeper and server as long as they live.
pub(super) fn run(settings: &RuleSettings) -> Result<Claim> {
    if !host::is_root() {
        bail!(
            "`sinkgate run -i …` sets nftables rules and has to be started as root; it gives root \
             up afterwards. Start it with sudo, or use `--no-rules` with rules of your own"
        );
    }
    settings.interfaces.iter().try_for_each(exists)?;
    let claim = Claim::take()?;
    leaves_our_own_session_alone(settings)?;
    no_other_table_defeats_ours(settings)?;
    host::check_port(settings.port)?;
    Ok(claim)
}

fn exists(interface: &Interface) -> Result<()> {
    if !host::interface_exists(interface).context("cannot list the interfaces")? {
        bail!("there is no interface {interface}; `ip -br link` lists those there are");
    }
    Ok(())
}

fn leaves_our_own_session_alone(settings: &RuleSettings) -> Result<()> {
    let own = env::var("SSH_CONNECTION").ok();
    let Some(session) = host::ssh_interface(own.as_deref())? else { return Ok(()) };
    if settings.interfaces.contains(&session) {
        bail!(
            "this SSH session comes in through {session}, and would end with the first rule: take \
             another interface for the victims, or start sinkgate from a console"
        );
    }
    Ok(())
}

fn no_other_table_defeats_ours(settings: &RuleSettings) -> Result<()> {
    let mut defeats = String::new();
    for conflict in rules::conflicts(settings)? {
        match conflict.weight {
            Weight::Defeats => defeats += &format!("\n  {}", conflict.sentence),
            Weight::MayDefeat => tracing::warn!("{}", conflict.sentence),
        }
    }
    if !defeats.is_empty() {
        bail!("other rules would keep the victims' packets from us:{defeats}");
    }
    Ok(())
}
