//! The sockets through which victims come in, opened while we have the rights for it.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::sync::Arc;

use kernel::callers::Callers;
use kernel::interface::Interface;
use kernel::sockets::{How, SocketError, tcp_listener};
use kernel::tap::Tap;
use kernel::udp::{Replier, Taker};

use crate::logs::{LogDoors, LogSettings};

/// Where victims are met, and how their packets get there.
#[derive(Clone, Debug)]
pub struct Entrance {
    /// Local addresses and ports; on each both TCP and UDP are taken.
    pub addresses: Vec<SocketAddr>,
    /// By rules of ours, or by the user's own.
    pub how: How,
    /// Interfaces whose other packets are recorded by the tap; none means no tap.
    pub tapped: Vec<Interface>,
    /// How many workers share them.
    pub workers: usize,
    /// How many victims can be called at once, by each family of addresses (`limits.calls`).
    pub calls: usize,
}

/// Every socket a gateway needs. Opening them needs `CAP_NET_ADMIN` and `CAP_NET_RAW` if rules of
/// ours bring the packets; using them needs nothing.
#[derive(Debug)]
pub struct Doors {
    /// For each worker, one door per address.
    pub(crate) of_workers: Vec<Vec<Door>>,
    pub(crate) tap: Option<TapDoor>,
    pub(crate) logs: Option<LogDoors>,
    pub(crate) callers: Arc<Callers>,
}

/// One local address, as one worker listens on it.
#[derive(Debug)]
pub(crate) struct Door {
    pub(crate) how: How,
    pub(crate) tcp: TcpListener,
    pub(crate) udp: Taker,
    pub(crate) replier: Replier,
}

/// Where packets are seen that no other door takes, and the way to answer those that asked everyone.
#[derive(Debug)]
pub(crate) struct TapDoor {
    pub(crate) tap: Tap,
    pub(crate) replier: Replier,
}

/// Every address of this machine, both families, on one port; IPv4 alone if that is all it has.
#[must_use]
pub fn everywhere(port: u16) -> Vec<SocketAddr> {
    let six = SocketAddr::from((Ipv6Addr::UNSPECIFIED, port));
    // Port 0: only whether the family is there is asked.
    let has_six = std::net::UdpSocket::bind((Ipv6Addr::UNSPECIFIED, 0)).is_ok();
    vec![if has_six { six } else { SocketAddr::from((Ipv4Addr::UNSPECIFIED, port)) }]
}

impl Doors {
    /// Opens them in the network namespace of the calling thread.
    ///
    /// # Errors
    ///
    /// An address is taken, or a capability is missing.
    pub fn open(entrance: &Entrance) -> Result<Self, SocketError> {
        let doors = |_| entrance.addresses.iter().map(|&address| Door::open(address, entrance.how));
        let of_workers = (0..entrance.workers.max(1)).map(|worker| doors(worker).collect());
        let tap = match &entrance.tapped[..] {
            [] => None,
            interfaces => {
                Some(TapDoor { tap: Tap::open(interfaces)?, replier: Replier::transparent()? })
            }
        };
        let callers = Callers::open(entrance.calls, &entrance.addresses, entrance.how)?;
        Ok(Self { of_workers: of_workers.collect::<Result<_, _>>()?, tap, logs: None, callers })
    }

    /// Opens those of the log listener, too. Its addresses are not the victims' to reach: where
    /// they are is for the caller to check.
    ///
    /// # Errors
    ///
    /// An address is taken or not ours, or its port is one of the doors'.
    pub fn hear_logs(
        self,
        addresses: &[SocketAddr],
        settings: LogSettings,
    ) -> Result<Self, SocketError> {
        // The system would let us: our own sockets may share a port.
        let is_taken =
            |address: &&SocketAddr| self.each().any(|door| door.port() == address.port());
        if let Some(&address) = addresses.iter().find(is_taken) {
            let cause = io::ErrorKind::AddrInUse.into();
            return Err(SocketError::Bind { address, what: "TCP", cause });
        }
        Ok(Self { logs: Some(LogDoors::open(addresses, settings)?), ..self })
    }

    /// Local ports that a rule of the user's own rewrites destinations to.
    pub(crate) fn redirected_ports(&self) -> Vec<u16> {
        let redirected = self.each().filter(|door| door.how == How::Redirected);
        let mut ports: Vec<u16> = redirected.map(Door::port).collect();
        ports.sort_unstable();
        ports.dedup();
        ports
    }

    fn each(&self) -> impl Iterator<Item = &Door> {
        self.of_workers.iter().flatten()
    }
}

impl Door {
    fn port(&self) -> u16 {
        self.udp.local_address().port()
    }

    fn open(address: SocketAddr, how: How) -> Result<Self, SocketError> {
        let udp = Taker::bind(address, how)?;
        let replier = match how {
            How::Redirected => Replier::plain(&udp)?,
            How::Transparent => Replier::transparent()?,
        };
        Ok(Self { how, tcp: tcp_listener(address, how)?, udp, replier })
    }
}
