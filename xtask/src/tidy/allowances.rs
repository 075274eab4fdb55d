//! A lint is obeyed, or expected not to be with a reason; never allowed away.

use super::tokens::{Kind, Token, tokens};
use super::{Finding, Project};

pub(super) fn check(project: &Project) -> Vec<Finding> {
    project.tree.ending(".rs").flat_map(|(path, text)| check_file(path, text)).collect()
}

fn check_file(path: &str, text: &str) -> Vec<Finding> {
    let tokens = tokens(text);
    let allowed = tokens.windows(2).filter(|pair| is_allowance(pair));
    allowed
        .filter_map(|pair| pair.first())
        .map(|token| Finding::new(path, token.line, "write `#[expect(…, reason = \"…\")]`"))
        .collect()
}

fn is_allowance(pair: &[Token]) -> bool {
    let [first, second] = pair else { return false };
    first.kind == Kind::Attribute && second.kind == Kind::Ident("allow".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expectations_pass() {
        let text = "#![expect(clippy::x, reason = \"y\")]\nfn allow() {}\n// #[allow(x)]\n";
        assert!(check_file("a.rs", text).is_empty());
    }

    #[test]
    fn allowances_are_found_in_both_forms() {
        let found = check_file("a.rs", "#![allow(x)]\n\n#[allow(y)]\nfn a() {}\n");
        assert_eq!(found.iter().map(|finding| finding.line).collect::<Vec<_>>(), [1, 3]);
    }
}
