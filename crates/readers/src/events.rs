//! What an event says, as people read it.

use serde_json::{Map, Value};

/// The details of an event in words; as they are stored, if its kind is not known here.
pub(crate) fn sentence(kind: &str, details: &str) -> String {
    let object: Map<String, Value> = serde_json::from_str(details).unwrap_or_default();
    let said = |key: &str| object.get(key).map(plain).unwrap_or_default();
    match kind {
        "http.request" => {
            let target = format!("{} {}{}", said("method"), said("host"), said("target"));
            format!("{target} → {}", said("status"))
        }
        "protocol.broke" => format!("{}: {}", said("protocol"), said("rule")),
        "flow.recognised" => format!("{}, by its {}", said("protocol"), said("by")),
        "limit.reached" => limit(&said("limit"), &said("full")),
        _ => details.to_owned(),
    }
}

fn limit(setting: &str, full: &str) -> String {
    match full {
        "" => setting.to_owned(),
        "disk" => "the disk is full: payload is counted, not stored".to_owned(),
        _ => format!("{setting}: payload is counted, not stored"),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_put_into_words() {
        for (kind, details, expected) in [
            (
                "http.request",
                r#"{"method":"GET","target":"/a","host":"b.example","status":200}"#,
                "GET b.example/a → 200",
            ),
            ("protocol.broke", r#"{"protocol":"http","rule":"no host"}"#, "http: no host"),
            ("flow.recognised", r#"{"protocol":"dns","by":"port"}"#, "dns, by its port"),
            ("limit.reached", r#"{"limit":"limits.open_flows"}"#, "limits.open_flows"),
            (
                "limit.reached",
                r#"{"limit":"storage.max_bytes","full":"disk"}"#,
                "the disk is full: payload is counted, not stored",
            ),
            ("from.the-future", r#"{"a":1}"#, r#"{"a":1}"#),
        ] {
            assert_eq!(sentence(kind, details), expected);
        }
    }
}
