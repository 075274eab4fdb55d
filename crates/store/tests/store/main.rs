//! What the database promises, on a fresh file per test.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test may stop at the first surprise and says where its files are"
)]

mod artifacts;
mod crash;
mod follow;
mod followers;
mod late;
mod opening;
mod reader;
mod recipe;
mod retention;
mod room;
mod schema;
mod support;
mod together;
