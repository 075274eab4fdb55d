//! Every link and every path in the documents leads somewhere.

use super::{Finding, Project};

/// Folders at the root: a code span that begins with one is a path.
const FOLDERS: &[&str] =
    &[".ci/", "changes.d/", "completions/", "crates/", "docs/", "fuzz/", "tools/", "xtask/"];

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let pages = project.tree.ending(".md").flat_map(|(path, text)| check_page(project, path, text));
    let sources = project.tree.ending(".rs").filter(|(path, _)| !path.starts_with("xtask/"));
    pages.chain(sources.flat_map(|(path, text)| check_comments(project, path, text))).collect()
}

fn check_page(project: &Project, path: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (line, text) in prose(text) {
        let dead = link_targets(text).filter(|target| !leads_somewhere(project, path, target));
        findings.extend(
            dead.map(|target| {
                Finding::new(path, line, format!("the link to {target} leads nowhere"))
            }),
        );
        findings.extend(dead_paths(project, path, line, text));
    }
    findings
}

fn check_comments(project: &Project, path: &str, text: &str) -> Vec<Finding> {
    let comments = (1..).zip(text.lines()).filter(|(_, line)| line.trim_start().starts_with("//"));
    comments.flat_map(|(line, text)| dead_paths(project, path, line, text)).collect()
}

fn dead_paths(project: &Project, path: &str, line: usize, text: &str) -> Vec<Finding> {
    let dead = code_spans(text).filter(|span| is_path(span) && !project.tree.has(span));
    dead.map(|span| Finding::new(path, line, format!("there is no {span}"))).collect()
}

/// The lines outside of blocks of code, with their numbers.
fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut in_block = false;
    (1..).zip(text.lines()).filter(move |(_, line)| {
        let is_fence = line.trim_start().starts_with("```");
        in_block ^= is_fence;
        !in_block && !is_fence
    })
}

/// What stands in the round brackets of `[text](target)`.
fn link_targets(line: &str) -> impl Iterator<Item = &str> {
    line.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target)
}

/// What stands between backticks.
fn code_spans(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

/// Whether this names one file or folder of the project, not a pattern of names.
fn is_path(span: &str) -> bool {
    let plain = |letter: char| {
        letter.is_ascii_lowercase() || letter.is_ascii_digit() || "/._-".contains(letter)
    };
    FOLDERS.iter().any(|folder| span.starts_with(folder)) && span.chars().all(plain)
}

fn leads_somewhere(project: &Project, page: &str, target: &str) -> bool {
    if target.contains("://") || target.starts_with("mailto:") {
        return true;
    }
    let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
    let path = if file.is_empty() { page.to_owned() } else { resolve(page, file) };
    let has_anchor =
        || headings(project.tree.text(&path).unwrap_or_default()).any(|one| one == anchor);
    project.tree.has(&path) && (anchor.is_empty() || has_anchor())
}

/// A path from the root, for one that is relative to a page.
fn resolve(page: &str, target: &str) -> String {
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in target.split('/').filter(|part| !part.is_empty()) {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// The anchors of a page's headings, as they are commonly made.
fn headings(text: &str) -> impl Iterator<Item = String> + '_ {
    let headings = prose(text).filter(|(_, line)| line.starts_with('#'));
    headings.map(|(_, line)| {
        let words = line.trim_start_matches('#').trim().to_lowercase();
        let kept =
            words.chars().filter(|letter| letter.is_alphanumeric() || " -_".contains(*letter));
        kept.map(|letter| if letter == ' ' { '-' } else { letter }).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(page: &str) -> Vec<String> {
        let project = Project::of(&[
            ("docs/a.md", page),
            ("docs/b.md", "# The page\n\n## How it's done\n"),
            ("crates/x/src/lib.rs", "//! X.\n"),
        ]);
        check(&project).into_iter().map(|finding| finding.to_string()).collect()
    }

    #[test]
    fn links_that_lead_somewhere_pass() {
        let page = "# Here\n[b](b.md) [b](../docs/b.md#how-its-done) [x](../crates/x) [h](#here)\n\
                    `crates/x/src/lib.rs` `crates/NAME/src` `docs/*.md`\n\
                    ```\n[not](a-link.md) `docs/none.md`\n```\n";
        assert_eq!(found(page), Vec::<String>::new());
    }

    #[test]
    fn links_that_do_not_are_found() {
        assert_eq!(found("\n[c](c.md)"), ["docs/a.md:2: the link to c.md leads nowhere"]);
        assert_eq!(found("[b](b.md#gone)"), ["docs/a.md:1: the link to b.md#gone leads nowhere"]);
        assert_eq!(found("see `docs/c.md`"), ["docs/a.md:1: there is no docs/c.md"]);
    }

    #[test]
    fn paths_in_comments_of_sources_are_followed_too() {
        let project =
            Project::of(&[("a.rs", "//! See `docs/gone.md`.\nlet a = \"`docs/no.md`\";\n")]);
        assert_eq!(check(&project).len(), 1);
    }
}
