//! Followers: what is committed here is carried to databases elsewhere.
//!
//! ```text
//!   SQLite file ──▶ Source ──batch──▶ Remote: one transaction there
//!        ▲                               │ committed
//!        └── writer ◀── report ── position behind the batch
//! ```
//!
//! Capture knows nothing of it and never waits for it. A batch whose position was not kept is sent
//! again, and changes nothing: every row has a key that it always has. The clients are blocking; a
//! follower is one plain thread. See `docs/decisions/0006-followers.md`.

mod error;
mod following;
mod mysql;
mod patience;
mod position;
mod postgres;
mod remote;
mod schema;
mod secret;
mod shorten;
mod source;
mod tables;
mod target;
mod tls;
mod url;

pub use error::FollowError;
pub use following::{Following, Report, Surroundings};
pub use patience::Patience;
pub(crate) use position::Position;
pub use schema::{Prepared, Reset, prepare, statements};
pub use secret::Secret;
pub use target::{Target, TargetFileError};
pub use url::UrlError;
