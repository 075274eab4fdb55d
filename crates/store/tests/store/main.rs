//! What the database promises, on a fresh file per test.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test may stop at the first surprise and says where its files are"
)]

mod reader;
mod schema;
mod support;
