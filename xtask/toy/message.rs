//! Lines of TOY, read leniently.

/// What a client asked for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Command {
    Bye,
    Greet(String),
    Other,
}

impl Command {
    /// Reads a line. What is not a command is [`Command::Other`], never an error.
    pub(super) fn read(line: &[u8]) -> Self {
        let text = String::from_utf8_lossy(line);
        match text.split_once(' ') {
            Some(("TOY", name)) => Self::Greet(name.to_owned()),
            None if text == "BYE" => Self::Bye,
            _ => Self::Other,
        }
    }
}
