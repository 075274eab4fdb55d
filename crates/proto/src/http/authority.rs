//! The site of the lab's certificate authority: what its certificates point to, and a page that
//! hands out the one to trust.

use super::content::PAGE;
use super::form::unescaped;
use super::{Request, Response};
use crate::base64;
use crate::{AuthoritySite, Cx};

/// What that site answers, if it is the one that is asked.
pub(super) fn answer(request: &Request, cx: &Cx<'_>) -> Option<Response> {
    let site = &cx.rules.authority;
    if !request.site().is_some_and(|host| site.is(&host)) {
        return None;
    }
    let path = request.path();
    if let Some(question) = question(request) {
        let answer = site.status(&question);
        return Some(Response::new(200, cx).with_body("application/ocsp-response", answer));
    }
    let answer = match site.file(path) {
        Some((media_type, content)) => Response::new(200, cx).with_body(media_type, content),
        None if path == "/" => Response::new(200, cx).with_body(PAGE, page(cx)),
        None => Response::error(404, cx),
    };
    Some(answer)
}

/// What is asked about a certificate: in the body, or in the path (RFC 6960, appendix A.1).
fn question(request: &Request) -> Option<Vec<u8>> {
    let rest = request.path().strip_prefix("/ocsp")?;
    if request.is("post") {
        return Some(request.body.clone());
    }
    // What is no form has no plus for a space.
    let text = rest.trim_start_matches('/').replace('+', "%2B");
    base64::decoded(&unescaped(text.as_bytes()))
}

/// What whoever sits at a victim opens to fetch the certificate.
fn page(cx: &Cx<'_>) -> String {
    let name = &cx.persona.authority.name;
    let (root, issuing) = (AuthoritySite::ROOT, AuthoritySite::ISSUING);
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <title>{name}</title>\n</head>\n<body>\n<h1>{name}</h1>\n\
         <p>Root certificate: <a href=\"/{root}.crt\">DER</a>, <a href=\"/{root}.pem\">PEM</a></p>\n\
         <p>Revocation lists: <a href=\"/{root}.crl\">root</a>, <a href=\"/{issuing}.crl\">issuing</a></p>\n\
         </body>\n</html>\n"
    )
}
