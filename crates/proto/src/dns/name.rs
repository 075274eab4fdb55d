//! Names as text, and what their labels tell.

use hickory_proto::rr::Name;

/// Writes a name as it is recorded: lower case, without a final dot, odd bytes as `\DDD`
/// (RFC 1035 §5.1), the root as `.`. Equal texts are equal names.
pub(crate) fn text<'a>(labels: impl Iterator<Item = &'a [u8]>) -> String {
    let mut text = String::with_capacity(64);
    for label in labels {
        if !text.is_empty() {
            text.push('.');
        }
        label.iter().for_each(|byte| push(&mut text, *byte));
    }
    if text.is_empty() {
        text.push('.');
    }
    text
}

/// As [`text`], with the final dot of a record's data.
pub(super) fn full_text(name: &Name) -> String {
    let mut text = text(name.iter());
    if text != "." {
        text.push('.');
    }
    text
}

/// The name a text was written from, in lower case; nothing if it is too long for one.
pub(super) fn from_text(text: &str) -> Option<Name> {
    if text == "." {
        return Some(Name::root());
    }
    let labels: Option<Vec<Vec<u8>>> = text.split('.').map(unescaped).collect();
    let mut name = Name::from_labels(labels?.iter().map(Vec::as_slice)).ok()?;
    name.set_fqdn(true);
    Some(name)
}

/// Takes the escapes of [`push`] off a label.
fn unescaped(label: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(label.len());
    let mut rest = label;
    while let Some((plain, escaped)) = rest.split_once('\\') {
        bytes.extend_from_slice(plain.as_bytes());
        bytes.push(escaped.get(..3)?.parse().ok()?);
        rest = escaped.get(3..)?;
    }
    bytes.extend_from_slice(rest.as_bytes());
    Some(bytes)
}

/// Adds `byte` to a text, escaped if it is not one of a host name's.
fn push(text: &mut String, byte: u8) {
    match byte {
        b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' => text.push(char::from(byte)),
        b'A'..=b'Z' => text.push(char::from(byte.to_ascii_lowercase())),
        odd => {
            text.push('\\');
            for digit in [odd / 100, odd / 10 % 10, odd % 10] {
                text.push(char::from(b'0' + digit));
            }
        }
    }
}

/// `text` itself and every name above it, except the root.
pub(super) fn self_and_parents(text: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(text), |name| name.split_once('.').map(|(_, parent)| parent))
}

/// How many labels a text has.
pub(super) fn labels(text: &str) -> usize {
    if text == "." { 0 } else { 1 + text.matches('.').count() }
}

/// The part of `text` that somebody would have registered: `example.co.uk` of `a.example.co.uk`.
pub(crate) fn registered(text: &str) -> &str {
    let mut below = text;
    for name in self_and_parents(text) {
        if is_public_suffix(name) {
            break;
        }
        if !name.contains('.') {
            return below;
        }
        below = name;
    }
    below
}

/// Whether names are registered directly below this one.
pub(super) fn is_public_suffix(text: &str) -> bool {
    match text.split_once('.') {
        None => text.len() == 2 || TOP_LEVEL_DOMAINS.contains(&text),
        Some((label, country)) => {
            country.len() == 2 && REGISTRY_LABELS.contains(&label) && country != "io"
        }
    }
}

/// Top-level domains of more than two letters that malware and software ask for; two letters are
/// always a country.
const TOP_LEVEL_DOMAINS: &[&str] = &[
    "academy",
    "aero",
    "agency",
    "app",
    "arpa",
    "art",
    "asia",
    "bar",
    "best",
    "bid",
    "biz",
    "blog",
    "buzz",
    "cam",
    "cat",
    "center",
    "cfd",
    "click",
    "cloud",
    "club",
    "com",
    "company",
    "coop",
    "cyou",
    "date",
    "dev",
    "digital",
    "download",
    "edu",
    "email",
    "finance",
    "fit",
    "fun",
    "gdn",
    "global",
    "gov",
    "group",
    "host",
    "icu",
    "info",
    "ink",
    "int",
    "jobs",
    "life",
    "link",
    "live",
    "loan",
    "lol",
    "ltd",
    "media",
    "men",
    "mil",
    "mobi",
    "mom",
    "monster",
    "museum",
    "name",
    "net",
    "network",
    "news",
    "ninja",
    "one",
    "online",
    "org",
    "page",
    "party",
    "pics",
    "press",
    "pro",
    "pub",
    "quest",
    "racing",
    "rest",
    "review",
    "rocks",
    "run",
    "sbs",
    "science",
    "services",
    "shop",
    "site",
    "skin",
    "social",
    "solutions",
    "space",
    "store",
    "stream",
    "studio",
    "support",
    "surf",
    "systems",
    "tech",
    "technology",
    "tel",
    "tips",
    "today",
    "tokyo",
    "tools",
    "top",
    "trade",
    "travel",
    "uno",
    "vip",
    "webcam",
    "website",
    "win",
    "work",
    "works",
    "world",
    "wtf",
    "xin",
    "xxx",
    "xyz",
    "yachts",
    "zip",
    "zone",
];

/// Second labels that registries sell below, as in `co.uk` and `com.br`.
const REGISTRY_LABELS: &[&str] = &[
    "ac", "co", "com", "edu", "gob", "gov", "gouv", "ltd", "mil", "ne", "net", "or", "org", "plc",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_bytes_are_escaped_so_that_no_two_names_look_alike() {
        let labels: [&[u8]; 3] = [b"WwW", b"a.b\\ \xff", b"test"];
        assert_eq!(text(labels.into_iter()), "www.a\\046b\\092\\032\\255.test");
        assert_eq!(text([].into_iter()), ".");
    }

    #[test]
    fn a_text_leads_back_to_its_name() {
        for written in [".", "test", "www.a\\046b\\092\\032\\255.test"] {
            assert_eq!(text(from_text(written).unwrap().iter()), written);
        }
        assert_eq!(from_text(&"a.".repeat(130)), None);
    }

    #[test]
    fn the_registered_part_is_found_below_any_suffix() {
        for (asked, owner) in [
            ("example.com", "example.com"),
            ("www.example.com", "example.com"),
            ("a.b.example.co.uk", "example.co.uk"),
            ("x.com.br", "x.com.br"),
            ("co.uk", "co.uk"),
            ("com.io", "com.io"),
            ("a.b.unheard", "b.unheard"),
            ("router", "router"),
        ] {
            assert_eq!(registered(asked), owner, "{asked}");
        }
    }
}
