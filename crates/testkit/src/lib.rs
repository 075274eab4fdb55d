//! Scripted peers, throwaway networks and databases, for tests only.
//!
//! ```text
//!   victim  v0 10.66.0.2/24, fd66::2/64 ──── g0 10.66.0.1/24, fd66::1/64  gateway
//!                                            w0 198.51.100.1/24, fd99::1/64
//!                                            │
//!                                            w1 198.51.100.2/24, fd99::2/64  internet, counting
//! ```
//!
//! Everything is a network namespace of the test's own process; nothing of it is left when the
//! values are dropped.

#![expect(clippy::unwrap_used, reason = "a failure here is a failed test")]

mod internet;
mod network;
pub mod packets;
pub mod programs;
mod shell;
mod waiting;

pub use internet::Internet;
pub use network::{Network, PORT, cable, can_make_namespaces, open, settings};
pub use shell::Shell;
pub use waiting::{wait_for_input, wait_until};
