//! What a request for a tunnel says: whom to reach, and who asks.

use model::ProxyRequest;

use super::{Request, credentials};
use crate::Cx;

/// Reads CONNECT (RFC 9110 §9.3.6).
pub(super) fn asked_for(request: &Request, cx: &Cx<'_>) -> ProxyRequest {
    let (host, port) = host_and_port(&request.target);
    ProxyRequest {
        protocol: "http",
        command: "connect",
        host: Some(host.to_owned()),
        port,
        user: credentials::proxy_user(request, cx),
        granted: true,
    }
}

/// `name:443`, `[2001:db8::7]:443`; nothing is lost if it is something else.
fn host_and_port(target: &str) -> (&str, Option<u16>) {
    let split = target.rsplit_once(':').and_then(|(host, port)| Some((host, port.parse().ok()?)));
    let (host, port) = split.map_or((target, None), |(host, port)| (host, Some(port)));
    let inside = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    (inside.unwrap_or(host), port)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_a_host_and_a_port() {
        for (target, host, port) in [
            ("a.example:443", "a.example", Some(443)),
            ("[2001:db8::7]:22", "2001:db8::7", Some(22)),
            ("a.example", "a.example", None),
            ("a.example:https", "a.example:https", None),
            ("[::1]", "::1", None),
        ] {
            assert_eq!(host_and_port(target), (host, port), "{target}");
        }
    }
}
