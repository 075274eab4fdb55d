//! A run in short, for the end of it.

use std::io::{self, Write};

use model::Counter;
use serde::Serialize;
use store::{AskedName, ProtocolTotal, Summary};

use crate::show::is_lost;
use crate::terminal;
use crate::times;
use crate::units;
use crate::view::{Style, Tone};

/// Names listed in the text; all of them are in the database.
const NAMES: usize = 20;

/// Columns of the text.
const WIDTH: usize = 80;

/// Columns of a name, so that the number behind it still fits.
const NAME: usize = 62;

/// Writes it to be read.
///
/// # Errors
///
/// If it cannot be written.
pub fn write(summary: &Summary, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page { style, out };
    page.title(summary)?;
    page.names(summary)?;
    page.protocols(&summary.protocols)?;
    page.files(summary)?;
    page.losses(summary)?;
    page.database(summary)
}

struct Page<'o> {
    style: Style,
    out: &'o mut dyn Write,
}

impl Page<'_> {
    fn title(&mut self, summary: &Summary) -> io::Result<()> {
        let run = &summary.run;
        let subject = terminal::one_line(&run.run.subject);
        let took = run.stopped.map(|stopped| times::span(stopped.since(run.run.started)));
        let took = took.map_or_else(String::new, |took| format!(", {took}"));
        let subject = terminal::cut(&subject, WIDTH - took.len());
        let title = format!("{subject}{took}");
        writeln!(self.out, "{}", self.style.paint(Tone::Heading, &title))
    }

    fn names(&mut self, summary: &Summary) -> io::Result<()> {
        if summary.names.is_empty() {
            return self.heading("No names were asked for.");
        }
        self.heading("Names asked for")?;
        summary.names.iter().take(NAMES).try_for_each(|name| self.name(name))?;
        match summary.different_names.saturating_sub(NAMES as u64) {
            0 => Ok(()),
            more => self.line(&format!("and {}", units::counted(more, "other"))),
        }
    }

    fn name(&mut self, asked: &AskedName) -> io::Result<()> {
        let name = terminal::one_line(&asked.name);
        let name = terminal::cut(&name, NAME);
        match asked.times {
            1 => self.line(&name),
            times => self.line(&format!("{name}  {times} times")),
        }
    }

    fn protocols(&mut self, protocols: &[ProtocolTotal]) -> io::Result<()> {
        if protocols.is_empty() {
            return self.heading("Nothing was connected to.");
        }
        self.heading("Spoken            flows       sent        got")?;
        protocols.iter().try_for_each(|total| self.protocol(total))
    }

    fn protocol(&mut self, total: &ProtocolTotal) -> io::Result<()> {
        let spoken = match &total.protocol {
            Some(protocol) => format!("{protocol} ({})", total.transport),
            None => format!("unknown ({})", total.transport),
        };
        let spoken = terminal::one_line(&spoken).into_owned();
        let sent = units::bytes(total.bytes_from_victim);
        let got = units::bytes(total.bytes_to_victim);
        self.line(&format!("{spoken:15} {:>5}  {sent:>9}  {got:>9}", total.flows))
    }

    fn files(&mut self, summary: &Summary) -> io::Result<()> {
        match files(summary) {
            0 => Ok(()),
            1 => self.heading("1 file was taken from what was said"),
            more => self.heading(&format!("{more} files were taken from what was said")),
        }
    }

    fn losses(&mut self, summary: &Summary) -> io::Result<()> {
        let mut losses = summary.counters.iter().filter(|row| is_lost(row)).peekable();
        if losses.peek().is_none() {
            return Ok(());
        }
        self.heading("Evidence is missing")?;
        losses.try_for_each(|row| {
            let text = format!("{} {}", row.value, row.counter.meaning());
            let text = self.style.paint(Tone::Alarm, &text).into_owned();
            self.line(&text)
        })
    }

    fn database(&mut self, summary: &Summary) -> io::Result<()> {
        let path = shell_word(&summary.database.to_string_lossy());
        self.heading("See more")?;
        if files(summary) > 0 {
            self.line(&format!("sinkgate show files --db {path}"))?;
        }
        self.line(&format!("sinkgate show flows --db {path}"))?;
        self.line(&format!("sinkgate show data --text --db {path}"))
    }

    fn heading(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "\n{}", self.style.paint(Tone::Heading, text))
    }

    fn line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "  {text}")
    }
}

fn files(summary: &Summary) -> u64 {
    let kept = summary.counters.iter().find(|row| row.counter == Counter::ArtifactsKept);
    kept.map_or(0, |row| row.value)
}

/// A path as it can be given to a shell.
fn shell_word(path: &str) -> String {
    let path = terminal::one_line(path);
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "/._-+:@%".contains(letter);
    match path.chars().all(is_plain) {
        true => path.into_owned(),
        false => format!("'{}'", path.replace('\'', r"'\''")),
    }
}

/// Writes it as one JSON object on one line.
///
/// # Errors
///
/// If it cannot be written.
pub fn write_json(summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
    let written = serde_json::to_string(&Json::of(summary))?;
    writeln!(out, "{}", terminal::json(&written))
}

#[derive(Serialize)]
struct Json<'a> {
    run: String,
    subject: &'a str,
    started: String,
    stopped: Option<String>,
    flows: u64,
    dns_queries: u64,
    bytes_from_victim: u64,
    bytes_to_victim: u64,
    different_names: u64,
    names: Vec<JsonName<'a>>,
    protocols: Vec<JsonProtocol<'a>>,
    files: u64,
    losses: serde_json::Map<String, serde_json::Value>,
    database: String,
}

#[derive(Serialize)]
struct JsonName<'a> {
    name: &'a str,
    times: u64,
}

#[derive(Serialize)]
struct JsonProtocol<'a> {
    transport: String,
    protocol: Option<&'a str>,
    flows: u64,
    bytes_from_victim: u64,
    bytes_to_victim: u64,
}

impl<'a> Json<'a> {
    fn of(summary: &'a Summary) -> Self {
        let run = &summary.run;
        let losses = summary.counters.iter().filter(|row| row.counter.is_loss());
        Self {
            run: run.run.id.to_string(),
            subject: &run.run.subject,
            started: run.run.started.to_string(),
            stopped: run.stopped.map(|stopped| stopped.to_string()),
            flows: run.flows,
            dns_queries: run.dns_queries,
            bytes_from_victim: run.bytes_from_victim,
            bytes_to_victim: run.bytes_to_victim,
            different_names: summary.different_names,
            names: summary.names.iter().map(JsonName::of).collect(),
            protocols: summary.protocols.iter().map(JsonProtocol::of).collect(),
            files: files(summary),
            losses: losses.map(|row| (row.counter.name().into(), row.value.into())).collect(),
            database: summary.database.to_string_lossy().into_owned(),
        }
    }
}

impl<'a> JsonName<'a> {
    fn of(asked: &'a AskedName) -> Self {
        Self { name: &asked.name, times: asked.times }
    }
}

impl<'a> JsonProtocol<'a> {
    fn of(total: &'a ProtocolTotal) -> Self {
        Self {
            transport: total.transport.to_string(),
            protocol: total.protocol.as_deref(),
            flows: total.flows,
            bytes_from_victim: total.bytes_from_victim,
            bytes_to_victim: total.bytes_to_victim,
        }
    }
}
