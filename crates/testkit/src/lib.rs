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

#![expect(clippy::panic, clippy::unwrap_used, reason = "a failure here is a failed test")]

mod database;
mod disk;
mod folder;
mod gateway;
mod internet;
mod lab;
pub mod load;
mod network;
pub mod packets;
mod process;
pub mod programs;
pub mod servers;
mod shell;
mod waiting;

pub use database::{Database, Direction, unhex};
pub use disk::SmallDisk;
pub use folder::Folder;
pub use gateway::Gateway;
pub use internet::Internet;
pub use lab::{Labs, can_run_labs};
pub use network::{Network, PORT, cable, can_make_namespaces, open, settings};
pub use process::{Process, is_gone, processor_time, status};
pub use shell::Shell;
pub use waiting::{wait_for_input, wait_until};
