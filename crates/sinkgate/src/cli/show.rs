//! `sinkgate show` and `sinkgate watch`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::Filter;

/// Show what was recorded.
///
/// Reads the database only; it may be in use by `lab` or `run` at the same time.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Show {
    /// What to show
    pub(crate) what: What,

    /// With `file`: its SHA-256, or as much of it as `show files` shows
    #[arg(value_name = "SHA256", required_if_eq("what", "file"), requires = "output", conflicts_with_all = FOR_ROWS)]
    pub(crate) hash: Option<String>,

    /// With `file`: where to write it; in a folder it is named by its hash; `-` is standard output
    #[arg(long, short, value_name = "PATH", required_if_eq("what", "file"), requires = "hash")]
    pub(crate) output: Option<PathBuf>,

    /// Database to read [default: the one written to last]
    #[arg(long, value_name = "FILE")]
    pub(crate) db: Option<PathBuf>,

    /// Show at most this many rows, the newest ones
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<usize>,

    /// In which form
    #[command(flatten)]
    form: FormFlags,

    /// Which rows
    #[command(flatten)]
    pub(crate) filter: Filter,
}

/// Show what happens, as it happens.
///
/// Follows a database that `lab` or `run` is writing, until interrupted.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  sinkgate watch\n  sinkgate watch --victim 192.168.50.7 --proto dns"
)]
pub(crate) struct Watch {
    /// Database to follow [default: the one written to last]
    #[arg(long, value_name = "FILE")]
    pub(crate) db: Option<PathBuf>,

    /// One JSON object per line
    #[arg(long)]
    pub(crate) json: bool,

    /// Which rows
    #[command(flatten)]
    pub(crate) filter: Filter,
}

/// What can be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum What {
    /// Every analysis in the database
    Runs,
    /// Files taken from what was said: uploads, attachments, bodies
    Files,
    /// One of them, byte for byte
    File,
    /// Whom victims called: connections and conversations
    Flows,
    /// What names they asked for, and what they were told
    Dns,
    /// What was said, byte for byte
    Data,
    /// What was understood: requests, broken rules, limits reached
    Events,
    /// Numbers that show whether everything accepted was recorded
    Counters,
    /// Other databases that records are carried to, and how far they have come
    Databases,
}

/// The flags that choose a form; at most one.
#[derive(Debug, Args)]
#[group(multiple = false)]
struct FormFlags {
    /// One JSON object per line
    #[arg(long)]
    json: bool,

    /// Comma-separated values with a header (RFC 4180)
    #[arg(long)]
    csv: bool,

    /// Bytes as text, control codes made visible (for data)
    #[arg(long)]
    text: bool,

    /// Bytes as a hex dump (for data; the default there)
    #[arg(long)]
    hex: bool,
}

/// The form in which rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Comma-separated values.
    Csv,
    /// Bytes as a hex dump.
    Hex,
    /// One JSON object per line.
    Json,
    /// Columns that fit the terminal.
    Table,
    /// Bytes as text.
    Text,
}

impl Show {
    /// The form asked for; `data` is a hex dump and all else a table.
    #[must_use]
    pub(crate) fn form(&self) -> Form {
        let asked = [
            (self.form.csv, Form::Csv),
            (self.form.hex, Form::Hex),
            (self.form.json, Form::Json),
            (self.form.text, Form::Text),
        ];
        let usual = if self.what == What::Data { Form::Hex } else { Form::Table };
        asked.into_iter().find(|(is_asked, _)| *is_asked).map_or(usual, |(_, form)| form)
    }
}

/// What chooses rows or their form, and so says nothing about one file.
const FOR_ROWS: [&str; 13] = [
    "limit", "json", "csv", "text", "hex", "run", "flow", "victim", "name", "port", "proto",
    "since", "grep",
];

const EXAMPLES: &str = "\
Examples:
  sinkgate show flows                            everything, newest last
  sinkgate show flows --port 6667 --since 10m    IRC in the last ten minutes
  sinkgate show dns --name '*.example.com'       one family of names
  sinkgate show data --grep hex:4d5a90           which flows carried a Windows program
  sinkgate show data --flow 0197f3 --text        one conversation, readable
  sinkgate show files --victim 192.168.50.7      what was stolen
  sinkgate show file 9f86d081 -o samples/        one of them, named by its hash
  sinkgate show counters                         was anything lost?";

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::super::{Cli, Command};
    use super::*;

    fn form(arguments: &[&str]) -> Option<Form> {
        let line = ["sinkgate", "show"].iter().chain(arguments);
        match Cli::try_parse_from(line).ok()?.command {
            Command::Show(show) => Some(show.form()),
            _ => None,
        }
    }

    #[test]
    fn data_is_a_hex_dump_and_the_rest_a_table_unless_asked() {
        assert_eq!(form(&["data"]), Some(Form::Hex));
        assert_eq!(form(&["flows"]), Some(Form::Table));
        assert_eq!(form(&["flows", "--json"]), Some(Form::Json));
        assert_eq!(form(&["data", "--text"]), Some(Form::Text));
    }

    #[test]
    fn a_file_takes_a_hash_and_a_place_and_nothing_that_chooses_rows() {
        assert!(form(&["file", "9f86", "-o", "-"]).is_some());
        assert!(form(&["file", "9f86"]).is_none());
        assert!(form(&["file", "-o", "-"]).is_none());
        for flag in FOR_ROWS {
            let flag = format!("--{flag}");
            let is_switch = ["--json", "--csv", "--text", "--hex"].contains(&&*flag);
            let value: &[&str] = if is_switch { &[] } else { &["1"] };
            let line = [&["file", "9f86", "-o", "-", &flag], value].concat();
            assert!(form(&line).is_none(), "{flag}");
        }
    }

    #[test]
    fn two_forms_at_once_are_refused() {
        assert_eq!(form(&["flows", "--json", "--csv"]), None);
    }
}
