//! What has to hold for any input: one function per target, for the fuzzer and for tests.
//!
//! The fuzz targets below `fuzz/` call these functions and do nothing else. So the same checks run
//! on a stable compiler, as tests on the same corpus and on random input.

mod capture;
mod client_hello;
mod config;
mod dns_message;
mod log_line;
mod machine;
mod stage;

pub use capture::capture;
pub use client_hello::client_hello;
pub use config::config;
pub use dns_message::dns_message;
pub use log_line::log_line;
pub use machine::machine;
