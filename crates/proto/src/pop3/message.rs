//! Lines of a client: a command, and what it is about.

/// A command as it came.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Command {
    /// Its word, in upper case.
    pub(super) verb: String,
    /// What comes after the word and one blank: a password may begin and end with more of them
    /// (RFC 1939 §7).
    pub(super) about: String,
}

impl Command {
    pub(super) fn read(line: &[u8]) -> Self {
        let line = String::from_utf8_lossy(line);
        let line = line.trim_start();
        let (verb, about) = line.split_once([' ', '\t']).unwrap_or_else(|| (line.trim_end(), ""));
        Self { verb: verb.to_ascii_uppercase(), about: about.to_owned() }
    }

    /// The words it is about.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.about.split_ascii_whitespace()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_a_word_and_all_that_comes_after_a_blank() {
        for (line, verb, about) in [
            (&b" pass  two words "[..], "PASS", " two words "),
            (b"STAT ", "STAT", ""),
            (b"STAT\t", "STAT", ""),
            (b"\xff", "\u{fffd}", ""),
            (b"", "", ""),
        ] {
            let command = Command::read(line);
            assert_eq!((command.verb.as_str(), command.about.as_str()), (verb, about), "{line:?}");
        }
    }

    #[test]
    fn words_have_any_blanks_between_them() {
        let command = Command::read(b"TOP 1 \t 2 ");
        assert_eq!(command.words().collect::<Vec<_>>(), ["1", "2"]);
    }
}
