//! What makes the program in a lab trust our certificates: the system's lists of authorities with
//! ours added, variables that lead programs with lists of their own to one of those, and the lists
//! of who cannot be led.

mod browsers;
mod java;

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use engine::Authority;
use kernel::lab::{FullerFolder, ReplacedFile};
use model::Timestamp;

/// Where systems keep all authorities they trust in one file.
const BUNDLES: &[&str] = &[
    "/etc/ssl/certs/ca-certificates.crt", // Debian, Ubuntu, Alpine, Arch
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", // Fedora and its relatives
    "/etc/pki/tls/certs/ca-bundle.crt",   // the same, older
    "/etc/ssl/ca-bundle.pem",             // openSUSE
    "/etc/ssl/cert.pem",                  // LibreSSL, Alpine
];

/// Programs that bring their own list, and look here first.
const VARIABLES: &[&str] =
    &["SSL_CERT_FILE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"];

/// What has to be different in a lab.
#[derive(Debug, Default)]
pub(super) struct Trust {
    pub(super) replaced: Vec<ReplacedFile>,
    pub(super) fuller: Vec<FullerFolder>,
    pub(super) environment: Vec<(OsString, OsString)>,
}

impl Trust {
    /// Trust in this authority.
    pub(super) fn in_authority(authority: &Authority, now: Timestamp) -> Result<Self> {
        let root_pem = authority.root_pem()?;
        let mut trust = Self::in_bundles(&root_pem)?;
        trust.replaced.extend(java::stores(&authority.root_der()?, now));
        trust.fuller = browsers::policies(&String::from_utf8(root_pem)?);
        Ok(trust)
    }

    fn in_bundles(root_pem: &[u8]) -> Result<Self> {
        let mut trust = Self::default();
        for path in really_there(BUNDLES.iter().map(PathBuf::from)) {
            let known = fs::read(&path);
            let known = known.with_context(|| format!("cannot read {}", path.display()))?;
            trust.replaced.push(ReplacedFile { content: joined(known, root_pem), path });
        }
        let Some(bundle) = trust.replaced.first().map(|file| file.path.clone()) else {
            tracing::warn!("this system has no list of authorities; programs will not trust ours");
            return Ok(trust);
        };
        let lead = |name: &&str| (OsString::from(name), bundle.clone().into_os_string());
        trust.environment = VARIABLES.iter().map(lead).collect();
        Ok(trust)
    }
}

/// Those files that are there, each under the name it really has, once.
fn really_there(paths: impl Iterator<Item = PathBuf>) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = Vec::new();
    for path in paths.filter_map(|path| Path::new(&path).canonicalize().ok()) {
        if path.is_file() && !found.contains(&path) {
            found.push(path);
        }
    }
    found
}

fn joined(mut known: Vec<u8>, root_pem: &[u8]) -> Vec<u8> {
    if !known.ends_with(b"\n") {
        known.push(b'\n');
    }
    known.extend_from_slice(root_pem);
    known
}
