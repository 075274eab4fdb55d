//! The project's files, in memory, for checks that read all of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// Every file of the project by its path from the root, with its text.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    files: BTreeMap<String, String>,
}

impl Tree {
    /// Reads a folder and all below it, but for what builds and versions leave there.
    pub(crate) fn read(root: &Path) -> Result<Self> {
        let mut tree = Self::default();
        tree.read_folder(root, "")?;
        Ok(tree)
    }

    fn read_folder(&mut self, folder: &Path, prefix: &str) -> Result<()> {
        let entries =
            fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = format!("{prefix}{name}");
            if entry.file_type()?.is_dir() {
                if !LEFT_OUT.contains(&name.as_str()) {
                    self.read_folder(&entry.path(), &format!("{path}/"))?;
                }
            } else {
                let bytes =
                    fs::read(entry.path()).with_context(|| format!("cannot read {path}"))?;
                self.files.insert(path, String::from_utf8_lossy(&bytes).into_owned());
            }
        }
        Ok(())
    }

    /// A tree of these files.
    #[cfg(test)]
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let owned = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
        Self { files: owned.collect() }
    }

    /// Every file with this ending, in order of path.
    pub(crate) fn ending(&self, ending: &str) -> impl Iterator<Item = (&str, &str)> {
        let files = self.files.iter().filter(move |(path, _)| path.ends_with(ending));
        files.map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The text of one file.
    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// Whether there is such a file or folder.
    pub(crate) fn has(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        let folder = format!("{path}/");
        path.is_empty() || self.files.contains_key(path) || self.has_path_from(&folder)
    }

    /// Whether a path begins like this.
    pub(crate) fn has_path_from(&self, beginning: &str) -> bool {
        let mut after = self.files.range(beginning.to_owned()..);
        after.next().is_some_and(|(path, _)| path.starts_with(beginning))
    }
}

/// Folders that are not the project's own work.
const LEFT_OUT: &[&str] = &[".git", "target", "artifacts"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_folders_are_there() {
        let tree = Tree::of(&[("docs/a.md", ""), ("src/lib.rs", "")]);
        for path in ["docs/a.md", "docs", "docs/", "src"] {
            assert!(tree.has(path), "{path}");
        }
        for path in ["doc", "docs/b.md", "a.md"] {
            assert!(!tree.has(path), "{path}");
        }
    }

    #[test]
    fn what_a_build_leaves_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("target/debug")).unwrap();
        fs::write(folder.path().join("target/debug/x.rs"), "").unwrap();
        fs::write(folder.path().join("lib.rs"), "text").unwrap();
        let tree = Tree::read(folder.path()).unwrap();
        assert_eq!(tree.text("lib.rs"), Some("text"));
        assert!(!tree.has("target"));
    }
}
