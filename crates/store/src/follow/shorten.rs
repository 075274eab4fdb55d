//! Texts that are longer than another database takes: what fits of them, and a mark.
//!
//! Payload is never cut, only divided. These texts were made of payload, which is there whole.

use std::iter::successors;

use rusqlite::types::Value as Cell;
use serde_json::Value;

use super::tables::{Column, Kind, Table};

/// What a text ends in that was cut, and a list.
const MARK: &str = "\u{2026}";

/// Makes every text of a row fit into so many bytes; says of each that did not what it was.
pub(super) fn shorten(table: &'static Table, row: &mut [Cell], most: usize) -> Vec<String> {
    let columns = table.columns.iter().zip(row);
    columns.filter_map(|(column, cell)| shorten_one(column, cell, most)).collect()
}

fn shorten_one(column: &Column, cell: &mut Cell, most: usize) -> Option<String> {
    let Cell::Text(whole) = cell else { return None };
    if whole.len() <= most {
        return None;
    }
    let shorter = match column.kind {
        Kind::Json => shorter_json(whole, most),
        _ => shorter_text(whole, most),
    };
    let said = format!("{} of the {} bytes of {}", shorter.len(), whole.len(), column.name);
    *cell = Cell::Text(shorter);
    Some(said)
}

fn shorter_text(text: &str, most: usize) -> String {
    if text.len() <= most {
        return text.to_owned();
    }
    let fits = text.floor_char_boundary(most.saturating_sub(MARK.len()));
    format!("{}{MARK}", text.get(..fits).unwrap_or_default())
}

/// Still JSON of the same shape: only its strings and lists are shorter, the longest first.
fn shorter_json(json: &str, most: usize) -> String {
    // Ours always is; if it is not, no part of it would be.
    let whole: Value = serde_json::from_str(json).unwrap_or_default();
    let limits = successors(Some(most - most / 8), |limit| Some(limit / 2));
    let tries = limits.take_while(|limit| *limit > MARK.len());
    let fitting = tries.map(|limit| shorter_value(&whole, limit).to_string());
    fitting.into_iter().find(|json| json.len() <= most).unwrap_or_else(|| format!("\"{MARK}\""))
}

/// The value with no string and no list in it that is longer.
fn shorter_value(value: &Value, most: usize) -> Value {
    match value {
        Value::Array(elements) => shorter_list(elements, most),
        Value::Object(fields) => {
            fields.iter().map(|(key, value)| (key.clone(), shorter_value(value, most))).collect()
        }
        Value::String(text) => shorter_text(text, most).into(),
        Value::Bool(_) | Value::Null | Value::Number(_) => value.clone(),
    }
}

fn shorter_list(elements: &[Value], most: usize) -> Value {
    let mut room = most;
    // Half, so that a long one does not push itself out.
    let shorter = elements.iter().map(|element| shorter_value(element, most / 2));
    let mut kept: Vec<Value> = shorter
        .map_while(|element| {
            room = room.checked_sub(element.to_string().len() + 1)?;
            Some(element)
        })
        .collect();
    if kept.len() < elements.len() {
        kept.push(MARK.into());
    }
    kept.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_ends_between_two_characters() {
        assert_eq!(shorter_text("h\u{f6}st", 5), "h\u{f6}st");
        assert_eq!(shorter_text("h\u{f6}sts", 5), "h\u{2026}");
        assert_eq!(shorter_text("h\u{f6}sts", 1), "\u{2026}");
    }

    #[test]
    fn json_keeps_its_shape() {
        let long = "a".repeat(1_000);
        let list = vec!["10.0.0.1"; 1_000];
        let whole = serde_json::json!({ "count": 7, "host": long, "short": "b", "list": list });
        let shorter = shorter_json(&whole.to_string(), 200);
        assert!((100..=200).contains(&shorter.len()), "{shorter}");
        let read: Value = serde_json::from_str(&shorter).unwrap();
        assert_eq!((&read["count"], &read["short"]), (&7.into(), &"b".into()));
        assert!(read["host"].as_str().unwrap().ends_with("a\u{2026}"), "{shorter}");
        assert_eq!(read["list"].as_array().unwrap().last().unwrap(), "\u{2026}");
    }

    #[test]
    fn json_fits_whatever_it_is_made_of() {
        let escaped = serde_json::json!(["\u{1}".repeat(500)]).to_string();
        let keys: Value = (0..500).map(|key| (key.to_string(), Value::from(key))).collect();
        let nested = format!("{}{}", "[".repeat(100), "]".repeat(100));
        for json in [escaped, keys.to_string(), nested] {
            let shorter = shorter_json(&json, 64);
            assert!(shorter.len() <= 64, "{shorter}");
            assert!(serde_json::from_str::<Value>(&shorter).is_ok(), "{shorter}");
        }
    }
}
