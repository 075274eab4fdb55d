//! The keeper: sets the rules, waits for the server to end, and clears up after it.

use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use engine::Entrance;
use kernel::keeper::{self, End, Keeper, Side, Start, ToKeeper};
use kernel::rules::{Form, RuleSettings};
use kernel::sockets::How;
use kernel::{host, routes, rules};
use sd_notify::NotifyState;

use super::super::Scene;
use super::serving;
use crate::cli;
use crate::service;

/// Serves behind rules of ours until it is told to stop.
pub(super) fn run(settings: &RuleSettings, asked: &cli::Run, scene: &Scene) -> Result<ExitCode> {
    // From here on nothing of a victim passes, whatever happens to us: the rules drop what no
    // socket takes, and there is no socket yet.
    rules::apply(settings, Form::Open)?;
    let outcome = routes::apply(&settings.interfaces)
        .context("cannot set the routes")
        .and_then(|()| Ok(keeper::split()?));
    let outcome = match outcome {
        Ok(Side::Server(keeper)) => return Ok(serve(&keeper, settings, asked, scene)),
        Ok(Side::Keeper(keeper)) => keep(keeper),
        Err(error) => Err(error),
    };
    clear_up(settings)?;
    outcome
}

fn serve(keeper: &ToKeeper, settings: &RuleSettings, asked: &cli::Run, scene: &Scene) -> ExitCode {
    let entrance = Entrance {
        addresses: serving::addresses(asked, scene),
        how: How::Transparent,
        tapped: settings.interfaces.clone(),
        workers: service::workers(&scene.config.gateway),
        calls: scene.config.limits.calls,
    };
    let names: Vec<String> = settings.interfaces.iter().map(ToString::to_string).collect();
    match serving::serve(&entrance, scene, names.join(", "), Some(keeper)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // If the keeper is gone nobody is left to be told.
            let _ = keeper.failed(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn keep(mut keeper: Keeper) -> Result<ExitCode> {
    match keeper.wait_until_ready().context("cannot wait for the server")? {
        Start::Ready => {}
        Start::Failed(complaint) => bail!("{complaint}"),
        Start::Ended(end) => bail!("the server ended before it served: it {end}"),
    }
    tell_systemd(NotifyState::Ready);
    let end = keeper.wait_for_end().context("cannot wait for the server")?;
    tell_systemd(NotifyState::Stopping);
    match end {
        End::Exited(0) => Ok(ExitCode::SUCCESS),
        end => bail!("the server did not stop cleanly: it {end}"),
    }
}

/// Leaves the machine as it was, unless the victims would then have a way out.
fn clear_up(settings: &RuleSettings) -> Result<()> {
    if host::forwards() {
        rules::apply(settings, Form::Closed)?;
        routes::remove()?;
        tracing::warn!(
            "this host forwards packets: the victims' side stays closed until `sinkgate run --down`"
        );
        return Ok(());
    }
    routes::remove()?;
    rules::remove()?;
    Ok(())
}

fn tell_systemd(state: NotifyState<'_>) {
    // Without systemd there is nobody to tell, and that is no failure.
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::warn!(%error, "cannot notify systemd");
    }
}
