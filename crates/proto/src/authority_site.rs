//! The site of the certificate authority: what its certificates point to.

use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use x509_cert::der::{Decode, Encode};
use x509_ocsp::{OcspRequest, OcspResponse};

use crate::Recent;

/// What is published about certificates. Data only: whoever has the keys puts it in.
#[derive(Debug)]
pub struct AuthoritySite {
    host: String,
    /// A host that is easy to remember.
    trust_host: Option<String>,
    files: Vec<SiteFile>,
    /// Signed answers by the serial number they are about.
    statuses: Mutex<Recent<Vec<u8>, Bytes>>,
}

/// One file of it.
#[derive(Clone, Debug)]
pub struct SiteFile {
    path: String,
    media_type: &'static str,
    content: Bytes,
}

impl SiteFile {
    /// A certificate, in DER (RFC 2585 §3).
    #[must_use]
    pub fn certificate(path: String, der: Vec<u8>) -> Self {
        Self { path, media_type: "application/pkix-cert", content: der.into() }
    }

    /// A certificate, as text.
    #[must_use]
    pub fn certificate_as_text(path: String, pem: Vec<u8>) -> Self {
        Self { path, media_type: "application/x-pem-file", content: pem.into() }
    }

    /// A revocation list, in DER (RFC 2585 §3).
    #[must_use]
    pub fn revocation_list(path: String, der: Vec<u8>) -> Self {
        Self { path, media_type: "application/pkix-crl", content: der.into() }
    }
}

impl Default for AuthoritySite {
    /// One that nobody asks.
    fn default() -> Self {
        Self::new(String::new(), Vec::new())
    }
}

/// How many certificates can be asked about. An answer is some 300 bytes.
const STATUSES: usize = 50_000;

impl AuthoritySite {
    /// What the files about the root are called, before their ending.
    pub const ROOT: &str = "r1";
    /// The same of the issuing certificate.
    pub const ISSUING: &str = "e1";

    /// The site of `host`, with these files.
    #[must_use]
    pub fn new(host: String, files: Vec<SiteFile>) -> Self {
        Self { host, trust_host: None, files, statuses: Mutex::new(Recent::new(STATUSES)) }
    }

    /// The same site, under this host too (`tls.trust_host`).
    #[must_use]
    pub fn also_at(self, trust_host: Option<String>) -> Self {
        Self { trust_host, ..self }
    }

    /// Whether it is this one that is asked.
    #[must_use]
    pub fn is(&self, host: &str) -> bool {
        let mut hosts = [&self.host].into_iter().chain(&self.trust_host);
        hosts.any(|known| known.eq_ignore_ascii_case(host))
    }

    /// Puts in a signed answer about the certificate with this serial number.
    pub fn add_status(&self, serial: Vec<u8>, answer: Bytes) {
        self.statuses.lock().unwrap_or_else(PoisonError::into_inner).add(serial, answer);
    }

    /// The file of this path: its media type and its content.
    #[must_use]
    pub fn file(&self, path: &str) -> Option<(&'static str, Bytes)> {
        let file = self.files.iter().find(|file| file.path == path)?;
        Some((file.media_type, file.content.clone()))
    }

    /// The answer to a question about a certificate (RFC 6960), both in DER.
    #[must_use]
    pub fn status(&self, question: &[u8]) -> Bytes {
        let Ok(question) = OcspRequest::from_der(question) else {
            return unsigned(&OcspResponse::malformed_request());
        };
        let first = question.tbs_request.request_list.first();
        let serial = first.map(|first| &first.req_cert.serial_number);
        let mut statuses = self.statuses.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = serial.and_then(|serial| statuses.find(&unpadded(serial.as_bytes())));
        answer.cloned().unwrap_or_else(|| unsigned(&OcspResponse::unauthorized()))
    }
}

/// A serial number without the zero that keeps it positive in DER.
fn unpadded(serial: &[u8]) -> Vec<u8> {
    serial.strip_prefix(&[0]).unwrap_or(serial).to_vec()
}

fn unsigned(response: &OcspResponse) -> Bytes {
    response.to_der().unwrap_or_default().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_to_remember_is_the_same_site_and_only_if_it_is_set() {
        let site = |trust_host: Option<&str>| {
            let site = AuthoritySite::new("ca.example".to_owned(), Vec::new());
            site.also_at(trust_host.map(str::to_owned))
        };
        assert!(site(Some("pki.lan")).is("PKI.lan"));
        assert!(site(Some("pki.lan")).is("ca.example"));
        assert!(!site(None).is("pki.lan"));
        assert!(site(None).is("ca.example"));
    }
}
