//! The only crate that knows SQL.
//!
//! One SQLite file holds everything that was recorded. A [`Writer`] appends to it, a batch of
//! records per transaction; a [`Reader`] looks at it while that goes on, and afterwards. A
//! [`follow::Following`] carries it to another database.

mod error;
pub mod follow;
mod lock;
mod migration;
mod reader;
mod writer;

pub use error::{CommitError, OpenError, ReadError};
pub use migration::schema;
pub use reader::{
    ArtifactRow, AskedName, Change, Content, CounterRow, Cursor, DataRow, DnsRow, EventRow, Filter,
    FlowContext, FlowEnd, FlowRow, Follower, FollowerRow, IdPrefix, Limited, NotASha256, NotAnId,
    PayloadBytes, ProtocolTotal, Reader, RunRow, Sha256Prefix, Summary, UnstoredBytes,
};
pub use writer::{Committed, Keep, Removed, Writer, WriterSettings};
