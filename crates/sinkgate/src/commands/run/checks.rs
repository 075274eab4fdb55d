//! What has to hold before a rule is set. Each refusal says what to do about it.

use std::env;
use std::net::SocketAddr;

use anyhow::{Context, Result, bail};
use kernel::claim::Claim;
use kernel::host;
use kernel::interface::Interface;
use kernel::rules::{self, RuleSettings, Weight};

/// Refuses what would fail later, cut off whoever started it, or catch nothing. What it gives is
/// held by keeper and server as long as they live.
pub(super) fn run(settings: &RuleSettings, log_listener: &[SocketAddr]) -> Result<Claim> {
    if !host::is_root() {
        bail!(
            "`sinkgate run -i …` sets nftables rules and has to be started as root; it gives root \
             up afterwards. Start it with sudo, or use `--no-rules` with rules of your own"
        );
    }
    settings.interfaces.iter().try_for_each(exists)?;
    log_listener.iter().try_for_each(|address| is_off_the_victims_side(*address, settings))?;
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

/// The log listener is no victim's: one that reached it could make up flows.
fn is_off_the_victims_side(address: SocketAddr, settings: &RuleSettings) -> Result<()> {
    let instead = "take an address that only this host or your management network has, such as \
                   127.0.0.1:5140";
    let ip = address.ip().to_canonical();
    if ip.is_unspecified() {
        bail!(
            "`syslog.listen` is {address}, which is on the victims' side too, and victims must not \
             reach the log listener: {instead}"
        );
    }
    for interface in &settings.interfaces {
        let own = host::addresses(interface);
        let own = own.with_context(|| format!("cannot list the addresses of {interface}"))?;
        if own.contains(&ip) {
            bail!(
                "`syslog.listen` is {address}, an address of the victims' interface {interface}, and \
                 victims must not reach the log listener: {instead}"
            );
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The loopback interface plays the victims': every machine has it.
    fn complaint(address: &str) -> String {
        let interfaces = vec![Interface::new("lo").unwrap()];
        let settings = RuleSettings { interfaces, port: 9_999, mark: 1 };
        let checked = is_off_the_victims_side(address.parse().unwrap(), &settings);
        checked.map_or_else(|error| error.to_string(), |()| String::new())
    }

    #[test]
    fn threat_4_the_log_listener_is_off_the_victims_side() {
        for address in ["0.0.0.0:5140", "[::]:5140", "[::ffff:0.0.0.0]:5140"] {
            assert!(complaint(address).contains("on the victims' side too"), "{address}");
        }
        for address in ["127.0.0.1:5140", "[::ffff:127.0.0.1]:5140"] {
            let complaint = complaint(address);
            assert!(complaint.contains("an address of the victims' interface lo"), "{complaint}");
            assert!(complaint.contains("such as 127.0.0.1:5140"), "{complaint}");
        }
        assert_eq!(complaint("192.0.2.1:5140"), "");
    }
}
