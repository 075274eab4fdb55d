//! A command said to a service.

use serde::Serialize;

/// A command, a query or a selector: what a victim asked a service to do. It is as long as
/// `limits.line_bytes` lets it be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ServiceCommand {
    /// The protocol, by its registry name.
    pub protocol: &'static str,
    /// The command as it came; what is no text in it is replaced.
    pub command: String,
}
