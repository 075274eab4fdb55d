//! Text with places such as `${name}`, which are filled in when it is sent.

use bytes::Bytes;

use crate::Cx;
use crate::http::{Request, http_date};

/// A text with places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template(Vec<Piece>);

/// A template that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// A place has no end.
    #[error("`${{` without `}}`")]
    Open,
    /// Nothing is called that.
    #[error("there is no `${{{0}}}`")]
    Unknown(String),
}

/// What is known when a template is filled in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known<'a> {
    pub(crate) cx: &'a Cx<'a>,
    pub(crate) name: Option<&'a str>,
    pub(crate) request: Option<&'a Request>,
    /// What the victim has sent; of a request its body.
    pub(crate) received: &'a [u8],
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Bytes(Bytes),
    /// The field of a request, by its name in lower case.
    Header(String),
    Variable(Variable),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Variable {
    Address,
    Date,
    Method,
    Name,
    Path,
    Port,
    Query,
    Received,
    Time,
    Unix,
    Victim,
    VictimPort,
}

/// What can stand between `${` and `}`, with its meaning; and `header:NAME`.
pub const VARIABLES: &[(&str, &str)] = &[
    ("address", "the address the victim meant"),
    ("date", "the time now as HTTP and mail write it; `<RAW-DATE>` is the same"),
    ("method", "the method of the HTTP request"),
    ("name", "the name the victim calls the other end by, or else the address"),
    ("path", "the path of the HTTP request"),
    ("port", "the port the victim meant"),
    ("query", "what follows the `?` in an HTTP request"),
    ("received", "what the victim has sent; of an HTTP request the beginning of its body"),
    ("time", "the time now, as in `2026-11-24T09:30:00.000000Z`"),
    ("unix", "the time now in seconds since 1970"),
    ("victim", "the victim's address"),
    ("victim_port", "the victim's port"),
];

/// In the order of [`VARIABLES`].
const IN_ORDER: [Variable; VARIABLES.len()] = [
    Variable::Address,
    Variable::Date,
    Variable::Method,
    Variable::Name,
    Variable::Path,
    Variable::Port,
    Variable::Query,
    Variable::Received,
    Variable::Time,
    Variable::Unix,
    Variable::Victim,
    Variable::VictimPort,
];

/// How the files of FakeNet-NG write the date.
const RAW_DATE: &[u8] = b"<RAW-DATE>";

impl Template {
    /// Reads a text; it need not be UTF-8.
    ///
    /// # Errors
    ///
    /// A place has no end, or a name that nothing has.
    pub fn read(text: &[u8]) -> Result<Self, TemplateError> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(start) = find(rest, b"${") {
            let (before, place) = rest.split_at(start);
            add_bytes(before, &mut pieces);
            let place = place.get(2..).unwrap_or_default();
            let end = find(place, b"}").ok_or(TemplateError::Open)?;
            pieces.push(named(place.get(..end).unwrap_or_default())?);
            rest = place.get(end + 1..).unwrap_or_default();
        }
        add_bytes(rest, &mut pieces);
        Ok(Self(pieces))
    }

    /// The text with every place filled in.
    pub(super) fn filled(&self, known: &Known<'_>) -> Bytes {
        let mut filled = Vec::new();
        for piece in &self.0 {
            match piece {
                Piece::Bytes(bytes) => filled.extend_from_slice(bytes),
                Piece::Header(name) => {
                    let value = known.request.and_then(|request| request.field(name));
                    filled.extend_from_slice(value.unwrap_or_default());
                }
                Piece::Variable(Variable::Received) => filled.extend_from_slice(known.received),
                Piece::Variable(variable) => {
                    filled.extend_from_slice(known.text(*variable).as_bytes())
                }
            }
        }
        filled.into()
    }
}

fn named(name: &[u8]) -> Result<Piece, TemplateError> {
    let name = String::from_utf8_lossy(name);
    if let Some(field) = name.strip_prefix("header:") {
        return Ok(Piece::Header(field.to_ascii_lowercase()));
    }
    let place = VARIABLES.iter().position(|(known, _)| *known == name);
    let variable = place.and_then(|place| IN_ORDER.get(place));
    variable
        .map(|found| Piece::Variable(*found))
        .ok_or_else(|| TemplateError::Unknown(name.into_owned()))
}

fn add_bytes(mut bytes: &[u8], pieces: &mut Vec<Piece>) {
    while let Some(start) = find(bytes, RAW_DATE) {
        let (before, after) = bytes.split_at(start);
        pieces.push(Piece::Bytes(Bytes::copy_from_slice(before)));
        pieces.push(Piece::Variable(Variable::Date));
        bytes = after.get(RAW_DATE.len()..).unwrap_or_default();
    }
    pieces.push(Piece::Bytes(Bytes::copy_from_slice(bytes)));
}

/// Where `wanted` begins.
pub(super) fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len().max(1)).position(|window| window == wanted)
}

impl Known<'_> {
    fn text(&self, variable: Variable) -> String {
        let flow = self.cx.flow;
        let of_request = |read: fn(&Request) -> &str| {
            self.request.map_or_else(String::new, |request| read(request).to_owned())
        };
        match variable {
            Variable::Address => flow.orig_dst.ip().to_canonical().to_string(),
            Variable::Date => http_date(self.cx.now),
            Variable::Method => of_request(|request| &request.method),
            Variable::Name => self.name.map_or_else(|| self.text(Variable::Address), str::to_owned),
            Variable::Path => of_request(Request::path),
            Variable::Port => flow.orig_dst.port().to_string(),
            Variable::Query => of_request(Request::query),
            Variable::Received => String::from_utf8_lossy(self.received).into_owned(),
            Variable::Time => self.cx.now.to_string(),
            Variable::Unix => self.cx.now.as_secs().to_string(),
            Variable::Victim => flow.victim.ip().to_canonical().to_string(),
            Variable::VictimPort => flow.victim.address().port().to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dns;
    use crate::testing::Stage;

    fn filled(template: &str, request: Option<&Request>) -> String {
        let stage = Stage::new(dns::Answers::default());
        let known =
            Known { cx: &stage.cx(), name: Some("a.test"), request, received: b"\x01 hello" };
        let filled = Template::read(template.as_bytes()).unwrap().filled(&known);
        String::from_utf8_lossy(&filled).into_owned()
    }

    #[test]
    fn every_variable_has_its_value() {
        let request = Request {
            method: "POST".to_owned(),
            target: "/a/b?c=d".to_owned(),
            fields: vec![("x-id".to_owned(), b" 7 ".to_vec())],
            ..Request::default()
        };
        let template: String =
            VARIABLES.iter().map(|(name, _)| format!("{name}=${{{name}}}\n")).collect();
        assert_eq!(
            filled(&template, Some(&request)),
            "address=198.51.100.7\ndate=Thu, 01 Jan 2026 00:00:00 GMT\nmethod=POST\n\
             name=a.test\npath=/a/b\nport=53\nquery=c=d\nreceived=\u{1} hello\n\
             time=2026-01-01T00:00:00.000000Z\nunix=1767225600\nvictim=10.0.0.7\nvictim_port=40000\n"
        );
        assert_eq!(filled("[${header:X-Id}]${header:none}", Some(&request)), "[7]");
    }

    #[test]
    fn without_a_request_its_parts_are_empty() {
        assert_eq!(filled("${method}${path}${query}${header:host}.", None), ".");
    }

    #[test]
    fn the_date_has_another_spelling() {
        assert_eq!(filled("a <RAW-DATE> b", None), "a Thu, 01 Jan 2026 00:00:00 GMT b");
    }

    #[test]
    fn braces_and_dollars_alone_are_text() {
        assert_eq!(filled("$5 {\"a\": {}} }$", None), "$5 {\"a\": {}} }$");
    }

    #[test]
    fn a_name_that_nothing_has_is_refused() {
        let wrong = |text: &str| Template::read(text.as_bytes()).unwrap_err().to_string();
        assert_eq!(wrong("${nme}"), "there is no `${nme}`");
        assert_eq!(wrong("a ${name"), "`${` without `}`");
    }
}
