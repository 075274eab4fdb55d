//! The keeper waits, passes on signals, and learns how the server ended.

use std::io::{self, Read};
use std::os::fd::AsFd;

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{Signal, kill};
use nix::sys::signalfd::SignalFd;
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;
use socket2::Socket;

use super::server::{FAILED, LONGEST_TEXT, READY};
use super::{End, Start};

/// Watches over the server. While it waits, SIGTERM, SIGINT and SIGHUP go on to the server.
#[derive(Debug)]
pub struct Keeper {
    server: Pid,
    /// `None` once the server has closed its end.
    socket: Option<Socket>,
    signals: SignalFd,
    end: Option<End>,
}

impl Keeper {
    pub(super) const fn of(server: Pid, socket: Socket, signals: SignalFd) -> Self {
        Self { server, socket: Some(socket), signals, end: None }
    }

    /// Waits until the server serves, or will not. What it says comes from the process that will
    /// see victims' bytes, though it has not seen any yet.
    ///
    /// # Errors
    /// When the kernel refuses to wait.
    pub fn wait_until_ready(&mut self) -> io::Result<Start> {
        loop {
            self.wait_for_either()?;
            let end = self.pass_on()?;
            // What it said last is still there when it has ended.
            if let Some(said) = self.hear()? {
                return Ok(said);
            } else if let Some(end) = end {
                return Ok(Start::Ended(end));
            }
        }
    }

    /// Waits until the server has ended. Nothing that it says is listened to any more.
    ///
    /// # Errors
    /// When the kernel refuses to wait.
    pub fn wait_for_end(mut self) -> io::Result<End> {
        loop {
            if let Some(end) = self.pass_on()? {
                return Ok(end);
            }
            // The socket stays open: to the server its end means that the keeper is gone.
            wait_for(&mut [readable(&self.signals)])?;
        }
    }

    fn wait_for_either(&self) -> io::Result<()> {
        let mut sources = vec![readable(&self.signals)];
        sources.extend(self.socket.as_ref().map(readable));
        wait_for(&mut sources)
    }

    /// Deals with the signals that wait; gives the end of the server if it has come.
    fn pass_on(&mut self) -> io::Result<Option<End>> {
        while let Some(signal) = self.signals.read_signal()? {
            match Signal::try_from(signal.ssi_signo.cast_signed()) {
                // Perhaps of another program: the keeper runs some, too.
                Ok(Signal::SIGCHLD) if self.end.is_none() => self.end = self.reap()?,
                Ok(stop) if self.end.is_none() => kill(self.server, stop)?,
                _ => {}
            }
        }
        Ok(self.end)
    }

    fn reap(&self) -> io::Result<Option<End>> {
        match waitpid(self.server, Some(WaitPidFlag::WNOHANG))? {
            WaitStatus::Exited(_, code) => Ok(Some(End::Exited(code))),
            WaitStatus::Signaled(_, signal, _) => Ok(Some(End::Killed(signal as i32))),
            _ => Ok(None),
        }
    }

    fn hear(&mut self) -> io::Result<Option<Start>> {
        let Some(socket) = &self.socket else { return Ok(None) };
        let mut message = [0; 1 + LONGEST_TEXT];
        let length = match (&*socket).read(&mut message) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(None),
            outcome => outcome?,
        };
        match message.get(..length) {
            Some([READY]) => Ok(Some(Start::Ready)),
            Some([FAILED, text @ ..]) => {
                Ok(Some(Start::Failed(String::from_utf8_lossy(text).into_owned())))
            }
            _ => {
                self.socket = None;
                Ok(None)
            }
        }
    }
}

fn readable(source: &impl AsFd) -> PollFd<'_> {
    PollFd::new(source.as_fd(), PollFlags::POLLIN)
}

fn wait_for(sources: &mut [PollFd<'_>]) -> io::Result<()> {
    match poll(sources, PollTimeout::NONE) {
        Ok(_) | Err(Errno::EINTR) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
