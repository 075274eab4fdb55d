//! The one place where other programs are run: `nft` and `ip`, fed on their standard input.

#![expect(clippy::disallowed_types, reason = "this is the place")]

use std::ffi::{OsStr, OsString};
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

/// Where administrators' programs are, for those whose `PATH` does not say so.
const ADMINISTRATORS_FOLDERS: &str = "/usr/sbin:/sbin:/usr/local/sbin";

/// A program that we cannot do without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    /// Links, addresses, routes.
    Ip,
    /// Rules for packets.
    Nft,
}

impl Program {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ip => "ip",
            Self::Nft => "nft",
        }
    }

    /// The package that has it, in Debian, Fedora, Arch and their kin alike (except that Fedora
    /// writes `iproute`).
    #[must_use]
    pub const fn package(self) -> &'static str {
        match self {
            Self::Ip => "iproute2",
            Self::Nft => "nftables",
        }
    }

    /// Where it is.
    ///
    /// # Errors
    /// When it is in none of the folders.
    pub fn find(self) -> Result<PathBuf, ProgramError> {
        let found = folders().map(|folder| folder.join(self.name())).find(|path| path.is_file());
        found.ok_or(ProgramError::Missing { program: self })
    }
}

/// What went wrong with a program.
#[derive(Debug, thiserror::Error)]
pub enum ProgramError {
    /// It ran and refused.
    #[error("`{command}` refused: {complaint}")]
    Failed {
        /// The command line.
        command: String,
        /// What it wrote to standard error, or its exit status if it was silent.
        complaint: String,
    },
    /// It is not installed.
    #[error("the program `{}` is missing: install the package {}", .program.name(), .program.package())]
    Missing {
        /// Which.
        program: Program,
    },
    /// It could not be started or talked to.
    #[error("cannot run `{command}`")]
    Run {
        /// The command line.
        command: String,
        /// Why.
        #[source]
        cause: io::Error,
    },
}

/// Runs a program to its end with `input` on its standard input; gives its standard output.
///
/// # Errors
/// When it is missing, cannot be started, or exits with anything but 0.
pub fn run(program: Program, arguments: &[&str], input: &str) -> Result<String, ProgramError> {
    let path = program.find()?;
    let line = || format!("{} {}", program.name(), arguments.join(" "));
    let output = feed(Command::new(path).args(arguments), input);
    let output = output.map_err(|cause| ProgramError::Run { command: line(), cause })?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let complaint = match String::from_utf8_lossy(&output.stderr).trim() {
        "" => output.status.to_string(),
        complaint => complaint.to_owned(),
    };
    Err(ProgramError::Failed { command: line(), complaint })
}

/// Feeds a program that reads all of its input before it writes much, as `nft -f -` and
/// `ip -batch -` do.
fn feed(command: &mut Command, input: &str) -> io::Result<Output> {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    // What is parsed or shown must not depend on the user's language.
    let mut child = command.env("LC_ALL", "C").spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        match stdin.write_all(input.as_bytes()) {
            // It gave up before reading everything: what it says itself is the better error.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
            outcome => outcome?,
        }
    }
    child.wait_with_output()
}

fn folders() -> impl Iterator<Item = PathBuf> {
    let own: OsString = std::env::var_os("PATH").unwrap_or_default();
    let own: Vec<PathBuf> = std::env::split_paths(&own).collect();
    own.into_iter()
        .chain(std::env::split_paths(OsStr::new(ADMINISTRATORS_FOLDERS)).collect::<Vec<_>>())
}
