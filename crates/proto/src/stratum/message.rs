//! Requests and answers, a line of JSON each.

use serde_json::{Value, json};

/// A request of a miner.
#[derive(Debug)]
pub(super) struct Request {
    id: Value,
    pub(super) method: String,
    params: Value,
}

impl Request {
    /// Reads a line; nothing if it is no request.
    pub(super) fn read(line: &[u8]) -> Option<Self> {
        let mut request: Value = serde_json::from_slice(line).ok()?;
        let method = request.get("method")?.as_str()?.to_owned();
        let mut part = |name: &str| request.get_mut(name).map(Value::take).unwrap_or_default();
        Some(Self { id: part("id"), params: part("params"), method })
    }

    /// What it says, in words.
    pub(super) fn command(&self) -> String {
        match &self.params {
            Value::Null => self.method.clone(),
            params => format!("{} {params}", self.method),
        }
    }

    /// The text at this place of a list, or of this name.
    pub(super) fn text(&self, place: usize, name: &str) -> Option<String> {
        let found = self.params.get(place).or_else(|| self.params.get(name))?;
        found.as_str().map(str::to_owned)
    }

    /// An answer in the form of the first pools. Fields come in the order that simple clients expect.
    pub(super) fn answered(&self, result: &Value) -> String {
        format!("{{\"id\":{},\"result\":{result},\"error\":null}}\n", self.id)
    }

    pub(super) fn refused(&self, number: i32, why: &str) -> String {
        let id = &self.id;
        format!("{{\"id\":{id},\"result\":null,\"error\":[{number},\"{why}\",null]}}\n")
    }

    /// An answer by the second version of JSON-RPC.
    pub(super) fn answered_by_2(&self, result: &Value) -> String {
        let id = &self.id;
        format!("{{\"id\":{id},\"jsonrpc\":\"2.0\",\"error\":null,\"result\":{result}}}\n")
    }

    pub(super) fn refused_by_2(&self, why: &str) -> String {
        let (id, error) = (&self.id, json!({"code": -1, "message": why}));
        format!("{{\"id\":{id},\"jsonrpc\":\"2.0\",\"error\":{error}}}\n")
    }
}

/// Something that nobody asked for.
pub(super) fn notice(method: &str, params: &Value) -> String {
    format!("{{\"id\":null,\"method\":\"{method}\",\"params\":{params}}}\n")
}

pub(super) fn notice_by_2(method: &str, params: &Value) -> String {
    format!("{{\"jsonrpc\":\"2.0\",\"method\":\"{method}\",\"params\":{params}}}\n")
}
