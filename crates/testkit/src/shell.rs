//! Shell commands inside a namespace.

#![expect(clippy::disallowed_types, reason = "tests run other people's programs")]

use std::process::{Command, Output};

use kernel::namespace::Namespace;

/// What a namespace can be told in a shell's words.
pub trait Shell {
    /// Runs a script that must succeed; gives its standard output.
    fn shell(&self, script: &str) -> String;
    /// Runs a script that may fail.
    fn try_shell(&self, script: &str) -> Output;
}

impl Shell for Namespace {
    fn shell(&self, script: &str) -> String {
        let output = self.try_shell(script);
        let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
        assert!(output.status.success(), "{script}: {}\n{stdout}{stderr}", output.status);
        stdout
    }

    fn try_shell(&self, script: &str) -> Output {
        let mut shell = Command::new("sh");
        let shell = shell.args(["-ec", script]).env("PATH", search_path());
        self.run_inside(|| shell.output().unwrap()).unwrap()
    }
}

/// `PATH`, with the administrators' folders.
pub(crate) fn search_path() -> String {
    format!("{}:/usr/sbin:/sbin", std::env::var("PATH").unwrap_or_default())
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
