//! Which interface the user's own SSH session comes in through: to take it would lock them out.

use std::fs;
use std::net::IpAddr;
use std::path::Path;

use serde_json::Value;

use crate::interface::Interface;
use crate::program::{Program, ProgramError, run};

/// What `sshd` sets: the client's address and port, then the server's.
const VARIABLE: &str = "SSH_CONNECTION";

/// How far up to look. Sessions are some five processes deep: sshd, shell, sudo, us.
const ANCESTORS: usize = 64;

/// A session is there, but where it comes in was not found out.
#[derive(Debug, thiserror::Error)]
pub enum SshError {
    /// The variable is not what `sshd` would set, or the route is not what `ip` would say.
    #[error("cannot tell which interface the SSH session of {client:?} comes in through")]
    Unclear {
        /// The client, as the variable has it.
        client: String,
    },
    /// `ip` did not say where packets to the client go.
    #[error("cannot find the route to {client}, whose SSH session this is")]
    Route {
        /// The client's address.
        client: IpAddr,
        /// Why not.
        #[source]
        cause: ProgramError,
    },
}

/// The interface through which the user is here by SSH; `None` if they are not. `own` is
/// `SSH_CONNECTION` of this process's environment; where it is missing, because `sudo` took it
/// away, the processes that led to this one are asked.
///
/// # Errors
/// When there is a session and its interface cannot be found out.
pub fn ssh_interface(own: Option<&str>) -> Result<Option<Interface>, SshError> {
    let inherited = || of_ancestors(Path::new("/proc"), std::process::id());
    match own.map(str::to_owned).or_else(inherited) {
        Some(connection) => interface_of(&connection).map(Some),
        None => Ok(None),
    }
}

fn interface_of(connection: &str) -> Result<Interface, SshError> {
    let client = connection.split_whitespace().next().unwrap_or_default();
    let unclear = || SshError::Unclear { client: client.to_owned() };
    // An address of the link says itself which link.
    if let Some((_, link)) = client.split_once('%') {
        return Interface::new(link).map_err(|_| unclear());
    }
    let client: IpAddr = client.parse().map_err(|_| unclear())?;
    let listing = run(Program::Ip, &["-j", "route", "get", &client.to_string()], "");
    let listing = listing.map_err(|cause| SshError::Route { client, cause })?;
    device(&listing).ok_or_else(unclear)
}

/// The interface in what `ip -j route get` prints.
fn device(listing: &str) -> Option<Interface> {
    let listing: Value = serde_json::from_str(listing).ok()?;
    Interface::new(listing.pointer("/0/dev")?.as_str()?).ok()
}

/// The variable of the nearest process above `process` that has it.
fn of_ancestors(proc: &Path, process: u32) -> Option<String> {
    let mut process = process;
    for _ in 0..ANCESTORS {
        let folder = proc.join(process.to_string());
        if let Some(connection) = of_environment(&folder) {
            return Some(connection);
        }
        process = parent(&folder)?;
    }
    None
}

fn of_environment(folder: &Path) -> Option<String> {
    let environment = fs::read(folder.join("environ")).ok()?;
    let mut variables = environment.split(|byte| *byte == 0);
    let value = variables.find_map(|one| one.strip_prefix(VARIABLE.as_bytes())?.strip_prefix(b"="));
    Some(String::from_utf8_lossy(value?).into_owned())
}

/// `None` for the first process, and for one that is gone.
fn parent(folder: &Path) -> Option<u32> {
    let status = fs::read_to_string(folder.join("status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("PPid:"))?;
    line.trim().parse().ok().filter(|parent| *parent != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn process(proc: &Path, id: u32, parent: u32, environment: &[u8]) {
        let folder = proc.join(id.to_string());
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("status"), format!("Name:\tx\nPPid:\t{parent}\n")).unwrap();
        fs::write(folder.join("environ"), environment).unwrap();
    }

    #[test]
    fn a_session_is_found_behind_sudo() {
        let proc = tempfile::tempdir().unwrap();
        process(proc.path(), 1, 0, b"");
        process(proc.path(), 20, 1, b"SSH_CONNECTION=1.2.3.4 1 5.6.7.8 22\0");
        process(proc.path(), 30, 20, b"A=1\0SSH_CONNECTION=10.0.0.9 50000 10.0.0.1 22\0B=2\0");
        process(proc.path(), 40, 30, b"NOT_SSH_CONNECTION=x\0SSH_CONNECTIONS=y\0");
        process(proc.path(), 50, 40, b"");
        let found = |id| of_ancestors(proc.path(), id);
        assert_eq!(found(50).unwrap(), "10.0.0.9 50000 10.0.0.1 22");
        assert_eq!(found(20).unwrap(), "1.2.3.4 1 5.6.7.8 22");
        assert_eq!(found(1), None);
        assert_eq!(found(99), None);
    }

    #[test]
    fn processes_in_a_circle_have_an_end() {
        let proc = tempfile::tempdir().unwrap();
        process(proc.path(), 5, 6, b"");
        process(proc.path(), 6, 5, b"");
        assert_eq!(of_ancestors(proc.path(), 5), None);
    }

    #[test]
    fn an_address_of_the_link_names_it() {
        let found = interface_of("fe80::7%eth1 50000 fe80::1%eth1 22").unwrap();
        assert_eq!(found.name(), "eth1");
    }

    #[test]
    fn what_makes_no_sense_is_said_to_be_unclear() {
        for connection in ["", "UNKNOWN 65535 UNKNOWN 65535", "fe80::1%../x 1 2 3"] {
            let error = interface_of(connection).unwrap_err();
            assert!(matches!(error, SshError::Unclear { .. }), "{connection:?}: {error}");
        }
        assert_eq!(device("[]"), None);
        assert_eq!(device("nonsense"), None);
    }
}
