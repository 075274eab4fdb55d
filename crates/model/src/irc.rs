//! Something said or done in a chat.

use serde::Serialize;

/// A command of a client that says something: JOIN, PRIVMSG and others. Every text is the victim's
/// word, and as long as `limits.line_bytes` lets it be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct IrcCommand {
    /// The command, in upper case.
    pub command: &'static str,
    /// The channel or the nick it is about; of NICK and USER the name that is taken.
    pub target: String,
    /// What is said: a message, a topic, a real name, the key of a channel, who is kicked or
    /// invited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}
