//! Who we pretend to be.

use std::net::Ipv4Addr;

/// One consistent identity for all protocols, different on each installation.
///
/// Every banner, header and answer that names a machine or a product takes it from here, so that
/// two protocols never contradict each other and no two installations share a fingerprint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Persona {
    /// Secret of the installation; everything that has to differ between installations and stay
    /// the same on one (such as the address a name is given) is derived from it.
    pub seed: [u8; 16],
    /// Host name of the pretended server, as a short label.
    pub host: String,
    /// The `Server` field of HTTP answers.
    pub http_server: String,
    /// What a name server says to `version.bind` in class CHAOS.
    pub dns_version: String,
    /// What a mail server calls itself in its greeting.
    pub mail_server: String,
    /// The address the world is said to see victims at.
    pub public_address: Ipv4Addr,
    /// Who signs our certificates.
    pub authority: CertificateAuthority,
}

impl Persona {
    /// What its servers add to their names if they were built for a system, such as ` (Ubuntu)`: as
    /// the mail server has it.
    #[must_use]
    pub fn build(&self) -> &str {
        let place = self.mail_server.find(" (").unwrap_or(self.mail_server.len());
        self.mail_server.get(place..).unwrap_or_default()
    }
}

/// What the lab's certificate authority calls itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CertificateAuthority {
    /// The organisation in its certificates.
    pub name: String,
    /// The host that publishes its certificates and what it revoked.
    pub host: String,
}
