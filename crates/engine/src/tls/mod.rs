//! TLS is terminated here: any port, any name, from SSLv3 to TLS 1.3.
//!
//! ```text
//!  authority ── signs ──▶ leaves (one for each name asked for)
//!                            │
//!  terms (what we agree to) ─┴─▶ wrapping: bytes of the wire in, bytes of the inside out, and back
//! ```
//!
//! The library does the cryptography on memory alone; the only socket is still in `drive`.

mod authority;
mod certificate;
mod leaves;
mod pipe;
mod revocation;
mod terms;
mod wrapping;

pub use authority::{About, Authority, AuthorityError};
pub use terms::ClientCertificates;

pub(crate) use leaves::Subject;
pub(crate) use pipe::Pipe;
pub(crate) use terms::Terms;
pub(crate) use wrapping::{Progress, Turn, Wrapping};
