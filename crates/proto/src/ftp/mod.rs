//! Files as they are put and fetched: FTP (RFC 959), with EPRT and EPSV (RFC 2428), SIZE, MDTM, REST,
//! MLSD (RFC 3659), HOST (RFC 7151) and TLS (RFC 4217), as a server where every file is.
//!
//! ```text
//!   lines ─▶ machine ─▶ commands ─┬─▶ login      who it is, and TLS
//!                                 ├─▶ folders    what is where: `tree`, by `path`
//!                                 ├─▶ about      what the server can do
//!                                 └─▶ transfer ─▶ the companion that carries the bytes
//!                                        └─▶ listing
//! ```

mod about;
mod commands;
mod folders;
mod listing;
mod login;
mod machine;
mod message;
mod passive;
mod path;
mod probe;
mod session;
mod transfer;
mod tree;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use crate::logins::Accept;
use crate::{Carrier, First, Place, Protocol};

use machine::Ftp;

pub(crate) const PROTOCOL: Protocol = Protocol {
    name: "ftp",
    carrier: Carrier::Stream,
    ports: &[21, 990, 2121],
    first: First::Server { also: &[2021, 2221, 2811, 8021, 8821, 10_021] },
    place: Place::Shaped,
    probe: probe::probe,
    start: || Box::new(Ftp::default()),
};

/// What file servers are like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Which logins are right (`ftp.accept`).
    pub accept: Accept,
    /// Most files and folders that one session changes (`ftp.changes`).
    pub changes: usize,
    /// How long a data connection is waited for (`ftp.data_wait`).
    pub data_wait: Duration,
    /// Files of the analyst's own (`ftp.files`).
    pub files: Arc<[OwnFile]>,
    /// Bytes of uploads that a session can fetch back (`ftp.kept_bytes`).
    pub kept_bytes: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            accept: Accept::default(),
            changes: 1_000,
            data_wait: Duration::from_secs(60),
            files: Arc::new([]),
            kept_bytes: 1 << 20,
        }
    }
}

/// A file of the analyst's own, which is in every folder by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnFile {
    /// What it is called.
    pub name: String,
    /// All of it.
    pub bytes: Bytes,
}
