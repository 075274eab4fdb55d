//! Certificates as public authorities make them (RFC 5280): who may do what, and where to ask
//! whether they are revoked.

use std::time::Duration;

use model::{CertificateAuthority, Timestamp};
use openssl::asn1::{Asn1Integer, Asn1Object, Asn1OctetString, Asn1Time};
use openssl::bn::BigNum;
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKeyRef, Private};
use openssl::rand::rand_bytes;
use openssl::x509::extension::{
    AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectAlternativeName,
    SubjectKeyIdentifier,
};
use openssl::x509::{X509, X509Builder, X509Extension, X509Name, X509NameBuilder, X509NameRef};
use x509_cert::der::Encode;
use x509_cert::der::asn1::{Ia5String, ObjectIdentifier};
use x509_cert::ext::pkix::crl::dp::DistributionPoint;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};
use x509_cert::ext::pkix::{AccessDescription, AuthorityInfoAccessSyntax, CrlDistributionPoints};

use super::authority::Identity;
use super::leaves::Subject;
use super::revocation::Place;

/// A certificate to be made.
pub(super) struct Wanted<'a> {
    pub(super) role: Role<'a>,
    pub(super) lifetime: Lifetime,
    pub(super) key: &'a PKeyRef<Private>,
}

/// What a certificate is for.
#[derive(Clone, Copy)]
pub(super) enum Role<'a> {
    Issuing,
    Leaf(&'a Subject),
    Root,
}

/// From when until when a certificate holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lifetime {
    pub(super) from: Timestamp,
    pub(super) until: Timestamp,
}

const DAY: Duration = Duration::from_secs(86_400);
const DAYS: fn(u32) -> Duration = |count| DAY.saturating_mul(count);

impl Lifetime {
    /// So many years to come. Twelve have passed: victims' clocks are wrong, and some are told another
    /// time (`time.start`).
    pub(super) fn years(years: u64, now: Timestamp) -> Self {
        let years = u32::try_from(years).unwrap_or(u32::MAX);
        Self { from: now.minus(DAYS(12 * 365)), until: now.plus(DAYS(365).saturating_mul(years)) }
    }

    /// What browsers take from a public authority (398 days), of which thirty have passed.
    pub(super) fn of_leaf(now: Timestamp) -> Self {
        Self { from: now.minus(DAYS(30)), until: now.plus(DAYS(367)) }
    }

    /// Whether it is time for a new one.
    pub(super) fn is_short(self, now: Timestamp) -> bool {
        self.until <= now.plus(DAYS(30))
    }
}

/// Makes a certificate, signed by `issuer`, or by itself if there is none.
pub(super) fn certify(
    wanted: &Wanted<'_>,
    names: &CertificateAuthority,
    issuer: Option<&Identity>,
) -> Result<X509, ErrorStack> {
    let subject = wanted.role.name(names)?;
    let mut builder = X509Builder::new()?;
    builder.set_version(2)?;
    builder.set_serial_number(&*serial()?)?;
    builder.set_subject_name(&subject)?;
    builder
        .set_issuer_name(issuer.map_or(&*subject, |issuer| issuer.certificate.subject_name()))?;
    builder.set_pubkey(wanted.key)?;
    builder.set_not_before(&*asn1_time(wanted.lifetime.from)?)?;
    builder.set_not_after(&*asn1_time(wanted.lifetime.until)?)?;
    wanted.role.extend(&mut builder, issuer)?;
    if let Some(issuer) = issuer {
        let place = Place::of_issuer(names, issuer);
        builder.append_extension(extension(ACCESS, &access(&place))?)?;
        builder.append_extension(extension(CRL_POINTS, &crl_points(&place))?)?;
    }
    let key = issuer.map_or(wanted.key, |issuer| &issuer.key);
    builder.sign(key, MessageDigest::sha256())?;
    Ok(builder.build())
}

impl Role<'_> {
    fn name(self, names: &CertificateAuthority) -> Result<X509Name, ErrorStack> {
        let mut name = X509NameBuilder::new()?;
        let organisation = &names.name;
        match self {
            Self::Issuing | Self::Root => {
                name.append_entry_by_nid(Nid::COUNTRYNAME, "US")?;
                name.append_entry_by_nid(Nid::ORGANIZATIONNAME, organisation)?;
                let which = if matches!(self, Self::Root) { "Root R1" } else { "TLS ECC CA 1" };
                name.append_entry_by_nid(Nid::COMMONNAME, &format!("{organisation} {which}"))?;
            }
            Self::Leaf(subject) => {
                let text = subject.to_string();
                // A longer one does not fit (RFC 5280, ub-common-name); it is in the SAN.
                if text.len() <= 64 {
                    name.append_entry_by_nid(Nid::COMMONNAME, &text)?;
                }
            }
        }
        Ok(name.build())
    }

    fn extend(self, to: &mut X509Builder, issuer: Option<&Identity>) -> Result<(), ErrorStack> {
        let issuer = issuer.map(|issuer| &*issuer.certificate);
        let mut add = |extension: X509Extension| to.append_extension(extension);
        match self {
            Self::Root => add(BasicConstraints::new().critical().ca().build()?)?,
            Self::Issuing => add(BasicConstraints::new().critical().ca().pathlen(0).build()?)?,
            Self::Leaf(_) => add(BasicConstraints::new().critical().build()?)?,
        }
        match self {
            Self::Root | Self::Issuing => {
                let mut usage = KeyUsage::new();
                add(usage.critical().key_cert_sign().crl_sign().digital_signature().build()?)?;
            }
            Self::Leaf(_) => {
                let mut usage = KeyUsage::new();
                add(usage.critical().digital_signature().key_encipherment().build()?)?;
                add(ExtendedKeyUsage::new().server_auth().client_auth().build()?)?;
            }
        }
        let key_id = SubjectKeyIdentifier::new().build(&to.x509v3_context(issuer, None))?;
        to.append_extension(key_id)?;
        if issuer.is_some() {
            let mut of_issuer = AuthorityKeyIdentifier::new();
            let of_issuer = of_issuer.keyid(true).build(&to.x509v3_context(issuer, None))?;
            to.append_extension(of_issuer)?;
        }
        if let Self::Leaf(subject) = self {
            let mut names = SubjectAlternativeName::new();
            match subject {
                Subject::Address(address) => names.ip(&address.to_string()),
                Subject::Name(name) => names.dns(name),
            };
            let names = names.build(&to.x509v3_context(issuer, None))?;
            to.append_extension(names)?;
        }
        Ok(())
    }
}

/// A name in a certificate, as one line.
pub(super) fn one_line(name: &X509NameRef) -> String {
    let entry = |entry: &openssl::x509::X509NameEntryRef| {
        let kind = entry.object().nid().short_name().unwrap_or("?").to_owned();
        let value = String::from_utf8_lossy(entry.data().as_slice()).into_owned();
        format!("{kind}={value}")
    };
    name.entries().map(entry).collect::<Vec<_>>().join(", ")
}

/// 126 random bits: no two certificates of an authority may share a number.
pub(super) fn serial() -> Result<Asn1Integer, ErrorStack> {
    let mut bytes = [0; 16];
    rand_bytes(&mut bytes)?;
    let [first, ..] = &mut bytes;
    *first = (*first & 0x3f) | 0x40;
    BigNum::from_slice(&bytes)?.to_asn1_integer()
}

pub(super) fn asn1_time(time: Timestamp) -> Result<Asn1Time, ErrorStack> {
    Asn1Time::from_unix(time.as_secs())
}

/// authorityInfoAccess, and the two ways to use it (RFC 5280 §4.2.2.1).
const ACCESS: &str = "1.3.6.1.5.5.7.1.1";
const OCSP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1");
const CA_ISSUERS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.2");
/// cRLDistributionPoints (RFC 5280 §4.2.1.13).
const CRL_POINTS: &str = "2.5.29.31";

fn access(place: &Place) -> Vec<u8> {
    let description = |access_method, url: &str| {
        Some(AccessDescription { access_method, access_location: location(url)? })
    };
    let ways = [description(OCSP, &place.ocsp()), description(CA_ISSUERS, &place.certificate())];
    AuthorityInfoAccessSyntax(ways.into_iter().flatten().collect()).to_der().unwrap_or_default()
}

fn crl_points(place: &Place) -> Vec<u8> {
    let names = location(&place.revocation_list()).into_iter().collect();
    let distribution_point = Some(DistributionPointName::FullName(names));
    let point = DistributionPoint { distribution_point, reasons: None, crl_issuer: None };
    CrlDistributionPoints(vec![point]).to_der().unwrap_or_default()
}

fn location(url: &str) -> Option<GeneralName> {
    Ia5String::new(url).ok().map(GeneralName::UniformResourceIdentifier)
}

fn extension(id: &str, content: &[u8]) -> Result<X509Extension, ErrorStack> {
    let content = Asn1OctetString::new_from_bytes(content)?;
    X509Extension::new_from_der(&*Asn1Object::from_str(id)?, false, &content)
}
