//! Licences and sources of everything we are built on.
//!
//! cargo-deny does this, and looks for published vulnerabilities too. Where it is not installed,
//! licences and sources are checked here against the same `deny.toml`; the screen says so.

use std::path::Path;

use anyhow::{Context, Result, bail};
use cargo_metadata::Package;

use crate::program::Program;
use crate::screen;
use crate::workspace;

/// Checks with cargo-deny, or here.
pub(crate) fn run(root: &Path) -> Result<()> {
    if Program::cargo(&["deny", "--version"]).succeeds() {
        return Program::cargo(&["deny", "--all-features", "check"]).run();
    }
    screen::line(format_args!(
        "cargo-deny is not installed: licences and sources are checked, vulnerabilities are not"
    ));
    let rules = Rules::read(&std::fs::read_to_string(root.join("deny.toml"))?)?;
    let metadata = workspace::metadata(root)?;
    let others = metadata.packages.iter().filter(|package| package.source.is_some());
    let complaints: Vec<String> = others.filter_map(|one| complaint(one, &rules)).collect();
    complaints.iter().for_each(|complaint| screen::line(format_args!("  {complaint}")));
    if !complaints.is_empty() {
        bail!("{} crates cannot be used", complaints.len());
    }
    Ok(())
}

/// What `deny.toml` says about licences.
struct Rules {
    /// Those it accepts.
    allowed: Vec<String>,
    /// Crates whose manifest does not name theirs, with what it is.
    clarified: Vec<(String, String)>,
}

impl Rules {
    fn read(text: &str) -> Result<Self> {
        let settings: toml::Table = text.parse().context("deny.toml is not TOML")?;
        let list = |name| settings.get("licenses").and_then(|rules| rules.get(name)?.as_array());
        let allowed = list("allow").context("deny.toml has no list licenses.allow")?;
        let allowed = allowed.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect();
        let clarified = list("clarify").into_iter().flatten().filter_map(|entry| {
            let word = |name| entry.get(name)?.as_str().map(str::to_owned);
            Some((word("crate")?, word("expression")?))
        });
        Ok(Self { allowed, clarified: clarified.collect() })
    }

    fn licence<'a>(&'a self, package: &'a Package) -> &'a str {
        let clarified = self.clarified.iter().find(|(name, _)| **name == *package.name);
        let stated = || package.license.as_deref().unwrap_or_default();
        clarified.map_or_else(stated, |(_, licence)| licence)
    }
}

fn complaint(package: &Package, rules: &Rules) -> Option<String> {
    let name = &package.name;
    if !package.source.as_ref().is_some_and(cargo_metadata::Source::is_crates_io) {
        return Some(format!("{name} does not come from the public registry"));
    }
    let licence = rules.licence(package);
    (!is_accepted(licence, &rules.allowed)).then(|| format!("{name} is under {licence:?}"))
}

/// Whether an SPDX expression can be met: any side of an `OR`, both sides of an `AND`, which binds
/// tighter (SPDX annex D).
fn is_accepted(expression: &str, allowed: &[String]) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let mut words = spaced.split_whitespace().peekable();
    let met = alternatives(&mut words, allowed);
    met == Some(true) && words.next().is_none()
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

/// Terms with `OR` between them; `None` if this is no expression.
fn alternatives(words: &mut Words<'_>, allowed: &[String]) -> Option<bool> {
    let mut met = together(words, allowed)?;
    while words.next_if_eq(&"OR").is_some() {
        met |= together(words, allowed)?;
    }
    Some(met)
}

/// Terms with `AND` between them.
fn together(words: &mut Words<'_>, allowed: &[String]) -> Option<bool> {
    let mut met = licence(words, allowed)?;
    while words.next_if_eq(&"AND").is_some() {
        met &= licence(words, allowed)?;
    }
    Some(met)
}

/// One licence, with its exception if it has one, or an expression in brackets.
fn licence(words: &mut Words<'_>, allowed: &[String]) -> Option<bool> {
    let mut name = words.next()?.to_owned();
    if name == "(" {
        let met = alternatives(words, allowed)?;
        return words.next_if_eq(&")").map(|_| met);
    }
    if words.next_if_eq(&"WITH").is_some() {
        name = format!("{name} WITH {}", words.next()?);
    }
    Some(allowed.contains(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepted(expression: &str) -> bool {
        is_accepted(expression, &["MIT".to_owned(), "Apache-2.0".to_owned()])
    }

    #[test]
    fn expressions_are_understood() {
        for fine in [
            "MIT",
            "GPL-3.0 OR MIT",
            "MIT/Apache-2.0",
            "MIT AND (GPL-3.0 OR MIT)",
            "(MIT OR X) AND MIT",
        ] {
            assert!(accepted(fine), "{fine}");
        }
        for not in ["", "GPL-3.0", "MIT AND GPL-3.0", "MIT AND (GPL-3.0 OR X)", "(MIT", "MIT MIT"] {
            assert!(!accepted(not), "{not}");
        }
    }

    #[test]
    fn the_list_is_read() {
        let rules = Rules::read(
            "[licenses]\nallow = ['MIT']\nclarify = [{ crate = 'a', expression = 'ISC' }]",
        );
        let rules = rules.unwrap();
        assert_eq!(rules.allowed, ["MIT"]);
        assert_eq!(rules.clarified, [("a".to_owned(), "ISC".to_owned())]);
        assert!(Rules::read("[bans]").is_err());
    }
}
