//! The Linux edge: nftables, namespaces, original destinations, packet taps. Knows no protocol.
//!
//! What arrives is turned to us by [TPROXY](https://docs.kernel.org/networking/tproxy.html): the
//! packet keeps its destination, and the socket that takes it can ask for it. Everything here is
//! synchronous; the engine waits on the file descriptors with its own runtime.

pub mod callers;
pub mod changes;
pub mod claim;
pub mod confined;
pub mod courier;
mod fork;
pub mod host;
pub mod interface;
pub mod keeper;
pub mod lab;
pub mod namespace;
mod options;
pub mod privileges;
pub mod program;
pub mod routes;
pub mod rules;
pub mod sockets;
pub mod stop;
pub mod tap;
mod threads;
pub mod udp;
