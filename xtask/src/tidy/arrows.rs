//! Crates depend only on what the table of ARCHITECTURE.md allows, and on no library that would
//! make their sentence untrue.

use super::architecture::{Allowed, PAGE, Row, rows};
use super::{Finding, Project};
use crate::workspace::Crate;

/// Libraries that only some crates may be built on.
const CONFINED: &[(&str, &[&str])] = &[
    ("mysql", &["store"]),
    ("rusqlite", &["store"]),
    ("nix", &["kernel", "sinkgate"]),
    ("socket2", &["kernel", "engine", "sinkgate"]),
    // The store waits with it for PostgreSQL, on a thread of its own, and nowhere else.
    ("tokio", &["engine", "sinkgate", "store"]),
    ("tokio-postgres", &["store"]),
    // Of packets that come, and of packets that were captured.
    ("etherparse", &["kernel", "proto"]),
    ("hickory-proto", &["proto"]),
    ("httparse", &["proto"]),
    ("syslog_loose", &["proto"]),
];

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let rows = rows(project.tree.text(PAGE).unwrap_or_default());
    let missing = rows.iter().filter(|row| project.crates.iter().all(|one| one.name != row.name));
    let mut findings: Vec<Finding> = missing
        .map(|row| Finding::new(PAGE, 0, format!("there is no crate `{}`", row.name)))
        .collect();
    for one in &project.crates {
        match rows.iter().find(|row| row.name == one.name) {
            Some(row) => findings.extend(arrows(one, row, &rows)),
            None => findings.push(Finding::new(PAGE, 0, format!("`{}` has no row", one.name))),
        }
    }
    findings
}

fn arrows(one: &Crate, row: &Row, rows: &[Row]) -> Vec<Finding> {
    let refused = one.depends_on.iter().filter(|other| !may_use(row, other, rows));
    refused
        .map(|other| {
            Finding::new(&one.main_file, 0, format!("`{}` may not use `{other}`", one.name))
        })
        .collect()
}

fn may_use(row: &Row, other: &str, rows: &[Row]) -> bool {
    if row.may_use == Allowed::Development {
        return true;
    }
    let Some(target) = rows.iter().find(|row| row.name == other) else {
        let confined = CONFINED.iter().find(|(library, _)| *library == other);
        return confined.is_none_or(|(_, crates)| crates.contains(&row.name.as_str()));
    };
    match &row.may_use {
        Allowed::Only(names) => names.contains(&target.name),
        Allowed::Development | Allowed::Everything => target.may_use != Allowed::Development,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "## Crates\n| `model` | W. | – |\n| `readers` | R. | model, store |\n\
                         | `store` | S. | model |\n| `app` | A. | all |\n| `kit` | K. | development |\n";

    fn found(name: &str, depends_on: &[&str]) -> Vec<String> {
        let depends_on = depends_on.iter().map(|name| (*name).to_owned()).collect();
        let one = Crate { name: name.to_owned(), depends_on, ..Crate::default() };
        let rows = rows(TABLE);
        let row = rows.iter().find(|row| row.name == name).unwrap();
        arrows(&one, row, &rows).into_iter().map(|finding| finding.complaint).collect()
    }

    #[test]
    fn allowed_arrows_pass() {
        assert!(found("readers", &["model", "store", "serde"]).is_empty());
        assert!(found("store", &["model", "rusqlite"]).is_empty());
        assert!(found("kit", &["app", "rusqlite"]).is_empty());
    }

    #[test]
    fn arrows_that_are_not_in_the_table_are_found() {
        assert_eq!(found("store", &["readers"]), ["`store` may not use `readers`"]);
        assert_eq!(found("app", &["model", "kit"]), ["`app` may not use `kit`"]);
    }

    #[test]
    fn a_library_stays_where_it_belongs() {
        assert_eq!(found("readers", &["rusqlite"]), ["`readers` may not use `rusqlite`"]);
    }

    #[test]
    fn a_crate_without_a_row_and_a_row_without_a_crate_are_found() {
        let one = Crate { name: "new".to_owned(), ..Crate::default() };
        let tree = crate::tree::Tree::of(&[(PAGE, "## Crates\n| `old` | O. | – |\n")]);
        let found = check(&Project { tree, crates: vec![one] });
        assert_eq!(found.len(), 2);
    }
}
