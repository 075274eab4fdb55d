//! The recipe: what people build from a blog post, an event loop and MySQL.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use testkit::PORT;

use crate::process::{Running, find, output};
use crate::servers::bare_sink::behind_rules;
use crate::servers::sinkgate::somewhere;
use crate::stage::Stage;

/// The script and its database.
#[derive(Debug)]
pub(crate) struct Recipe {
    script: Running,
    database: Running,
}

impl Recipe {
    /// Starts both behind sinkgate's rules.
    pub(crate) fn start(stage: &Stage) -> Result<Self> {
        behind_rules(stage)?;
        let database = start_database(stage)?;
        let path = stage.file("recipe.py");
        fs::write(&path, SCRIPT).context("cannot write recipe.py")?;
        let arguments = [path.display().to_string(), socket(stage), PORT.to_string()];
        // Not the first python3 there is: Debian's, which has Debian's packages.
        let python = Path::new("/usr/bin/python3");
        let gateway = &stage.network.gateway;
        let mut script = Running::start(gateway, stage.folder(), python, &arguments)?;
        script.wait_until("the recipe accepts", || somewhere(stage))?;
        Ok(Self { script, database })
    }

    /// Stops both, once `connections` are all in the database.
    pub(crate) fn stop(self, stage: &Stage, connections: u64) -> Result<()> {
        let client = find("mariadb", "mariadb-client-core")?;
        let count = "SELECT count(*) FROM sinkhole.connection_log";
        let socket = format!("--socket={}", socket(stage));
        let arguments = ["--no-defaults", "--user=root", &socket, "-N", "-e", count];
        let counted = output(&stage.network.gateway, &client, &arguments)?;
        let counted: u64 = counted.trim().parse().context("cannot count the recipe's rows")?;
        ensure!(counted >= connections, "the recipe has {counted} of {connections} connections");
        self.script.stop()?;
        self.database.stop()
    }
}

/// A private MariaDB with its own defaults, on a socket in the folder.
fn start_database(stage: &Stage) -> Result<Running> {
    let (install, server) = (
        find("mariadb-install-db", "mariadb-server-core")?,
        find("mariadbd", "mariadb-server-core")?,
    );
    let place = format!("--datadir={}", stage.file("mariadb").display());
    let files = ["--no-defaults", "--user=root", "--skip-test-db", &place];
    output(&stage.network.gateway, &install, &files)?;
    let arguments = [
        "--no-defaults",
        "--user=root",
        "--skip-networking",
        "--skip-grant-tables",
        &place,
        &format!("--socket={}", socket(stage)),
        &format!("--pid-file={}", stage.file("mariadb.pid").display()),
    ];
    let mut running = Running::start(&stage.network.gateway, stage.folder(), &server, &arguments)?;
    running.wait_until("MariaDB has its socket", || Ok(stage.file("mariadb.sock").exists()))?;
    Ok(running)
}

fn socket(stage: &Stage) -> String {
    stage.file("mariadb.sock").display().to_string()
}

const SCRIPT: &str = include_str!("recipe.py");
