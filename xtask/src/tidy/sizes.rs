//! Files under 600 lines of code, functions under 60; lines of comment and blank lines are free.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use super::{Finding, Project};

/// Longest file. From [`QUESTIONABLE_FILE`] on, ask whether it is about one thing.
const LONGEST_FILE: usize = 600;

const QUESTIONABLE_FILE: usize = 400;

/// Longest function.
const LONGEST_FUNCTION: usize = 60;

/// Files and functions that may be longer, each with its reason. This list only shrinks.
const EXCEPTIONS: &[(&str, &str)] = &[];

pub(super) fn check(project: &Project) -> Vec<Finding> {
    project.tree.ending(".rs").flat_map(|(path, text)| check_file(path, text)).collect()
}

/// Medians and the longest files, for the screen.
pub(super) fn summary(project: &Project) -> String {
    let sources: Vec<(&str, &str)> = project.tree.ending(".rs").collect();
    let mut lengths: Vec<usize> = sources
        .iter()
        .filter_map(|(_, text)| functions(text).ok())
        .flatten()
        .map(|function| function.lines)
        .collect();
    lengths.sort_unstable();
    let questionable = sources.iter().filter(|(_, text)| code_lines(text) > QUESTIONABLE_FILE);
    let long: Vec<&str> = questionable.map(|(path, _)| *path).collect();
    format!(
        "{} files; {} functions: median {} lines, 95th percentile {}, longest {}; over {QUESTIONABLE_FILE} lines: {}",
        sources.len(),
        lengths.len(),
        percentile(&lengths, 50),
        percentile(&lengths, 95),
        percentile(&lengths, 100),
        if long.is_empty() { "none".to_owned() } else { long.join(", ") },
    )
}

fn check_file(path: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let length = code_lines(text);
    if length > LONGEST_FILE && !is_exception(path) {
        findings.push(Finding::new(
            path,
            0,
            format!("{length} lines of code; at most {LONGEST_FILE}"),
        ));
    }
    match functions(text) {
        Ok(functions) => findings.extend(functions.iter().filter_map(|one| one.complaint(path))),
        Err(error) => {
            findings.push(Finding::new(
                path,
                error.span().start().line,
                format!("is not Rust: {error}"),
            ));
        }
    }
    findings
}

fn is_exception(what: &str) -> bool {
    EXCEPTIONS.iter().any(|(name, _)| *name == what)
}

struct Function {
    name: String,
    line: usize,
    lines: usize,
}

impl Function {
    fn complaint(&self, path: &str) -> Option<Finding> {
        if self.lines <= LONGEST_FUNCTION || is_exception(&format!("{path}::{}", self.name)) {
            return None;
        }
        let complaint =
            format!("`{}` has {} lines of code; at most {LONGEST_FUNCTION}", self.name, self.lines);
        Some(Finding::new(path, self.line, complaint))
    }
}

fn functions(text: &str) -> syn::Result<Vec<Function>> {
    let file = syn::parse_file(text)?;
    let mut collector = Collector { lines: text.lines().collect(), found: Vec::new() };
    collector.visit_file(&file);
    Ok(collector.found)
}

struct Collector<'a> {
    lines: Vec<&'a str>,
    found: Vec<Function>,
}

impl Collector<'_> {
    fn add(&mut self, name: &syn::Ident, body: Span) {
        let (first, last) = (body.start().line, body.end().line);
        let inside = self.lines.get(first..last.saturating_sub(1)).unwrap_or_default();
        let lines = inside.iter().filter(|line| is_code(line)).count().max(1);
        self.found.push(Function { name: name.to_string(), line: first, lines });
    }
}

impl<'ast> Visit<'ast> for Collector<'_> {
    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.add(&function.sig.ident, function.block.span());
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.add(&function.sig.ident, function.block.span());
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast syn::TraitItemFn) {
        if let Some(body) = &function.default {
            self.add(&function.sig.ident, body.span());
        }
        visit::visit_trait_item_fn(self, function);
    }
}

fn code_lines(text: &str) -> usize {
    text.lines().filter(|line| is_code(line)).count()
}

fn is_code(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && !line.starts_with("//")
}

fn percentile(sorted: &[usize], percent: usize) -> usize {
    let place = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(place).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn function_of(lines: usize) -> String {
        format!("//! A.\nfn long() {{\n{}}}\n", "    step();\n".repeat(lines))
    }

    #[test]
    fn what_is_small_passes() {
        assert!(check_file("a.rs", &function_of(60)).is_empty());
    }

    #[test]
    fn comments_and_blank_lines_are_free() {
        let text = function_of(60).replace("fn long() {\n", "fn long() {\n\n    // why\n");
        assert!(check_file("a.rs", &text).is_empty());
    }

    #[test]
    fn a_long_function_is_found_wherever_it_is() {
        let body = "    step();\n".repeat(61);
        for text in [
            function_of(61),
            format!("impl A {{\n fn long() {{\n{body} }}\n}}\n"),
            format!("trait A {{\n fn long() {{\n{body} }}\n}}\n"),
        ] {
            let found = check_file("a.rs", &text);
            assert_eq!(found.len(), 1);
            assert!(found[0].complaint.starts_with("`long` has 61 lines"), "{}", found[0]);
        }
    }

    #[test]
    fn a_long_file_is_found() {
        assert!(check_file("a.rs", &"const A: u8 = 0;\n".repeat(600)).is_empty());
        assert_eq!(check_file("a.rs", &"const A: u8 = 0;\n".repeat(601)).len(), 1);
    }

    #[test]
    fn percentiles_are_of_the_nearest_rank() {
        let sorted: Vec<usize> = (1..=100).collect();
        assert_eq!(percentile(&sorted, 50), 50);
        assert_eq!(percentile(&sorted, 95), 95);
        assert_eq!(percentile(&sorted, 100), 100);
        assert_eq!(percentile(&[], 50), 0);
    }
}
