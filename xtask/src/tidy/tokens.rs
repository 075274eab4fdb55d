//! Source text as a flat list of tokens, without documentation: what a check can search.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// One token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) line: usize,
    pub(super) kind: Kind,
}

/// What it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// An attribute opens; its name follows.
    Attribute,
    /// A name or a keyword.
    Ident(String),
    /// A literal, as written.
    Literal(String),
    /// One character of punctuation, or a bracket.
    Punct(char),
}

/// The tokens of a file; none if it is not Rust, which the check of sizes reports.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut found = Vec::new();
    if let Ok(stream) = text.parse::<TokenStream>() {
        flatten(stream, &mut found);
    }
    found
}

/// The lines on which one of these names stands.
pub(super) fn lines_with(text: &str, names: &[&str]) -> Vec<(usize, String)> {
    let named = |token: Token| match token.kind {
        Kind::Ident(name) if names.contains(&name.as_str()) => Some((token.line, name)),
        _ => None,
    };
    tokens(text).into_iter().filter_map(named).collect()
}

fn flatten(stream: TokenStream, found: &mut Vec<Token>) {
    let mut trees = stream.into_iter().peekable();
    while let Some(tree) = trees.next() {
        let line = tree.span().start().line;
        let kind = match tree {
            TokenTree::Group(group) if is_documentation(&group) => {
                found.pop();
                continue;
            }
            TokenTree::Group(group) => {
                flatten(group.stream(), found);
                continue;
            }
            TokenTree::Ident(name) => Kind::Ident(name.to_string()),
            TokenTree::Literal(literal) => Kind::Literal(literal.to_string()),
            TokenTree::Punct(punct) if punct.as_char() == '#' => {
                trees.next_if(
                    |next| matches!(next, TokenTree::Punct(next) if next.as_char() == '!'),
                );
                Kind::Attribute
            }
            TokenTree::Punct(punct) => Kind::Punct(punct.as_char()),
        };
        found.push(Token { line, kind });
    }
}

/// Whether this is the `[doc = "…"]` that a comment of documentation becomes.
fn is_documentation(group: &proc_macro2::Group) -> bool {
    let first = group.stream().into_iter().next();
    group.delimiter() == Delimiter::Bracket
        && matches!(first, Some(TokenTree::Ident(name)) if name == "doc")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documentation_is_left_out_and_code_is_not() {
        let text = "//! SELECT in a sentence\n/// more\n#[cfg(test)]\nfn a() { b!(\"SELECT\") }\n";
        let found = tokens(text);
        assert_eq!(found[0], Token { line: 3, kind: Kind::Attribute });
        let literals = found.iter().filter(|token| matches!(token.kind, Kind::Literal(_)));
        assert_eq!(literals.count(), 1);
    }

    #[test]
    fn names_are_found_with_their_lines() {
        assert_eq!(lines_with("fn a() {\n  x::now()\n}", &["now"]), [(2, "now".to_owned())]);
        assert!(lines_with("fn a() { \"now\" } // now", &["now"]).is_empty());
    }
}
