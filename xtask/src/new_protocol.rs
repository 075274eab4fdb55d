//! A new protocol begins as a copy of a small one that works.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::program::Program;
use crate::{screen, tidy, workspace};

/// Every file of the toy: where it goes, with NAME for the protocol's name, and what is in it.
const FILES: &[(&str, &str)] = &[
    ("crates/proto/src/NAME/mod.rs", include_str!("../toy/mod.rs")),
    ("crates/proto/src/NAME/message.rs", include_str!("../toy/message.rs")),
    ("crates/proto/src/NAME/machine.rs", include_str!("../toy/machine.rs")),
    ("crates/proto/tests/talks/NAME-greets.talk", include_str!("../toy/greets.talk")),
    ("docs/reference/protocols/NAME.md", include_str!("../toy/page.md")),
    ("fuzz/corpus/machine/NAME-greets", "\u{7}TOY ann\nBYE\n"),
];

/// Lines of the project that name every protocol: the file, a text in it, and what the text becomes.
const LINES: &[(&str, &str, &str)] = &[
    ("crates/proto/src/lib.rs", "\nmod machine;\n", "\nmod machine;\nmod NAME;\n"),
    ("crates/proto/src/registry.rs", "{\n    Machine, ", "{\n    Machine, NAME, "),
    ("crates/proto/src/registry.rs", "dns::OVER_UDP", "dns::OVER_UDP, NAME::PROTOCOL"),
];

/// Adds a protocol of this name.
pub(crate) fn add(root: &Path, name: &str) -> Result<()> {
    check_name(root, name)?;
    for (path, text) in FILES {
        write(&root.join(path.replace("NAME", name)), &named(text, name))?;
    }
    for (path, from, to) in LINES {
        replace(&root.join(path), from, &to.replace("NAME", name))?;
    }
    Program::cargo(&["fmt", "-p", "proto"]).inside(root).run()?;
    screen::line(format_args!("crates/proto/src/{name} is there, and its talk, seed and page"));
    screen::line(format_args!("next: docs/how-to/add-a-protocol.md, from step 2"));
    Ok(())
}

/// Adds a protocol to a copy of the project and tests it there.
pub(crate) fn rehearse(root: &Path) -> Result<()> {
    let scratch = tempfile::tempdir().context("cannot make a folder for the rehearsal")?;
    let copy = scratch.path();
    copy_folder(root, copy)?;
    add(copy, "rehearsal")?;
    tidy::run(copy)?;
    // The libraries it is built on are there already.
    let target = workspace::metadata(root)?.target_directory;
    let lint = ["clippy", "-p", "proto", "--all-targets", "--locked", "--", "-D", "warnings"];
    for chore in [&lint[..], &["test", "-p", "proto", "--locked", "--quiet"]] {
        Program::cargo(chore).inside(copy).with("CARGO_TARGET_DIR", target.as_str()).run()?;
    }
    Ok(())
}

fn check_name(root: &Path, name: &str) -> Result<()> {
    let plain = name.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit());
    if !plain || !name.starts_with(|letter: char| letter.is_ascii_lowercase()) {
        bail!(
            "`{name}` is no name for a protocol: lower-case letters and digits, such as `finger`"
        );
    }
    if root.join("crates/proto/src").join(name).exists() {
        bail!("there is a protocol `{name}` already");
    }
    Ok(())
}

/// The toy's text under another name.
fn named(text: &str, name: &str) -> String {
    let mut type_name = name.to_owned();
    if let Some(first) = type_name.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    let text = text.replace("TOY", &name.to_ascii_uppercase()).replace("Toy", &type_name);
    // `b"TO"` in the toy's test is a beginning of its opener, and so must it be under the new name.
    let first = type_name.chars().next().unwrap_or_default();
    let beginning = format!("b\"{first}\"");
    text.replace("b\"TO\"", &beginning).replace("toy", name)
}

fn write(path: &Path, text: &str) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

fn replace(path: &Path, from: &str, to: &str) -> Result<()> {
    let text =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    if text.matches(from).count() != 1 {
        bail!("{} does not hold {from:?} once: mend LINES in xtask", path.display());
    }
    write(path, &text.replace(from, to))
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("cannot list {}", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        let left_out = [".git", "target"].iter().any(|name| entry.file_name() == *name);
        if entry.file_type()?.is_dir() && !left_out {
            copy_folder(&entry.path(), &target)?;
        } else if entry.file_type()?.is_file() {
            fs::copy(entry.path(), &target)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_toy_takes_any_name() {
        assert_eq!(
            named("struct Toy; // toy TOY b\"TO\"", "finger"),
            "struct Finger; // finger FINGER b\"F\""
        );
    }

    #[test]
    fn names_that_cannot_be_a_module_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        for wrong in ["", "Finger", "9p", "a-b", "../x"] {
            assert!(check_name(folder.path(), wrong).is_err(), "{wrong:?}");
        }
        assert!(check_name(folder.path(), "finger").is_ok());
    }
}
