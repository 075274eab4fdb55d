//! The program: configuration, command line, order of start and stop.
//!
//! ```text
//!  main ──▶ cli (what was asked) ──▶ config (what holds) ──▶ one module per command
//! ```

mod cli;
pub mod config;
mod generate;
mod logging;
pub mod paths;
mod program;

pub use program::main;
