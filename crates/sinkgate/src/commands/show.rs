//! `sinkgate show`.

mod file;

use std::io::{self, BufWriter};
use std::process::ExitCode;

use anyhow::{Result, bail};
use readers::show::{Form, Wanted, What, show};
use store::{Limited, Reader};

use super::look;
use crate::cli;
use crate::paths::Paths;

/// Writes what was asked for: rows to standard output, or one file to where it was to go.
pub(crate) fn run(asked: &cli::Show, paths: &Paths) -> Result<ExitCode> {
    let reader = look::reader(asked.db.as_ref(), paths)?;
    match (rows(asked.what), &asked.hash, &asked.output) {
        (Some(what), None, None) => show_rows(&reader, what, asked),
        (None, Some(hash), Some(place)) => file::write(&reader, hash, place),
        _ => bail!("a hash and --output belong to `sinkgate show file` and to nothing else"),
    }
}

fn show_rows(reader: &Reader, what: What, asked: &cli::Show) -> Result<ExitCode> {
    let wanted = Wanted {
        what,
        filter: look::filter(&asked.filter)?,
        limit: asked.limit.map_or(Limited::All, Limited::Newest),
    };
    let mut out = BufWriter::new(io::stdout().lock());
    show(reader, &wanted, (form(asked.form()), look::view()), &mut out)?;
    Ok(ExitCode::SUCCESS)
}

/// Which rows; a file is none.
fn rows(asked: cli::What) -> Option<What> {
    match asked {
        cli::What::Counters => Some(What::Counters),
        cli::What::Data => Some(What::Data),
        cli::What::Databases => Some(What::Databases),
        cli::What::Dns => Some(What::Dns),
        cli::What::Events => Some(What::Events),
        cli::What::File => None,
        cli::What::Files => Some(What::Files),
        cli::What::Flows => Some(What::Flows),
        cli::What::Runs => Some(What::Runs),
    }
}

fn form(asked: cli::Form) -> Form {
    match asked {
        cli::Form::Csv => Form::Csv,
        cli::Form::Hex => Form::Hex,
        cli::Form::Json => Form::Json,
        cli::Form::Table => Form::Table,
        cli::Form::Text => Form::Text,
    }
}
