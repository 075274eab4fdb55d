//! A row as one line of JSON.

use serde::Serializer;

use crate::cell::Cell;
use crate::terminal;

/// An object with these keys in this order, and a line end.
pub(crate) fn line<'a>(
    fields: impl IntoIterator<Item = (&'a str, Cell)>,
) -> serde_json::Result<String> {
    let mut written = Vec::new();
    serde_json::Serializer::new(&mut written).collect_map(fields)?;
    let written = String::from_utf8_lossy(&written);
    Ok(terminal::json(&written).into_owned() + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stay_in_order_and_values_exact() {
        let fields = [
            ("name", Cell::text("a\u{9b}\n")),
            ("bytes", Cell::Size(5_000_000_000)),
            ("details", Cell::json(r#"{"z":1,"a":"\u001b"}"#)),
            ("ending", Cell::Nothing),
        ];
        assert_eq!(
            line(fields).unwrap(),
            "{\"name\":\"a\\u009b\\n\",\"bytes\":5000000000,\
             \"details\":{\"z\":1,\"a\":\"\\u001b\"},\"ending\":null}\n"
        );
    }

    #[test]
    fn what_is_not_json_after_all_is_text() {
        assert_eq!(line([("details", Cell::json("{oops"))]).unwrap(), "{\"details\":\"{oops\"}\n");
    }
}
