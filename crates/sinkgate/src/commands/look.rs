//! What `show`, `watch` and the summary of `lab` share: which database, which rows, which screen.

use std::env;
use std::io::{self, IsTerminal};
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use engine::Clock;
use readers::{Style, View};
use store::{Filter, IdPrefix, Reader};
use terminal_size::{Width, terminal_size};

use crate::cli;
use crate::paths::Paths;

/// The database that was named, or else the one written to last.
pub(super) fn reader(named: Option<&PathBuf>, paths: &Paths) -> Result<Reader> {
    let path = match named {
        Some(path) => path.clone(),
        None => newest(paths)?,
    };
    Ok(Reader::open(path)?)
}

fn newest(paths: &Paths) -> Result<PathBuf> {
    let folder = paths.state.display();
    let found = paths.latest_database();
    let found = found.with_context(|| format!("cannot look for databases in {folder}"))?;
    let Some(path) = found else {
        bail!(
            "there is no database in {folder} and no {}: run `sinkgate lab` or `sinkgate run`, or \
             name one with --db",
            paths.gateway_database.display()
        );
    };
    Ok(path)
}

/// The filter, as the store understands it.
pub(super) fn filter(asked: &cli::Filter) -> Result<Filter> {
    let now = Clock::Real.now();
    Ok(Filter {
        run: id("--run", asked.run.as_deref())?,
        flow: id("--flow", asked.flow.as_deref())?,
        victim: asked.victim,
        name: asked.name.clone(),
        port: asked.port,
        proto: asked.proto.clone(),
        since: asked.since.map(|since| since.point(now)),
        grep: asked.grep.as_ref().map(|pattern| pattern.bytes().to_vec()),
    })
}

fn id(flag: &str, text: Option<&str>) -> Result<Option<IdPrefix>> {
    let Some(text) = text else { return Ok(None) };
    text.parse().map(Some).with_context(|| format!("cannot use {flag} {text}"))
}

/// Standard output, as a screen. In a pipe lines are as long as they get.
pub(super) fn view() -> View {
    let columns = terminal_size().map_or(usize::MAX, |(Width(columns), _)| usize::from(columns));
    let style = style(&io::stdout());
    View { width: columns, style, now: Clock::Real.now() }
}

/// Colours for a terminal, unless it or its owner does not like them (no-color.org).
pub(super) fn style(screen: &impl IsTerminal) -> Style {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty());
    let is_plain = set("NO_COLOR").is_some() || set("TERM").is_some_and(|term| term == "dumb");
    if screen.is_terminal() && !is_plain { Style::Colour } else { Style::Plain }
}
