//! Names and values, as forms send them: in a query, in a body, in parts of a body.

/// A field of a form.
pub(super) type Pair = (String, String);

/// Reads `name=value&name=value` with its escapes.
pub(super) fn url_encoded(text: &[u8]) -> Vec<Pair> {
    let fields = text.split(|byte| *byte == b'&').filter(|field| !field.is_empty());
    fields
        .map(|field| {
            let equals = field.iter().position(|byte| *byte == b'=').unwrap_or(field.len());
            let (name, value) = field.split_at(equals);
            (unescaped(name), unescaped(value.get(1..).unwrap_or_default()))
        })
        .collect()
}

/// `%41` is A, `+` is a space; an escape that is none stands for itself.
pub(super) fn unescaped(text: &[u8]) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, after @ ..] = rest {
        rest = after;
        let escaped = after.get(..2).filter(|_| *first == b'%').and_then(hexadecimal);
        match (escaped, *first) {
            (Some(byte), _) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            (None, b'+') => bytes.push(b' '),
            (None, byte) => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hexadecimal(digits: &[u8]) -> Option<u8> {
    let digits = std::str::from_utf8(digits).ok()?;
    let is_number = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_number.then(|| u8::from_str_radix(digits, 16).ok())?
}

/// Reads the parts of a `multipart/form-data` body that are no files (RFC 7578).
pub(super) fn multipart(body: &[u8], content_type: &str) -> Vec<Pair> {
    let Some(boundary) = parameter(content_type, "boundary") else { return Vec::new() };
    let (body, delimiter) = (String::from_utf8_lossy(body), format!("--{boundary}"));
    let parts = body.split(&delimiter).skip(1);
    parts
        .filter_map(|part| {
            let (head, value) = part.split_once("\r\n\r\n")?;
            let mut lines = head.lines();
            let disposition = lines.find(|line| {
                let name = line.split(':').next().unwrap_or_default();
                name.eq_ignore_ascii_case("content-disposition")
            })?;
            if parameter(disposition, "filename").is_some() {
                return None;
            }
            let name = parameter(disposition, "name")?;
            Some((name.to_owned(), value.trim_end_matches("\r\n").to_owned()))
        })
        .collect()
}

/// A parameter of a field, without its quotes; in them a semicolon is no end.
pub(super) fn parameter<'a>(field: &'a str, wanted: &str) -> Option<&'a str> {
    let mut is_quoted = false;
    let ends_here = |letter: char| {
        is_quoted ^= letter == '"';
        letter == ';' && !is_quoted
    };
    field.split(ends_here).skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let is_wanted = name.trim().eq_ignore_ascii_case(wanted);
        is_wanted.then(|| value.trim().trim_matches('"'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_read_and_broken_ones_stay() {
        let pairs = url_encoded(b"a=1+2%2B&b&=c&d%3d=%zz%4&&e=%");
        let pairs: Vec<_> = pairs.iter().map(|(name, value)| (&**name, &**value)).collect();
        assert_eq!(pairs, [("a", "1 2+"), ("b", ""), ("", "c"), ("d=", "%zz%4"), ("e", "%")]);
    }

    #[test]
    fn parts_that_are_files_are_left_out() {
        let body = b"--x\r\nContent-Disposition: form-data; name=\"user\"\r\n\r\njo\r\n--x\r\n\
            Content-Disposition: form-data; name=\"f\"; filename=\"a\"\r\n\r\n...\r\n--x--\r\n";
        let pairs = multipart(body, "multipart/form-data; boundary=\"x\"");
        assert_eq!(pairs, [("user".to_owned(), "jo".to_owned())]);
    }
}
