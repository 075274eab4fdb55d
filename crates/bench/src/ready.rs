//! Waiting until things are so, and until servers answer.

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use socket2::{Domain, Socket, Type};

use crate::clock::Stopwatch;
use crate::interrupts;

/// How often is looked.
const PAUSE: Duration = Duration::from_millis(1);

/// How long one attempt to connect may take. Short: a packet that meets the closed gateway is
/// dropped, and the kernel tries again only after a second.
const ATTEMPT: Duration = Duration::from_millis(5);

/// Waits until `holds`; an error of its own ends the wait.
pub(crate) fn wait_until(
    what: &str,
    patience: Duration,
    mut holds: impl FnMut() -> Result<bool>,
) -> Result<()> {
    let waiting = Stopwatch::start();
    while !holds().with_context(|| format!("while waiting until {what}"))? {
        interrupts::check()?;
        if waiting.passed() > patience {
            bail!("waited {} s in vain until {what}", patience.as_secs());
        }
        rest(PAUSE);
    }
    Ok(())
}

/// Lets time pass.
pub(crate) fn rest(time: Duration) {
    thread::park_timeout(time);
}

/// Whether somebody accepts connections there, seen from the calling thread's namespace. `first`
/// is said, and the connection closed.
pub(crate) fn accepts(address: SocketAddr, first: &[u8]) -> io::Result<bool> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
    if socket.connect_timeout(&address.into(), ATTEMPT).is_err() {
        return Ok(false);
    }
    Ok(socket.send(first).is_ok())
}

/// Whether somebody answers DNS questions there, seen from the calling thread's namespace.
pub(crate) fn answers_questions(address: SocketAddr) -> io::Result<bool> {
    let socket = UdpSocket::bind(("0.0.0.0", 0))?;
    socket.set_read_timeout(Some(ATTEMPT))?;
    let asked = socket.send_to(QUESTION, address).is_ok();
    Ok(asked && socket.recv(&mut [0; 512]).is_ok())
}

/// `ready.example-name.com`, A, IN, recursion desired (RFC 1035 §4.1).
const QUESTION: &[u8] =
    b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x05ready\x0cexample-name\x03com\x00\x00\x01\x00\x01";
