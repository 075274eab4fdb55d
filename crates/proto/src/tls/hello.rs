//! A ClientHello in its parts (RFC 8446 §4.1.2), as far as they can be read.

use model::{HelloForm, KeyKind};

use super::collected::{Collected, Progress};

/// A ClientHello. What is missing or broken is empty, and says so.
#[derive(Clone, Debug, Default)]
pub struct ClientHello {
    pub(super) form: HelloForm,
    pub(super) is_whole: bool,
    pub(super) record_version: Option<u16>,
    /// `legacy_version`.
    pub(super) version: Option<u16>,
    pub(super) session: Vec<u8>,
    pub(super) ciphers: Vec<u16>,
    /// Those of three bytes, which only SSLv2 knows.
    pub(super) sslv2_ciphers: Vec<u32>,
    pub(super) extensions: Vec<Extension>,
    /// The rules that it breaks.
    pub(super) broken_rules: Vec<&'static str>,
}

/// One extension.
#[derive(Clone, Debug)]
pub(super) struct Extension {
    pub(super) kind: u16,
    pub(super) content: Vec<u8>,
}

/// Kinds of extensions, as IANA numbers them.
pub(super) mod kind {
    pub(crate) const SERVER_NAME: u16 = 0x0000;
    pub(crate) const GROUPS: u16 = 0x000a;
    pub(crate) const POINT_FORMATS: u16 = 0x000b;
    pub(crate) const SIGNATURE_ALGORITHMS: u16 = 0x000d;
    pub(crate) const ALPN: u16 = 0x0010;
    pub(crate) const SESSION_TICKET: u16 = 0x0023;
    pub(crate) const PRE_SHARED_KEY: u16 = 0x0029;
    pub(crate) const VERSIONS: u16 = 0x002b;
    pub(crate) const ENCRYPTED_HELLO: u16 = 0xfe0d;
    pub(crate) const ENCRYPTED_NAME: u16 = 0xffce;
}

impl ClientHello {
    /// Reads what a stream begins with.
    #[must_use]
    pub fn read(stream: &[u8]) -> Self {
        Self::of(&Collected::from(stream))
    }

    pub(super) fn of(collected: &Collected) -> Self {
        let mut hello = Self {
            form: collected.form,
            record_version: collected.record_version,
            ..Self::default()
        };
        let mut parts = Parts(&collected.message);
        let read = match collected.form {
            HelloForm::Records => hello.read_message(&mut parts),
            HelloForm::Sslv2 => hello.read_sslv2(&mut parts),
        };
        hello.is_whole = collected.progress == Progress::Whole && read.is_some();
        if collected.progress == Progress::Whole && read.is_none() {
            hello.broken_rules.push("a length in the ClientHello is beyond its end");
        }
        if hello.server_name().is_some() && hello.name().is_none() {
            // RFC 6066 §3.
            hello.broken_rules.push("a server name that is an address, or no name");
        }
        hello
    }

    fn read_message(&mut self, message: &mut Parts<'_>) -> Option<()> {
        message.take(4)?;
        self.version = Some(message.number()?);
        message.take(32)?;
        self.session = message.short_list()?.0.to_vec();
        let mut ciphers = message.list()?;
        while let Some(cipher) = ciphers.number() {
            self.ciphers.push(cipher);
        }
        message.short_list()?;
        if message.0.is_empty() {
            return Some(());
        }
        let mut extensions = message.list()?;
        while !extensions.0.is_empty() {
            let (kind, content) = (extensions.number()?, extensions.list()?.0.to_vec());
            self.extensions.push(Extension { kind, content });
        }
        Some(())
    }

    fn read_sslv2(&mut self, message: &mut Parts<'_>) -> Option<()> {
        message.take(1)?;
        self.version = Some(message.number()?);
        let lengths = [message.number()?, message.number()?, message.number()?];
        let [ciphers, session, challenge] = lengths.map(usize::from);
        let mut ciphers = Parts(message.take(ciphers)?);
        while let Some(&[high, middle, low]) = ciphers.take(3) {
            match high {
                0 => self.ciphers.push(u16::from_be_bytes([middle, low])),
                _ => self.sslv2_ciphers.push(u32::from_be_bytes([0, high, middle, low])),
            }
        }
        self.session = message.take(session)?.to_vec();
        message.take(challenge).map(|_| ())
    }

    pub(super) fn extension(&self, kind: u16) -> Option<&[u8]> {
        let found = self.extensions.iter().find(|extension| extension.kind == kind);
        found.map(|extension| extension.content.as_slice())
    }

    /// Whom it asks for (RFC 6066 §3), as it is written.
    pub(super) fn server_name(&self) -> Option<&[u8]> {
        let mut names = Parts(self.extension(kind::SERVER_NAME)?).list()?;
        match names.take(1)? {
            [0] => names.list().map(|name| name.0),
            _ => None,
        }
    }

    /// The protocols it offers to speak inside (RFC 7301 §3.1).
    pub(super) fn protocols(&self) -> Vec<&[u8]> {
        let offered = self.extension(kind::ALPN).and_then(|content| Parts(content).list());
        let mut offered = offered.unwrap_or(Parts(&[]));
        std::iter::from_fn(|| offered.short_list().map(|name| name.0)).collect()
    }

    /// The versions it offers (RFC 8446 §4.2.1).
    pub(super) fn versions(&self) -> Vec<u16> {
        let offered =
            self.extension(kind::VERSIONS).and_then(|content| Parts(content).short_list());
        numbers(offered)
    }

    /// The groups it can do (RFC 8422 §5.1.1).
    pub(super) fn groups(&self) -> Vec<u16> {
        numbers(self.extension(kind::GROUPS).and_then(|content| Parts(content).list()))
    }

    /// The signatures it can check (RFC 8446 §4.2.3).
    pub(super) fn signature_algorithms(&self) -> Vec<u16> {
        numbers(self.extension(kind::SIGNATURE_ALGORITHMS).and_then(|all| Parts(all).list()))
    }

    /// The forms of points it can read (RFC 8422 §5.1.2).
    pub(super) fn point_formats(&self) -> &[u8] {
        let formats = self.extension(kind::POINT_FORMATS).and_then(|all| Parts(all).short_list());
        formats.map_or(&[], |formats| formats.0)
    }

    /// The kind of certificate it can deal with: ECDSA if it is sure that it can.
    #[must_use]
    pub fn key_kind(&self) -> KeyKind {
        /// ecdsa_secp256r1_sha256, the only one for keys of ours in TLS 1.3 (RFC 8446 §4.2.3).
        const P256_SHA256: u16 = 0x0403;
        let can_ecdsa = match self.versions().contains(&TLS13) {
            true => self.signature_algorithms().contains(&P256_SHA256),
            false => self.can_ecdsa_before_tls13(),
        };
        if can_ecdsa { KeyKind::EcdsaP256 } else { KeyKind::Rsa2048 }
    }

    fn can_ecdsa_before_tls13(&self) -> bool {
        /// secp256r1 (RFC 8422 §5.1.1).
        const P256: u16 = 0x0017;
        /// ECDSA with any hash (RFC 5246 §7.4.1.4.1).
        const ECDSA: u8 = 3;
        let groups = self.groups();
        let signatures = self.signature_algorithms();
        let has_curve = groups.is_empty() || groups.contains(&P256);
        let has_signature =
            signatures.is_empty() || signatures.iter().any(|kind| kind.to_be_bytes()[1] == ECDSA);
        let has_suite = self.ciphers.iter().any(|cipher| is_ecdsa(*cipher));
        has_suite && has_curve && has_signature && !self.extensions.is_empty()
    }
}

const TLS13: u16 = 0x0304;

/// Suites with ECDSA and keys made for the occasion (RFC 8422 §6, RFC 5289, RFC 7251, RFC 7905).
fn is_ecdsa(cipher: u16) -> bool {
    matches!(
        cipher,
        0xc006..=0xc00a | 0xc023 | 0xc024 | 0xc02b | 0xc02c | 0xc0ac..=0xc0af | 0xcca9
    )
}

fn numbers(list: Option<Parts<'_>>) -> Vec<u16> {
    let mut list = list.unwrap_or(Parts(&[]));
    std::iter::from_fn(|| list.number()).collect()
}

/// Bytes that are taken from the front.
struct Parts<'a>(&'a [u8]);

impl<'a> Parts<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<u16> {
        self.take(2).and_then(|bytes| bytes.try_into().ok()).map(u16::from_be_bytes)
    }

    /// What follows two bytes of length.
    fn list(&mut self) -> Option<Self> {
        let length = self.number()?;
        self.take(usize::from(length)).map(Self)
    }

    /// What follows one byte of length.
    fn short_list(&mut self) -> Option<Self> {
        let [length] = self.take(1)? else { return None };
        self.take(usize::from(*length)).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn extension(kind: u16, content: &[u8]) -> Extension {
        Extension { kind, content: content.to_vec() }
    }

    #[test]
    fn ecdsa_is_for_whoever_is_sure_to_know_it() {
        let tls13 = || extension(kind::VERSIONS, b"\x02\x03\x04");
        let signatures = |list: &[u8]| extension(kind::SIGNATURE_ALGORITHMS, list);
        let groups = |list: &[u8]| extension(kind::GROUPS, list);
        let none = Vec::new;
        for (ciphers, extensions, expected) in [
            (vec![0x0004], none(), KeyKind::Rsa2048),
            (vec![0xc02b], none(), KeyKind::Rsa2048),
            (vec![0xc02b], vec![groups(b"\0\x02\0\x17")], KeyKind::EcdsaP256),
            (vec![0xc02b], vec![groups(b"\0\x02\0\x18")], KeyKind::Rsa2048),
            (vec![0xc02b], vec![signatures(b"\0\x02\x04\x01")], KeyKind::Rsa2048),
            (vec![0xc02b], vec![signatures(b"\0\x02\x02\x03")], KeyKind::EcdsaP256),
            (vec![0x1301], vec![tls13(), signatures(b"\0\x02\x04\x03")], KeyKind::EcdsaP256),
            (vec![0x1301], vec![tls13(), signatures(b"\0\x02\x05\x03")], KeyKind::Rsa2048),
            // A draft of TLS 1.3 only: what we agree on is older.
            (
                vec![0x1301, 0xc02f],
                vec![extension(kind::VERSIONS, b"\x02\x7f\x1c")],
                KeyKind::Rsa2048,
            ),
        ] {
            let hello = ClientHello { ciphers, extensions, ..ClientHello::default() };
            assert_eq!(hello.key_kind(), expected, "{hello:?}");
        }
    }
}
