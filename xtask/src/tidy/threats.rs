//! Every threat of THREAT_MODEL.md has a test that carries its number, or says why it has none.

use super::tokens::{Kind, tokens};
use super::{Finding, Project};

const PAGE: &str = "THREAT_MODEL.md";

/// How the page says that a threat has no test of its own.
const EXCUSE: &str = "No test:";

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let threats = threats(project.tree.text(PAGE).unwrap_or_default());
    let tests: Vec<(String, Finding)> = tests(project).collect();
    let is_tested = |threat: &Threat| tests.iter().any(|(number, _)| *number == threat.number);
    let mut findings: Vec<Finding> =
        threats.iter().filter_map(|threat| complaint(threat, is_tested(threat))).collect();
    let is_known = |number: &str| threats.iter().any(|threat| threat.number == number);
    let unknown = tests.into_iter().filter(|(number, _)| !is_known(number));
    findings.extend(unknown.map(|(_, finding)| finding));
    findings
}

fn complaint(threat: &Threat, is_tested: bool) -> Option<Finding> {
    let complaint = match (is_tested, threat.is_excused) {
        (false, false) => format!("threat {} has no test and no `{EXCUSE}`", threat.number),
        (true, true) => format!("threat {} has a test: take out its `{EXCUSE}`", threat.number),
        _ => return None,
    };
    Some(Finding::new(PAGE, threat.line, complaint))
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
    fn an_excuse_that_is_no_longer_needed_is_found() {
        let page = "### 1. A\n\nNo test: not yet.\n";
        let found = found(page, "fn threat_1_is_met() {}");
        assert_eq!(found, ["threat 1 has a test: take out its `No test:`"]);
    }

    #[test]
    fn a_test_without_a_threat_is_found() {
        assert_eq!(found("", "fn threat_7_is_met() {}")[0], "THREAT_MODEL.md has no threat 7");
    }
}
