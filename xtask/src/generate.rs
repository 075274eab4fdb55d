//! Pages, man pages and completions that come from the program's own tables.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::program::Program;
use crate::screen;
use crate::tree::Tree;

/// What is written, and nothing else is below these.
const PLACES: &[&str] = &[
    "completions/",
    "docs/man/",
    "docs/reference/cli.md",
    "docs/reference/config.md",
    "docs/reference/connectivity.md",
    "docs/reference/counters.md",
    "docs/reference/events.md",
    "docs/reference/files.md",
    "docs/reference/recognition.md",
];

/// Writes them into a copy of the project's layout.
pub(crate) fn write(folder: &Path) -> Result<()> {
    let folder = folder.to_str().context("the project's path is not UTF-8")?;
    let run = ["run", "--quiet", "--locked", "-p", "sinkgate", "--", "generate", folder];
    Program::cargo(&run).run()
}

/// Whether those of the project are what would be written.
pub(crate) fn check(root: &Path) -> Result<()> {
    let fresh = tempfile::tempdir().context("cannot make a folder for the pages")?;
    write(fresh.path())?;
    let stale = differences(&Tree::read(root)?, &Tree::read(fresh.path())?);
    for path in &stale {
        screen::line(format_args!("  {path} is not what the program says"));
    }
    if !stale.is_empty() {
        bail!("{} pages are stale: run `cargo xtask generate`", stale.len());
    }
    Ok(())
}

/// Paths that are in one tree only, or differ.
fn differences(have: &Tree, want: &Tree) -> BTreeSet<String> {
    let mut paths: BTreeSet<String> = BTreeSet::new();
    for tree in [have, want] {
        let all = tree.ending("").map(|(path, _)| path);
        let generated = all.filter(|path| PLACES.iter().any(|place| path.starts_with(place)));
        paths.extend(generated.map(str::to_owned));
    }
    paths.retain(|path| have.text(path) != want.text(path));
    paths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_pages_pass_and_other_files_do_not_matter() {
        let have = Tree::of(&[("docs/man/a.1", "x"), ("README.md", "y")]);
        assert!(differences(&have, &Tree::of(&[("docs/man/a.1", "x")])).is_empty());
    }

    #[test]
    fn stale_missing_and_left_over_pages_are_found() {
        let have = Tree::of(&[("docs/man/a.1", "old"), ("docs/man/gone.1", "x")]);
        let want = Tree::of(&[("docs/man/a.1", "new"), ("completions/b", "x")]);
        let found: Vec<String> = differences(&have, &want).into_iter().collect();
        assert_eq!(found, ["completions/b", "docs/man/a.1", "docs/man/gone.1"]);
    }
}
