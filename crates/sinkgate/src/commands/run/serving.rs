//! The server: sockets and database first, then no more privileges, then victims.

use std::net::SocketAddr;
use std::process::ExitCode;

use anyhow::{Context, Result};
use engine::{Doors, Entrance, everywhere};
use kernel::keeper::ToKeeper;
use kernel::privileges;
use kernel::sockets::How;
use kernel::stop::Stop;

use super::super::Scene;
use super::super::places::Places;
use crate::cli;
use crate::courier::Followers;
use crate::service::{self, Service};

/// Serves until there is a cause to stop; then everything that arrived is committed.
pub(super) fn serve(
    entrance: &Entrance,
    scene: &Scene,
    subject: String,
    keeper: Option<&ToKeeper>,
) -> Result<()> {
    let stop = Stop::on(keeper).context("cannot watch for signals")?;
    let open_files = privileges::raise_open_files();
    let open_files = open_files.context("cannot raise the limit on open files")?;
    let places = Places::of(scene)?;
    let account = Some(scene.config.gateway.user.as_str());
    // Before there is a thread, a socket of ours, or a database.
    let followers = Followers::start(&scene.config, &places.database, account)?;
    let doors = service::with_log_listener(Doors::open(entrance)?, &scene.config)?;
    let service = Service::prepare(&scene.config, &places.database, &places.state, subject)?;
    let dropped = privileges::drop_to(&scene.config.gateway.user)?;
    let gateway = service.start(doors)?;
    let followers = followers.begin(gateway.ledger())?;
    if let Some(keeper) = keeper {
        keeper.ready().context("cannot tell the keeper that we serve")?;
    }
    let database = places.database.display();
    tracing::info!(%database, listen = ?entrance.addresses, ?dropped, open_files, "serving");
    let cause = stop.wait().context("cannot wait for a signal")?;
    tracing::info!(?cause, "stopping");
    let settled = gateway.settle();
    followers.finish();
    settled.finish();
    Ok(())
}

/// Serves behind rules that are not ours.
pub(super) fn without_rules(asked: &cli::Run, scene: &Scene) -> Result<ExitCode> {
    let addresses = addresses(asked, scene);
    warn_of_reach(&scene.config.syslog.listen);
    let listed: Vec<String> = addresses.iter().map(ToString::to_string).collect();
    let entrance = Entrance {
        addresses,
        how: How::Redirected,
        tapped: Vec::new(),
        workers: service::workers(&scene.config.gateway),
        calls: scene.config.limits.calls,
    };
    serve(&entrance, scene, listed.join(", "), None)?;
    Ok(ExitCode::SUCCESS)
}

/// Where to listen: where it was asked for, or else on every address.
pub(super) fn addresses(asked: &cli::Run, scene: &Scene) -> Vec<SocketAddr> {
    match &asked.listen[..] {
        [] => everywhere(scene.config.gateway.port),
        chosen => chosen.to_vec(),
    }
}

/// Without rules of ours nobody keeps victims from the log listener.
fn warn_of_reach(listen: &[SocketAddr]) {
    for address in listen.iter().filter(|address| !address.ip().is_loopback()) {
        tracing::warn!(
            %address,
            "victims that reach the log listener can make up flows: see that your rules keep them out"
        );
    }
}
