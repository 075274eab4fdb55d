//! The program: configuration, command line, order of start and stop.
//!
//! ```text
//!  main ──▶ cli (what was asked) ──▶ config (what holds) ──▶ commands (one module each)
//!                                                                └──▶ service ──▶ engine
//! ```

mod cli;
mod commands;
pub mod config;
mod courier;
mod generate;
mod installation;
mod logging;
pub mod paths;
mod persona;
mod program;
mod reload;
mod service;

pub use program::main;
