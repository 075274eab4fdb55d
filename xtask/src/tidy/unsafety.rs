//! `unsafe` is in `kernel` only.

use super::tokens::lines_with;
use super::{Finding, Project};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let sources =
        project.tree.ending(".rs").filter(|(path, _)| !path.starts_with("crates/kernel/"));
    let found = sources.flat_map(|(path, text)| {
        lines_with(text, &["unsafe"]).into_iter().map(move |(line, _)| (path, line))
    });
    found.map(|(path, line)| Finding::new(path, line, "`unsafe` outside of `kernel`")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_in_text_passes_and_so_does_kernel() {
        let project = Project::of(&[
            ("crates/proto/src/a.rs", "//! No unsafe.\nconst A: &str = \"unsafe\"; // unsafe\n"),
            ("crates/kernel/src/a.rs", "unsafe fn a() {}"),
        ]);
        assert!(check(&project).is_empty());
    }

    #[test]
    fn the_keyword_elsewhere_is_found() {
        let project = Project::of(&[("crates/proto/src/a.rs", "fn a() {\n unsafe { b() }\n}")]);
        assert_eq!(check(&project)[0].line, 2);
    }
}
