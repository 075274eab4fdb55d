//! What kinds of machine we can pretend to be, and which servers go together on one.

/// A kind of machine (`persona.template`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Template {
    /// A rented Linux server with web sites.
    #[default]
    LinuxHost,
    /// A server of a company's Windows domain.
    WindowsDomain,
    /// The router of a home.
    HomeRouter,
    /// A server of somebody who sells mailboxes.
    MailProvider,
}

/// A system, with what servers built for it say of themselves.
#[derive(Debug)]
pub(crate) struct System {
    /// Its name, for the analyst.
    pub(crate) name: &'static str,
    /// The `Server` field of HTTP answers.
    pub(crate) http: &'static [&'static str],
    /// What a name server says to `version.bind`.
    pub(crate) dns: &'static [&'static str],
    /// What a mail server calls itself in its greeting.
    pub(crate) mail: &'static [&'static str],
}

impl Template {
    /// All of them.
    pub const ALL: [Self; 4] =
        [Self::LinuxHost, Self::WindowsDomain, Self::HomeRouter, Self::MailProvider];

    /// What they are called in the configuration.
    pub const WORDS: &[&str] = &["linux-host", "windows-domain", "home-router", "mail-provider"];

    /// The one that is called so.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|template| template.word() == word)
    }

    /// What it is called.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::LinuxHost => "linux-host",
            Self::WindowsDomain => "windows-domain",
            Self::HomeRouter => "home-router",
            Self::MailProvider => "mail-provider",
        }
    }

    /// What administrators call such machines; a number follows.
    pub(crate) const fn hosts(self) -> &'static [&'static str] {
        match self {
            Self::LinuxHost => {
                &["web", "srv", "host", "node", "app", "edge", "www", "s", "vps", "fra"]
            }
            Self::WindowsDomain => &["DC", "SRV-APP", "SRV-FS", "SRV-WEB", "WIN-SRV", "EX"],
            Self::HomeRouter => &["router", "gateway", "gw", "homebox", "modem", "ap"],
            Self::MailProvider => &["mx", "mail", "smtp", "mx-in", "mailout", "imap"],
        }
    }

    /// What they run; never empty.
    pub(crate) const fn systems(self) -> &'static [System] {
        match self {
            Self::LinuxHost | Self::MailProvider => LINUX,
            Self::WindowsDomain => WINDOWS,
            Self::HomeRouter => ROUTERS,
        }
    }
}

/// The one of this number, counted around.
pub(crate) fn nth(systems: &'static [System], number: usize) -> &'static System {
    static NONE: System = System { name: "", http: &[], dns: &[], mail: &[] };
    systems.get(number % systems.len().max(1)).unwrap_or(&NONE)
}

const LINUX: &[System] = &[
    System {
        name: "Ubuntu 20.04",
        http: &["nginx", "nginx/1.18.0 (Ubuntu)", "Apache", "Apache/2.4.41 (Ubuntu)"],
        dns: &["9.16.48-0ubuntu0.20.04.1-Ubuntu", "unbound 1.9.4", "dnsmasq-2.80"],
        mail: &["Postfix", "Postfix (Ubuntu)"],
    },
    System {
        name: "Ubuntu 22.04",
        http: &["nginx", "nginx/1.18.0 (Ubuntu)", "Apache", "Apache/2.4.52 (Ubuntu)"],
        dns: &["9.18.28-0ubuntu0.22.04.1-Ubuntu", "unbound 1.13.1", "dnsmasq-2.86"],
        mail: &["Postfix", "Postfix (Ubuntu)"],
    },
    System {
        name: "Ubuntu 24.04",
        http: &["nginx", "nginx/1.24.0 (Ubuntu)", "Apache", "Apache/2.4.58 (Ubuntu)"],
        dns: &["9.18.28-0ubuntu0.24.04.1-Ubuntu", "unbound 1.19.2", "dnsmasq-2.90"],
        mail: &["Postfix", "Postfix (Ubuntu)"],
    },
    System {
        name: "Debian 11",
        http: &["nginx", "nginx/1.18.0", "Apache", "Apache/2.4.62 (Debian)"],
        dns: &["9.16.50-Debian", "unbound 1.13.1", "dnsmasq-2.85"],
        mail: &["Postfix", "Postfix (Debian/GNU)"],
    },
    System {
        name: "Debian 12",
        http: &["nginx", "nginx/1.22.1", "Apache", "Apache/2.4.62 (Debian)"],
        dns: &["9.18.33-1~deb12u2-Debian", "unbound 1.17.1", "dnsmasq-2.90"],
        mail: &["Postfix", "Postfix (Debian/GNU)"],
    },
];

const WINDOWS: &[System] = &[
    System {
        name: "Windows Server 2012 R2",
        http: &["Microsoft-IIS/8.5"],
        dns: &["Microsoft DNS 6.3.9600 (25804A61)"],
        mail: &["Microsoft ESMTP MAIL Service"],
    },
    System {
        name: "Windows Server 2016",
        http: &["Microsoft-IIS/10.0"],
        dns: &["Microsoft DNS 10.0.14393 (38391B91)"],
        mail: &["Microsoft ESMTP MAIL Service"],
    },
    System {
        name: "Windows Server 2019",
        http: &["Microsoft-IIS/10.0"],
        dns: &["Microsoft DNS 10.0.17763 (4563194F)"],
        mail: &["Microsoft ESMTP MAIL Service"],
    },
    System {
        name: "Windows Server 2022",
        http: &["Microsoft-IIS/10.0"],
        dns: &["Microsoft DNS 10.0.20348 (4F7C0A6D)"],
        mail: &["Microsoft ESMTP MAIL Service"],
    },
];

const ROUTERS: &[System] = &[
    System {
        name: "a router with lighttpd",
        http: &["lighttpd", "lighttpd/1.4.35", "lighttpd/1.4.59"],
        dns: &["dnsmasq-2.78", "dnsmasq-2.80", "dnsmasq-2.85"],
        mail: &["Exim 4.92"],
    },
    System {
        name: "a router with mini_httpd",
        http: &["mini_httpd/1.19 19dec2003", "mini_httpd/1.30 26Oct2018"],
        dns: &["dnsmasq-2.40", "dnsmasq-2.75"],
        mail: &["Exim 4.80"],
    },
    System {
        name: "a router with Boa",
        http: &["Boa/0.93.15", "Boa/0.94.13", "Boa/0.94.14rc21"],
        dns: &["dnsmasq-2.52", "dnsmasq-2.62"],
        mail: &["Exim 4.72"],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_template_has_its_word_and_a_system_with_every_server() {
        for (template, word) in Template::ALL.into_iter().zip(Template::WORDS) {
            assert_eq!(Template::from_word(word), Some(template));
            assert!(!template.hosts().is_empty() && !template.systems().is_empty());
            for system in template.systems() {
                let servers = [system.http, system.dns, system.mail];
                assert!(servers.iter().all(|said| !said.is_empty()), "{system:?}");
            }
        }
    }
}
