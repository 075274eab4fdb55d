//! A message for a log.

use serde::Serialize;

/// What a victim sent to a syslog server. Every text is the victim's word.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SyslogMessage {
    /// What kind of program it is from, if the message begins with a priority.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facility: Option<&'static str>,
    /// How bad it is, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<&'static str>,
    /// The machine it says it is from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// The program it says it is from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub program: Option<String>,
    /// What was logged. All of the message, if it has no head that could be read.
    pub text: String,
}
