//! What a proxy is asked for.

use serde::Serialize;

/// A way that a victim wanted a proxy to open. What could not be read as text is in it lossily; the
/// payload has the bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ProxyRequest {
    /// `http`, `socks4`, `socks4a`, `socks5`.
    pub protocol: &'static str,
    /// `connect`, `bind`, `udp-associate`, `unknown`.
    pub command: &'static str,
    /// Whom to reach: a name or an address, as sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// On which port.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// Who asks; what they proved it with is in their credentials.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Whether we said that the way is open.
    pub granted: bool,
}
