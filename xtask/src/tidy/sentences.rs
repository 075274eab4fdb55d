//! A crate's sentence is the same in its manifest, at the top of its documentation and in
//! ARCHITECTURE.md.

use super::architecture::{PAGE, rows};
use super::{Finding, Project};
use crate::workspace::Crate;

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let rows = rows(project.tree.text(PAGE).unwrap_or_default());
    let in_table = |one: &Crate| rows.iter().find(|row| row.name == one.name);
    let mut findings = Vec::new();
    for one in &project.crates {
        let opening = first_sentence(project.tree.text(&one.main_file).unwrap_or_default());
        if opening != one.description {
            let complaint =
                format!("opens with {opening:?}, its manifest says {:?}", one.description);
            findings.push(Finding::new(&one.main_file, 1, complaint));
        }
        if let Some(row) = in_table(one).filter(|row| row.sentence != one.description) {
            let complaint = format!("`{}` is {:?} in its manifest", row.name, one.description);
            findings.push(Finding::new(PAGE, 0, complaint));
        }
    }
    findings
}

fn first_sentence(source: &str) -> &str {
    let first = source.lines().next().unwrap_or_default();
    first.strip_prefix("//! ").unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::Tree;

    fn found(opening: &str, manifest: &str, table: &str) -> usize {
        let page = format!("## Crates\n| `a` | {table} | – |\n");
        let tree = Tree::of(&[("src/lib.rs", &format!("//! {opening}\n")), (PAGE, &page)]);
        let one = Crate {
            name: "a".to_owned(),
            description: manifest.to_owned(),
            main_file: "src/lib.rs".to_owned(),
            ..Crate::default()
        };
        check(&Project { tree, crates: vec![one] }).len()
    }

    #[test]
    fn one_sentence_in_three_places_passes() {
        assert_eq!(found("Words.", "Words.", "Words."), 0);
    }

    #[test]
    fn a_sentence_that_differs_is_found() {
        assert_eq!(found("Other words.", "Words.", "Words."), 1);
        assert_eq!(found("Words.", "Words.", "Other words."), 1);
    }
}
