//! Configuration: what can be set, where a value comes from, what it means.
//!
//! ```text
//!  flag, environment, file, default ──▶ Written ──▶ row of the table ──▶ Config
//!          (in this order)              as typed      kind, range        as meant
//! ```
//!
//! [`settings`] is the only list of settings. The parser, `sinkgate config`, the reference page and
//! the names of environment variables are all read from it.

mod databases;
mod error;
mod explain;
mod fields;
mod file;
mod imports;
mod kind;
mod load;
mod meant;
mod nearest;
mod reference;
mod responses;
mod static_names;
mod table;
mod written;

pub use databases::{PASSWORD_VARIABLE, password_in_environment};
pub use error::{Error, NotToml, Origin};
pub use explain::{explain, show};
pub use load::{Effective, FlagValue, Loaded, Sources};
pub use meant::{
    Config, Dns, DnsMode, Exec, Ftp, Gateway, Limits, Log, LogFormat, LogLevel, Persona, Responses,
    Storage, Syslog,
};
pub use reference::reference;
pub use responses::{OwnAnswers, responses_reference};
pub use table::{Setting, settings};
pub(crate) use written::span;
