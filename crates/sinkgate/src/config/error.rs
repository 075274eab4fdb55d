//! What can be wrong with a configuration, and where it was written.

use std::fmt;
use std::io;
use std::path::PathBuf;

use proto::dns::{ListError, StaticNameError};
use store::follow::UrlError;

/// A configuration that cannot be used. It says where the fault is and what was expected.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Two settings do not go together.
    #[error("the settings do not go together: {0}")]
    Contradiction(&'static str),
    /// What should be the URL of a database is none.
    #[error("{origin}: this database cannot be used")]
    Database {
        /// Where.
        origin: Origin,
        /// Why not. It does not show the URL, in which there may be a password.
        #[source]
        cause: UrlError,
    },
    /// A list of names has a line that cannot be used.
    #[error("cannot use {}, a list of names", path.display())]
    List {
        /// The file.
        path: PathBuf,
        /// Which line, and why not.
        #[source]
        cause: ListError,
    },
    /// A list of names cannot be read.
    #[error("cannot read {}, a list of names", path.display())]
    ListUnread {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        cause: io::Error,
    },
    /// The file cannot be read.
    #[error("cannot read the configuration file {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        cause: io::Error,
    },
    /// The file with answers of the analyst's own cannot be read.
    #[error("cannot read {}, the file with answers of your own", path.display())]
    Responses {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        cause: io::Error,
    },
    /// The names with answers of their own cannot be used.
    #[error("the names with answers of their own cannot be used")]
    StaticNames(#[source] StaticNameError),
    /// The file is not TOML.
    #[error("{origin}: this is not TOML")]
    Syntax {
        /// Where.
        origin: Origin,
        /// What the parser says.
        #[source]
        cause: NotToml,
    },
    /// Nothing is called that.
    #[error("{origin}: there is no setting `{key}`{}", hint(nearest.as_deref()))]
    Unknown {
        /// Where.
        origin: Origin,
        /// What was written.
        key: String,
        /// The most similar name there is.
        nearest: Option<String>,
    },
    /// What was written is understood, and cannot be used.
    #[error("{origin}: `{key}` cannot be used")]
    Unusable {
        /// Where.
        origin: Origin,
        /// What it is called.
        key: String,
        /// Why not.
        #[source]
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The value is of the wrong type or out of range.
    #[error("{origin}: `{key}` is {written}; expected {expected}")]
    Value {
        /// Where.
        origin: Origin,
        /// The setting.
        key: String,
        /// What was written.
        written: String,
        /// What would be accepted.
        expected: String,
    },
}

/// What the parser of TOML says, without the line itself: there may be a password in it.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct NotToml(pub(super) String);

/// Where a value was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nowhere: the default.
    Default,
    /// An environment variable of this name.
    Environment(String),
    /// A line of the file.
    File {
        /// The file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
    },
    /// A flag of the command line, as written.
    Flag(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => out.write_str("default"),
            Self::Environment(name) => write!(out, "environment variable {name}"),
            Self::File { path, line } => write!(out, "{} line {line}", path.display()),
            Self::Flag(flag) => write!(out, "{flag}"),
        }
    }
}

fn hint(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}
