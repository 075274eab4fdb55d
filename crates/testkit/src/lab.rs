//! `sinkgate lab`, as an ordinary user runs it.

#![expect(clippy::disallowed_types, reason = "tests run other people's programs")]

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use nix::unistd::Uid;

use crate::programs::{self, Outcome};
use crate::{Database, Folder, Process};

/// Somebody without an account; not `nobody`, whom the kernel also shows where it knows no user.
const USER: u32 = 4_242;

/// Seconds after which a lab is ended. No test relies on it.
const PATIENCE: &str = "50";

/// Whether this machine allows labs that need these programs, too. Prints why a test is skipped.
#[must_use]
pub fn can_run_labs(programs: &[&str]) -> bool {
    let needed = ["ip", "nft", "python3", "setpriv", "sqlite3", "timeout", "unshare"];
    if !programs::are_installed(&[&needed, programs].concat()) {
        return false;
    }
    let mut unshare = started_as(Uid::effective().is_root().then_some(USER), "unshare");
    let allowed = unshare.args(["-Urn", "true"]).status().unwrap().success();
    if !allowed {
        eprintln!("skipped: this machine forbids user namespaces to ordinary users");
    }
    allowed
}

/// Labs that share a state folder.
#[derive(Debug)]
pub struct Labs {
    /// Where their databases, their state and the program are.
    pub folder: Folder,
    program: PathBuf,
    user: Option<u32>,
}

impl Labs {
    /// With a copy of the program where everybody may run it.
    #[must_use]
    pub fn of(program: &str) -> Self {
        Self::of_user(program, Uid::effective().is_root().then_some(USER))
    }

    /// The same, by root.
    #[must_use]
    pub fn of_root(program: &str) -> Self {
        Self::of_user(program, None)
    }

    fn of_user(program: &str, user: Option<u32>) -> Self {
        let folder = Folder::new();
        let copy = folder.file("sinkgate");
        fs::copy(program, &copy).unwrap();
        fs::set_permissions(&copy, fs::Permissions::from_mode(0o755)).unwrap();
        if let Some(user) = user {
            chown(folder.path(), Some(user), Some(user)).unwrap();
        }
        Self { folder, program: copy, user }
    }

    /// Runs `sinkgate` with these arguments to its end.
    #[must_use]
    pub fn run(&self, arguments: &[&str]) -> Outcome {
        self.fed("", arguments)
    }

    /// The same, with this on its standard input.
    #[must_use]
    pub fn fed(&self, input: &str, arguments: &[&str]) -> Outcome {
        let input = self.folder.written("input", input);
        let mut command = self.command("timeout");
        command.args(["--kill-after=1", PATIENCE]).arg(&self.program).args(arguments);
        command.stdin(fs::File::open(input).unwrap());
        Outcome::of(&command.output().unwrap())
    }

    /// Runs another program, as the same user, that may run `sinkgate`, which is in the current
    /// folder.
    #[must_use]
    pub fn through(&self, program: &str, arguments: &[&str]) -> Outcome {
        let mut command = self.command("timeout");
        command.args(["--kill-after=1", PATIENCE, program]).args(arguments);
        Outcome::of(&command.stdin(Stdio::null()).output().unwrap())
    }

    /// Runs a lab in which this happens; its output. The database is [`Labs::database`].
    #[must_use]
    pub fn output(&self, script: &str) -> String {
        let database = self.database().path().display().to_string();
        let outcome = self.run(&["lab", "--quiet", "--db", &database, "--", "sh", "-ec", script]);
        assert!(outcome.status.success(), "{script}: {outcome:?}");
        outcome.stdout
    }

    /// Starts a lab that goes on beside the test. Its output is in the file `output`.
    #[must_use]
    pub fn start(&self, arguments: &[&str]) -> Process {
        let mut command = self.command(self.program.to_str().unwrap());
        command.args(arguments).stdin(Stdio::null());
        let (output, log) = (self.folder.written("output", ""), self.folder.written("log", ""));
        command.stdout(fs::File::create(output).unwrap());
        command.stderr(fs::File::create(log).unwrap());
        Process::start(&mut command)
    }

    /// What a lab that goes on wrote so far.
    #[must_use]
    pub fn written(&self) -> String {
        fs::read_to_string(self.folder.file("output")).unwrap()
    }

    /// The database of labs that were not told another.
    #[must_use]
    pub fn database(&self) -> Database {
        Database::at(self.folder.file("lab.db"))
    }

    fn command(&self, program: &str) -> Command {
        let mut command = started_as(self.user, program);
        command.current_dir(self.folder.path());
        command.env("HOME", self.folder.path()).env("XDG_STATE_HOME", self.folder.file("state"));
        command.env("XDG_CONFIG_HOME", self.folder.file("config")).env("LC_ALL", "C");
        command.env("SHELL", "/bin/sh").env_remove("SINKGATE_CONFIG");
        command
    }
}

/// A program started as this user, or as we are.
fn started_as(user: Option<u32>, program: &str) -> Command {
    let mut command = match user {
        Some(user) => {
            let mut command = Command::new("setpriv");
            command.args(["--reuid", &user.to_string(), "--regid", &user.to_string()]);
            command.args(["--clear-groups", "--inh-caps=-all", "--", program]);
            command
        }
        None => Command::new(program),
    };
    // What only root can reach is of no use to an ordinary user.
    command.env("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin");
    command
}
