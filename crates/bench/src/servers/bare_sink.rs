//! A sink that accepts, reads to the end, closes and stores nothing: as fast as a program behind
//! these rules can be.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv6Addr, SocketAddr};
use std::os::fd::AsRawFd;

use anyhow::{Context, Result};
use kernel::sockets::{How, tcp_listener};
use nix::errno::Errno;
use nix::sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags, EpollTimeout};
use nix::sys::socket::{MsgFlags, recv};
use socket2::Socket;
use testkit::PORT;

use crate::process::Running;
use crate::servers::sinkgate::somewhere;
use crate::stage::{Plan, Stage};

/// Starts it behind sinkgate's rules.
pub(crate) fn start(plan: &Plan, stage: &Stage) -> Result<Running> {
    behind_rules(stage)?;
    let gateway = &stage.network.gateway;
    let mut sink = Running::start(gateway, stage.folder(), &plan.bench, &["bare-sink"])?;
    sink.wait_until("the bare sink accepts", || somewhere(stage))?;
    Ok(sink)
}

/// Sets the rules and routes that sinkgate sets, for a server on [`PORT`].
pub(crate) fn behind_rules(stage: &Stage) -> Result<()> {
    stage.network.gateway.run_inside(testkit::open).context("cannot set the rules")
}

/// Is it, until somebody ends the process.
pub(crate) fn serve() -> Result<()> {
    let mut sink = BareSink::listen(PORT)?;
    let never: Infallible = sink.run()?;
    match never {}
}

struct BareSink {
    listener: Socket,
    epoll: Epoll,
    /// By the number of their descriptor.
    connections: Vec<Option<Socket>>,
    buffer: Vec<u8>,
}

/// As much as sinkgate reads at once.
const READ_BYTES: usize = 64 * 1_024;

const LISTENER: u64 = u64::MAX;

impl BareSink {
    fn listen(port: u16) -> Result<Self> {
        let everywhere = SocketAddr::from((Ipv6Addr::UNSPECIFIED, port));
        let listener = Socket::from(tcp_listener(everywhere, How::Transparent)?);
        let epoll = Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC)?;
        epoll.add(&listener, EpollEvent::new(EpollFlags::EPOLLIN, LISTENER))?;
        Ok(Self { listener, epoll, connections: Vec::new(), buffer: vec![0; READ_BYTES] })
    }

    fn run(&mut self) -> Result<Infallible> {
        let mut events = [EpollEvent::empty(); 256];
        loop {
            let count = self.epoll.wait(&mut events, EpollTimeout::NONE)?;
            for event in events.iter().take(count) {
                match event.data() {
                    LISTENER => self.accept_all()?,
                    connection => self.go_on(connection as usize),
                }
            }
        }
    }

    fn accept_all(&mut self) -> Result<()> {
        loop {
            match self.listener.accept() {
                Ok((connection, _)) => self.begin(connection)?,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
                Err(error) => return Err(error).context("cannot accept"),
            }
        }
    }

    /// Often everything is there already, and the connection is over at once.
    fn begin(&mut self, connection: Socket) -> Result<()> {
        if is_over(&connection, &mut self.buffer) {
            return Ok(());
        }
        let place = usize::try_from(connection.as_raw_fd())?;
        self.epoll.add(&connection, EpollEvent::new(EpollFlags::EPOLLIN, place as u64))?;
        if self.connections.len() <= place {
            self.connections.resize_with(place + 1, || None);
        }
        if let Some(free) = self.connections.get_mut(place) {
            *free = Some(connection);
        }
        Ok(())
    }

    fn go_on(&mut self, place: usize) {
        let Some(connection) = self.connections.get_mut(place) else { return };
        connection.take_if(|connection| is_over(connection, &mut self.buffer));
    }
}

/// Reads what is there. Whether that was the end.
fn is_over(connection: &Socket, buffer: &mut [u8]) -> bool {
    loop {
        match recv(connection.as_raw_fd(), buffer, MsgFlags::MSG_DONTWAIT) {
            Ok(1..) => {}
            Err(Errno::EAGAIN) => return false,
            Ok(0) | Err(_) => return true,
        }
    }
}
