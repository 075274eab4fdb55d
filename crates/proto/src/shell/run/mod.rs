//! Runs what was parsed, within bounds.

mod streams;

use bytes::{Buf, Bytes};
use model::Limit;

use super::bytes::text;
use super::commands::{self, Call};
use super::device::Device;
use super::grammar::{Command, Joint, Kind, List, Pipeline, Sense, Word};
use super::parser::{Fault, parse};
use super::session::{Question, State};
use super::tree::{Files, Node, Origin, Room, absolute, name};
use crate::shell::Settings;
use crate::{Cx, Out};

/// One line while it is run.
pub(super) struct Run<'a> {
    pub(super) state: &'a mut State,
    pub(super) cx: &'a Cx<'a>,
    pub(super) out: &'a mut Out,
    pub(super) protocol: &'static str,
    pub(super) device: Device<'a>,
    /// Where streams go. The first is the terminal, the second nowhere.
    sinks: Vec<Sink>,
    commands_left: usize,
    output_left: usize,
    pub(super) levels_left: usize,
    /// What the commands leave that are on their way, and why.
    pub(super) leaving: Option<Leaving>,
    pub(super) question: Option<Question>,
    reached: Vec<Limit>,
}

/// What commands are left for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leaving {
    /// The loop.
    Break,
    /// This turn of the loop.
    Continue,
    /// The shell.
    Exit,
    /// Everything: a limit is reached.
    Killed,
}

enum Sink {
    Buffer(Vec<u8>),
    Nowhere,
    Path { path: String, bytes: Vec<u8>, origin: Origin },
}

/// Which sink.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SinkNumber(usize);

/// A command with so many words counts as one more.
const WORDS_PER_COMMAND: usize = 16;

/// What looking at a name in a folder counts, in bytes.
const PER_NAME: usize = 64;

const TERMINAL: SinkNumber = SinkNumber(0);
const NOWHERE: SinkNumber = SinkNumber(1);

/// The streams of a command.
#[derive(Clone, Debug)]
pub(super) struct Io {
    pub(super) input: Input,
    pub(super) output: SinkNumber,
    pub(super) errors: SinkNumber,
}

/// What a command may read.
#[derive(Clone, Debug, Default)]
pub(super) enum Input {
    Bytes(Bytes),
    #[default]
    Terminal,
}

/// What came of a line.
pub(super) struct Done {
    pub(super) shows: Vec<u8>,
    pub(super) is_left: bool,
    pub(super) question: Option<Question>,
    pub(super) reached: Vec<Limit>,
}

impl Io {
    pub(super) fn of_terminal() -> Self {
        Self { input: Input::Terminal, output: TERMINAL, errors: TERMINAL }
    }
}

impl Input {
    /// All that is left; nothing of a terminal.
    pub(super) fn take_all(&mut self) -> Bytes {
        match self {
            Self::Bytes(bytes) => std::mem::take(bytes),
            Self::Terminal => Bytes::new(),
        }
    }

    /// A line without its end, if there is one.
    pub(super) fn take_line(&mut self) -> Option<Bytes> {
        let Self::Bytes(bytes) = self else { return None };
        if bytes.is_empty() {
            return None;
        }
        let length = bytes.iter().position(|byte| *byte == b'\n');
        let line = bytes.split_to(length.unwrap_or(bytes.len()));
        bytes.advance(usize::from(length.is_some()));
        Some(line)
    }
}

impl<'a> Run<'a> {
    pub(super) fn new(
        state: &'a mut State,
        protocol: &'static str,
        cx: &'a Cx<'a>,
        out: &'a mut Out,
    ) -> Self {
        let Settings { commands, output_bytes, levels, .. } = cx.rules.shell;
        Self {
            state,
            cx,
            out,
            protocol,
            device: Device::new(cx),
            sinks: vec![Sink::Buffer(Vec::new()), Sink::Nowhere],
            commands_left: commands,
            output_left: output_bytes,
            levels_left: levels,
            leaving: None,
            question: None,
            reached: Vec::new(),
        }
    }

    pub(super) fn finished(mut self) -> Done {
        let shows = self.take_buffer(TERMINAL);
        let is_left = self.leaving == Some(Leaving::Exit);
        Done { shows, is_left, question: self.question, reached: self.reached }
    }

    /// Runs a text as commands.
    pub(super) fn script(&mut self, source: &str, io: &mut Io) {
        match parse(source, self.levels_left) {
            Ok(list) => self.list(&list, io),
            Err(Fault::TooDeep) => self.kill(Limit::ShellLevels),
            Err(fault) => {
                let found = match fault {
                    Fault::Unexpected(found) => format!("unexpected \"{found}\""),
                    Fault::TooDeep | Fault::Unfinished => "unexpected end of file".to_owned(),
                };
                self.state.status = 2;
                self.complain(&format!("syntax error: {found}"), io);
            }
        }
    }

    /// A complaint of the shell itself.
    pub(super) fn complain(&mut self, what: &str, io: &Io) {
        let shell = if self.state.inner == 0 { "-sh" } else { "sh" };
        self.write(io.errors, format!("{shell}: {what}\n").as_bytes());
    }

    pub(super) fn list(&mut self, list: &List, io: &mut Io) {
        let Some(left) = self.levels_left.checked_sub(1) else {
            return self.kill(Limit::ShellLevels);
        };
        self.levels_left = left;
        for (joint, pipeline) in &list.0 {
            let is_run = match joint {
                Joint::Always => true,
                Joint::IfRight => self.state.status == 0,
                Joint::IfWrong => self.state.status != 0,
            };
            if is_run && self.leaving.is_none() {
                self.pipeline(pipeline, io);
            }
        }
        self.levels_left = left + 1;
    }

    fn pipeline(&mut self, pipeline: &Pipeline, io: &mut Io) {
        let mut input: Option<Input> = None;
        let last = pipeline.commands.len().saturating_sub(1);
        for (place, command) in pipeline.commands.iter().enumerate() {
            let output = if place == last { io.output } else { self.buffer() };
            let mut streams = Io { output, ..io.clone() };
            let is_piped = input.is_some();
            if let Some(input) = input.take() {
                streams.input = input;
            }
            self.command(command, &mut streams);
            if !is_piped {
                io.input = streams.input;
            }
            if place != last {
                input = Some(Input::Bytes(self.take_buffer(output).into()));
            }
        }
        if pipeline.sense == Sense::Turned {
            self.state.status = u8::from(self.state.status == 0);
        }
    }

    fn command(&mut self, command: &Command, io: &mut Io) {
        self.spend_commands(1);
        if self.leaving.is_some() {
            return;
        }
        let mut streams = io.clone();
        let first_own = self.sinks.len();
        match self.redirect(&command.redirections, &mut streams) {
            Ok(()) => self.kind(&command.kind, &mut streams),
            Err(complaint) => {
                self.state.status = 1;
                self.complain(&complaint, io);
            }
        }
        let reads_elsewhere = command.redirections.iter().any(|one| one.stream == 0);
        if !reads_elsewhere {
            io.input = streams.input;
        }
        self.close_from(first_own, io);
    }

    fn kind(&mut self, kind: &Kind, io: &mut Io) {
        match kind {
            Kind::For { name, words, body } => self.for_each(name, words, body, io),
            Kind::Group(list) => self.list(list, io),
            Kind::If { branches, otherwise } => self.branch(branches, otherwise, io),
            Kind::Simple { assignments, words } => self.simple(assignments, words, io),
            Kind::Subshell(list) => {
                self.spend(self.variable_bytes());
                let (folder, variables) = (self.state.folder.clone(), self.state.variables.clone());
                self.list(list, io);
                self.leaving.take_if(|leaving| *leaving == Leaving::Exit);
                (self.state.folder, self.state.variables) = (folder, variables);
            }
            Kind::While { sense, condition, body } => {
                let wanted = *sense == Sense::AsIs;
                loop {
                    self.list(condition, io);
                    if self.leaving.is_some() || (self.state.status == 0) != wanted {
                        break;
                    }
                    if !self.turn(body, io) {
                        return;
                    }
                }
                self.state.status = 0;
            }
        }
    }

    fn for_each(&mut self, name: &str, words: &[Word], body: &List, io: &mut Io) {
        for word in self.expand(words) {
            self.set(name, word);
            if !self.turn(body, io) {
                return;
            }
        }
    }

    /// One turn of a loop; false if it was the last.
    fn turn(&mut self, body: &List, io: &mut Io) -> bool {
        self.list(body, io);
        match self.leaving {
            None => true,
            Some(Leaving::Continue) => {
                self.leaving = None;
                true
            }
            Some(Leaving::Break) => {
                self.leaving = None;
                false
            }
            Some(Leaving::Exit | Leaving::Killed) => false,
        }
    }

    fn branch(&mut self, branches: &[(List, List)], otherwise: &List, io: &mut Io) {
        for (condition, then) in branches {
            self.list(condition, io);
            if self.leaving.is_some() || self.state.status == 0 {
                return self.list(then, io);
            }
        }
        self.state.status = 0;
        self.list(otherwise, io);
    }

    fn simple(&mut self, assignments: &[(String, Word)], words: &[Word], io: &mut Io) {
        let words = self.expand(words);
        self.spend_commands(words.len() / WORDS_PER_COMMAND);
        let Some((name, arguments)) = words.split_first() else {
            self.state.status = 0;
            for (name, word) in assignments {
                let value = self.expand_to_one(word);
                self.set(name, value);
            }
            return;
        };
        self.call(name, arguments.to_vec(), io);
    }

    /// Runs a command by its name or path.
    pub(super) fn call(&mut self, called: &str, words: Vec<String>, io: &mut Io) {
        if self.leaving.is_some() {
            return;
        }
        let path = absolute(&self.state.folder, called);
        let (command, is_path) = if called.contains('/') {
            let is_there = self.files().entry(&path).is_some();
            let is_ours = is_there && self.files().followed(&path) == "/bin/busybox";
            (commands::find(name(&path)).filter(|_| is_ours && is_there), true)
        } else {
            (commands::find(called), false)
        };
        match command {
            Some(command) => {
                let mut call = Call { run: self, io, name: command.name, words };
                let status = (command.run)(&mut call);
                self.state.status = status;
            }
            None if is_path => self.call_file(called, &path, io),
            None => {
                self.state.status = 127;
                self.complain(&format!("{called}: not found"), io);
            }
        }
    }

    /// A file of the victim's is run: a script does what it says, and a program nothing.
    fn call_file(&mut self, called: &str, path: &str, io: &mut Io) {
        let (status, complaint) = match self.files().find(path) {
            Err(_) => (127, Some("not found")),
            Ok(entry) if entry.node == Node::Folder || entry.mode & 0o111 == 0 => {
                (126, Some("Permission denied"))
            }
            Ok(entry) => {
                self.state.status = 0;
                if let (Node::Bytes(_), Ok(bytes)) = (entry.node, self.read_file(path)) {
                    self.run_file(&bytes, io);
                }
                return;
            }
        };
        self.state.status = status;
        if let Some(complaint) = complaint {
            self.complain(&format!("{called}: {complaint}"), io);
        }
    }

    /// Runs what is in a file, if it is text.
    pub(super) fn run_file(&mut self, content: &[u8], io: &mut Io) {
        let is_text = !content.starts_with(b"\x7fELF") && !content.contains(&0);
        let Some(left) = self.levels_left.checked_sub(1) else {
            return self.kill(Limit::ShellLevels);
        };
        if is_text {
            self.levels_left = left;
            self.script(&text(content), io);
            self.leaving.take_if(|leaving| *leaving == Leaving::Exit);
            self.levels_left = left + 1;
        }
    }

    pub(super) fn files(&mut self) -> Files<'_, 'a> {
        let Settings { files, bytes, .. } = self.cx.rules.shell;
        let room = Room { files, bytes };
        Files { tree: &mut self.state.tree, device: self.device, room }
    }

    /// Stops all, as the system stops who wants too much.
    pub(super) fn kill(&mut self, limit: Limit) {
        self.reach(limit);
        self.state.status = 137;
        self.leaving = Some(Leaving::Killed);
    }

    pub(super) fn reach(&mut self, limit: Limit) {
        self.reached.push(limit);
    }

    /// Gives a variable its value.
    pub(super) fn set(&mut self, name: &str, value: String) {
        let Settings { files, bytes, .. } = self.cx.rules.shell;
        let used = self.variable_bytes();
        let variables = &mut self.state.variables;
        if variables.len() >= files && !variables.contains_key(name) {
            return self.kill(Limit::ShellFiles);
        }
        if used + name.len() + value.len() > bytes {
            return self.kill(Limit::ShellBytes);
        }
        variables.insert(name.to_owned(), value);
    }

    fn spend_commands(&mut self, count: usize) {
        match self.commands_left.checked_sub(count) {
            Some(left) => self.commands_left = left,
            None => self.kill(Limit::ShellCommands),
        }
    }

    fn variable_bytes(&self) -> usize {
        self.state.variables.iter().map(|(name, value)| name.len() + value.len()).sum()
    }
}
