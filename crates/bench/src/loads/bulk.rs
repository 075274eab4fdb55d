//! A bulk upload over a few connections.

use std::io::{Read, Write};
use std::net::Shutdown;

use anyhow::{Context, Result};
use socket2::{Domain, Socket, Type};

use super::short::destination;

/// How much is uploaded in all.
pub(crate) const BYTES: u64 = CONNECTIONS * BLOCKS_EACH * BLOCK as u64;

pub(crate) const CONNECTIONS: u64 = 4;

const BLOCKS_EACH: u64 = 512;

/// How much is written at once. What a connection says is the same block again and again.
pub(crate) const BLOCK: usize = 256 * 1_024;

/// Uploads, and waits until the other side has read it all, in the calling thread's namespace.
pub(crate) fn run() -> Result<()> {
    let block = block();
    let mut sockets = Vec::new();
    for number in 0..CONNECTIONS {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
        socket.connect(&destination(number).into()).context("cannot connect")?;
        sockets.push(socket);
    }
    for _ in 0..BLOCKS_EACH {
        for socket in &mut sockets {
            socket.write_all(&block).context("cannot upload")?;
        }
    }
    for socket in &mut sockets {
        socket.shutdown(Shutdown::Write)?;
        while socket.read(&mut [0; 4_096])? > 0 {}
    }
    Ok(())
}

/// The same bytes into a file, down to the disk.
pub(crate) fn write_to_file(path: &std::path::Path) -> Result<()> {
    let block = block();
    let attempt = || format!("cannot write {}", path.display());
    let mut file = std::fs::File::create(path).with_context(attempt)?;
    for _ in 0..CONNECTIONS * BLOCKS_EACH {
        file.write_all(&block).with_context(attempt)?;
    }
    file.sync_data().with_context(attempt)
}

/// Bytes that cannot be compressed and are no protocol's.
pub(crate) fn block() -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        // Xorshift, Marsaglia 2003.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_be_bytes()
    };
    (0..BLOCK / 8).flat_map(|_| next()).collect()
}
