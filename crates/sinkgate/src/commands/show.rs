//! `sinkgate show`.

use std::io::{self, BufWriter};
use std::process::ExitCode;

use anyhow::Result;
use readers::show::{Form, Wanted, What, show};
use store::Limited;

use super::look;
use crate::cli;
use crate::paths::Paths;

/// Writes what was asked for to standard output.
pub(crate) fn run(asked: &cli::Show, paths: &Paths) -> Result<ExitCode> {
    let reader = look::reader(asked.db.as_ref(), paths)?;
    let wanted = Wanted {
        what: what(asked.what),
        filter: look::filter(&asked.filter)?,
        limit: asked.limit.map_or(Limited::All, Limited::Newest),
    };
    let mut out = BufWriter::new(io::stdout().lock());
    show(&reader, &wanted, (form(asked.form()), look::view()), &mut out)?;
    Ok(ExitCode::SUCCESS)
}

fn what(asked: cli::What) -> What {
    match asked {
        cli::What::Counters => What::Counters,
        cli::What::Data => What::Data,
        cli::What::Databases => What::Databases,
        cli::What::Dns => What::Dns,
        cli::What::Events => What::Events,
        cli::What::Flows => What::Flows,
        cli::What::Runs => What::Runs,
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
