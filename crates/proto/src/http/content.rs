//! Bodies of answers: the smallest that are what the target's ending promises.

use std::borrow::Cow;

use bytes::Bytes;
use model::Persona;

use crate::derived::{Purpose, derived, pick};

/// What an answer carries.
pub(super) struct Content {
    pub(super) media_type: &'static str,
    pub(super) bytes: Cow<'static, [u8]>,
}

impl Content {
    /// The bytes, as an answer carries them.
    pub(super) fn into_body(self) -> Bytes {
        match self.bytes {
            Cow::Borrowed(bytes) => Bytes::from_static(bytes),
            Cow::Owned(bytes) => bytes.into(),
        }
    }
}

/// The content of `target`, by the ending of its path; a page if that says nothing.
pub(super) fn content(target: &str, site: Option<&str>, persona: &Persona) -> Content {
    let path = target.split(['?', '#']).next().unwrap_or_default();
    let file = path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let ending = file.rsplit_once('.').map_or("", |(_, ending)| ending);
    let known = ENDINGS.iter().find(|(known, ..)| *known == ending);
    match known {
        Some((_, media_type, bytes)) => Content { media_type, bytes: Cow::Borrowed(bytes) },
        None => Content { media_type: "text/html", bytes: Cow::Owned(page(site, persona)) },
    }
}

/// A front page as thousands of small sites have it.
fn page(site: Option<&str>, persona: &Persona) -> Vec<u8> {
    let site = site.unwrap_or(&persona.host);
    let [wording, _] = derived(&persona.seed, Purpose::Page, site);
    let sentence = pick(SENTENCES, wording);
    let page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <title>{site}</title>\n</head>\n<body>\n<h1>{site}</h1>\n<p>{sentence}</p>\n\
         </body>\n</html>\n"
    );
    page.into_bytes()
}

/// The page that goes with an error, in the form most servers on the net give it.
pub(super) fn error_page(status: u16, reason: &str, persona: &Persona) -> Content {
    let server = &persona.http_server;
    let page = format!(
        "<html>\r\n<head><title>{status} {reason}</title></head>\r\n<body>\r\n\
         <center><h1>{status} {reason}</h1></center>\r\n<hr><center>{server}</center>\r\n\
         </body>\r\n</html>\r\n"
    );
    Content { media_type: "text/html", bytes: Cow::Owned(page.into_bytes()) }
}

const SENTENCES: &[&str] = &[
    "Welcome. Please use the menu to find your way around.",
    "Welcome to our site.",
    "We are updating this page. Please check back soon.",
    "For questions please contact us by mail.",
    "New content will be available here shortly.",
    "Thank you for visiting.",
];

/// Endings with contents of their own.
const ENDINGS: &[(&str, &str, &[u8])] = &[
    ("css", "text/css", b"body {\n  margin: 0;\n}\n"),
    ("gif", "image/gif", GIF),
    ("ico", "image/x-icon", ICO),
    ("js", "application/javascript", b"(function () {\n  \"use strict\";\n})();\n"),
    ("json", "application/json", b"{\"status\":\"ok\"}\n"),
    ("png", "image/png", PNG),
    ("txt", "text/plain", b"OK\n"),
    ("xml", "text/xml", b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<root/>\n"),
];

/// One transparent pixel.
const PNG: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52,
    0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x06, 0x00, 0x00, 0x00, 0x1f, 0x15, 0xc4,
    0x89, 0x00, 0x00, 0x00, 0x0b, 0x49, 0x44, 0x41, 0x54, 0x78, 0xda, 0x63, 0x60, 0x00, 0x02, 0x00,
    0x00, 0x05, 0x00, 0x01, 0xe9, 0xfa, 0xdc, 0xd8, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44,
    0xae, 0x42, 0x60, 0x82,
];

/// One transparent pixel.
const GIF: &[u8] = &[
    0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 0x01, 0x00, 0x01, 0x00, 0x80, 0x00, 0x00, 0x00, 0x00, 0x00,
    0xff, 0xff, 0xff, 0x21, 0xf9, 0x04, 0x01, 0x00, 0x00, 0x00, 0x00, 0x2c, 0x00, 0x00, 0x00, 0x00,
    0x01, 0x00, 0x01, 0x00, 0x00, 0x02, 0x02, 0x44, 0x01, 0x00, 0x3b,
];

/// One transparent pixel.
const ICO: &[u8] = &[
    0x00, 0x00, 0x01, 0x00, 0x01, 0x00, 0x01, 0x01, 0x00, 0x00, 0x01, 0x00, 0x20, 0x00, 0x30, 0x00,
    0x00, 0x00, 0x16, 0x00, 0x00, 0x00, 0x28, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x02, 0x00,
    0x00, 0x00, 0x01, 0x00, 0x20, 0x00, 0x00, 0x00, 0x00, 0x00, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
];
