//! What we publish about certificates: themselves, what is revoked (nothing), and that each single
//! one is good (RFC 6960). Windows does not believe a certificate it cannot ask about.

use std::time::Duration;

use bytes::Bytes;
use model::{CertificateAuthority, Timestamp};
use openssl::bn::BigNum;
use openssl::error::ErrorStack;
use openssl::hash::{MessageDigest, hash};
use openssl::pkey::Id;
use openssl::sign::Signer;
use openssl::x509::extension::{AuthorityKeyIdentifier, CrlNumber};
use openssl::x509::{X509, X509CrlBuilder, X509Ref, X509RevokedBuilder};
use proto::{AuthoritySite, SiteFile};
use x509_cert::certificate::Certificate;
use x509_cert::der::asn1::{BitString, GeneralizedTime, Null, ObjectIdentifier, OctetString};
use x509_cert::der::{self, Decode, Encode};
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::AlgorithmIdentifierOwned;
use x509_ocsp::{
    BasicOcspResponse, CertId, CertStatus, OcspGeneralizedTime, OcspResponse, ResponderId,
    ResponseData, SingleResponse, Version,
};

use super::authority::{Authority, AuthorityError, Identity};
use super::certificate::{asn1_time, serial};

/// How long an answer or a list holds. Long, because a run may last, and nothing is ever revoked.
const HOLDS: Duration = Duration::from_secs(365 * 86_400);

/// How far an answer lies in the past: victims' clocks are wrong.
const PAST: Duration = Duration::from_secs(7 * 86_400);

/// Where things are published about the certificates of one issuer.
pub(super) struct Place {
    host: String,
    file: &'static str,
}

impl Place {
    /// The place of what `issuer` signed.
    pub(super) fn of_issuer(names: &CertificateAuthority, issuer: &Identity) -> Self {
        Self { host: names.host.clone(), file: issuer.file }
    }

    pub(super) fn certificate(&self) -> String {
        format!("http://{}/{}.crt", self.host, self.file)
    }

    pub(super) fn ocsp(&self) -> String {
        format!("http://{}/ocsp", self.host)
    }

    pub(super) fn revocation_list(&self) -> String {
        format!("http://{}/{}.crl", self.host, self.file)
    }
}

/// What an issuer is asked about by: the same for all it signed, so it is worked out once.
#[derive(Debug)]
pub(super) struct IssuerHashes {
    name: OctetString,
    key: OctetString,
}

impl IssuerHashes {
    /// Nothing if one library cannot read what the other wrote; then nobody is told that what it
    /// signed is good.
    pub(super) fn of(issuer: &X509Ref) -> Option<Self> {
        let certificate = Certificate::from_der(&issuer.to_der().ok()?).ok()?.tbs_certificate;
        let key = certificate.subject_public_key_info.subject_public_key;
        Some(Self {
            name: OctetString::new(sha1(&certificate.subject.to_der().ok()?)).ok()?,
            key: OctetString::new(sha1(key.raw_bytes())).ok()?,
        })
    }
}

impl Authority {
    /// The site that our certificates point to: certificates and revocation lists.
    ///
    /// # Errors
    ///
    /// The library has no memory.
    pub fn site(&self, now: Timestamp) -> Result<AuthoritySite, AuthorityError> {
        let attempt = "write what the certificate authority publishes";
        let files = self.files(now).map_err(|cause| AuthorityError::Crypto { attempt, cause })?;
        Ok(AuthoritySite::new(self.names.host.clone(), files))
    }

    fn files(&self, now: Timestamp) -> Result<Vec<SiteFile>, ErrorStack> {
        let mut files = Vec::new();
        for identity in [&self.root, &self.issuing] {
            let name = identity.file;
            let certificate = identity.certificate.to_der()?;
            files.push(SiteFile::certificate(format!("/{name}.crt"), certificate));
            let text = identity.certificate.to_pem()?;
            files.push(SiteFile::certificate_as_text(format!("/{name}.pem"), text));
            let list = revocation_list(identity, now)?;
            files.push(SiteFile::revocation_list(format!("/{name}.crl"), list));
        }
        Ok(files)
    }
}

/// A list of one certificate that never was: an empty list the library does not write.
fn revocation_list(issuer: &Identity, now: Timestamp) -> Result<Vec<u8>, ErrorStack> {
    let mut list = X509CrlBuilder::new()?;
    list.set_issuer_name(issuer.certificate.subject_name())?;
    list.set_last_update(&*asn1_time(now.minus(PAST))?)?;
    list.set_next_update(&*asn1_time(now.plus(HOLDS))?)?;
    let mut revoked = X509RevokedBuilder::new()?;
    revoked.set_serial_number(&*serial()?)?;
    revoked.set_revocation_date(&*asn1_time(now.minus(PAST * 5))?)?;
    list.add_revoked(revoked.build())?;
    let number = BigNum::from_dec_str(&now.as_secs().to_string())?;
    list.append_extension(CrlNumber::new(number)?.build()?)?;
    let context = openssl::x509::X509Builder::new()?;
    let context = context.x509v3_context(Some(&issuer.certificate), None);
    list.append_extension(AuthorityKeyIdentifier::new().keyid(true).build(&context)?)?;
    list.sign(&issuer.key, MessageDigest::sha256())?;
    list.build()?.to_der()
}

/// An answer that says that `certificate` is good; nothing if it cannot be written.
pub(super) fn good(issuer: &Identity, certificate: &X509, now: Timestamp) -> Option<Bytes> {
    let serial = certificate.serial_number().to_bn().ok()?.to_vec();
    let data = data(issuer.hashes.as_ref()?, &serial, now).ok()?;
    let signature_algorithm = algorithm(issuer);
    let mut signer = Signer::new(MessageDigest::sha256(), &issuer.key).ok()?;
    let signature = signer.sign_oneshot_to_vec(&data.to_der().ok()?).ok()?;
    let answer = BasicOcspResponse {
        tbs_response_data: data,
        signature_algorithm,
        signature: BitString::from_bytes(&signature).ok()?,
        certs: None,
    };
    Some(OcspResponse::successful(answer).ok()?.to_der().ok()?.into())
}

fn data(issuer: &IssuerHashes, serial: &[u8], now: Timestamp) -> der::Result<ResponseData> {
    let sha1_id = AlgorithmIdentifierOwned { oid: SHA1, parameters: Some(Null.into()) };
    let cert_id = CertId {
        hash_algorithm: sha1_id,
        issuer_name_hash: issuer.name.clone(),
        issuer_key_hash: issuer.key.clone(),
        serial_number: SerialNumber::new(serial)?,
    };
    let made = time(now.minus(PAST))?;
    Ok(ResponseData {
        version: Version::V1,
        responder_id: ResponderId::ByKey(issuer.key.clone()),
        produced_at: made,
        responses: vec![SingleResponse {
            cert_id,
            cert_status: CertStatus::good(),
            this_update: made,
            next_update: Some(time(now.plus(HOLDS))?),
            single_extensions: None,
        }],
        response_extensions: None,
    })
}

fn time(time: Timestamp) -> der::Result<OcspGeneralizedTime> {
    let seconds = u64::try_from(time.as_secs()).unwrap_or_default();
    GeneralizedTime::from_unix_duration(Duration::from_secs(seconds)).map(OcspGeneralizedTime)
}

/// The hash that certificates are asked for by; nobody uses another (RFC 5019 §2.1.1).
fn sha1(bytes: &[u8]) -> Vec<u8> {
    hash(MessageDigest::sha1(), bytes).map(|digest| digest.to_vec()).unwrap_or_default()
}

const SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");

fn algorithm(issuer: &Identity) -> AlgorithmIdentifierOwned {
    /// ecdsa-with-SHA256 (RFC 5758 §3.2).
    const ECDSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
    /// sha256WithRSAEncryption (RFC 4055 §5).
    const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
    match issuer.key.id() {
        Id::EC => AlgorithmIdentifierOwned { oid: ECDSA, parameters: None },
        _ => AlgorithmIdentifierOwned { oid: RSA, parameters: Some(Null.into()) },
    }
}
