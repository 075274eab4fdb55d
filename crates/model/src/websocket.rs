//! One message of a websocket.

use serde::Serialize;

/// A message a victim sent, put together from its frames.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct WebsocketMessage {
    /// `text`, `binary`; `continuation` for the rest of a message that was never begun, `unknown`
    /// for an opcode that means nothing.
    pub opcode: &'static str,
    /// Bytes of the message; those that came, if the stream ended inside it.
    pub bytes: u64,
    /// The beginning of a text, as long as `limits.line_bytes` lets it be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}
