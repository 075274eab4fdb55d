//! Short connections: connect, say 64 bytes that nobody else says, hang up, wait for the other to.

use std::net::{Ipv4Addr, Shutdown, SocketAddr};
use std::os::fd::AsRawFd;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use nix::errno::Errno;
use nix::sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags};
use nix::sys::socket::{MsgFlags, recv};
use socket2::{Domain, Socket, Type};

use crate::clock::Stopwatch;

/// What one connection says.
pub(crate) type Message = [u8; 64];

/// How many connections are open at once.
const AT_ONCE: usize = 128;

/// How long everything may stand still.
const PATIENCE_MILLIS: u16 = 10_000;

/// What was done.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Done {
    /// Connections made, all of them to their end.
    pub(crate) connections: u64,
    /// In this time.
    pub(crate) took: Duration,
}

/// Makes connections one after the other for some time, in the calling thread's namespace.
pub(crate) fn run(time: Duration) -> Result<Done> {
    let mut load = Load::new()?;
    for place in 0..AT_ONCE {
        load.begin(place)?;
    }
    let watch = Stopwatch::start();
    let mut events = [EpollEvent::empty(); AT_ONCE];
    while load.open > 0 {
        let count = load.epoll.wait(&mut events, PATIENCE_MILLIS)?;
        if count == 0 {
            bail!("{} connections stand still", load.open);
        }
        for event in events.iter().take(count) {
            let place = event.data() as usize;
            if load.go_on(place)? && watch.passed() < time {
                load.begin(place)?;
            }
        }
    }
    Ok(Done { connections: load.begun, took: watch.passed() })
}

struct Load {
    epoll: Epoll,
    places: Vec<Option<Talk>>,
    /// How many places are taken.
    open: usize,
    /// How many connections there have been.
    begun: u64,
}

struct Talk {
    socket: Socket,
    /// What is still to be said.
    unsaid: Option<Message>,
}

impl Load {
    fn new() -> Result<Self> {
        let mut places = Vec::new();
        places.resize_with(AT_ONCE, || None);
        let epoll = Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC)?;
        Ok(Self { epoll, places, open: 0, begun: 0 })
    }

    fn begin(&mut self, place: usize) -> Result<()> {
        let Some(free) = self.places.get_mut(place) else { return Ok(()) };
        let socket = Socket::new_raw(Domain::IPV4, Type::STREAM.nonblocking().cloexec(), None)?;
        match socket.connect(&destination(self.begun).into()) {
            Err(error) if error.raw_os_error() != Some(Errno::EINPROGRESS as i32) => {
                return Err(error).context("cannot connect");
            }
            _ => {}
        }
        let wanted = EpollFlags::EPOLLIN | EpollFlags::EPOLLOUT | EpollFlags::EPOLLET;
        self.epoll.add(&socket, EpollEvent::new(wanted, place as u64))?;
        *free = Some(Talk { socket, unsaid: Some(message(self.begun)) });
        self.begun += 1;
        self.open += 1;
        Ok(())
    }

    /// Takes a connection further. Whether that was its end.
    fn go_on(&mut self, place: usize) -> Result<bool> {
        let Some(Some(talk)) = self.places.get_mut(place) else { return Ok(false) };
        if !talk.is_over()? {
            return Ok(false);
        }
        if let Some(free) = self.places.get_mut(place) {
            *free = None;
        }
        self.open -= 1;
        Ok(true)
    }
}

impl Talk {
    fn is_over(&mut self) -> Result<bool> {
        if let Some(message) = &self.unsaid {
            match self.socket.send(message) {
                Ok(sent) if sent == message.len() => self.socket.shutdown(Shutdown::Write)?,
                Ok(sent) => bail!("only {sent} bytes could be sent"),
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => return Ok(false),
                // Not connected yet, or never.
                Err(error) => return Err(error).context("cannot send"),
            }
            self.unsaid = None;
        }
        loop {
            match recv(self.socket.as_raw_fd(), &mut [0; 4_096], MsgFlags::empty()) {
                Ok(0) => return Ok(true),
                Ok(_) => {}
                Err(Errno::EAGAIN) => return Ok(false),
                Err(error) => return Err(error).context("the other side broke off"),
            }
        }
    }
}

/// Many addresses and ports: the same two ends must not meet again soon.
pub(crate) fn destination(number: u64) -> SocketAddr {
    let [.., host, port] = number.to_be_bytes();
    let address = Ipv4Addr::new(203, 0, 113, host);
    SocketAddr::from((address, 20_000 + u16::from(port)))
}

const OPENING: &[u8; 8] = b"bench\r\n\x01";

/// What connection `number` says: an opening that is no protocol's, its number, and bytes that
/// follow from it.
pub(crate) fn message(number: u64) -> Message {
    let mut message = [0; 64];
    let (words, _) = message.as_chunks_mut::<8>();
    for (word, place) in words.iter_mut().zip(0_u64..) {
        *word = match place {
            0 => *OPENING,
            1 => number.to_be_bytes(),
            _ => scattered(number ^ (place << 56)).to_be_bytes(),
        };
    }
    message
}

/// The number of the connection that says this; nothing if none does.
pub(crate) fn number_in(bytes: &[u8]) -> Option<u64> {
    let number = u64::from_be_bytes(bytes.get(8..16)?.try_into().ok()?);
    (bytes == message(number)).then_some(number)
}

/// Bits in no order that shows (the finalizer of SplitMix64).
fn scattered(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_is_known_by_its_number_and_no_other() {
        for number in [0, 1, 255, 65_536, u64::MAX] {
            let mut said = message(number);
            assert_eq!(number_in(&said), Some(number));
            said[63] ^= 1;
            assert_eq!(number_in(&said), None);
        }
        assert_eq!(number_in(b"short"), None);
    }
}
