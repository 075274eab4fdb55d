//! Lines of a client: a command, and what it is about.

/// A command as it came.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Command {
    /// Its word, in upper case.
    pub(super) verb: String,
    /// What comes after the word and one blank: names may begin and end with more of them.
    pub(super) about: String,
}

impl Command {
    pub(super) fn read(line: &[u8]) -> Self {
        let line = without_telnet(line);
        let line = String::from_utf8_lossy(&line);
        let line = line.trim_start();
        let (verb, about) = line.split_once(' ').unwrap_or_else(|| (line.trim_end(), ""));
        Self { verb: verb.to_ascii_uppercase(), about: about.to_owned() }
    }

    /// The words it is about.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.about.split_ascii_whitespace()
    }

    /// The first of them, in upper case.
    pub(super) fn word(&self) -> String {
        self.words().next().unwrap_or_default().to_ascii_uppercase()
    }

    /// The command as it may be written down: one line.
    pub(super) fn text(&self) -> String {
        let text = format!("{} {}", self.verb, self.about);
        text.trim_end().to_owned()
    }
}

/// A control connection is Telnet's (RFC 959 §5.3.2): before ABOR clients interrupt. In UTF-8 there are
/// no such bytes.
fn without_telnet(line: &[u8]) -> Vec<u8> {
    /// The first of two bytes, and the least that the second is.
    const COMMAND: u8 = 0xff;
    const FIRST: u8 = 0xf0;
    let mut left = Vec::with_capacity(line.len());
    let mut is_after_command = false;
    for &byte in line {
        let is_part = byte == COMMAND || is_after_command && byte >= FIRST;
        is_after_command = byte == COMMAND && !is_after_command;
        if !is_part {
            left.push(byte);
        }
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_a_word_and_all_that_comes_after_a_blank() {
        for (line, verb, about) in [
            (&b"retr  two words "[..], "RETR", " two words "),
            (b"PASV ", "PASV", ""),
            (b"\xff\xf4\xff\xf2ABOR", "ABOR", ""),
            (b"\xff", "", ""),
            (b"\xf2\xf4", "\u{fffd}\u{fffd}", ""),
            (b"", "", ""),
        ] {
            let command = Command::read(line);
            assert_eq!((command.verb.as_str(), command.about.as_str()), (verb, about), "{line:?}");
        }
    }
}
