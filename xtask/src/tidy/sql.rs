//! SQL is in `store` only.

use super::tokens::{Kind, tokens};
use super::{Finding, Project};

/// Beginnings of statements, each with a word that has to follow.
const STATEMENTS: &[(&str, &str)] = &[
    ("SELECT ", " FROM "),
    ("INSERT ", "INTO "),
    ("UPDATE ", " SET "),
    ("DELETE ", "FROM "),
    ("CREATE TABLE ", ""),
    ("CREATE INDEX ", ""),
    ("CREATE VIEW ", ""),
    ("PRAGMA ", ""),
];

/// Where SQL may be: its crate; tests that ask the database as an analyst would; the loads it is
/// compared with; this check.
const ALLOWED: &[&str] =
    &["crates/store/", "crates/bench/", "crates/testkit/", "xtask/src/tidy/sql.rs"];

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let sources = project.tree.ending(".rs").filter(|(path, _)| !is_allowed(path));
    sources.flat_map(|(path, text)| check_file(path, text)).collect()
}

fn is_allowed(path: &str) -> bool {
    ALLOWED.iter().any(|allowed| path.starts_with(allowed)) || path.contains("/tests/")
}

fn check_file(path: &str, text: &str) -> Vec<Finding> {
    let statement = |kind: &Kind| matches!(kind, Kind::Literal(literal) if is_statement(literal));
    let found = tokens(text).into_iter().filter(|token| statement(&token.kind));
    found.map(|token| Finding::new(path, token.line, "SQL outside of `store`")).collect()
}

fn is_statement(literal: &str) -> bool {
    let words = literal.split_whitespace().collect::<Vec<_>>().join(" ").to_ascii_uppercase();
    STATEMENTS.iter().any(|(beginning, follows)| {
        words.split_once(beginning).is_some_and(|(before, rest)| {
            before.chars().all(|letter| !letter.is_alphanumeric())
                && rest.contains(follows.trim_start())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_passes() {
        let text = "//! SELECT a FROM b\nconst A: &str = \"cannot select a row from the table\";";
        assert!(check_file("crates/engine/src/a.rs", text).is_empty());
    }

    #[test]
    fn statements_are_found_even_inside_macros() {
        let text = "fn a() { b!(\"SELECT x\\n FROM y\"); c(\"insert into z values (1)\"); }\n\
                    const P: &str = \"PRAGMA user_version\";";
        let project =
            Project::of(&[("crates/engine/src/a.rs", text), ("crates/store/src/b.rs", text)]);
        let found = check(&project);
        assert_eq!(found.len(), 3);
        assert!(found.iter().all(|finding| finding.path.contains("engine")));
    }
}
