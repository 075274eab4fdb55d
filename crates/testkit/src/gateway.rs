//! A sinkgate at work at one end of a cable, as an administrator would run it.

#![expect(clippy::disallowed_types, reason = "tests run other people's programs")]

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::Arc;

use serde_json::Value;

use crate::process::status;
use crate::programs::{self, Outcome};
use crate::shell::search_path;
use crate::waiting::holds_soon;
use crate::{Database, Folder, Network, Process, SmallDisk};

/// Programs that every end-to-end test needs.
const NEEDED: &[&str] = &["ip", "nft", "python3", "sqlite3", "timeout"];

/// Whether this machine can run end-to-end tests that need these programs, too. Prints why a test
/// is skipped.
fn can_run_gateways(programs: &[&str]) -> bool {
    crate::can_make_namespaces() && programs::are_installed(&[NEEDED, programs].concat())
}

/// `sinkgate run`, with the network it serves.
///
/// Dropped, it is killed like a crash; [`Gateway::stop`] ends it in peace.
#[derive(Debug)]
pub struct Gateway {
    /// Where it runs, and its victim.
    pub network: Arc<Network>,
    /// What it writes.
    pub database: Database,
    /// Where its database, log and state are.
    pub folder: Folder,
    program: String,
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
    process: Option<Process>,
    /// What root keeps for the whole machine is another machine's for each gateway.
    _machine: SmallDisk,
}

impl Gateway {
    /// Starts `sinkgate run` with these arguments in a network of its own and waits until it
    /// serves; nothing if the test's other programs are not there, or if this machine is not fit.
    #[must_use]
    pub fn start(sinkgate: &str, others: &[&str], arguments: &[&str]) -> Option<Self> {
        let mut gateway = Self::prepare(sinkgate, others, arguments)?;
        gateway.begin();
        Some(gateway)
    }

    /// The same, not started yet.
    #[must_use]
    pub fn prepare(sinkgate: &str, others: &[&str], arguments: &[&str]) -> Option<Self> {
        can_run_gateways(others).then(|| Self::on(Network::new(), sinkgate, arguments))
    }

    /// One on this network, not started yet.
    #[must_use]
    pub fn on(network: Network, sinkgate: &str, arguments: &[&str]) -> Self {
        let folder = Folder::new();
        let mut gateway = Self {
            network: Arc::new(network),
            database: Database::at(folder.file("run.db")),
            folder,
            program: sinkgate.to_owned(),
            arguments: Vec::new(),
            environment: Vec::new(),
            _machine: SmallDisk::mounted_at(Path::new("/var/lib"), "1m"),
            process: None,
        };
        gateway.configure("");
        gateway.arguments =
            [&["run", "-i", "g0"], arguments].concat().into_iter().map(str::to_owned).collect();
        gateway
    }

    /// Replaces what stands after the program's name; the database is still named by us.
    pub fn set_arguments(&mut self, arguments: &[&str]) {
        self.arguments = arguments.iter().map(|&argument| argument.to_owned()).collect();
    }

    /// Sets a variable of its environment.
    pub fn set_environment(&mut self, name: &str, value: &str) {
        self.environment.push((name.to_owned(), value.to_owned()));
    }

    /// Writes its configuration file.
    pub fn configure(&self, toml: &str) {
        let _ = self.folder.written("sinkgate.toml", toml);
    }

    /// Writes its database elsewhere.
    pub fn set_database(&mut self, database: Database) {
        self.database = database;
    }

    /// Starts it, again or for the first time, and waits until it serves.
    pub fn begin(&mut self) {
        let before = self.database.runs();
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).args(self.usual_arguments());
        command.env("PATH", search_path()).env("XDG_STATE_HOME", self.folder.file("state"));
        command.env_remove("SSH_CONNECTION").envs(self.environment.iter().cloned());
        command.stdin(Stdio::null()).stdout(Stdio::null());
        let log = File::options().append(true).create(true).open(self.folder.file("log")).unwrap();
        command.stderr(log);
        let start = || Process::start(&mut command);
        let mut process = self.network.gateway.run_inside(start).unwrap();
        let serves = holds_soon(|| {
            self.database.runs() > before || process.child().try_wait().unwrap().is_some()
        });
        let serves = serves && self.database.runs() > before;
        self.process = Some(process);
        assert!(serves, "it does not serve:\n{}", self.log());
    }

    /// Runs it to its end, where that is soon: it refuses, or was asked something.
    #[must_use]
    pub fn run(&self, arguments: &[&str]) -> Outcome {
        programs::run(&self.network.gateway, &self.program, arguments)
    }

    /// The same, as another program's argument: `env`, `setpriv`.
    #[must_use]
    pub fn run_through(&self, other: &[&str], arguments: &[&str]) -> Outcome {
        let (other, before) = other.split_first().unwrap();
        let line = [before, &[&self.program], arguments].concat();
        programs::run(&self.network.gateway, other, &line)
    }

    /// Arguments by which a start of ours is kept apart from the machine's own set-up.
    #[must_use]
    pub fn usual_arguments(&self) -> [String; 4] {
        let text = |path: &Path| path.display().to_string();
        let (configuration, database) = (self.folder.file("sinkgate.toml"), self.database.path());
        ["--config".to_owned(), text(&configuration), "--db".to_owned(), text(database)]
    }

    /// What `sinkgate show` prints about its database.
    #[must_use]
    pub fn show(&self, arguments: &[&str]) -> String {
        let database = self.database.path().to_str().unwrap();
        let outcome = self.run(&[&["show", "--db", database], arguments].concat());
        assert!(outcome.status.success(), "show {arguments:?}: {outcome:?}");
        outcome.stdout
    }

    /// The counters, as `show counters` knows them.
    #[must_use]
    pub fn counters(&self) -> BTreeMap<String, u64> {
        let lines = self.show(&["counters", "--json"]);
        let rows = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let counter = |row: Value| {
            Some((row.get("counter")?.as_str()?.to_owned(), row.get("value")?.as_u64()?))
        };
        rows.map(|row| counter(row).unwrap()).collect()
    }

    /// Its processes while it runs.
    #[must_use]
    pub fn process(&mut self) -> &mut Process {
        self.process.as_mut().unwrap()
    }

    /// The process that serves victims: the one that is not root.
    #[must_use]
    pub fn server(&self) -> u32 {
        let ids = self.process.as_ref().unwrap().ids();
        let is_root = |id: &u32| status(*id, "Uid").is_none_or(|uids| uids.starts_with("0\t"));
        ids.into_iter().find(|id| !is_root(id)).unwrap()
    }

    /// Asks it to stop, as systemd would, and waits until it has.
    pub fn stop(&mut self) -> ExitStatus {
        let mut process = self.process.take().unwrap();
        process.terminate();
        process.end()
    }

    /// Kills all of it at once.
    pub fn kill(&mut self) {
        self.process.take().unwrap().kill();
    }

    /// What it logged so far, of all its starts.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.file("log")).unwrap_or_default()
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the log of sinkgate:\n{}", self.log());
        }
    }
}
