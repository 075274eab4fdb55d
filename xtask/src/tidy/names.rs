//! Names say what a thing is or does.

use super::tokens::{Kind, Token, tokens};
use super::{Finding, Project};

/// Parts of type names that say nothing.
const EMPTY_WORDS: &[&str] = &["Manager", "Handler", "Helper", "Util", "Base"];

pub(super) fn check(project: &Project) -> Vec<Finding> {
    project.tree.ending(".rs").flat_map(|(path, text)| check_file(path, text)).collect()
}

fn check_file(path: &str, text: &str) -> Vec<Finding> {
    let tokens = tokens(text);
    tokens.windows(2).filter_map(|pair| complaint(pair, path)).collect()
}

fn complaint(pair: &[Token], path: &str) -> Option<Finding> {
    let [Token { kind: Kind::Ident(keyword), .. }, Token { kind: Kind::Ident(name), line }] = pair
    else {
        return None;
    };
    let complaint = match keyword.as_str() {
        "fn" if name.starts_with("get_") => format!("`{name}`: leave out `get_`"),
        "struct" | "enum" | "trait" | "type" => {
            let word = EMPTY_WORDS.iter().find(|word| name.ends_with(**word))?;
            format!("`{name}`: `{word}` does not say what it is")
        }
        _ => return None,
    };
    Some(Finding::new(path, *line, complaint))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_names_pass() {
        assert!(check_file("a.rs", "fn target() {} struct Handled; enum Managers {}").is_empty());
    }

    #[test]
    fn empty_names_are_found() {
        let found = check_file("a.rs", "fn get_it() {}\nstruct FlowManager;\ntrait SqlHelper {}");
        assert_eq!(found.iter().map(|finding| finding.line).collect::<Vec<_>>(), [1, 2, 3]);
    }
}
