//! What a victim gave to be let in somewhere.

use serde::Serialize;

/// A user and a secret, in whatever protocol they were given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Credentials {
    /// The protocol, by its registry name.
    pub protocol: &'static str,
    /// How they were given, in the protocol's own word in lower case: `basic`, `digest`, `form`,
    /// `plain`, `cram-md5`.
    pub mechanism: String,
    /// Whose they are, if that was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The password or token; where only a hash was given, the hash with all it was made of, as
    /// programs that guess passwords read it.
    pub secret: String,
}
