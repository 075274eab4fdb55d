//! sinkgate itself, as its users start it.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Result;

use crate::database::Database;
use crate::process::Running;
use crate::ready::accepts;
use crate::stage::{Plan, Stage};

/// sinkgate at work, with a database of its own.
#[derive(Debug)]
pub(crate) struct Sinkgate {
    pub(crate) running: Running,
    pub(crate) database: Database,
    path: PathBuf,
}

impl Sinkgate {
    /// Starts it on the gateway, each of `settings` as in `--set`, and waits until it has recorded
    /// a first connection.
    pub(crate) fn start(plan: &Plan, stage: &Stage, settings: &[&str]) -> Result<Self> {
        let (mut running, path) = Self::exec(plan, stage, settings)?;
        running.wait_until("sinkgate accepts", || somewhere(stage))?;
        let mut database = None;
        running.wait_until("a first connection is recorded", || {
            database = Database::open_if_there(&path)?;
            database.as_ref().map_or(Ok(false), Database::all_flows_ended)
        })?;
        let Some(database) = database else { anyhow::bail!("there is no database") };
        Ok(Self { running, database, path })
    }

    /// Starts it, and waits for nothing.
    pub(crate) fn exec(
        plan: &Plan,
        stage: &Stage,
        settings: &[&str],
    ) -> Result<(Running, PathBuf)> {
        let path = stage.file("bench.db");
        let mut arguments: Vec<OsString> = ["run", "-i", "g0", "--db"].map(OsString::from).into();
        arguments.push(path.clone().into());
        for setting in settings {
            arguments.extend(["--set".into(), OsString::from(setting)]);
        }
        let gateway = &stage.network.gateway;
        let running = Running::start(gateway, stage.folder(), &plan.sinkgate, &arguments)?;
        Ok((running, path))
    }

    /// Stops it, and gives what it has recorded.
    pub(crate) fn stop(self) -> Result<Database> {
        // Whoever closes the database last tidies it up: sinkgate.
        drop(self.database);
        self.running.stop()?;
        Database::open(&self.path)
    }
}

/// An address that is nobody's.
pub(crate) const ANYWHERE: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::new(203, 0, 113, 1)), 7_777);

/// Whether a connection to somewhere in the world is accepted.
pub(crate) fn somewhere(stage: &Stage) -> Result<bool> {
    stage.as_victim(|| Ok(accepts(ANYWHERE, b"Is anybody there?\n")?))
}
