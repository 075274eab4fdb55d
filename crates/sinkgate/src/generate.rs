//! Pages that are written from the program's own tables: settings, flags, events, counters, names
//! of protocols, files, checks for an internet.
//!
//! `cargo xtask generate` calls this through the hidden command `generate`, so that the pages are
//! always those of the program as built.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use clap_complete::Shell;
use model::{Counter, Event};
use proto::{Carrier, PROTOCOLS};

use crate::config;
use crate::program::command_line;

/// Writes every generated file below `folder`.
pub(crate) fn write(folder: &Path) -> Result<()> {
    let mut files = vec![
        ("docs/reference/config.md".to_owned(), config::reference().into_bytes()),
        ("docs/reference/responses.md".to_owned(), config::responses_reference().into_bytes()),
        ("docs/reference/cli.md".to_owned(), flags().into_bytes()),
        ("docs/reference/events.md".to_owned(), events().into_bytes()),
        ("docs/reference/counters.md".to_owned(), counters().into_bytes()),
        ("docs/reference/connectivity.md".to_owned(), connectivity().into_bytes()),
        ("docs/reference/files.md".to_owned(), files_served().into_bytes()),
        ("docs/reference/recognition.md".to_owned(), recognition().into_bytes()),
    ];
    for shell in [Shell::Bash, Shell::Fish, Shell::Zsh] {
        let name = format!("completions/sinkgate.{shell}");
        files.push((name, completions(shell).into_bytes()));
    }
    files.extend(man_pages()?);
    files.iter().try_for_each(|(name, content)| write_file(&folder.join(name), content))
}

/// The completion script for a shell.
pub(crate) fn completions(shell: Shell) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command_line(), "sinkgate", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

fn write_file(path: &Path, content: &[u8]) -> Result<()> {
    let parent = path.parent().unwrap_or_else(|| Path::new("."));
    fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
    fs::write(path, content).with_context(|| format!("cannot write {}", path.display()))
}

/// One man page for the program and one for each command.
fn man_pages() -> Result<Vec<(String, Vec<u8>)>> {
    let program = built();
    [&program].into_iter().chain(visible(&program)).map(man_page).collect()
}

fn man_page(command: &clap::Command) -> Result<(String, Vec<u8>)> {
    let page_name = command.get_display_name().unwrap_or_else(|| command.get_name());
    let name = format!("docs/man/{page_name}.1");
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page).context("cannot write a man page")?;
    Ok((name, page))
}

/// `docs/reference/cli.md`: what `--help` says, for every command.
fn flags() -> String {
    let mut page = heading("crates/sinkgate/src/cli.rs", "Command line");
    page += "What `--help` prints, for the program and for every command.\n";
    let program = built();
    page += &section("sinkgate", &mut program.clone());
    for command in visible(&program) {
        page += &section(&format!("sinkgate {}", command.get_name()), &mut command.clone());
        for below in visible(command) {
            let title = format!("sinkgate {} {}", command.get_name(), below.get_name());
            page += &section(&title, &mut below.clone());
        }
    }
    page
}

/// The command line with all that clap adds to it, at the width of a page.
fn built() -> clap::Command {
    let mut program = command_line().disable_help_subcommand(true).term_width(96);
    program.build();
    program
}

fn section(title: &str, command: &mut clap::Command) -> String {
    let help = command.render_long_help().to_string();
    let lines: Vec<&str> = help.trim_end().lines().map(str::trim_end).collect();
    format!("\n## {title}\n\n```text\n{}\n```\n", lines.join("\n"))
}

fn visible(command: &clap::Command) -> impl Iterator<Item = &clap::Command> {
    command.get_subcommands().filter(|command| !command.is_hide_set())
}

/// `docs/reference/events.md`.
fn events() -> String {
    let mut page = heading("crates/model/src/event.rs", "Events");
    page += "Every kind of event that `sinkgate show events` can print.\n\n";
    page += "| kind | what it says |\n|---|---|\n";
    for (kind, meaning) in Event::KINDS {
        // Writing to a String cannot fail.
        let _ = writeln!(page, "| `{kind}` | {meaning} |");
    }
    page
}

/// `docs/reference/counters.md`.
fn counters() -> String {
    let mut page = heading("crates/model/src/counter.rs", "Counters");
    page += "What `sinkgate show counters` prints, in this order. If a counter of loss is not 0,\n\
             evidence is missing.\n\n| counter | counts | loss |\n|---|---|---|\n";
    for counter in Counter::ALL {
        let loss = if counter.is_loss() { "yes" } else { "" };
        let _ = writeln!(page, "| `{}` | {} | {loss} |", counter.name(), counter.meaning());
    }
    page
}

/// `docs/reference/recognition.md`: rows of one name and carrier are one line.
fn recognition() -> String {
    let mut rows: BTreeMap<(&str, &str), (BTreeSet<u16>, &str)> = BTreeMap::new();
    for named in proto::signatures() {
        let row = rows.entry((named.name, word_for(named.carrier))).or_default();
        row.0.extend(named.ports);
    }
    for spoken in PROTOCOLS {
        let row = rows.entry((spoken.name, word_for(spoken.carrier))).or_default();
        row.0.extend(spoken.ports);
        row.1 = "yes";
    }
    let mut page = heading("crates/proto/src/recognise", "Recognition");
    page += "What the first bytes of a flow can be recognised as. Content decides, on any port; the\n\
             ports are where a doubt is settled in a protocol's favour. What is not spoken is recorded\n\
             and answered with silence.\n\n| name | carrier | ports | spoken |\n|---|---|---|---|\n";
    for ((name, carrier), (ports, spoken)) in rows {
        let ports: Vec<String> = ports.iter().map(u16::to_string).collect();
        let _ = writeln!(page, "| `{name}` | {carrier} | {} | {spoken} |", ports.join(", "));
    }
    page
}

/// `docs/reference/files.md`.
fn files_served() -> String {
    let mut page = heading("crates/proto/src/files/table.rs", "Files we serve");
    page += "Whoever asks for a file by name gets one, valid and harmless, by the ending of that name;\n\
             the first row that fits. Endings with a dot are looked for as they stand. Programs for\n\
             Linux may also be called after the processor alone, or with `-` or `_` before it. The\n\
             bytes are the same on every ask, and others on every installation; only a plain text is so\n\
             short that it is the same everywhere.\n\n\
             | name ends in | media type | holds |\n|---|---|---|\n";
    for row in &proto::files::TYPES {
        let endings: Vec<String> = row.endings.iter().map(|ending| format!("`{ending}`")).collect();
        let _ = writeln!(page, "| {} | `{}` | {} |", endings.join(" "), row.media_type, row.holds);
    }
    page
}

/// `docs/reference/connectivity.md`.
fn connectivity() -> String {
    let mut page = heading("crates/proto/src/http/connectivity", "Checks for an internet");
    page += "What systems and programs ask by themselves, over HTTP, to find out whether there is an\n\
             internet and which address they have in it; the first row that fits. Words that begin with\n\
             `$` stand for what is said of the address (`persona.public_address`). Such requests have\n\
             `connectivity_check` in their event.\n\n\
             | asked by | hosts | paths | answer |\n|---|---|---|---|\n";
    for check in proto::http::connectivity_checks() {
        let paths = if check.paths.is_empty() { "any".to_owned() } else { listed(check.paths) };
        let answer = check.answer_in_words().replace('|', "\\|");
        let (label, hosts) = (check.label, listed(check.hosts));
        let _ = writeln!(page, "| {label} | {hosts} | {paths} | `{answer}` |");
    }
    page
}

fn listed(words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    words.join(" ")
}

fn word_for(carrier: Carrier) -> &'static str {
    match carrier {
        Carrier::Datagram => "UDP",
        Carrier::Stream => "TCP",
    }
}

fn heading(source: &str, title: &str) -> String {
    format!("<!-- Generated by `cargo xtask generate` from {source}. -->\n\n# {title}\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_is_written() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path()).unwrap();
        for (name, words) in [
            ("docs/reference/config.md", "### `gateway.port`"),
            ("docs/reference/responses.md", "| `{ template_file"),
            ("docs/reference/cli.md", "## sinkgate config explain"),
            ("docs/reference/events.md", "| `dns.query` |"),
            ("docs/reference/counters.md", "| `records_lost` |"),
            ("docs/reference/recognition.md", "| `dns` | UDP | 53 | yes |"),
            ("docs/reference/connectivity.md", "200, Microsoft NCSI"),
            ("docs/reference/files.md", "| `application/pdf` |"),
            ("docs/man/sinkgate.1", "sinkgate\\-lab"),
            ("docs/man/sinkgate-lab.1", "\\-\\-interactive"),
            ("completions/sinkgate.bash", "complete"),
        ] {
            let content = fs::read_to_string(folder.path().join(name)).unwrap();
            assert!(content.contains(words), "{name} lacks {words}");
        }
    }

    #[test]
    fn the_hidden_command_stays_hidden() {
        assert!(!flags().contains("## sinkgate generate"));
    }
}
