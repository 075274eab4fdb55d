//! What no compiler checks. Each check is a module that says what it found.

mod allowances;
mod architecture;
mod arrows;
mod debt;
mod links;
mod names;
mod openings;
mod protocols;
mod sentences;
mod sizes;
mod sql;
mod threats;
mod tokens;
mod unsafety;
mod world;

use std::fmt;
use std::path::Path;

use anyhow::{Result, bail};

use crate::screen;
use crate::tree::Tree;
use crate::workspace::{self, Crate};

/// Something that is not as it should be.
#[derive(Debug, PartialEq, Eq)]
struct Finding {
    /// The file, from the root.
    path: String,
    /// Counted from 1; 0 is the file as a whole.
    line: usize,
    /// What is wrong, and what would be right.
    complaint: String,
}

/// What every check may look at.
struct Project {
    tree: Tree,
    crates: Vec<Crate>,
}

type Check = fn(&Project) -> Vec<Finding>;

const CHECKS: &[(&str, Check)] = &[
    ("crates depend only on what ARCHITECTURE.md allows", arrows::check),
    ("a crate's sentence is the same everywhere", sentences::check),
    ("every source file opens with its sentence", openings::check),
    ("files and functions are small", sizes::check),
    ("names say what they mean", names::check),
    ("SQL is in store only", sql::check),
    ("unsafe is in kernel only", unsafety::check),
    ("proto and detect are told about the world and never ask", world::check),
    ("no lint is allowed away", allowances::check),
    ("every protocol has a talk, a fuzz seed and a page", protocols::check),
    ("every threat has a test or says why not", threats::check),
    ("every link and path in the documents leads somewhere", links::check),
    ("what is unfinished has an owner", debt::check),
];

/// Runs every check.
pub(crate) fn run(root: &Path) -> Result<()> {
    let project = Project { tree: Tree::read(root)?, crates: workspace::crates(root)? };
    let mut found = 0;
    for (name, check) in CHECKS {
        let findings = check(&project);
        let verdict = if findings.is_empty() { "ok" } else { "NOT OK" };
        screen::line(format_args!("  {verdict:<7}{name}"));
        findings.iter().for_each(|finding| screen::line(format_args!("         {finding}")));
        found += findings.len();
    }
    screen::line(format_args!("  {}", sizes::summary(&project)));
    if found > 0 {
        bail!("{found} things are not tidy");
    }
    Ok(())
}

impl Finding {
    fn new(path: &str, line: usize, complaint: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, complaint: complaint.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(out, "{}: {}", self.path, self.complaint),
            line => write!(out, "{}:{line}: {}", self.path, self.complaint),
        }
    }
}

#[cfg(test)]
impl Project {
    /// A project of these files and no crates.
    fn of(files: &[(&str, &str)]) -> Self {
        Self { tree: Tree::of(files), crates: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_names_its_place() {
        assert_eq!(Finding::new("a.rs", 7, "odd").to_string(), "a.rs:7: odd");
        assert_eq!(Finding::new("a.rs", 0, "odd").to_string(), "a.rs: odd");
    }
}
