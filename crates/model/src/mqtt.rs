//! A message between programs.

use serde::Serialize;

/// What a victim published at a broker of MQTT. Topic and text are its words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct MqttMessage {
    /// What it is about.
    pub topic: String,
    /// Its length in bytes.
    pub bytes: u64,
    /// Whether it is to be kept for whoever asks later.
    pub retained: bool,
    /// Whether it is to be published once the victim is gone.
    pub will: bool,
    /// What it says, if it is short and text; any other is kept as a file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}
