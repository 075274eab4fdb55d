//! Every row of the protocol table has a talk, a fuzz seed and a page.

use std::collections::BTreeSet;

use syn::visit::{self, Visit};

use super::{Finding, Project};

const FOLDER: &str = "crates/proto/src/";

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let mut findings = Vec::new();
    for name in names(project) {
        let wanted = [
            (format!("crates/proto/tests/talks/{name}-"), "a talk"),
            (format!("fuzz/corpus/machine/{name}-"), "a fuzz seed"),
            (format!("docs/reference/protocols/{name}.md"), "a page"),
        ];
        let missing = wanted.iter().filter(|(path, _)| !project.tree.has_path_from(path));
        findings.extend(missing.map(|(path, what)| {
            Finding::new(path, 0, format!("the protocol `{name}` has no {}", &what[2..]))
        }));
    }
    findings
}

/// The names of all rows.
fn names(project: &Project) -> BTreeSet<String> {
    let sources = project.tree.ending("/mod.rs").filter(|(path, _)| path.starts_with(FOLDER));
    let mut rows = Rows::default();
    for file in sources.filter_map(|(_, text)| syn::parse_file(text).ok()) {
        rows.visit_file(&file);
    }
    rows.names
}

#[derive(Default)]
struct Rows {
    names: BTreeSet<String>,
}

impl<'ast> Visit<'ast> for Rows {
    fn visit_expr_struct(&mut self, literal: &'ast syn::ExprStruct) {
        if literal.path.is_ident("Protocol") {
            self.names.extend(literal.fields.iter().filter_map(name_in));
        }
        visit::visit_expr_struct(self, literal);
    }
}

fn name_in(field: &syn::FieldValue) -> Option<String> {
    let is_name = matches!(&field.member, syn::Member::Named(name) if name == "name");
    match &field.expr {
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) if is_name => {
            Some(text.value())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: (&str, &str) = (
        "crates/proto/src/finger/mod.rs",
        "pub(crate) const P: Protocol = Protocol { name: \"finger\", ports: &[79], probe, start };",
    );

    #[test]
    fn a_row_with_all_three_passes() {
        let project = Project::of(&[
            ROW,
            ("crates/proto/tests/talks/finger-answers.talk", ""),
            ("fuzz/corpus/machine/finger-query", ""),
            ("docs/reference/protocols/finger.md", ""),
        ]);
        assert!(check(&project).is_empty());
    }

    #[test]
    fn what_a_row_lacks_is_found() {
        let found = check(&Project::of(&[ROW, ("fuzz/corpus/machine/finger-query", "")]));
        let complaints: Vec<&str> = found.iter().map(|one| one.complaint.as_str()).collect();
        assert_eq!(
            complaints,
            ["the protocol `finger` has no talk", "the protocol `finger` has no page"]
        );
    }
}
