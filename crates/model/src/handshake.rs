//! How a TLS handshake went, once it was seen to its end.

use serde::Serialize;

/// A handshake that succeeded: what is sent from now on can be read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TlsEstablished {
    /// The version agreed on: `SSLv3`, `TLSv1`, `TLSv1.1`, `TLSv1.2`, `TLSv1.3`.
    pub version: &'static str,
    /// The cipher suite agreed on, by its OpenSSL name.
    pub cipher: String,
    /// The protocol chosen from those the victim offered (RFC 7301).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alpn: Option<String>,
    /// The name or address our certificate is for.
    pub certificate_for: String,
    /// The kind of its key.
    pub key: KeyKind,
    /// Whether the victim came back to an earlier session.
    pub resumed: bool,
    /// The certificate the victim showed, if it was asked for one and has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_certificate: Option<ClientCertificate>,
}

/// The kind of a certificate's key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub enum KeyKind {
    /// ECDSA on P-256: what everybody understands who is younger than some twelve years.
    #[default]
    #[serde(rename = "ECDSA P-256")]
    EcdsaP256,
    /// RSA of 2,048 bits, for everybody else.
    #[serde(rename = "RSA-2048")]
    Rsa2048,
}

/// A certificate a victim showed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ClientCertificate {
    /// Whose it is, as one line.
    pub subject: String,
    /// Who signed it, as one line.
    pub issuer: String,
    /// SHA-256 of its DER form, in hexadecimal.
    pub sha256: String,
    /// The certificate itself.
    pub pem: String,
}

/// A handshake that failed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TlsFailure {
    /// What went wrong, in the library's words.
    pub reason: String,
    /// The alert the victim sent, by its number (RFC 8446 §6), if it sent one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alert: Option<u8>,
    /// What that says about the victim.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meaning: Option<&'static str>,
}
