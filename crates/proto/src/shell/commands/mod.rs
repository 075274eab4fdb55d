//! Every command, in one table by topics.

mod builtin;
mod fetch;
mod files;
mod listing;
mod network;
mod others;
mod system;
mod text;
mod users;

use super::bytes::bytes;
use super::run::{Input, Io, Run};
use super::tree::{Trouble, absolute, name, parent};

/// A command.
pub(super) struct Command {
    pub(super) name: &'static str,
    pub(super) place: Place,
    /// What it does; gives its status.
    pub(super) run: fn(&mut Call<'_, '_>) -> u8,
}

/// Where it lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Bin,
    /// In the shell itself.
    Builtin,
    Sbin,
    UserBin,
    UserSbin,
}

impl Place {
    fn folder(self) -> Option<&'static str> {
        match self {
            Self::Bin => Some("/bin"),
            Self::Builtin => None,
            Self::Sbin => Some("/sbin"),
            Self::UserBin => Some("/usr/bin"),
            Self::UserSbin => Some("/usr/sbin"),
        }
    }
}

const fn command(name: &'static str, place: Place, run: fn(&mut Call<'_, '_>) -> u8) -> Command {
    Command { name, place, run }
}

static TOPICS: &[&[Command]] = &[
    builtin::COMMANDS,
    fetch::COMMANDS,
    files::COMMANDS,
    network::COMMANDS,
    others::COMMANDS,
    system::COMMANDS,
    text::COMMANDS,
    users::COMMANDS,
];

fn all() -> impl Iterator<Item = &'static Command> {
    TOPICS.iter().copied().flatten()
}

/// The command of this name.
pub(super) fn find(name: &str) -> Option<&'static Command> {
    all().find(|command| command.name == name)
}

impl Command {
    fn path(&self) -> Option<String> {
        self.place.folder().map(|folder| format!("{folder}/{}", self.name))
    }
}

/// Whether a program lies at this path, other than BusyBox itself.
pub(super) fn is_program(path: &str) -> bool {
    let lies = |command: &Command| command.place.folder() == Some(parent(path));
    find(name(path)).is_some_and(|command| command.name != "busybox" && lies(command))
}

/// Where every program lies, but for BusyBox itself.
pub(super) fn paths() -> impl Iterator<Item = String> {
    all().filter(|command| command.name != "busybox").filter_map(Command::path)
}

/// One call of a command.
pub(super) struct Call<'r, 'a> {
    pub(super) run: &'r mut Run<'a>,
    pub(super) io: &'r mut Io,
    pub(super) name: &'static str,
    pub(super) words: Vec<String>,
}

impl Call<'_, '_> {
    fn say(&mut self, text: &str) {
        self.run.write(self.io.output, &bytes(text));
    }

    fn say_bytes(&mut self, bytes: &[u8]) {
        self.run.write(self.io.output, bytes);
    }

    /// Complains under its name; gives the status of what failed.
    fn complain(&mut self, text: &str) -> u8 {
        let line = format!("{}: {text}\n", self.name);
        self.run.write(self.io.errors, &bytes(&line));
        1
    }

    fn trouble(&mut self, path: &str, trouble: Trouble) -> u8 {
        if let Trouble::NoSpace(limit) = trouble {
            self.run.reach(limit);
        }
        self.complain(&format!("{path}: {}", trouble.text()))
    }

    /// How it is used, in the words of BusyBox.
    fn usage(&mut self, usage: &str) -> u8 {
        let version = self.run.device.processor.busybox;
        let line = format!("{version}\n\nUsage: {} {usage}\n", self.name);
        self.run.write(self.io.errors, line.as_bytes());
        1
    }

    /// A path, from where the shell is.
    fn path(&self, path: &str) -> String {
        absolute(&self.run.state.folder, path)
    }

    /// Letters of options, and what is no option.
    fn split(&self) -> (String, Vec<String>) {
        self.split_with("")
    }

    /// The same of a command some of whose options take a word, which is left out.
    fn split_with(&self, with_value: &str) -> (String, Vec<String>) {
        let (mut letters, mut operands) = (String::new(), Vec::new());
        let mut words = self.words.iter();
        while let Some(word) = words.next() {
            match word.strip_prefix('-') {
                Some("-") => {
                    operands.extend(words.cloned());
                    break;
                }
                Some(option) if option.starts_with('-') => {}
                Some(option) if !option.is_empty() => {
                    let place = option.find(|letter| with_value.contains(letter));
                    let end = place.map_or(option.len(), |place| place + 1);
                    letters.push_str(option.get(..end).unwrap_or_default());
                    if place.is_some() && end == option.len() {
                        words.next();
                    }
                }
                _ => operands.push(word.clone()),
            }
        }
        (letters, operands)
    }

    /// What is given with an option of one letter: in the same word, or in the next.
    fn value(&self, letter: char) -> Option<String> {
        let mut words = self.words.iter();
        while let Some(word) = words.next() {
            let option = word.strip_prefix('-').filter(|option| !option.starts_with('-'));
            if let Some((_, value)) = option.and_then(|option| option.split_once(letter)) {
                return if value.is_empty() {
                    words.next().cloned()
                } else {
                    Some(value.to_owned())
                };
            }
        }
        None
    }

    /// What is in the files that are named, or comes in if none is; files that cannot be read are
    /// complained about.
    fn contents(&mut self, operands: &[String]) -> (Vec<u8>, u8) {
        if operands.is_empty() {
            return (self.io.input.take_all().to_vec(), 0);
        }
        let (mut contents, mut status) = (Vec::new(), 0);
        for operand in operands {
            if operand == "-" {
                contents.extend(self.io.input.take_all());
                continue;
            }
            let path = self.path(operand);
            match self.run.read_file(&path) {
                Ok(bytes) => {
                    if !self.run.files().is_victims(&path) {
                        self.run.mark_ours(self.io.output);
                    }
                    contents.extend(bytes);
                }
                Err(trouble) => status = self.cannot_open(operand, trouble),
            }
        }
        (contents, status)
    }

    fn cannot_open(&mut self, path: &str, trouble: Trouble) -> u8 {
        match trouble {
            Trouble::IsFolder => self.complain("read error: Is a directory"),
            other => self.complain(&format!("can't open '{path}': {}", other.text())),
        }
    }

    /// Whether it reads what somebody types.
    fn is_at_terminal(&self) -> bool {
        matches!(self.io.input, Input::Terminal)
    }

    /// Runs other words as a command; its status.
    fn call(&mut self, words: &[String]) -> u8 {
        let Some((name, arguments)) = words.split_first() else { return 0 };
        if self.run.levels_left == 0 {
            self.run.kill(model::Limit::ShellLevels);
            return 137;
        }
        self.run.levels_left -= 1;
        self.run.call(name, arguments.to_vec(), self.io);
        self.run.levels_left += 1;
        self.run.state.status
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_command_is_there_once() {
        let names: BTreeSet<&str> = all().map(|command| command.name).collect();
        assert_eq!(names.len(), all().count());
        assert!(names.len() >= 60);
    }
}
