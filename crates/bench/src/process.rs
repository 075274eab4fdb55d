//! Other programs: pinned, started in a namespace, stopped by their id.

#![expect(clippy::disallowed_types, reason = "this is about running what we compare with")]

use std::env;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use kernel::namespace::Namespace;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::cores;
use crate::ready::wait_until;

/// How long a server may take to stop.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server at work; killed when this is dropped.
#[derive(Debug)]
pub(crate) struct Running {
    child: Child,
    name: String,
    log: PathBuf,
}

impl Running {
    /// Starts a server on its core. What it says goes to `NAME.log` in `folder`.
    pub(crate) fn start<S: AsRef<OsStr>>(
        namespace: &Namespace,
        folder: &Path,
        program: &Path,
        arguments: &[S],
    ) -> Result<Self> {
        let name = program.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let log = folder.join(format!("{name}.log"));
        let attempt = || format!("cannot start {}", program.display());
        let words = File::create(&log).with_context(attempt)?;
        let mut command = Command::new("taskset");
        command.args(["-c", &cores::SERVER.to_string()]).arg(program).args(arguments);
        command.stdin(Stdio::null()).stdout(words.try_clone()?).stderr(words);
        let child = namespace.run_inside(|| command.env("PATH", search_path()).spawn());
        let child = child?.with_context(attempt)?;
        Ok(Self { child, name, log })
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits for something that only happens while the server lives.
    pub(crate) fn wait_until(
        &mut self,
        what: &str,
        mut holds: impl FnMut() -> Result<bool>,
    ) -> Result<()> {
        let waited = wait_until(what, PATIENCE, || match self.child.try_wait()? {
            Some(status) => bail!("it ended: {status}"),
            None => holds(),
        });
        waited.with_context(|| self.last_words())
    }

    /// Asks it to stop, and waits until it has.
    pub(crate) fn stop(mut self) -> Result<()> {
        kill(Pid::from_raw(self.child.id().try_into()?), Signal::SIGTERM)
            .with_context(|| format!("cannot stop {}", self.name))?;
        let status = self.end()?;
        // Some servers call the signal a failure; that they stopped is what we wanted.
        if status.code().is_some_and(|code| code != 0) {
            bail!("{status}: {}", self.last_words());
        }
        Ok(())
    }

    fn end(&mut self) -> Result<ExitStatus> {
        let mut ended = None;
        wait_until("it has stopped", PATIENCE, || {
            ended = self.child.try_wait()?;
            Ok(ended.is_some())
        })
        .with_context(|| self.last_words())?;
        ended.with_context(|| format!("{} has no exit status", self.name))
    }

    /// The end of what it wrote, for the error that follows.
    fn last_words(&self) -> String {
        let log = fs::read(&self.log).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        let lines: Vec<&str> = log.lines().collect();
        let last = lines.get(lines.len().saturating_sub(3)..).unwrap_or_default();
        format!("{} said: {}", self.name, last.join("; "))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs a program to its end in a namespace, on the core of the load; gives its standard output.
pub(crate) fn output<S: AsRef<OsStr>>(
    namespace: &Namespace,
    program: &Path,
    arguments: &[S],
) -> Result<String> {
    let mut command = Command::new(program);
    command.args(arguments).env("PATH", search_path()).env("LC_ALL", "C").stdin(Stdio::null());
    let output = namespace.run_inside(|| command.output())?;
    let output = output.with_context(|| format!("cannot run {}", program.display()))?;
    let (written, errors) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    if !output.status.success() {
        bail!("{} failed: {}\n{written}{errors}", program.display(), output.status);
    }
    Ok(written.into_owned())
}

/// Where a program is.
pub(crate) fn find(name: &str, package: &str) -> Result<PathBuf> {
    let path = search_path();
    let found = env::split_paths(&path).map(|folder| folder.join(name)).find(|path| path.is_file());
    found.with_context(|| format!("{name} is not installed (Debian's package {package})"))
}

/// `PATH`, with the administrators' folders.
fn search_path() -> String {
    format!("{}:/usr/sbin:/sbin", env::var("PATH").unwrap_or_default())
}
