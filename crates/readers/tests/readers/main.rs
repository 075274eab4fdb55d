//! How rows look: every form of every kind of row against a file in `tests/golden`.
//!
//! `UPDATE_GOLDEN=1 cargo nextest run -p readers` writes those files anew; read the difference.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test may stop at the first surprise and says where its files are"
)]

mod file;
mod golden;
mod show;
mod story;
mod summary;
mod watch;
