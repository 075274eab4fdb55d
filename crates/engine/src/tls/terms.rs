//! What we agree to in a handshake: nearly everything.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use model::{KeyKind, Timestamp};
use openssl::error::ErrorStack;
use openssl::ex_data::Index;
use openssl::provider::Provider;
use openssl::ssl::{
    AlpnError, Ssl, SslContext, SslContextBuilder, SslMethod, SslMode, SslOptions, SslRef,
    SslSessionCacheMode, SslVerifyMode, SslVersion,
};
use proto::AuthoritySite;

use super::authority::AuthorityError;
use super::leaves::{Leaf, Leaves, Subject};
use super::wrapping::Wrapping;
use crate::gateway::TlsSettings;

/// Whether victims are asked for a certificate of their own (`tls.client_certificates`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClientCertificates {
    /// Nobody is asked.
    #[default]
    Ignored,
    /// Everybody is asked; whatever is shown is recorded and accepted.
    AskedFor,
}

impl ClientCertificates {
    /// The words it is set by.
    pub const WORDS: &[&str] = &["ignore", "ask"];

    /// What a word of those means.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "ignore" => Some(Self::Ignored),
            "ask" => Some(Self::AskedFor),
            _ => None,
        }
    }
}

/// What we agree to, the same for every victim.
pub(crate) struct Terms {
    context: SslContext,
    leaves: Leaves,
    secrets: Index<Ssl, Secrets>,
    status: Index<Ssl, Bytes>,
    _providers: [Provider; 2],
}

/// Lines of the key log that were not taken yet.
pub(super) type Secrets = Mutex<Vec<String>>;

/// Everything there is, and no more care than old victims allow. Suites with a Diffie-Hellman
/// group of ours are left out by giving none: half of the old clients want it large, the other half
/// small, and all of them offer something else, too.
const CIPHERS: &str = "ALL:COMPLEMENTOFALL:!aNULL:!eNULL:@SECLEVEL=0";

impl Terms {
    /// The terms that are set. What is to be known of our certificates goes to `site`.
    pub(crate) fn new(set: TlsSettings, site: Arc<AuthoritySite>) -> Result<Self, AuthorityError> {
        let attempt = "set up TLS";
        let failed = |cause| AuthorityError::Crypto { attempt, cause };
        let providers = ["default", "legacy"].map(|name| Provider::load(None, name));
        let [default, legacy] = providers;
        let providers = [default.map_err(failed)?, legacy.map_err(failed)?];
        let secrets = Ssl::new_ex_index().map_err(failed)?;
        let status = Ssl::new_ex_index().map_err(failed)?;
        let mut context = context().map_err(failed)?;
        context.set_keylog_callback(move |ssl, line| note_secret(ssl, secrets, line));
        context.set_status_callback(move |ssl| staple(ssl, status)).map_err(failed)?;
        if set.client_certificates == ClientCertificates::AskedFor {
            context.set_verify_callback(SslVerifyMode::PEER, |_is_valid, _certificate| true);
        }
        let leaves = Leaves::new(set.authority, site, set.leaves);
        Ok(Self { context: context.build(), leaves, secrets, status, _providers: providers })
    }

    /// Begins a conversation in which we are `subject`.
    pub(crate) fn wrap(
        &self,
        subject: &Subject,
        kind: KeyKind,
        now: Timestamp,
    ) -> Result<Wrapping, ErrorStack> {
        let leaf = self.leaves.leaf(subject, kind, now)?;
        let mut ssl = Ssl::new(&self.context)?;
        self.present(&leaf, &mut ssl)?;
        ssl.set_ex_data(self.secrets, Secrets::default());
        if let Some(status) = &leaf.status {
            ssl.set_ex_data(self.status, status.clone());
        }
        ssl.set_accept_state();
        Wrapping::new(ssl, self.secrets, subject, kind)
    }

    fn present(&self, leaf: &Leaf, ssl: &mut Ssl) -> Result<(), ErrorStack> {
        let (key, issuer) = self.leaves.authority.for_leaves(leaf.kind);
        ssl.set_certificate(&leaf.certificate)?;
        ssl.set_private_key(key)?;
        // The root is not sent: whoever trusts it has it.
        if leaf.kind == KeyKind::EcdsaP256 {
            ssl.add_chain_cert(issuer.certificate.clone())?;
        }
        Ok(())
    }
}

impl fmt::Debug for Terms {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Terms").finish_non_exhaustive()
    }
}

fn context() -> Result<SslContextBuilder, ErrorStack> {
    let mut context = SslContextBuilder::new(SslMethod::tls_server())?;
    context.set_security_level(0);
    context.set_min_proto_version(Some(SslVersion::SSL3))?;
    context.set_cipher_list(CIPHERS)?;
    context.set_options(
        SslOptions::IGNORE_UNEXPECTED_EOF
            | SslOptions::NO_RENEGOTIATION
            | SslOptions::NO_COMPRESSION,
    );
    context.set_mode(SslMode::RELEASE_BUFFERS);
    // Sessions are kept by the victims, in tickets: what we kept would grow without bound.
    context.set_session_cache_mode(SslSessionCacheMode::OFF);
    context.set_session_id_context(b"tls")?;
    context.set_alpn_select_callback(|_ssl, offered| choose(offered));
    Ok(context)
}

/// The protocol we choose from those offered (RFC 7301): HTTP as new as possible, or else whatever
/// the victim likes best.
fn choose(offered: &[u8]) -> Result<&[u8], AlpnError> {
    let offered = protocols(offered);
    let wanted: [&[u8]; 2] = [b"h2", b"http/1.1"];
    let ours = wanted.iter().find_map(|wanted| offered.iter().find(|name| *name == wanted));
    ours.or_else(|| offered.first()).copied().ok_or(AlpnError::NOACK)
}

fn protocols(mut list: &[u8]) -> Vec<&[u8]> {
    let mut names = Vec::new();
    while let Some((length, rest)) = list.split_first()
        && let Some((name, rest)) = rest.split_at_checked(usize::from(*length))
    {
        names.push(name);
        list = rest;
    }
    names
}

fn note_secret(ssl: &SslRef, secrets: Index<Ssl, Secrets>, line: &str) {
    if let Some(secrets) = ssl.ex_data(secrets) {
        secrets.lock().unwrap_or_else(PoisonError::into_inner).push(line.to_owned());
    }
}

fn staple(ssl: &mut SslRef, status: Index<Ssl, Bytes>) -> Result<bool, ErrorStack> {
    let Some(status) = ssl.ex_data(status).cloned() else { return Ok(false) };
    ssl.set_ocsp_status(&status)?;
    Ok(true)
}
