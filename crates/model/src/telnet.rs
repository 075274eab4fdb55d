//! What clients of Telnet say about themselves.

use serde::Serialize;

/// One thing a client said in the negotiation of options.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TelnetOption {
    /// What it is about: `terminal-type`, `window-size` or `environment`.
    pub option: &'static str,
    /// What it is: a name, columns and rows, a variable with its value.
    pub value: String,
}
