//! The log listener: what the user's own firewall writes about packets, by way of syslog.
//!
//! ```text
//!  rsyslogd ──▶ stream, datagrams ──▶ desk ──▶ announced ◀── session (a flow opens, ends)
//!                    bytes              lines      │
//!                                                  ▼
//!                               an event of that flow; a flow of its own if none comes
//! ```
//!
//! It is no victim's: it listens where the user says, on a thread of its own, and a worker knows of
//! it only that there is somebody to tell when a flow opens or ends.

mod announced;
mod book;
mod desk;
mod stream;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use kernel::sockets::{How, SocketError, tcp_listener};
use kernel::udp::Taker;
use model::Counter;
use tokio::runtime::Builder;
use tokio::task::JoinSet;

use crate::intake::{Intake, Waited, take_until_stopped};
use crate::surroundings::Surroundings;
pub(crate) use announced::Announced;
use desk::Desk;
use stream::Streams;

/// How many flows that ended are remembered for log lines that come late. The database has to
/// remember as many.
pub const REMEMBERED_FLOWS: usize = 65_536;

/// What the log listener is like; each is a setting in the section `syslog` but for the first.
#[derive(Clone, Debug)]
pub struct LogSettings {
    /// Longest line (`limits.line_bytes`).
    pub line_bytes: usize,
    /// What lines of ours begin with.
    pub prefix: String,
    /// Connections open at once.
    pub connections: usize,
    /// How long a connection may be silent.
    pub idle: Duration,
    /// How long a line waits for its flow.
    pub join_within: Duration,
    /// How many lines wait at once.
    pub waiting_lines: usize,
}

/// The sockets of the log listener, with what it needs to know.
#[derive(Debug)]
pub(crate) struct LogDoors {
    pub(crate) settings: LogSettings,
    doors: Vec<LogDoor>,
}

/// One address that log lines are heard on.
#[derive(Debug)]
struct LogDoor {
    tcp: TcpListener,
    udp: Taker,
}

impl LogDoors {
    /// Opens them, for TCP and UDP each.
    pub(crate) fn open(
        addresses: &[SocketAddr],
        settings: LogSettings,
    ) -> Result<Self, SocketError> {
        let door = |&address| {
            let udp = Taker::bind(address, How::Redirected)?;
            Ok(LogDoor { tcp: tcp_listener(address, How::Redirected)?, udp })
        };
        let doors = addresses.iter().map(door).collect::<Result<_, _>>()?;
        Ok(Self { settings, doors })
    }

    /// Where they are: lines about packets to and from here are our own doing.
    fn addresses(&self) -> Vec<SocketAddr> {
        self.doors.iter().map(|door| door.udp.local_address()).collect()
    }
}

/// The log listener, before it starts.
#[derive(Debug)]
pub(crate) struct LogListener {
    desk: Desk,
    around: Surroundings,
    doors: LogDoors,
}

impl LogListener {
    pub(crate) fn new(
        doors: LogDoors,
        around: Surroundings,
        announced: std::sync::Arc<Announced>,
    ) -> Self {
        let desk = Desk::new(around.clone(), announced, &doors.settings, doors.addresses());
        Self { desk, around, doors }
    }

    /// Listens until we are stopping and everything that had arrived is recorded.
    pub(crate) fn run(self) -> io::Result<()> {
        let runtime = Builder::new_current_thread().enable_io().enable_time().build()?;
        runtime.block_on(self.listen())
    }

    async fn listen(self) -> io::Result<()> {
        let mut listening = JoinSet::new();
        let streams = Streams::new(self.desk.clone(), &self.doors.settings);
        for door in self.doors.doors {
            let listener = tokio::net::TcpListener::from_std(door.tcp)?;
            listening.spawn(streams.clone().until_stopped(listener));
            let datagrams = Datagrams(self.desk.clone());
            let socket = Waited::new(door.udp)?;
            listening.spawn(take_until_stopped(socket, datagrams, self.around.clone()));
        }
        listening.join_all().await;
        self.desk.finish();
        Ok(())
    }
}

/// Lines that come one by one. This also looks after those that wait, however they came.
struct Datagrams(Desk);

impl Intake for Datagrams {
    type Socket = Taker;

    const LOST: Counter = Counter::DatagramsLostInKernel;

    fn take(&mut self, taker: &mut Taker) -> io::Result<u64> {
        let taken = taker.take(|datagram| self.0.datagram(datagram.bytes))?;
        Ok(taken.lost_total)
    }

    fn sweep(&mut self) {
        self.0.sweep();
    }

    fn stop(&mut self) {}
}

#[cfg(test)]
mod tests;
