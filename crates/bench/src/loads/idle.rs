//! Connections that say something and then nothing.

use anyhow::{Context, Result, bail};
use socket2::{Domain, Socket, Type};

use super::short::{destination, message};

/// Opens connections from the calling thread's namespace, each of which says 64 bytes. They stay
/// open until they are dropped.
pub(crate) fn hold(count: u64) -> Result<Vec<Socket>> {
    (0..count)
        .map(|number| {
            let attempt = || format!("cannot hold connection {number}");
            let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
            socket.connect(&destination(number).into()).with_context(attempt)?;
            let message = message(number);
            if socket.send(&message).with_context(attempt)? != message.len() {
                bail!("connection {number} did not take its message");
            }
            Ok(socket)
        })
        .collect()
}
