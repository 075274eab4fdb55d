//! Programs of the analyst's own that answer.

use serde::Serialize;

/// How a program that answered a flow came to its end.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ProgramEnded {
    /// The rule that started it.
    pub rule: String,
    /// How it ended, or why it was not started, in words.
    pub outcome: String,
    /// How what it wrote to its standard error begins, read as text.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub complaint: String,
}
