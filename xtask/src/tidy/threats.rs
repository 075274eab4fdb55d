//! Every threat of THREAT_MODEL.md has a test that carries its number, or says why it has none.

use super::tokens::{Kind, tokens};
use super::{Finding, Project};

const PAGE: &str = "THREAT_MODEL.md";

/// How the page says that a threat has no test of its own.
const EXCUSE: &str = "No test:";

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let threats = threats(project.tree.text(PAGE).unwrap_or_default());
    let tested: Vec<(String, Finding)> = tests(project).collect();
    let is_tested = |number: &str| tested.iter().any(|(tested, _)| tested == number);
    let untested = threats
        .iter()
        .filter(|threat| !threat.is_excused && !is_tested(&threat.number))
        .map(|threat| {
            let complaint = format!("threat {} has no test and no `{EXCUSE}`", threat.number);
            Finding::new(PAGE, threat.line, complaint)
        });
    let unknown = |number: &String| threats.iter().all(|threat| threat.number != *number);
    let mut findings: Vec<Finding> = untested.collect();
    findings.extend(
        tested.into_iter().filter(|(number, _)| unknown(number)).map(|(_, finding)| finding),
    );
    findings
}

struct Threat {
    number: String,
    line: usize,
    is_excused: bool,
}

/// Every heading `### N. …`, with what its section says.
fn threats(page: &str) -> Vec<Threat> {
    let mut threats: Vec<Threat> = Vec::new();
    for (line, text) in (1..).zip(page.lines()) {
        let number = text.strip_prefix("### ").and_then(|rest| rest.split_once('.'));
        if let Some((number, _)) = number {
            threats.push(Threat { number: number.to_owned(), line, is_excused: false });
        } else if let Some(last) = threats.last_mut().filter(|_| text.contains(EXCUSE)) {
            last.is_excused = true;
        }
    }
    threats
}

/// Every function `threat_N_…`, with the finding that it is if there is no such threat.
fn tests(project: &Project) -> impl Iterator<Item = (String, Finding)> + '_ {
    project.tree.ending(".rs").flat_map(|(path, text)| {
        tokens(text).into_iter().filter_map(move |token| {
            let Kind::Ident(name) = token.kind else { return None };
            let (number, _) = name.strip_prefix("threat_")?.split_once('_')?;
            number.parse::<u32>().ok()?;
            let finding = Finding::new(path, token.line, format!("{PAGE} has no threat {number}"));
            Some((number.to_owned(), finding))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(page: &str, source: &str) -> Vec<String> {
        let project = Project::of(&[(PAGE, page), ("a.rs", source)]);
        check(&project).into_iter().map(|finding| finding.complaint).collect()
    }

    #[test]
    fn a_tested_or_excused_threat_passes() {
        let page = "### 1. A\n\ntext\n\n### 2. B\n\nNo test: it is outside of the program.\n";
        assert!(found(page, "fn threat_1_is_met() {}").is_empty());
    }

    #[test]
    fn a_threat_without_a_test_is_found() {
        assert_eq!(found("### 1. A\n", "")[0], "threat 1 has no test and no `No test:`");
    }

    #[test]
    fn a_test_without_a_threat_is_found() {
        assert_eq!(found("", "fn threat_7_is_met() {}")[0], "THREAT_MODEL.md has no threat 7");
    }
}
