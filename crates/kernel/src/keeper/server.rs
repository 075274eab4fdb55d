//! What the server tells the keeper.

use std::io::{self, Write};
use std::os::fd::{AsFd, BorrowedFd};

use socket2::Socket;

/// First byte of the message that the server cannot start; a text follows.
pub(super) const FAILED: u8 = b'F';

/// The message that the server serves.
pub(super) const READY: u8 = b'R';

/// Longest text of a failure, in bytes. Messages are kept whole or not at all.
pub(super) const LONGEST_TEXT: usize = 8_192;

/// The server's line to its keeper.
#[derive(Debug)]
pub struct ToKeeper {
    socket: Socket,
}

impl ToKeeper {
    pub(super) const fn by(socket: Socket) -> Self {
        Self { socket }
    }

    /// Says that victims are served from now on.
    ///
    /// # Errors
    /// When the keeper is gone.
    pub fn ready(&self) -> io::Result<()> {
        self.say(&[READY])
    }

    /// Says why there will be nothing to wait for. The first 8,192 bytes of it arrive.
    ///
    /// # Errors
    /// When the keeper is gone.
    pub fn failed(&self, text: &str) -> io::Result<()> {
        let text = text.as_bytes();
        let text = text.get(..LONGEST_TEXT).unwrap_or(text);
        self.say(&[&[FAILED], text].concat())
    }

    fn say(&self, message: &[u8]) -> io::Result<()> {
        (&self.socket).write_all(message)
    }
}

/// Readable once the keeper is gone, and never before: it has nothing to say.
impl AsFd for ToKeeper {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}
