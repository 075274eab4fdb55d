//! Every source file opens with a sentence that says what it is.

use super::{Finding, Project};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let sources = project.tree.ending(".rs");
    let silent = sources.filter(|(_, text)| !opens_with_a_sentence(text));
    silent
        .map(|(path, _)| Finding::new(path, 1, "does not open with `//! ` and a sentence"))
        .collect()
}

fn opens_with_a_sentence(text: &str) -> bool {
    text.strip_prefix("//! ").is_some_and(|rest| !rest.trim_start().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_with_a_sentence_passes() {
        assert!(check(&Project::of(&[("a.rs", "//! What it is.\n\nfn a() {}\n")])).is_empty());
    }

    #[test]
    fn a_file_without_one_is_found() {
        let project = Project::of(&[("a.rs", "use b;\n"), ("b.rs", ""), ("c.rs", "\n//! Late.\n")]);
        assert_eq!(check(&project).len(), 3);
    }
}
