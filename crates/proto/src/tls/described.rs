//! A ClientHello as an analyst reads it.

use std::borrow::Cow;

use model::{EncryptedHello, Resumption, TlsHello};

use super::fingerprint::is_real;
use super::hello::kind;
use super::{ClientHello, Flavour};
use crate::host;

impl ClientHello {
    /// What is recorded of it.
    #[must_use]
    pub fn described(&self) -> TlsHello {
        let hello = TlsHello {
            form: self.form,
            is_whole: self.is_whole,
            record_version: self.record_version.map(version_name),
            hello_version: self.version.map(version_name),
            versions: self.versions().into_iter().filter(is_real).map(version_name).collect(),
            server_name: self.server_name().map(text),
            alpn: self.protocols().into_iter().map(text).collect(),
            ciphers: self.cipher_numbers(),
            resumption: self.resumption(),
            encrypted_hello: self.encrypted_hello(),
            ..TlsHello::default()
        };
        if !self.is_whole {
            return hello;
        }
        let ja4 = self.ja4(Flavour::Tcp);
        TlsHello {
            ja3: Some(self.ja3()),
            ja3_text: Some(self.ja3_text()),
            ja4: Some(ja4.hashed),
            ja4_r: Some(ja4.raw),
            ..hello
        }
    }

    /// The name it asks for: lower case, without final dot; nothing if it is an address, or no name.
    #[must_use]
    pub fn name(&self) -> Option<String> {
        host::as_name(&text(self.server_name()?))
    }

    fn cipher_numbers(&self) -> Vec<String> {
        let old = self.sslv2_ciphers.iter().map(|cipher| format!("{cipher:06x}"));
        self.ciphers.iter().map(|cipher| format!("{cipher:04x}")).chain(old).collect()
    }

    fn resumption(&self) -> Option<Resumption> {
        let has_ticket =
            self.extension(kind::SESSION_TICKET).is_some_and(|ticket| !ticket.is_empty());
        let is_tls13 = self.extension(kind::VERSIONS).is_some();
        if self.extension(kind::PRE_SHARED_KEY).is_some() {
            return Some(Resumption::PreSharedKey);
        }
        if has_ticket {
            return Some(Resumption::Ticket);
        }
        // TLS 1.3 sends a number that means nothing (RFC 8446 §D.4).
        (!self.session.is_empty() && !is_tls13).then_some(Resumption::SessionId)
    }

    fn encrypted_hello(&self) -> Option<EncryptedHello> {
        let has = |kind| self.extension(kind).is_some();
        match (has(kind::ENCRYPTED_HELLO), has(kind::ENCRYPTED_NAME)) {
            (true, _) => Some(EncryptedHello::Ech),
            (false, true) => Some(EncryptedHello::Esni),
            (false, false) => None,
        }
    }
}

fn version_name(version: u16) -> Cow<'static, str> {
    Cow::Borrowed(match version {
        0x0002 => "SSLv2",
        0x0300 => "SSLv3",
        0x0301 => "TLSv1",
        0x0302 => "TLSv1.1",
        0x0303 => "TLSv1.2",
        0x0304 => "TLSv1.3",
        other => return Cow::Owned(format!("0x{other:04x}")),
    })
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
