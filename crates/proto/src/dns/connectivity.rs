//! Names by which systems find out whether there is an internet at all. To deny one of them says
//! that there is none, and most of what would be seen does not happen.

use super::name::self_and_parents;

/// Whether the name, written as [`super::name::text`] does, is one of them or below one.
pub(super) fn is_connectivity_check(text: &str) -> bool {
    self_and_parents(text).any(|name| NAMES.contains(&name))
}

const NAMES: &[&str] = &[
    // Windows.
    "dns.msftncsi.com",
    "ipv6.msftconnecttest.com",
    "ipv6.msftncsi.com",
    "www.msftconnecttest.com",
    "www.msftncsi.com",
    // Android, ChromeOS.
    "clients3.google.com",
    "connectivitycheck.android.com",
    "connectivitycheck.gstatic.com",
    // Apple.
    "captive.apple.com",
    "www.appleiphonecell.com",
    // Firefox.
    "detectportal.firefox.com",
    "detectportal.prod.mozaws.net",
    // NetworkManager, as distributions set it.
    "connectivity-check.ubuntu.com",
    "network-test.debian.org",
    "nmcheck.gnome.org",
    "ping.archlinux.org",
    // Others.
    "connectivitycheck.platform.hicloud.com",
    "connect.rom.miui.com",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checks_are_known_by_their_whole_name() {
        assert!(is_connectivity_check("www.msftconnecttest.com"));
        assert!(is_connectivity_check("a.captive.apple.com"));
        assert!(!is_connectivity_check("apple.com"));
        assert!(!is_connectivity_check("captive.apple.com.test"));
    }
}
