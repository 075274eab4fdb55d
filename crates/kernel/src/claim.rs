//! One gateway per network: two would undo each other's rules.

use std::io;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixListener};
use std::thread;
use std::time::Duration;

/// A name that a network namespace has once. The kernel gives it back when the last process that
/// holds it is gone, also after `kill -9`.
const NAME: &[u8] = b"sinkgate/gateway";

/// How often, and how long, one that is being killed is waited for: a fifth of a second in all.
const TRIES: u32 = 20;

const PAUSE: Duration = Duration::from_millis(10);

/// Held by the gateway of a network namespace.
#[derive(Debug)]
pub struct Claim {
    /// Abstract sockets belong to a network namespace, and not to a file system.
    _socket: UnixListener,
}

/// Why it cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum ClaimError {
    /// Another process has it.
    #[error("another sinkgate is the gateway of this network; stop it first")]
    Held,
    /// The kernel refuses.
    #[error("cannot make sure that no other sinkgate is the gateway of this network")]
    Socket(#[source] io::Error),
}

impl Claim {
    /// Takes it, in the network namespace of the calling thread. A process that was killed holds it
    /// until the kernel is done with its last thread, so this waits a moment for it.
    ///
    /// # Errors
    /// When another process has it, or there are no file descriptors left.
    pub fn take() -> Result<Self, ClaimError> {
        for _ in 0..TRIES {
            match Self::try_take() {
                Err(ClaimError::Held) => thread::park_timeout(PAUSE),
                outcome => return outcome,
            }
        }
        Self::try_take()
    }

    fn try_take() -> Result<Self, ClaimError> {
        let address = SocketAddr::from_abstract_name(NAME).map_err(ClaimError::Socket)?;
        match UnixListener::bind_addr(&address) {
            Ok(socket) => Ok(Self { _socket: socket }),
            Err(cause) if cause.kind() == io::ErrorKind::AddrInUse => Err(ClaimError::Held),
            Err(cause) => Err(ClaimError::Socket(cause)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::namespace::Namespace;

    #[test]
    fn a_network_has_one_gateway_at_a_time() {
        let Ok(network) = Namespace::create() else {
            return eprintln!("skipped: cannot make a network namespace");
        };
        network
            .run_inside(|| {
                let first = Claim::take().unwrap();
                assert!(matches!(Claim::take(), Err(ClaimError::Held)));
                drop(first);
                Claim::take().unwrap();
            })
            .unwrap();
    }
}
