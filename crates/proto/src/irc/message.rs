//! Lines of a client: a command and its parameters (RFC 2812 §2.3.1).

/// A line as it came.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Message {
    /// Its command, in upper case; empty if there is none.
    pub(super) command: String,
    pub(super) parameters: Vec<String>,
}

/// Most parameters of a line; what is left is one more.
const PARAMETERS: usize = 15;

impl Message {
    /// Reads a line. Tags and a source may come first, and say nothing that a server believes.
    pub(super) fn read(line: &str) -> Self {
        let line = after(after(line.trim_start(), '@'), ':');
        let (command, mut rest) = word(line);
        let mut parameters = Vec::new();
        while !rest.is_empty() {
            let (parameter, later) = match rest.strip_prefix(':') {
                Some(last) => (last, ""),
                None if parameters.len() + 1 == PARAMETERS => (rest, ""),
                None => word(rest),
            };
            parameters.push(parameter.to_owned());
            rest = later;
        }
        Self { command: command.to_ascii_uppercase(), parameters }
    }

    /// A parameter that is there and not empty.
    pub(super) fn parameter(&self, place: usize) -> Option<&str> {
        self.parameters.get(place).map(String::as_str).filter(|text| !text.is_empty())
    }

    /// The names in a parameter, which have commas between them.
    pub(super) fn names(&self, place: usize) -> impl Iterator<Item = &str> {
        let list = self.parameter(place).unwrap_or_default();
        list.split(',').filter(|name| !name.is_empty())
    }
}

/// What comes after a word that begins so, if the line has one.
fn after(line: &str, mark: char) -> &str {
    if line.starts_with(mark) { word(line).1 } else { line }
}

/// The first word, and what comes after it.
fn word(line: &str) -> (&str, &str) {
    let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
    (word, rest.trim_start_matches(' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_command_and_parameters() {
        for (line, command, parameters) in [
            ("nick jo", "NICK", &["jo"][..]),
            ("USER a 0 *  :Jo  B ", "USER", &["a", "0", "*", "Jo  B "]),
            (":me!u@h PRIVMSG #a ::)", "PRIVMSG", &["#a", ":)"]),
            ("@a=b;c :me  JOIN  #a", "JOIN", &["#a"]),
            ("TOPIC #a :", "TOPIC", &["#a", ""]),
            ("", "", &[]),
            (":", "", &[]),
        ] {
            let read = Message::read(line);
            assert_eq!(
                (read.command.as_str(), &read.parameters[..]),
                (command, &owned(parameters)[..])
            );
        }
    }

    #[test]
    fn the_last_of_many_parameters_is_all_that_is_left() {
        let read = Message::read(&format!("X{}", " a".repeat(17)));
        assert_eq!(read.parameters.len(), PARAMETERS);
        assert_eq!(read.parameters[14], "a a a");
    }

    fn owned(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }
}
