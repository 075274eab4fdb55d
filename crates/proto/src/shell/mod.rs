//! A shell on a small device with Linux and BusyBox: lines in, what the terminal shows out. Whoever
//! lets somebody in, by whatever protocol, opens one.
//!
//! ```text
//!   keys ─▶ console ─▶ lines ─▶ session ─▶ parser ─▶ grammar ─▶ run ─┬─▶ commands
//!                                                             words ──┤
//!                                                                     └─▶ tree, over the image
//!                                                                         of a device
//! ```
//!
//! Nothing is really run and nobody is called: what a command would fetch is noted, and a file of its
//! name is there afterwards. What is written to a file is kept as one.

mod bytes;
mod commands;
mod console;
mod device;
mod grammar;
mod image;
mod parser;
mod run;
mod session;
mod terminal;
mod tree;
mod words;

pub(crate) use console::{Console, send};
pub(crate) use session::{Login, Shell, Wants};
pub(crate) use terminal::{Echo, Key, Terminal, shown_lines};

use session::Heard;

/// How much one session may have of everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Files and variables that a session may make (`shell.files`).
    pub files: usize,
    /// Bytes that they may have, all together (`shell.bytes`).
    pub bytes: usize,
    /// Bytes that one line may read, write and put into words (`shell.output_bytes`).
    pub output_bytes: usize,
    /// Commands that one line may run (`shell.commands`).
    pub commands: usize,
    /// How many levels of commands may be inside each other (`shell.levels`).
    pub levels: usize,
}

impl Default for Settings {
    /// As nobody has set anything.
    fn default() -> Self {
        Self { files: 500, bytes: 4 << 20, output_bytes: 4 << 20, commands: 1_000, levels: 16 }
    }
}
