//! Other people's programs (curl, dig, ping), run inside a namespace and never for ever.

#![expect(clippy::disallowed_types, reason = "tests run other people's programs")]

use std::io::Read;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Output, Stdio};

use kernel::namespace::Namespace;
use serde_json::Value;

use crate::shell::search_path;

/// Seconds after which a program is ended. No test relies on it.
const PATIENCE: &str = "30";

/// Whether these programs are installed. Prints which is missing, and that the test is skipped.
#[must_use]
pub fn are_installed(names: &[&str]) -> bool {
    let missing: Vec<&str> = names.iter().copied().filter(|name| find(name).is_none()).collect();
    if !missing.is_empty() {
        eprintln!("skipped: not installed: {}", missing.join(", "));
    }
    missing.is_empty()
}

/// What became of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// How it exited; 124 when it had to be ended because it took too long.
    pub status: ExitStatus,
    /// What it wrote to standard output.
    pub stdout: String,
    /// What it wrote to standard error.
    pub stderr: String,
}

impl Outcome {
    /// From what a program left.
    #[must_use]
    pub fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self { status: output.status, stdout: text(&output.stdout), stderr: text(&output.stderr) }
    }
}

/// Runs a Python script that must succeed; gives its standard output.
pub fn python(namespace: &Namespace, script: &str) -> String {
    let outcome = run(namespace, "python3", &["-c", script]);
    assert!(outcome.status.success(), "{script}\n{outcome:?}");
    outcome.stdout
}

/// Runs a line of the shell that must succeed.
pub fn shell(namespace: &Namespace, line: &str) -> Outcome {
    let outcome = run(namespace, "sh", &["-c", line]);
    assert!(outcome.status.success(), "{line}\n{outcome:?}");
    outcome
}

/// Runs a Python script that prints JSON.
pub fn python_value(namespace: &Namespace, script: &str) -> Value {
    let written = python(namespace, script);
    serde_json::from_str(&written).unwrap_or_else(|error| panic!("{error} in {written}"))
}

/// Runs a program to its end; one that takes too long is ended.
pub fn run(namespace: &Namespace, program: &str, arguments: &[&str]) -> Outcome {
    let mut command = limited(program, arguments);
    Outcome::of(&namespace.run_inside(|| command.output().unwrap()).unwrap())
}

/// Starts a program that goes on beside the test.
#[must_use]
pub fn start(namespace: &Namespace, program: &str, arguments: &[&str]) -> Running {
    let mut command = Command::new(program);
    command.args(arguments).env("PATH", search_path());
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    Running { child: namespace.run_inside(|| command.spawn().unwrap()).unwrap() }
}

/// A program that goes on; it is killed when this is dropped.
#[derive(Debug)]
pub struct Running {
    child: Child,
}

impl Running {
    /// Its process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Kills it, and gives what it wrote to standard output until then.
    #[must_use]
    pub fn stop(mut self) -> String {
        let _ = self.child.kill();
        let mut written = Vec::new();
        self.child.stdout.take().unwrap().read_to_end(&mut written).unwrap();
        String::from_utf8_lossy(&written).into_owned()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn limited(program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new("timeout");
    command.args(["--kill-after=1", PATIENCE, program]).args(arguments);
    command.env("PATH", search_path()).env("LC_ALL", "C").stdin(Stdio::null());
    command
}

pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let path = search_path();
    // A snap is started by a daemon, which no namespace of ours has.
    let folders = std::env::split_paths(&path).filter(|folder| !folder.starts_with("/snap"));
    folders.map(|folder| folder.join(name)).find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::can_make_namespaces;

    #[test]
    fn a_program_runs_inside() {
        if !can_make_namespaces() || !are_installed(&["ip"]) {
            return;
        }
        let namespace = Namespace::create().unwrap();
        let outcome = run(&namespace, "ip", &["-o", "link"]);
        assert!(outcome.status.success(), "{outcome:?}");
        assert_eq!(outcome.stdout.lines().count(), 1, "{outcome:?}");
    }

    #[test]
    fn a_program_that_goes_on_is_stopped() {
        if !can_make_namespaces() {
            return;
        }
        let namespace = Namespace::create().unwrap();
        let running = start(&namespace, "sh", &["-c", "exec sleep 1000"]);
        assert_eq!(running.stop(), "");
    }

    #[test]
    fn a_program_that_is_missing_is_named() {
        assert!(!are_installed(&["sh", "no-such-program"]));
        assert!(are_installed(&["sh"]));
    }
}
