//! The only crate that knows SQL.
//!
//! One SQLite file holds everything that was recorded. A [`Writer`] appends to it, a batch of
//! records per transaction; readers look at it while that goes on, and afterwards.

mod error;
mod lock;
mod migration;
mod writer;

pub use error::{CommitError, OpenError};
pub use migration::schema;
pub use writer::{Committed, Writer, WriterSettings};
