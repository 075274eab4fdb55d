//! Proxy auto-configuration: who looks for a proxy finds one, and it is us.

use super::{Request, Response};
use crate::Cx;

/// A script that names the host it was asked of as the proxy, and no proxy at all as the way out if
/// that fails.
pub(super) fn answer(request: &Request, cx: &Cx<'_>) -> Option<Response> {
    let file = request.path().rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    // Old browsers leave the last letter out.
    let is_pac = matches!(&*file, "wpad.dat" | "wpad.da") || file.ends_with(".pac");
    if !is_pac {
        return None;
    }
    let meant = cx.flow.orig_dst;
    let proxy = match request.site() {
        Some(site) => format!("{site}:{}", meant.port()),
        None => meant.address().to_string(),
    };
    let script = format!(
        "function FindProxyForURL(url, host) {{\n    return \"PROXY {proxy}; DIRECT\";\n}}\n"
    );
    Some(Response::new(200, cx).with_body("application/x-ns-proxy-autoconfig", script))
}
