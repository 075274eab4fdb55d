//! Comma-separated values (RFC 4180), safe for a spreadsheet: the one place for it.

use std::borrow::Cow;

/// One cell. What a spreadsheet would take for a formula gets a `'` before it, which spreadsheets
/// read as "this is text".
#[must_use]
pub fn cell(text: &str) -> Cow<'_, str> {
    match text.chars().next() {
        Some(first) if FORMULA.contains(&first) => Cow::Owned(quoted("'", text)),
        _ if text.contains([',', '"', '\r', '\n']) => Cow::Owned(quoted("", text)),
        _ => Cow::Borrowed(text),
    }
}

/// How a formula begins, also in the wide letters that East Asian spreadsheets take for the same.
const FORMULA: &[char] =
    &['=', '+', '-', '@', '\t', '\r', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];

fn quoted(prefix: &str, text: &str) -> String {
    format!("\"{prefix}{}\"", text.replace('"', "\"\""))
}

/// One row, with the line end of the standard.
pub(crate) fn row<'a>(cells: impl IntoIterator<Item = Cow<'a, str>>) -> String {
    let cells: Vec<_> = cells.into_iter().map(|text| cell(&text).into_owned()).collect();
    cells.join(",") + "\r\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threat_11_no_cell_is_a_formula() {
        for first in FORMULA {
            let text = format!("{first}HYPERLINK(\"http://a\")");
            let written = cell(&text);
            assert!(written.starts_with("\"'"), "{written}");
            assert!(written.ends_with("\"\"http://a\"\")\""), "{written}");
        }
    }

    #[test]
    fn cells_are_quoted_as_the_standard_says() {
        assert_eq!(cell("plain text"), "plain text");
        assert_eq!(cell(""), "");
        assert_eq!(cell("a,b"), "\"a,b\"");
        assert_eq!(cell("say \"hi\""), "\"say \"\"hi\"\"\"");
        assert_eq!(cell("a\nb"), "\"a\nb\"");
    }

    #[test]
    fn a_row_ends_as_the_standard_says() {
        assert_eq!(row(["a".into(), "=1".into(), "".into()]), "a,\"'=1\",\r\n");
    }
}
