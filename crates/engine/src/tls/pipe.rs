//! What the library takes for a socket: memory.

use std::io::{self, Read, Write};

use bytes::{Buf, Bytes, BytesMut};

/// Two queues of bytes. Empty ones hold no memory.
#[derive(Debug, Default)]
pub(crate) struct Pipe {
    incoming: BytesMut,
    outgoing: BytesMut,
    /// No more comes in.
    is_ended: bool,
}

impl Pipe {
    /// Bytes came.
    pub(crate) fn put_incoming(&mut self, bytes: &[u8]) {
        self.incoming.extend_from_slice(bytes);
    }

    /// No more will come.
    pub(crate) fn end(&mut self) {
        self.is_ended = true;
    }

    /// Whether no more will come.
    pub(crate) fn is_ended(&self) -> bool {
        self.is_ended
    }

    /// What is to be sent.
    pub(crate) fn take_outgoing(&mut self) -> Bytes {
        std::mem::take(&mut self.outgoing).freeze()
    }
}

impl Read for Pipe {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.incoming.is_empty() {
            self.incoming = BytesMut::new();
            return if self.is_ended { Ok(0) } else { Err(io::ErrorKind::WouldBlock.into()) };
        }
        let count = buffer.len().min(self.incoming.len());
        self.incoming.split_to(count).copy_to_slice(buffer.get_mut(..count).unwrap_or_default());
        Ok(count)
    }
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.outgoing.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
