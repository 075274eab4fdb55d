//! What a victim said of itself when it began TLS.

use std::borrow::Cow;

use serde::Serialize;

/// A ClientHello, as far as it came. What could not be read as text is in it lossily; the payload
/// has the bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TlsHello {
    /// How it came.
    pub form: HelloForm,
    /// Whether it could be read to its end.
    pub is_whole: bool,
    /// The version of its first record, in words such as `TLSv1.2`; none in the SSLv2 form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record_version: Option<Cow<'static, str>>,
    /// The version it says itself (`legacy_version` since TLS 1.3).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hello_version: Option<Cow<'static, str>>,
    /// The versions it offers instead, in its order (RFC 8446 §4.2.1).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<Cow<'static, str>>,
    /// Whom it asks for (RFC 6066 §3).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server_name: Option<String>,
    /// The protocols it offers to speak inside, in its order (RFC 7301).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub alpn: Vec<String>,
    /// The cipher suites it offers, in its order, in hexadecimal: four digits each, six for those
    /// of SSLv2.
    pub ciphers: Vec<String>,
    /// Which earlier session it wants to come back to, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resumption: Option<Resumption>,
    /// Whether it brings an encrypted hello for somebody else than `server_name`, or looks so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encrypted_hello: Option<EncryptedHello>,
    /// The MD5 of `ja3_text`. Fingerprints are of whole hellos only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ja3: Option<String>,
    /// Version, ciphers, extensions, groups and point formats, as JA3 writes them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ja3_text: Option<String>,
    /// The JA4 fingerprint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ja4: Option<String>,
    /// The same with its lists written out instead of hashed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ja4_r: Option<String>,
}

/// How a ClientHello came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum HelloForm {
    /// In records, as since SSLv3.
    #[default]
    Records,
    /// As SSLv2 had it (RFC 5246 §E.2).
    Sslv2,
}

/// How a victim wants to come back to an earlier session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Resumption {
    /// By a key both know (RFC 8446 §4.2.11).
    PreSharedKey,
    /// By the session's number.
    SessionId,
    /// By a ticket the server gave out (RFC 5077).
    Ticket,
}

/// What hides the real name a victim asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum EncryptedHello {
    /// Encrypted Client Hello (RFC 9849). Browsers send one that means nothing when they have no
    /// key, and nobody but the key's owner can tell.
    Ech,
    /// Its forerunner, which hid the server name alone.
    Esni,
}
