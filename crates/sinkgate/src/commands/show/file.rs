//! `sinkgate show file`: the bytes of one file, to be looked at with other tools.

use std::fs::OpenOptions;
use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use readers::file;
use store::{Content, Reader};

/// Writes the file with this hash. What is there already is never written over, and nothing is
/// made executable.
pub(super) fn write(reader: &Reader, hash: &str, place: &Path) -> Result<ExitCode> {
    let content = file::find(reader, hash)?;
    if place.as_os_str() == "-" {
        to_standard_output(reader, &content)?;
    } else {
        to_disk(reader, &content, place)?;
    }
    Ok(tell_if_incomplete(&content))
}

fn to_standard_output(reader: &Reader, content: &Content) -> Result<()> {
    let out = io::stdout();
    if out.is_terminal() {
        bail!("a terminal obeys what a peer may have written: name a file, or pipe it somewhere");
    }
    Ok(file::write(reader, content, &mut out.lock())?)
}

fn to_disk(reader: &Reader, content: &Content, place: &Path) -> Result<()> {
    let path = if place.is_dir() { place.join(file::name(content)) } else { place.to_owned() };
    let out = OpenOptions::new().write(true).create_new(true).open(&path);
    let mut out = out.with_context(|| format!("cannot make the file {}", path.display()))?;
    file::write(reader, content, &mut out)
        .with_context(|| format!("cannot write to {}", path.display()))
}

/// A file that is shorter than the one that was sent is no success.
fn tell_if_incomplete(content: &Content) -> ExitCode {
    let Content { bytes, stored_bytes, .. } = content;
    if bytes == stored_bytes {
        return ExitCode::SUCCESS;
    }
    let text = format!("only {stored_bytes} of its {bytes} bytes are in the database\n");
    // If standard error is gone there is nobody left to tell.
    let _ = io::stderr().write_all(text.as_bytes());
    ExitCode::FAILURE
}
