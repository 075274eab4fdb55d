//! What gateway and init say to each other, over a pair of sockets.
//!
//! When one side dies, the other reads the end of the conversation: that is how the init learns
//! that it has to go, whatever happened to the gateway.

use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};

use nix::errno::Errno;
use nix::sys::socket::{AddressFamily, MsgFlags, SockFlag, SockType, recv, send, socketpair};

/// Longest message; a complaint is cut to it.
const LONGEST: usize = 4_096;

/// What the gateway tells the init.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// Send the command this signal.
    Signal(i32),
    /// The network is laid: start the command.
    Start,
}

/// What the init tells the gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Report {
    /// The command ended with this code.
    Exited(i32),
    /// Something essential failed; the init is going.
    Failed(String),
    /// The command was ended by this signal.
    Killed(i32),
    /// The command could not be started, for the reason with this number (`errno`).
    NotStarted(i32),
    /// Everything inside is prepared.
    Ready,
    /// The init is in a user namespace of its own, which needs its map.
    Unmapped,
    /// Something was not possible, and the lab works without.
    Warning(String),
}

/// One end.
#[derive(Debug)]
pub(super) struct Channel(OwnedFd);

impl Channel {
    pub(super) fn pair() -> nix::Result<(Self, Self)> {
        let (one, other) =
            socketpair(AddressFamily::Unix, SockType::SeqPacket, None, SockFlag::SOCK_CLOEXEC)?;
        Ok((Self(one), Self(other)))
    }

    pub(super) fn order(&self, order: Order) -> io::Result<()> {
        let (kind, number) = match order {
            Order::Signal(signal) => (b's', signal),
            Order::Start => (b'g', 0),
        };
        self.send(kind, &number.to_ne_bytes())
    }

    pub(super) fn report(&self, report: &Report) -> io::Result<()> {
        match report {
            Report::Exited(code) => self.send(b'e', &code.to_ne_bytes()),
            Report::Failed(text) => self.send(b'f', text.as_bytes()),
            Report::Killed(signal) => self.send(b'k', &signal.to_ne_bytes()),
            Report::NotStarted(errno) => self.send(b'n', &errno.to_ne_bytes()),
            Report::Ready => self.send(b'r', &[]),
            Report::Unmapped => self.send(b'u', &[]),
            Report::Warning(text) => self.send(b'w', text.as_bytes()),
        }
    }

    /// Waits for an order; `None` when the gateway is gone.
    pub(super) fn next_order(&self) -> Option<Order> {
        let message = self.receive()?;
        match message.split_first()? {
            (b's', signal) => Some(Order::Signal(number(signal))),
            (b'g', _) => Some(Order::Start),
            _ => None,
        }
    }

    /// Waits for a report; `None` when the init is gone.
    pub(super) fn next_report(&self) -> Option<Report> {
        let message = self.receive()?;
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        match message.split_first()? {
            (b'e', code) => Some(Report::Exited(number(code))),
            (b'f', complaint) => Some(Report::Failed(text(complaint))),
            (b'k', signal) => Some(Report::Killed(number(signal))),
            (b'n', errno) => Some(Report::NotStarted(number(errno))),
            (b'r', _) => Some(Report::Ready),
            (b'u', _) => Some(Report::Unmapped),
            (b'w', warning) => Some(Report::Warning(text(warning))),
            _ => None,
        }
    }

    fn send(&self, kind: u8, content: &[u8]) -> io::Result<()> {
        let mut message = vec![kind];
        message.extend(content.iter().take(LONGEST - 1));
        send(self.0.as_raw_fd(), &message, MsgFlags::MSG_NOSIGNAL)?;
        Ok(())
    }

    fn receive(&self) -> Option<Vec<u8>> {
        let mut message = vec![0; LONGEST];
        loop {
            match recv(self.0.as_raw_fd(), &mut message, MsgFlags::empty()) {
                Ok(length) => {
                    message.truncate(length);
                    return Some(message);
                }
                Err(Errno::EINTR) => {}
                Err(_) => return None,
            }
        }
    }
}

impl AsFd for Channel {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

fn number(bytes: &[u8]) -> i32 {
    bytes.first_chunk().map_or(0, |bytes| i32::from_ne_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_heard() {
        let (gateway, init) = Channel::pair().unwrap();
        for order in [Order::Signal(15), Order::Start] {
            gateway.order(order).unwrap();
            assert_eq!(init.next_order(), Some(order));
        }
        let reports = [
            Report::Exited(3),
            Report::Failed("no".to_owned()),
            Report::Killed(9),
            Report::NotStarted(2),
            Report::Ready,
            Report::Unmapped,
            Report::Warning("x".repeat(LONGEST - 1)),
        ];
        for report in reports {
            init.report(&report).unwrap();
            assert_eq!(gateway.next_report(), Some(report));
        }
    }

    #[test]
    fn the_death_of_one_side_is_heard_by_the_other() {
        let (gateway, init) = Channel::pair().unwrap();
        drop(gateway);
        assert_eq!(init.next_order(), None);
    }
}
