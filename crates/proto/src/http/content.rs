//! Bodies of answers: the file a target names, the page of a site, the page of an error.

use std::borrow::Cow;

use bytes::Bytes;
use model::Persona;

pub(super) use crate::files::Content;

use crate::derived::{Purpose, derived, pick};
use crate::files;

/// The content of `target`: the file it names; a page if it names none.
pub(super) fn content(target: &str, site: Option<&str>, persona: &Persona) -> Content {
    let file = files::for_name(file_name(target), persona);
    // A page has the name of its site in it, so it is not like any other file.
    file.filter(|file| file.media_type != PAGE)
        .unwrap_or_else(|| Content { media_type: PAGE, bytes: Cow::Owned(page(site, persona)) })
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

pub(super) const PAGE: &str = "text/html";

/// What is last in the path of `target`.
fn file_name(target: &str) -> &str {
    let target = target.split(['?', '#']).next().unwrap_or_default();
    // A proxy is asked for more than a path (RFC 9112 §3.2.2), and a host may end like a file.
    let path = match target.split_once("://") {
        Some((_, rest)) => rest.split_once('/').map_or("", |(_, path)| path),
        None => target,
    };
    path.rsplit('/').next().unwrap_or_default()
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
    Content { media_type: PAGE, bytes: Cow::Owned(page.into_bytes()) }
}

const SENTENCES: &[&str] = &[
    "Welcome. Please use the menu to find your way around.",
    "Welcome to our site.",
    "We are updating this page. Please check back soon.",
    "For questions please contact us by mail.",
    "New content will be available here shortly.",
    "Thank you for visiting.",
];
