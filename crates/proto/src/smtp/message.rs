//! Lines of a client: a command, and what it is about.

/// A command as it came.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Command {
    /// Its word, in upper case.
    pub(super) verb: String,
    /// What comes after the word, without the blanks around it.
    pub(super) about: String,
}

impl Command {
    pub(super) fn read(line: &[u8]) -> Self {
        let line = String::from_utf8_lossy(line);
        let line = line.trim();
        let (verb, about) = line.split_once([' ', '\t']).unwrap_or((line, ""));
        Self { verb: verb.to_ascii_uppercase(), about: about.trim().to_owned() }
    }

    /// What comes after the first word of it, such as `FROM:`, if that is there.
    pub(super) fn after(&self, word: &str) -> Option<&str> {
        let (start, rest) = self.about.split_at_checked(word.len())?;
        let after = rest.trim_start().strip_prefix(':')?;
        start.eq_ignore_ascii_case(word).then(|| after.trim_start())
    }

    /// The words it is about.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.about.split_ascii_whitespace()
    }
}

/// An address of an envelope.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Path<'a> {
    pub(super) address: &'a str,
    /// Whether it is in brackets, as it has to be.
    pub(super) is_bracketed: bool,
    /// What follows it.
    pub(super) parameters: &'a str,
}

impl<'a> Path<'a> {
    /// Reads a path (RFC 5321 §4.1.2). In quotes, a bracket is a letter like others.
    pub(super) fn read(text: &'a str) -> Self {
        let is_bracketed = text.starts_with('<');
        let inside = text.strip_prefix('<').unwrap_or(text);
        let mut is_quoted = false;
        let mut is_escaped = false;
        let is_end = |letter: char| {
            let was_escaped = is_escaped;
            is_escaped = letter == '\\' && !was_escaped;
            is_quoted ^= letter == '"' && !was_escaped;
            !is_quoted && if is_bracketed { letter == '>' } else { letter.is_whitespace() }
        };
        let end = inside.find(is_end).unwrap_or(inside.len());
        let (address, rest) = inside.split_at_checked(end).unwrap_or((inside, ""));
        let parameters = rest.strip_prefix('>').unwrap_or(rest).trim();
        Self { address: address.trim(), is_bracketed, parameters }
    }

    /// The names of its parameters, in upper case.
    pub(super) fn parameter_names(&self) -> impl Iterator<Item = String> {
        let words = self.parameters.split_ascii_whitespace();
        words.map(|word| word.split('=').next().unwrap_or_default().to_ascii_uppercase())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_a_word_and_what_it_is_about() {
        let command = Command::read(b" mail  FROM:<a@b.test> SIZE=3 ");
        assert_eq!(command.verb, "MAIL");
        assert_eq!(command.after("FROM"), Some("<a@b.test> SIZE=3"));
        assert_eq!(command.after("TO"), None);
        assert_eq!(Command::read(b"RCPT to : a").after("TO"), Some("a"));
        assert_eq!(Command::read(b"\xff").verb, "\u{fffd}");
    }

    #[test]
    fn paths_are_read_as_people_write_them() {
        for (text, address, is_bracketed, parameters) in [
            ("<a@b.test>", "a@b.test", true, ""),
            ("<>", "", true, ""),
            ("<a@b.test> BODY=8BITMIME", "a@b.test", true, "BODY=8BITMIME"),
            ("a@b.test SIZE=1", "a@b.test", false, "SIZE=1"),
            ("<\"a>\\\"b\"@c> X", "\"a>\\\"b\"@c", true, "X"),
            ("<a@b", "a@b", true, ""),
            ("", "", false, ""),
        ] {
            let read = Path::read(text);
            assert_eq!(read, Path { address, is_bracketed, parameters }, "{text}");
        }
    }
}
