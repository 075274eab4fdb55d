//! Bytes that are sent: fixed ones, or a template filled in.

use bytes::Bytes;

use super::Template;
use super::template::Known;

/// What is sent.
#[derive(Clone, Debug)]
pub enum Content {
    /// These bytes.
    Fixed(Bytes),
    /// A text with places for what is known of the flow.
    Template(Template),
}

impl Content {
    /// The bytes, with what is known filled in.
    #[must_use]
    pub(crate) fn bytes(&self, known: &Known<'_>) -> Bytes {
        match self {
            Self::Fixed(bytes) => bytes.clone(),
            Self::Template(template) => template.filled(known),
        }
    }
}

impl Default for Content {
    fn default() -> Self {
        Self::Fixed(Bytes::new())
    }
}
