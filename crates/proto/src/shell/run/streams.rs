//! Where what commands write goes, and where what they read is from.

use model::Limit;

use super::{Input, Io, NOWHERE, PER_NAME, Run, Sink, SinkNumber, TERMINAL};
use crate::shell::Settings;
use crate::shell::bytes::bytes;
use crate::shell::grammar::{Redirection, To, Word};
use crate::shell::image;
use crate::shell::parser::BOTH;
use crate::shell::tree::{Files, Node, Origin, Room, Trouble, Writing, absolute};

impl Run<'_> {
    pub(in crate::shell) fn write(&mut self, sink: SinkNumber, bytes: &[u8]) {
        let taken = bytes.len().min(self.output_left);
        self.output_left -= taken;
        let fitting = bytes.get(..taken).unwrap_or_default();
        match self.sinks.get_mut(sink.0) {
            Some(Sink::Buffer(buffer) | Sink::Path { bytes: buffer, .. }) => {
                buffer.extend_from_slice(fitting);
            }
            Some(Sink::Nowhere) | None => {}
        }
        if taken < bytes.len() {
            self.kill(Limit::ShellOutput);
        }
    }

    /// Makes a place for what a command writes.
    pub(in crate::shell) fn buffer(&mut self) -> SinkNumber {
        self.sinks.push(Sink::Buffer(Vec::new()));
        SinkNumber(self.sinks.len() - 1)
    }

    pub(in crate::shell) fn take_buffer(&mut self, sink: SinkNumber) -> Vec<u8> {
        match self.sinks.get_mut(sink.0) {
            Some(Sink::Buffer(buffer)) => std::mem::take(buffer),
            Some(Sink::Path { .. } | Sink::Nowhere) | None => Vec::new(),
        }
    }

    /// What goes there is not the victim's own: it need not be kept.
    pub(in crate::shell) fn mark_ours(&mut self, sink: SinkNumber) {
        if let Some(Sink::Path { origin, .. }) = self.sinks.get_mut(sink.0) {
            *origin = Origin::Ours;
        }
    }

    /// The file that a stream goes to, if it does.
    pub(in crate::shell) fn file_of(&self, sink: SinkNumber) -> Option<&str> {
        match self.sinks.get(sink.0) {
            Some(Sink::Path { path, .. }) => Some(path),
            Some(Sink::Buffer(_) | Sink::Nowhere) | None => None,
        }
    }

    /// A line that somebody types into a command goes where its output does.
    pub(in crate::shell) fn write_line(&mut self, to: Option<&str>, line: &str) {
        match to {
            None => self.write(TERMINAL, &bytes(line)),
            Some(path) => {
                let path = path.to_owned();
                if let Err(trouble) = self.write_file(&path, &bytes(line), Writing::After) {
                    let complaint = format!("{path}: {}", trouble.text());
                    self.complain(&complaint, &Io::of_terminal());
                }
            }
        }
    }

    /// The names in a folder, in order.
    pub(in crate::shell) fn names(&mut self, folder: &str) -> Vec<String> {
        if self.leaving.is_some() {
            return Vec::new();
        }
        let names = self.files().names(folder);
        if self.spend(names.len() * PER_NAME) { names } else { Vec::new() }
    }

    pub(in crate::shell) fn remove_file(&mut self, path: &str) -> Result<(), Trouble> {
        let Settings { files, bytes, .. } = self.cx.rules.shell;
        let room = Room { files, bytes };
        let mut files = Files { tree: &mut self.state.tree, device: self.device, room };
        files.remove(path, self.out)
    }

    pub(in crate::shell) fn write_file(
        &mut self,
        path: &str,
        bytes: &[u8],
        writing: Writing,
    ) -> Result<(), Trouble> {
        self.write_from(Origin::Victim, path, bytes, writing)
    }

    fn write_from(
        &mut self,
        origin: Origin,
        path: &str,
        bytes: &[u8],
        writing: Writing,
    ) -> Result<(), Trouble> {
        let Settings { files, bytes: most, .. } = self.cx.rules.shell;
        let room = Room { files, bytes: most };
        let mut files = Files { tree: &mut self.state.tree, device: self.device, room };
        let written = files.write((path, bytes), writing, origin, self.out);
        if let Err(Trouble::NoSpace(limit)) = written {
            self.reach(limit);
        }
        written
    }

    /// Counts what is read or put into words as if it were written; false if it is too much.
    pub(in crate::shell) fn spend(&mut self, bytes: usize) -> bool {
        let left = self.output_left.checked_sub(bytes);
        self.output_left = left.unwrap_or(0);
        if left.is_none() {
            self.kill(Limit::ShellOutput);
        }
        left.is_some()
    }

    pub(in crate::shell) fn redirect(
        &mut self,
        redirections: &[Redirection],
        io: &mut Io,
    ) -> Result<(), String> {
        for Redirection { stream, to } in redirections {
            let sink = match to {
                To::As(other) => Some(if *other == 2 { io.errors } else { io.output }),
                To::Append(word) => Some(self.open(word, Writing::After)?),
                To::Write(word) => Some(self.open(word, Writing::Anew)?),
                To::Read(word) => {
                    let path = self.expand_to_one(word);
                    io.input = Input::Bytes(self.read(&path)?.into());
                    None
                }
                To::Text(word) => {
                    io.input = Input::Bytes(bytes(&self.expand_to_one(word)).into());
                    None
                }
            };
            let Some(sink) = sink else { continue };
            if matches!(*stream, 1 | BOTH) {
                io.output = sink;
            }
            if matches!(*stream, 2 | BOTH) {
                io.errors = sink;
            }
        }
        Ok(())
    }

    fn read(&mut self, path: &str) -> Result<Vec<u8>, String> {
        let full = absolute(&self.state.folder, path);
        let trouble = |trouble: Trouble| format!("can't open {path}: {}", trouble.text());
        self.read_file(&full).map_err(trouble)
    }

    /// All that is in a file, for a command.
    pub(in crate::shell) fn read_file(&mut self, path: &str) -> Result<Vec<u8>, Trouble> {
        let bytes = self.files().read(path)?;
        Ok(if self.spend(bytes.len()) { bytes } else { Vec::new() })
    }

    /// A file as a place to write to: it is there from now on.
    fn open(&mut self, word: &Word, writing: Writing) -> Result<SinkNumber, String> {
        let path = self.expand_to_one(word);
        let full = absolute(&self.state.folder, &path);
        if matches!(
            self.files().find(&full).map(|entry| entry.node),
            Ok(Node::Device(image::Device::Empty))
        ) {
            return Ok(NOWHERE);
        }
        self.write_file(&full, &[], writing).map_err(|trouble| match trouble {
            Trouble::NoSuch => format!("can't create {path}: nonexistent directory"),
            other => format!("can't create {path}: {}", other.text()),
        })?;
        self.sinks.push(Sink::Path { path: full, bytes: Vec::new(), origin: Origin::Victim });
        Ok(SinkNumber(self.sinks.len() - 1))
    }

    /// What went to files of a command is written there.
    pub(in crate::shell) fn close_from(&mut self, first: usize, io: &Io) {
        let own = self.sinks.split_off(first.min(self.sinks.len()));
        for sink in own {
            if let Sink::Path { path, bytes, origin } = sink
                && let Err(trouble) = self.write_from(origin, &path, &bytes, Writing::After)
            {
                self.state.status = 1;
                self.complain(&format!("write error: {}", trouble.text()), io);
            }
        }
    }
}
