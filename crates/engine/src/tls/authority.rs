//! The lab's own certificate authority: a root that victims are told to trust, and its keys.
//!
//! The root is RSA, because everybody can check that. It signs certificates with RSA keys itself;
//! those with ECDSA keys are signed by an intermediate of the same kind, since an RSA signature
//! costs twenty times as much and most victims never need one.

use std::io;

use model::{CertificateAuthority, KeyKind, Timestamp};
use openssl::ec::{EcGroup, EcKey};
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::x509::X509;
use proto::AuthoritySite;

use super::certificate::{Lifetime, Role, Wanted, certify, one_line};
use super::revocation::IssuerHashes;

/// The lab's certificate authority.
#[derive(Debug)]
pub struct Authority {
    pub(super) names: CertificateAuthority,
    pub(super) root: Identity,
    pub(super) issuing: Identity,
    leaf_ec: PKey<Private>,
    leaf_rsa: PKey<Private>,
}

/// A certificate with the key that belongs to it, and what is published about those it signs.
#[derive(Debug)]
pub(super) struct Identity {
    pub(super) certificate: X509,
    pub(super) key: PKey<Private>,
    /// What its files on the site of the authority are called.
    pub(super) file: &'static str,
    pub(super) hashes: Option<IssuerHashes>,
}

impl Identity {
    fn new(certificate: X509, key: PKey<Private>, file: &'static str) -> Self {
        let hashes = IssuerHashes::of(&certificate);
        Self { certificate, key, file, hashes }
    }
}

/// What can be said of an authority.
#[derive(Clone, Debug)]
pub struct About {
    /// Whose it is.
    pub subject: String,
    /// When it ends.
    pub valid_until: String,
    /// SHA-256 of its certificate, as systems show it: hexadecimal with colons.
    pub sha256: String,
    /// SHA-1 of the same, which Windows shows.
    pub sha1: String,
}

/// Why there is no certificate authority.
#[derive(Debug, thiserror::Error)]
pub enum AuthorityError {
    /// The library could not do it.
    #[error("cannot {attempt}")]
    Crypto {
        /// What was being tried.
        attempt: &'static str,
        /// Why it failed.
        #[source]
        cause: ErrorStack,
    },
    /// A file of it cannot be read.
    #[error("cannot read {file} of the certificate authority")]
    Read {
        /// The file.
        file: &'static str,
        /// Why.
        #[source]
        cause: io::Error,
    },
    /// The files do not belong together.
    #[error("{file} of the certificate authority does not belong to the other files")]
    Stranger {
        /// The file.
        file: &'static str,
    },
}

/// The files an authority is kept in, in PEM form. Those that end in `.key` are secret.
const FILES: [&str; 6] =
    ["root.crt", "root.key", "issuing.crt", "issuing.key", "leaf-ecdsa.key", "leaf-rsa.key"];

/// How long the authority lasts: as long as others do, so that it never runs out in a lab.
const ROOT_YEARS: u64 = 20;
const ISSUING_YEARS: u64 = 10;

impl Authority {
    /// Makes a new one. Takes some tenths of a second: two keys are RSA.
    ///
    /// # Errors
    ///
    /// The library has no memory or no source of chance.
    pub fn make(names: CertificateAuthority, now: Timestamp) -> Result<Self, AuthorityError> {
        let failed = |attempt| move |cause| AuthorityError::Crypto { attempt, cause };
        let (root, issuing) = identities(&names, now)
            .map_err(failed("make the certificates of the certificate authority"))?;
        Ok(Self {
            names,
            root,
            issuing,
            leaf_ec: ecdsa_key().map_err(failed("make an ECDSA key"))?,
            leaf_rsa: rsa_key().map_err(failed("make an RSA key"))?,
        })
    }

    /// Takes up one that was kept in files; `read` gives the content of each.
    ///
    /// # Errors
    ///
    /// A file is missing, holds something else, or does not belong to the others.
    pub fn from_files(
        names: CertificateAuthority,
        mut read: impl FnMut(&'static str) -> io::Result<Vec<u8>>,
    ) -> Result<Self, AuthorityError> {
        let mut read = |file| read(file).map_err(|cause| AuthorityError::Read { file, cause });
        let [root_crt, root_key, issuing_crt, issuing_key, leaf_ec, leaf_rsa] = FILES;
        Ok(Self {
            names,
            root: identity(AuthoritySite::ROOT, root_crt, &read(root_crt)?, &read(root_key)?)?,
            issuing: identity(
                AuthoritySite::ISSUING,
                issuing_crt,
                &read(issuing_crt)?,
                &read(issuing_key)?,
            )?,
            leaf_ec: key(&read(leaf_ec)?)?,
            leaf_rsa: key(&read(leaf_rsa)?)?,
        })
    }

    /// The files to keep it in. Those that end in `.key` are secret.
    ///
    /// # Errors
    ///
    /// The library has no memory.
    pub fn to_files(&self) -> Result<[(&'static str, Vec<u8>); 6], AuthorityError> {
        let contents = || {
            Ok([
                self.root.certificate.to_pem()?,
                self.root.key.private_key_to_pem_pkcs8()?,
                self.issuing.certificate.to_pem()?,
                self.issuing.key.private_key_to_pem_pkcs8()?,
                self.leaf_ec.private_key_to_pem_pkcs8()?,
                self.leaf_rsa.private_key_to_pem_pkcs8()?,
            ])
        };
        let contents = contents().map_err(unwritable)?;
        let mut names = FILES.into_iter();
        Ok(contents.map(|content| (names.next().unwrap_or_default(), content)))
    }

    /// The certificate that victims have to trust, as text.
    ///
    /// # Errors
    ///
    /// The library has no memory.
    pub fn root_pem(&self) -> Result<Vec<u8>, AuthorityError> {
        self.root.certificate.to_pem().map_err(unwritable)
    }

    /// The same in DER.
    ///
    /// # Errors
    ///
    /// The library has no memory.
    pub fn root_der(&self) -> Result<Vec<u8>, AuthorityError> {
        self.root.certificate.to_der().map_err(unwritable)
    }

    /// The host that publishes its certificates, and which we answer for.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.names.host
    }

    /// What can be said of that certificate.
    ///
    /// # Errors
    ///
    /// The library has no memory.
    pub fn about(&self) -> Result<About, AuthorityError> {
        let root = &self.root.certificate;
        let fingerprint = |kind| root.digest(kind).map(|digest| colons(&digest));
        Ok(About {
            subject: one_line(root.subject_name()),
            valid_until: root.not_after().to_string(),
            sha256: fingerprint(MessageDigest::sha256()).map_err(unwritable)?,
            sha1: fingerprint(MessageDigest::sha1()).map_err(unwritable)?,
        })
    }

    /// The key of certificates of this kind, and who signs them.
    pub(super) fn for_leaves(&self, kind: KeyKind) -> (&PKey<Private>, &Identity) {
        match kind {
            KeyKind::EcdsaP256 => (&self.leaf_ec, &self.issuing),
            KeyKind::Rsa2048 => (&self.leaf_rsa, &self.root),
        }
    }
}

fn unwritable(cause: ErrorStack) -> AuthorityError {
    AuthorityError::Crypto { attempt: "write the certificate authority", cause }
}

fn colons(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":")
}

fn identities(
    names: &CertificateAuthority,
    now: Timestamp,
) -> Result<(Identity, Identity), ErrorStack> {
    let key = rsa_key()?;
    let (role, lifetime) = (Role::Root, Lifetime::years(ROOT_YEARS, now));
    let certificate = certify(&Wanted { role, lifetime, key: &key }, names, None)?;
    let root = Identity::new(certificate, key, AuthoritySite::ROOT);
    let key = ecdsa_key()?;
    let (role, lifetime) = (Role::Issuing, Lifetime::years(ISSUING_YEARS, now));
    let certificate = certify(&Wanted { role, lifetime, key: &key }, names, Some(&root))?;
    Ok((root, Identity::new(certificate, key, AuthoritySite::ISSUING)))
}

fn rsa_key() -> Result<PKey<Private>, ErrorStack> {
    PKey::from_rsa(Rsa::generate(2_048)?)
}

fn ecdsa_key() -> Result<PKey<Private>, ErrorStack> {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1)?;
    PKey::from_ec_key(EcKey::generate(&group)?)
}

fn identity(
    file: &'static str,
    certificate_file: &'static str,
    certificate: &[u8],
    key_text: &[u8],
) -> Result<Identity, AuthorityError> {
    let attempt = "read a certificate of the certificate authority";
    let failed = |cause| AuthorityError::Crypto { attempt, cause };
    let certificate = X509::from_pem(certificate).map_err(failed)?;
    let key = key(key_text)?;
    let belongs = certificate.public_key().map_err(failed)?.public_eq(&key);
    match belongs {
        true => Ok(Identity::new(certificate, key, file)),
        false => Err(AuthorityError::Stranger { file: certificate_file }),
    }
}

fn key(text: &[u8]) -> Result<PKey<Private>, AuthorityError> {
    let attempt = "read a key of the certificate authority";
    PKey::private_key_from_pem(text).map_err(|cause| AuthorityError::Crypto { attempt, cause })
}
