//! `sinkgate config test-response`, as typed.

use std::net::IpAddr;
use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;

use super::Pattern;

/// Say which rule of responses.toml a request or a connection would meet.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct TestResponse {
    /// What a victim asks for: http://HOST/PATH, https://…, tcp://HOST:PORT or udp://HOST:PORT
    #[arg(value_name = "URL")]
    pub(crate) target: Target,

    /// The file with the rules [default: responses.file]
    #[arg(long, value_name = "FILE")]
    pub(crate) responses: Option<PathBuf>,

    /// Method of the HTTP request
    #[arg(long, value_name = "METHOD", default_value = "GET")]
    pub(crate) method: String,

    /// A field of the HTTP request, as `NAME: VALUE`; may be repeated
    #[arg(short = 'H', long, value_name = "FIELD", value_parser = field)]
    pub(crate) header: Vec<(String, String)>,

    /// What the victim sends first: text, or hex:4d5a90
    #[arg(long, value_name = "BYTES")]
    pub(crate) first: Option<Pattern>,

    /// Who asks
    #[arg(long, value_name = "ADDRESS", default_value = "192.0.2.1")]
    pub(crate) victim: IpAddr,

    /// The address of HOST, if that is a name
    #[arg(long, value_name = "ADDRESS", default_value = "198.51.100.1")]
    pub(crate) address: IpAddr,
}

/// Whom a victim asks for what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) scheme: Scheme,
    /// A name, or an address without brackets.
    pub(crate) host: String,
    pub(crate) port: u16,
    /// What follows, with its slash; for HTTP alone.
    pub(crate) path: String,
}

/// How it asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    Http,
    Https,
    Tcp,
    Udp,
}

impl FromStr for Target {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const EXPECTED: &str = "expected http://HOST/PATH, https://…, tcp://HOST:PORT or udp://…";
        let (scheme, rest) = text.split_once("://").ok_or(EXPECTED)?;
        let (scheme, usual) = match scheme {
            "http" => (Scheme::Http, Some(80)),
            "https" => (Scheme::Https, Some(443)),
            "tcp" => (Scheme::Tcp, None),
            "udp" => (Scheme::Udp, None),
            _ => return Err(EXPECTED),
        };
        let path = rest.find('/').unwrap_or(rest.len());
        let (place, path) = rest.split_at(path);
        let (host, port) = host_and_port(place).ok_or("expected a port, 1 to 65535")?;
        let port = port.or(usual).ok_or("expected HOST:PORT")?;
        if host.is_empty() {
            return Err("expected a host");
        }
        let path = if path.is_empty() { "/".to_owned() } else { path.to_owned() };
        Ok(Self { scheme, host, port, path })
    }
}

/// A host without its brackets, and its port if there is one.
fn host_and_port(place: &str) -> Option<(String, Option<u16>)> {
    let (host, port) = match place.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, rest)) => (host, rest.strip_prefix(':')),
        None => match place.rsplit_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (place, None),
        },
    };
    let port = port.map(|port| port.parse().ok().filter(|port| *port != 0));
    match port {
        Some(None) => None,
        port => Some((host.to_owned(), port.flatten())),
    }
}

fn field(text: &str) -> Result<(String, String), &'static str> {
    let (name, value) = text.split_once(':').ok_or("expected `NAME: VALUE`")?;
    Ok((name.trim().to_ascii_lowercase(), value.trim().to_owned()))
}

const EXAMPLES: &str = "\
Examples:
  sinkgate config test-response http://c2.example/gate.php --method POST
  sinkgate config test-response https://c2.example/ -H 'User-Agent: Mozilla/4.0'
  sinkgate config test-response tcp://203.0.113.9:4444 --first hex:474554
  sinkgate config test-response udp://203.0.113.9:1003 --responses ./responses.toml";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_taken_apart() {
        for (text, scheme, host, port, path) in [
            ("http://a.test", Scheme::Http, "a.test", 80, "/"),
            ("https://a.test:8443/x?y=z", Scheme::Https, "a.test", 8_443, "/x?y=z"),
            ("tcp://[2001:db8::1]:25", Scheme::Tcp, "2001:db8::1", 25, "/"),
            ("udp://192.0.2.1:1003", Scheme::Udp, "192.0.2.1", 1_003, "/"),
        ] {
            let (host, path) = (host.to_owned(), path.to_owned());
            assert_eq!(text.parse(), Ok(Target { scheme, host, port, path }), "{text}");
        }
        for wrong in ["a.test", "ftp://a.test", "tcp://a.test", "tcp://:1", "http://a:0/"] {
            assert!(wrong.parse::<Target>().is_err(), "{wrong}");
        }
    }
}
