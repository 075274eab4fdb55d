//! A certificate for each name that is asked for, made when it is asked for first.

use std::fmt;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use model::{KeyKind, Timestamp};
use openssl::error::ErrorStack;
use openssl::x509::X509;
use proto::{AuthoritySite, Recent};

use super::authority::Authority;
use super::certificate::{Lifetime, Role, Wanted, certify};
use super::revocation::good;

/// Whom a certificate is for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Subject {
    /// An address: the victim named no name, and no answer of ours did.
    Address(IpAddr),
    /// A name.
    Name(String),
}

impl fmt::Display for Subject {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(address) => address.fmt(out),
            Self::Name(name) => name.fmt(out),
        }
    }
}

/// A certificate for one name, and what goes with it.
#[derive(Debug)]
pub(super) struct Leaf {
    pub(super) certificate: X509,
    pub(super) kind: KeyKind,
    /// That it is good, signed: sent along to whoever asks for it in the handshake.
    pub(super) status: Option<Bytes>,
    lifetime: Lifetime,
}

/// Those made so far.
#[derive(Debug)]
pub(super) struct Leaves {
    pub(super) authority: Authority,
    site: Arc<AuthoritySite>,
    made: Mutex<Recent<(Subject, KeyKind), Arc<Leaf>>>,
}

impl Leaves {
    pub(super) fn new(authority: Authority, site: Arc<AuthoritySite>, kept: usize) -> Self {
        Self { authority, site, made: Mutex::new(Recent::new(kept)) }
    }

    /// The certificate for `subject`; it is made if it is not there, or will not hold much longer.
    pub(super) fn leaf(
        &self,
        subject: &Subject,
        kind: KeyKind,
        now: Timestamp,
    ) -> Result<Arc<Leaf>, ErrorStack> {
        let key = (subject.clone(), kind);
        let made = || self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(leaf) = made().find(&key).filter(|leaf| !leaf.lifetime.is_short(now)) {
            return Ok(Arc::clone(leaf));
        }
        let leaf = Arc::new(self.make(subject, kind, now)?);
        made().add(key, Arc::clone(&leaf));
        Ok(leaf)
    }

    fn make(&self, subject: &Subject, kind: KeyKind, now: Timestamp) -> Result<Leaf, ErrorStack> {
        let (key, issuer) = self.authority.for_leaves(kind);
        let lifetime = Lifetime::of_leaf(now);
        let wanted = Wanted { role: Role::Leaf(subject), lifetime, key };
        let certificate = certify(&wanted, &self.authority.names, Some(issuer))?;
        let status = good(issuer, &certificate, now);
        if let Some(status) = &status {
            let serial = certificate.serial_number().to_bn()?.to_vec();
            self.site.add_status(serial, status.clone());
        }
        Ok(Leaf { certificate, kind, status, lifetime })
    }
}
