//! Questions whether there is an internet, and which address one has in it: answered as the one
//! server would that is asked, to the byte.

mod checks;
mod ip_echo;

use super::{Request, Response};
use crate::Cx;
use crate::access_line::AccessLine;

/// A question that systems and programs ask by themselves.
#[derive(Debug)]
pub struct Check {
    /// Who asks what, for views.
    pub label: &'static str,
    /// Names of hosts; `*.` before a name means all names below it.
    pub hosts: &'static [&'static str],
    /// Paths; with `?`, only with this in the query. Any path if there are none.
    pub paths: &'static [&'static str],
    reply: Reply,
}

#[derive(Debug)]
enum Reply {
    /// Exactly this; no fields beyond these, the date and the length. In the body, words that
    /// begin with `$` stand for what is said of the address.
    Exactly { status: u16, fields: &'static [(&'static str, &'static str)], body: &'static str },
    /// Exactly these bytes, which are no text.
    Bytes { media_type: &'static str, body: &'static [u8] },
    /// What would be answered to anybody: that there is an answer is enough.
    Ordinary,
}

/// All of them, in the order in which they are tried.
pub fn connectivity_checks() -> impl Iterator<Item = &'static Check> {
    checks::CHECKS.iter().chain(ip_echo::CHECKS)
}

/// What check a request is, if it is one.
pub(super) fn check(request: &Request) -> Option<&'static Check> {
    let site = request.site()?;
    connectivity_checks().find(|row| row.is_asked(&site, request))
}

impl Check {
    fn is_asked(&self, site: &str, request: &Request) -> bool {
        let is_host = self.hosts.iter().any(|host| is_host(host, site));
        is_host && (self.paths.is_empty() || self.paths.iter().any(|path| is_path(path, request)))
    }

    /// What is answered, in words.
    #[must_use]
    pub fn answer_in_words(&self) -> String {
        match self.reply {
            Reply::Bytes { media_type, body } => {
                format!("200, {} bytes of {media_type}", body.len())
            }
            Reply::Exactly { status, body: "", .. } => format!("{status}"),
            Reply::Exactly { status, body, .. } => format!("{status}, {}", body.escape_debug()),
            Reply::Ordinary => "as any other request".to_owned(),
        }
    }

    /// The exact answer, if there is one.
    pub(super) fn answer(&self, cx: &Cx<'_>) -> Option<Response> {
        let dated = |status| {
            let mut response = Response::new(status, cx);
            response.fields.retain(|(name, _)| name == "Date");
            response
        };
        match self.reply {
            Reply::Bytes { media_type, body } => Some(dated(200).with_body(media_type, body)),
            Reply::Exactly { status, fields, body } => {
                let mut response = dated(status);
                response
                    .fields
                    .extend(fields.iter().map(|(name, value)| ((*name).into(), (*value).into())));
                let body = filled(body, cx);
                if status != 204 {
                    response = response.with("Content-Length", body.len().to_string());
                }
                Some(Response { body: body.into(), ..response })
            }
            Reply::Ordinary => None,
        }
    }
}

fn is_host(known: &str, site: &str) -> bool {
    match known.strip_prefix('*') {
        Some(below) => site.ends_with(below),
        None => site == known,
    }
}

fn is_path(known: &str, request: &Request) -> bool {
    match known.split_once('?') {
        Some((path, query)) => request.path() == path && request.query().contains(query),
        None => request.path() == known,
    }
}

/// Puts what is said of the address in the place of words.
fn filled(body: &str, cx: &Cx<'_>) -> String {
    if !body.contains('$') {
        return body.to_owned();
    }
    let line = AccessLine::of(cx.persona);
    let address = cx.persona.public_address.to_string();
    let words: [(&str, &str); 12] = [
        ("$address", &address),
        ("$provider", line.provider),
        ("$system", line.autonomous_system),
        ("$country_code", line.country_code),
        ("$country", line.country),
        ("$region_code", line.region_code),
        ("$region", line.region),
        ("$city", line.city),
        ("$postal_code", line.postal_code),
        ("$north", line.place.0),
        ("$east", line.place.1),
        ("$time_zone", line.time_zone),
    ];
    words.iter().fold(body.to_owned(), |text, (word, value)| text.replace(word, value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Stage;

    fn asked(url: &str) -> Request {
        let (host, path) = url.split_once('/').unwrap();
        let target = format!("/{path}");
        Request { target, host: Some(host.to_owned()), ..Request::default() }
    }

    fn body(url: &str) -> String {
        let stage = Stage::new(crate::dns::Answers::default());
        let answer = check(&asked(url)).and_then(|check| check.answer(&stage.cx())).unwrap();
        String::from_utf8(answer.body.to_vec()).unwrap()
    }

    #[test]
    fn checks_are_known_by_host_and_path() {
        assert_eq!(body("www.msftncsi.com/ncsi.txt"), "Microsoft NCSI");
        assert_eq!(body("www.msftconnecttest.com/connecttest.txt?n=1"), "Microsoft Connect Test");
        assert_eq!(body("clients3.google.com/generate_204"), "");
        assert!(check(&asked("www.google.com/search")).is_none());
        assert!(check(&asked("example.com/ncsi.txt")).is_none());
        assert_eq!(check(&asked("a.windowsupdate.com/x")).unwrap().label, "Windows Update");
    }

    #[test]
    fn every_site_that_echoes_addresses_says_the_same_one() {
        for check in ip_echo::CHECKS {
            let stage = Stage::new(crate::dns::Answers::default());
            let answer = check.answer(&stage.cx()).unwrap();
            let text = String::from_utf8(answer.body.to_vec()).unwrap();
            assert!(!text.contains('$'), "{text}");
            let says_place = check.paths.iter().any(|path| path.contains("hosting"));
            assert!(says_place || text.contains("203.0.113.77"), "{text}");
        }
        assert_eq!(body("api.ipify.org/?format=json"), "{\"ip\":\"203.0.113.77\"}");
        assert_eq!(body("icanhazip.com/"), "203.0.113.77\n");
    }
}
