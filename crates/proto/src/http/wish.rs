//! What kind of content a peer wishes for whose target does not say.

use std::borrow::Cow;

use super::Request;

/// The path of `request`; if it has no ending, with one that suits what the peer says it takes.
pub(super) fn path_of(request: &Request) -> Cow<'_, str> {
    let path = request.path();
    let file = path.rsplit('/').next().unwrap_or_default();
    if file.contains('.') && !is_page_script(file) {
        return Cow::Borrowed(path);
    }
    match ending(request) {
        Some(ending) => Cow::Owned(format!("{path}.{ending}")),
        None => Cow::Borrowed(path),
    }
}

/// Whether a file's ending names the language of a script and not what it answers with.
fn is_page_script(file: &str) -> bool {
    let ending = file.rsplit_once('.').map_or("", |(_, ending)| ending);
    ["ashx", "asp", "aspx", "cgi", "do", "jsp", "php"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(ending))
}

fn ending(request: &Request) -> Option<&'static str> {
    accepted(request.text("accept").unwrap_or_default()).unwrap_or_else(|| {
        let is_program = request.text("x-requested-with").is_some()
            || request.media_type() == "application/json"
            || request.path().split('/').any(|part| part.eq_ignore_ascii_case("api"));
        is_program.then_some("json")
    })
}

/// The ending for the first kind in an Accept field that has one, a page having none; nothing if
/// the field does not choose.
///
/// Browsers and programs alike name first what they want most; weights only ever say so again.
fn accepted(accept: &str) -> Option<Option<&'static str>> {
    let kinds = accept.split(',').map(|kind| kind.split(';').next().unwrap_or_default().trim());
    kinds.into_iter().find_map(|kind| {
        let known = KINDS.iter().find(|(known, _)| kind.eq_ignore_ascii_case(known));
        known.map(|(_, ending)| *ending)
    })
}

/// Media types and the endings of files that have them.
const KINDS: &[(&str, Option<&str>)] = &[
    ("application/javascript", Some("js")),
    ("application/json", Some("json")),
    ("application/xhtml+xml", None),
    ("application/xml", Some("xml")),
    ("image/*", Some("png")),
    ("image/gif", Some("gif")),
    ("image/jpeg", Some("jpg")),
    ("image/png", Some("png")),
    ("image/x-icon", Some("ico")),
    ("text/css", Some("css")),
    ("text/html", None),
    ("text/javascript", Some("js")),
    ("text/json", Some("json")),
    ("text/plain", Some("txt")),
    ("text/xml", Some("xml")),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn path(target: &str, fields: &[(&str, &str)]) -> String {
        let field = |(name, value): &(&str, &str)| (name.to_string(), value.as_bytes().to_vec());
        let fields = fields.iter().map(field).collect();
        let request = Request { target: target.to_owned(), fields, ..Request::default() };
        path_of(&request).into_owned()
    }

    #[test]
    fn the_target_goes_before_the_wish() {
        assert_eq!(path("/a.png?x=1", &[("accept", "application/json")]), "/a.png");
        assert_eq!(path("http://example.test/a.b/c", &[]), "/a.b/c");
    }

    #[test]
    fn a_wish_is_granted_where_the_target_is_silent() {
        for (accept, expected) in [
            ("application/json, text/plain, */*", "/x.json"),
            ("image/avif,image/webp,image/*,*/*;q=0.8", "/x.png"),
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "/x"),
            ("*/*", "/x"),
            ("text/css,*/*;q=0.1", "/x.css"),
        ] {
            assert_eq!(path("/x", &[("accept", accept)]), expected, "{accept}");
        }
        assert_eq!(path("/gate.php", &[("accept", "application/json")]), "/gate.php.json");
    }

    #[test]
    fn programs_get_json() {
        assert_eq!(path("/x", &[("x-requested-with", "XMLHttpRequest")]), "/x.json");
        assert_eq!(path("/x", &[("content-type", "application/json; charset=utf-8")]), "/x.json");
        assert_eq!(path("/api/v1/tasks", &[("accept", "*/*")]), "/api/v1/tasks.json");
        assert_eq!(path("/api/v1/", &[("accept", "text/html")]), "/api/v1/");
    }
}
