//! `responses.toml`: answers of the analyst's own, as rules.
//!
//! ```text
//!  [[rule]]
//!  when   = { port = 80, path = "/gate.php" }     ──▶ when    ──▶ Criterion, all of which must hold
//!  answer = { status = 200, body = "ok" }         ──▶ answer  ──▶ Answer
//! ```

mod answer;
mod content;
mod reference;
mod steps;
mod when;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use proto::responses::{Rule, Table};
use toml::Spanned;
use toml::de::DeValue;

use super::error::Error;
use super::fields::{Fields, entries};
use super::file::{Source, unknown};
use super::written::one_line;
use content::Folder;

pub use reference::responses_reference;

/// Where rules were read from, to know when they have to be read anew.
#[derive(Debug)]
pub struct OwnAnswers {
    file: PathBuf,
    /// Every file that was read.
    read: Vec<(PathBuf, Version)>,
}

/// When a file was last changed, and how long it is; nothing if it is not there.
type Version = Option<(SystemTime, u64)>;

/// Where the rules stand in the file.
const KEY: &str = "rule";

/// What a rule may say, with its meaning, for the parser and the reference.
const FIELDS: &[(&str, &str)] = &[
    ("name", "what it is called in records; without it its number, as in `rule 3`"),
    ("when", "what has to be so, all of it; without it the rule is for everything"),
    ("answer", "what is answered then: a table, or one of the words below"),
];

impl OwnAnswers {
    /// Reads a file, and those that it names. Gives the rules in their order.
    ///
    /// # Errors
    ///
    /// Something cannot be read, understood or used. The error says which line.
    pub fn load(path: &Path) -> Result<(Self, Table), Error> {
        let mut own = Self { file: path.to_owned(), read: Vec::new() };
        let table = own.load_anew()?;
        Ok((own, table))
    }

    /// The file with the rules.
    #[must_use]
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// The folders in which the files are that were read.
    pub fn folders(&self) -> impl Iterator<Item = &Path> {
        self.read.iter().filter_map(|(path, _)| path.parent()).map(|folder| {
            // The folder of a bare name.
            if folder == Path::new("") { Path::new(".") } else { folder }
        })
    }

    /// Reads the rules as they are now.
    ///
    /// # Errors
    ///
    /// As [`load`](Self::load). Until something changes, it is not stale then either.
    pub fn load_anew(&mut self) -> Result<Table, Error> {
        let folder = Folder::of(&self.file);
        // Before it is read: a change after that is found later.
        let own = [(self.file.clone(), version(&self.file))];
        let found = read_file(&self.file, &folder);
        self.read = own.into_iter().chain(folder.into_read()).collect();
        found
    }

    /// Whether a file that was read has changed since.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        self.read.iter().any(|(path, known)| version(path) != *known)
    }
}

fn version(path: &Path) -> Version {
    let known = fs::metadata(path).ok()?;
    Some((known.modified().ok()?, known.len()))
}

fn read_file(path: &Path, folder: &Folder) -> Result<Table, Error> {
    let text = fs::read_to_string(path)
        .map_err(|cause| Error::Responses { path: path.to_owned(), cause })?;
    read(Source { path, text: &text }, folder)
}

fn read(source: Source<'_>, folder: &Folder) -> Result<Table, Error> {
    let root = source.parse()?;
    if let Some((name, _)) = root.get_ref().iter().find(|(name, _)| name.get_ref() != KEY) {
        return Err(unknown(source, name, name.get_ref(), &mut [KEY].into_iter()));
    }
    let Some(value) = root.get_ref().get(KEY) else { return Ok(Table::default()) };
    let rules = entries(source, value, KEY, "rules")?.iter().enumerate().map(|(place, entry)| {
        let fields = Fields::of(source, KEY, entry, FIELDS)?;
        read_rule(&fields, place + 1, folder)
    });
    Ok(Table::new(rules.collect::<Result<_, _>>()?))
}

fn read_rule(fields: &Fields<'_>, number: usize, folder: &Folder) -> Result<Rule, Error> {
    let name = fields.text("name", "one line of text", filled_line)?;
    let criteria = match fields.value("when") {
        Some(value) => when::read(&table_in(fields, "when", value)?)?,
        None => Vec::new(),
    };
    let Some(value) = fields.value("answer") else { return Err(fields.incomplete("an answer")) };
    let answer = match value.get_ref().as_str() {
        Some(word) => answer::from_word(word)
            .ok_or_else(|| fields.wrong("answer", &answer::expected_word()))?,
        None => answer::read(&table_in(fields, "answer", value)?, folder)?,
    };
    Ok(Rule { name: name.unwrap_or_else(|| format!("rule {number}")), criteria, answer })
}

fn table_in<'a>(
    fields: &Fields<'a>,
    field: &str,
    value: &'a Spanned<DeValue<'a>>,
) -> Result<Fields<'a>, Error> {
    Fields::of_any(fields.source(), &fields.key_of(field), value)
}

/// A line with something in it.
fn filled_line(text: &str) -> Option<String> {
    one_line(text).filter(|line| !line.is_empty())
}

#[cfg(test)]
mod tests;
