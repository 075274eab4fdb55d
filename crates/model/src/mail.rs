//! A mail that was handed to us.

use serde::Serialize;

/// A mail with its envelope. Every text is the victim's word, and as long as `limits.line_bytes`
/// lets it be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct MailMessage {
    /// The protocol that brought it, by its registry name.
    pub protocol: &'static str,
    /// What the client called itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hello: Option<String>,
    /// Whom the envelope is from; empty for a notice that nobody is to answer.
    pub envelope_from: String,
    /// Whom the envelope is to.
    pub envelope_to: Vec<String>,
    /// Its own sender: the field From.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The field To.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// The field Cc.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cc: Option<String>,
    /// The field Subject.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The field Message-ID, without its brackets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_id: Option<String>,
    /// The field Date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// The program that wrote it, by the field User-Agent or X-Mailer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mailer: Option<String>,
    /// The beginning of its first text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What its attachments are called; empty for one without a name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<String>,
    /// Bytes of the message, fields and all.
    pub bytes: u64,
    /// Whether its end came.
    pub is_whole: bool,
}
