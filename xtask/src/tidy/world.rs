//! `proto`, `detect` and `model` are told about time, chance and bytes; they never fetch them.

use super::tokens::lines_with;
use super::{Finding, Project};

/// Crates that compute and nothing else.
const PURE: &[&str] = &["crates/proto/src/", "crates/detect/src/", "crates/model/src/"];

/// Names by which code asks the world.
const DOORS: &[&str] = &[
    "Instant",
    "SystemTime",
    "now_v7",
    "new_v4",
    "RandomState",
    "getrandom",
    "rand",
    "TcpStream",
    "TcpListener",
    "UdpSocket",
    "File",
    "OpenOptions",
    "stdin",
    "stdout",
    "stderr",
    "sleep",
    "tokio",
];

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let pure = |path: &str| PURE.iter().any(|folder| path.starts_with(folder));
    let sources = project.tree.ending(".rs").filter(|(path, _)| pure(path));
    sources.flat_map(|(path, text)| check_file(path, text)).collect()
}

fn check_file(path: &str, text: &str) -> Vec<Finding> {
    let found = lines_with(text, DOORS).into_iter();
    found
        .map(|(line, name)| {
            Finding::new(path, line, format!("`{name}`: this crate is told, it does not ask"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_that_is_told_passes() {
        assert!(
            check_file("a.rs", "fn date(cx: &Cx<'_>) -> String { cx.now.to_string() }").is_empty()
        );
    }

    #[test]
    fn code_that_asks_is_found_in_the_pure_crates_only() {
        let text = "fn a() {\n    std::time::SystemTime::now();\n}";
        let project =
            Project::of(&[("crates/proto/src/a.rs", text), ("crates/engine/src/a.rs", text)]);
        let found = check(&project);
        assert_eq!((found.len(), found[0].line), (1, 2));
    }
}
