//! Somebody at a shell: what was said, what is answered, what is asked next.

use std::collections::{BTreeMap, VecDeque};

use model::{ArtifactNumber, Credentials, Event, Limit, ServiceCommand};

use super::bytes::{shown, text};
use super::device::Device;
use super::parser::{Fault, parse};
use super::run::{Io, Run};
use super::tree::{Content, Files, Room, Tree, absolute};
use crate::shell::Settings;
use crate::{Cx, Out};

/// Who was let in, and by what.
#[derive(Clone, Debug)]
pub(crate) struct Login {
    /// The protocol, by its registry name.
    pub(crate) protocol: &'static str,
    pub(crate) user: String,
}

/// One session.
#[derive(Debug)]
pub(crate) struct Shell {
    pub(super) login: Login,
    pub(super) state: State,
    /// Lines that are the beginning of something.
    unfinished: String,
    question: Option<Question>,
    noted: Vec<Limit>,
}

/// What commands find and change.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) folder: String,
    pub(super) variables: BTreeMap<String, String>,
    pub(super) tree: Tree,
    /// What the last command ended with.
    pub(super) status: u8,
    /// Shells inside this one.
    pub(super) inner: usize,
    pub(super) history: VecDeque<String>,
    /// When it began, in seconds.
    pub(super) began: i64,
    pub(super) user: String,
    /// What it is called in complaints, if no other is inside it.
    pub(super) name: &'static str,
}

/// What a command waits for from the terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Question {
    /// Lines, which go to this file, or to the terminal if there is none.
    Lines { to: Option<String> },
    /// The new password of this user, said so many times.
    NewPassword { user: String, said: Vec<String> },
}

/// What comes of a line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Heard {
    /// What the terminal shows; lines end in LF alone.
    pub(crate) shows: Vec<u8>,
    pub(crate) wants: Wants,
}

/// What is to come next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wants {
    /// A line.
    Line,
    /// Nothing: the session is over.
    Nothing,
    /// A line that is not shown while it is typed.
    Secret,
}

/// A password that was set or used in a session.
pub(super) fn secret_event(
    protocol: &'static str,
    mechanism: &str,
    user: &str,
    secret: &str,
) -> Event {
    Event::Credentials(Box::new(Credentials {
        protocol,
        mechanism: mechanism.to_owned(),
        user: Some(user.to_owned()),
        secret: secret.to_owned(),
    }))
}

/// How many lines are remembered.
const HISTORY: usize = 100;

/// How much of each.
const HISTORY_CHARACTERS: usize = 200;

impl Shell {
    /// A shell for who was let in.
    pub(crate) fn open(login: Login, cx: &Cx<'_>) -> Self {
        let user = if login.user.is_empty() { "root".to_owned() } else { login.user.clone() };
        let variables = [
            ("HOME", "/root"),
            ("LOGNAME", &user),
            ("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"),
            ("PS1", "\\w \\$ "),
            ("PWD", "/root"),
            ("SHELL", "/bin/sh"),
            ("TERM", "vt102"),
            ("USER", &user),
        ];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let state = State {
            folder: "/root".to_owned(),
            variables: variables.into(),
            began: cx.now.as_secs(),
            user,
            name: "-sh",
            ..State::default()
        };
        Self { login, state, unfinished: String::new(), question: None, noted: Vec::new() }
    }

    /// The same without a login.
    pub(crate) fn open_quietly(login: Login, cx: &Cx<'_>) -> Self {
        let mut shell = Self::open(login, cx);
        shell.state.name = "sh";
        shell
    }

    /// What stands before the next line.
    pub(crate) fn prompt(&self) -> String {
        if self.question.is_some() {
            return String::new();
        }
        if !self.unfinished.is_empty() {
            return "> ".to_owned();
        }
        let State { folder, .. } = &self.state;
        match folder.strip_prefix("/root") {
            Some(rest) if rest.is_empty() || rest.starts_with('/') => format!("~{rest} # "),
            _ => format!("{folder} # "),
        }
    }

    /// Hears a line, its end taken off.
    pub(crate) fn hear(&mut self, line: &[u8], cx: &Cx<'_>, out: &mut Out) -> Heard {
        let line = text(line);
        if let Some(question) = self.question.take() {
            return self.hear_answer(question, line, cx, out);
        }
        if !line.trim().is_empty() {
            let (protocol, command) = (self.login.protocol, shown(&line));
            out.note(Event::Command(Box::new(ServiceCommand { protocol, command })));
            self.remember(&line);
        }
        if self.unfinished.len() + line.len() > cx.rules.line_bytes {
            self.unfinished.clear();
            self.reach(Limit::LineBytes, out);
            return self.says(format!("{}: syntax error: line too long\n", self.name()));
        }
        self.unfinished.push_str(&line);
        match parse(&self.unfinished, cx.rules.shell.levels) {
            Err(Fault::Unfinished) => {
                self.unfinished.push('\n');
                return self.says(String::new());
            }
            Err(Fault::TooDeep) => self.reach(Limit::ShellLevels, out),
            Ok(_) | Err(Fault::Unexpected(_)) => {}
        }
        let source = std::mem::take(&mut self.unfinished);
        self.run(|run, io| run.script(&source, io), cx, out)
    }

    /// Runs one command line and nothing else; what it writes.
    pub(crate) fn run_alone(&mut self, line: &[u8], cx: &Cx<'_>, out: &mut Out) -> Vec<u8> {
        let mut written = self.hear(line, cx, out).shows;
        if !self.unfinished.is_empty() {
            self.unfinished.clear();
            written.extend(b"sh: syntax error: unexpected end of file\n");
        }
        written
    }

    fn run(
        &mut self,
        script: impl FnOnce(&mut Run<'_>, &mut Io),
        cx: &Cx<'_>,
        out: &mut Out,
    ) -> Heard {
        let mut run = Run::new(&mut self.state, self.login.protocol, cx, out);
        script(&mut run, &mut Io::of_terminal());
        let done = run.finished();
        done.reached.into_iter().for_each(|limit| self.reach(limit, out));
        self.question = done.question;
        let wants = match &self.question {
            Some(Question::NewPassword { .. }) => Wants::Secret,
            Some(Question::Lines { .. }) | None => Wants::Line,
        };
        if !done.is_left {
            return Heard { shows: done.shows, wants };
        }
        match self.state.inner.checked_sub(1) {
            Some(inner) => {
                self.state.inner = inner;
                Heard { shows: done.shows, wants: Wants::Line }
            }
            None => Heard { shows: done.shows, wants: Wants::Nothing },
        }
    }

    /// No more comes from the terminal (Ctrl-D): a command that reads ends, or the shell does.
    pub(crate) fn hear_end(&mut self) -> Heard {
        match (self.question.take(), self.state.inner.checked_sub(1)) {
            (Some(_), _) => self.says(String::new()),
            (None, Some(inner)) => {
                self.state.inner = inner;
                self.says("\n".to_owned())
            }
            (None, None) => Heard { shows: b"\n".to_vec(), wants: Wants::Nothing },
        }
    }

    /// What is being typed or asked is given up (Ctrl-C).
    pub(crate) fn interrupt(&mut self) -> Heard {
        self.unfinished.clear();
        self.question = None;
        self.state.status = 130;
        self.says(String::new())
    }

    /// Begins a file that comes by another way than the shell.
    pub(crate) fn begin_file(&mut self, path: &str, out: &mut Out) -> ArtifactNumber {
        self.state.tree.begin(path, out)
    }

    /// A program is there from now on, as far as there is room for it.
    pub(crate) fn put_program(&mut self, path: &str, cx: &Cx<'_>) {
        let mut files = self.files(cx);
        let program = files.device.program();
        // Where there is no folder nothing is put.
        let _ = files.put(&absolute("/", path), Content::Bytes(program), 0o755);
    }

    /// Whether there is anything at a path.
    pub(crate) fn has(&mut self, path: &str, cx: &Cx<'_>) -> bool {
        self.files(cx).find(&absolute("/", path)).is_ok()
    }

    fn files<'c>(&mut self, cx: &Cx<'c>) -> Files<'_, 'c> {
        let Settings { files, bytes, .. } = cx.rules.shell;
        let room = Room { files, bytes };
        Files { tree: &mut self.state.tree, device: Device::new(cx), room }
    }

    /// The session is over, and with it every file that was written to.
    pub(crate) fn close(&mut self, out: &mut Out) {
        self.state.tree.end_all(out);
    }

    fn hear_answer(
        &mut self,
        question: Question,
        line: String,
        cx: &Cx<'_>,
        out: &mut Out,
    ) -> Heard {
        match question {
            Question::Lines { to } => {
                let written = line + "\n";
                let again = Question::Lines { to: to.clone() };
                let heard = self.run(|run, _| run.write_line(to.as_deref(), &written), cx, out);
                self.question.get_or_insert(again);
                heard
            }
            Question::NewPassword { user, mut said } => {
                said.push(line);
                let text = match said.as_slice() {
                    [_] => "\nRetype password: ".to_owned(),
                    [first, second] if first == second => {
                        self.note_secret("passwd", &user, first, out);
                        format!("\npasswd: password for {user} changed by root\n")
                    }
                    _ => "\nPasswords don't match\n".to_owned(),
                };
                if let [_] = said.as_slice() {
                    self.question = Some(Question::NewPassword { user, said });
                    return Heard { shows: text.into_bytes(), wants: Wants::Secret };
                }
                self.says(text)
            }
        }
    }

    fn note_secret(&self, mechanism: &str, user: &str, secret: &str, out: &mut Out) {
        out.note(secret_event(self.login.protocol, mechanism, &shown(user), &shown(secret)));
    }

    fn says(&self, text: String) -> Heard {
        Heard { shows: super::bytes::bytes(&text), wants: Wants::Line }
    }

    /// What the shell is called in complaints.
    fn name(&self) -> &'static str {
        if self.state.inner == 0 { self.state.name } else { "sh" }
    }

    /// Notes that a limit was reached, each once.
    fn reach(&mut self, limit: Limit, out: &mut Out) {
        if !self.noted.contains(&limit) {
            self.noted.push(limit);
            out.note(Event::LimitReached(limit));
        }
    }

    fn remember(&mut self, line: &str) {
        if self.state.history.len() >= HISTORY {
            self.state.history.pop_front();
        }
        self.state.history.push_back(line.chars().take(HISTORY_CHARACTERS).collect());
    }
}
