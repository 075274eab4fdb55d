//! `sinkgate init-db`.

use std::io::{self, BufRead, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use store::follow::{self, Prepared, Reset, Target};
use store::{Writer, WriterSettings};

use super::Scene;
use crate::cli;
use crate::config::password_in_environment;
use crate::program::print;

/// Prepares every database that was named, or else those of the configuration.
pub(crate) fn run(asked: &cli::InitDb, scene: &Scene) -> Result<ExitCode> {
    let is_file = asked.files().next().is_some();
    let others: &[Target] = match is_file && asked.others().next().is_none() {
        true => &[],
        false => &scene.config.databases,
    };
    if others.is_empty() && !is_file {
        bail!("no database is named: use --database URL, or [[database]] in the configuration");
    }
    asked.files().try_for_each(|path| file(asked, path))?;
    others.iter().try_for_each(|target| other(asked, target))?;
    Ok(ExitCode::SUCCESS)
}

fn file(asked: &cli::InitDb, path: &Path) -> Result<()> {
    if asked.print {
        return print(&store::schema().context("cannot tell what is in a new file")?).map(drop);
    }
    if asked.reset {
        bail!("{} is a file: to begin anew, remove it", path.display());
    }
    drop(Writer::open(path, WriterSettings::default())?);
    print(&format!("{} is ready\n", path.display())).map(drop)
}

fn other(asked: &cli::InitDb, target: &Target) -> Result<()> {
    if asked.print {
        return print(&follow::statements(target)).map(drop);
    }
    if asked.reset && !asked.yes {
        ask(target)?;
    }
    let reset = if asked.reset { Reset::Remove } else { Reset::Keep };
    let resolved = target.clone().resolved(password_in_environment().as_ref())?;
    let prepared = follow::prepare(&resolved, reset)?;
    print(&format!("{target} {}\n", in_words(prepared))).map(drop)
}

fn in_words(prepared: Prepared) -> String {
    match prepared {
        Prepared { is_new: true, to, .. } => {
            format!("was made, with tables of version {to}")
        }
        Prepared { from: 0, to, .. } => format!("has new tables of version {to}"),
        Prepared { from, to, .. } if from == to => {
            format!("was ready: its tables are of version {to}")
        }
        Prepared { from, to, .. } => format!("was brought from version {from} to version {to}"),
    }
}

/// Goes on only if whoever sits here types the URL's last word.
fn ask(target: &Target) -> Result<()> {
    let name = target.database();
    if !io::stdin().is_terminal() {
        bail!("every row in {target} would be removed: add --yes if that is meant");
    }
    let question = format!("This removes every row in {target}.\nType {name} to go on: ");
    let mut out = io::stdout().lock();
    out.write_all(question.as_bytes()).and_then(|()| out.flush()).context("cannot ask")?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer).context("cannot read the answer")?;
    if answer.trim() != name {
        bail!("nothing was removed");
    }
    Ok(())
}
