//! Bytes of a flow, as they came.

use bytes::Bytes;

use crate::{FlowId, Timestamp};

/// One piece of one direction of a flow: what one read gave, or one datagram.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payload {
    /// The flow.
    pub flow: FlowId,
    /// When it was read, or handed to the kernel for sending.
    pub time: Timestamp,
    /// Who sent it.
    pub direction: Direction,
    /// Which layer it belongs to.
    pub layer: Layer,
    /// How many bytes of this direction and layer came before it.
    pub offset: u64,
    /// The bytes.
    pub bytes: Bytes,
}

/// Who sent the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// The victim.
    FromVictim,
    /// We.
    ToVictim,
}

/// How many wrappings were taken off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Layer {
    /// As on the wire.
    Wire,
    /// Inside TLS or QUIC.
    Inner,
    /// Inside TLS that is itself inside TLS, as of a victim that reaches its proxy over TLS.
    Nested,
}
