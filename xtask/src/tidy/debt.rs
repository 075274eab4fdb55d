//! What is unfinished has an owner in `docs/debt.md`.

use super::{Finding, Project};

const PAGE: &str = "docs/debt.md";

/// Words that mark something unfinished; in pieces, so that this file does not contain them.
const MARKS: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME")];

/// Files that people write.
const ENDINGS: &[&str] = &[".rs", ".toml", ".md", ".sh"];

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let debts = project.tree.text(PAGE).unwrap_or_default();
    let files = ENDINGS.iter().flat_map(|ending| project.tree.ending(ending));
    let unowned = files.filter(|(path, _)| *path != PAGE && !debts.contains(path));
    unowned.flat_map(|(path, text)| check_file(path, text)).collect()
}

fn check_file(path: &str, text: &str) -> Vec<Finding> {
    let marked = (1..).zip(text.lines()).filter(|(_, line)| is_marked(line));
    marked
        .map(|(line, _)| Finding::new(path, line, format!("unfinished, and no line in {PAGE}")))
        .collect()
}

/// Whether a mark stands at the beginning of a comment.
fn is_marked(line: &str) -> bool {
    ["//", "#", "<!--"].iter().filter_map(|comment| line.split_once(comment)).any(|(_, rest)| {
        let rest = rest.trim_start_matches(['/', '!', '#', ' ']);
        MARKS.iter().any(|mark| rest.starts_with(mark))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source() -> String {
        format!("fn a() {{}} // {}: finish\n", MARKS[0])
    }

    #[test]
    fn what_has_an_owner_passes() {
        let project = Project::of(&[("src/a.rs", &source()), (PAGE, "| src/a.rs | ann | why |")]);
        assert!(check(&project).is_empty());
    }

    #[test]
    fn what_has_none_is_found() {
        let found = check(&Project::of(&[("src/a.rs", &source()), (PAGE, "")]));
        assert_eq!((found.len(), found[0].line), (1, 1));
    }

    #[test]
    fn the_word_in_a_sentence_passes() {
        let text = format!("//! There is no {} in here.\n", MARKS[0]);
        assert!(check_file("a.rs", &text).is_empty());
    }
}
