//! The Linux edge: nftables, namespaces, original destinations, packet taps. Knows no protocol.
//!
//! What arrives is turned to us by [TPROXY](https://docs.kernel.org/networking/tproxy.html): the
//! packet keeps its destination, and the socket that takes it can ask for it. Everything here is
//! synchronous; the engine waits on the file descriptors with its own runtime.

pub mod interface;
pub mod namespace;
mod options;
pub mod program;
pub mod routes;
pub mod rules;
pub mod sockets;
pub mod tap;
pub mod udp;
