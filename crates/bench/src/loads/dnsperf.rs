//! Questions for names, by dnsperf.

use std::fmt::Write;
use std::fs;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::process::{find, output};
use crate::stage::{Plan, Stage};

/// How many names are asked for, again and again.
const NAMES: u64 = 50_000;

/// What was done.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Done {
    pub(crate) answered: u64,
    pub(crate) took: Duration,
}

/// Asks the server at the gateway's own address.
pub(crate) fn run(plan: &Plan, stage: &Stage) -> Result<Done> {
    let dnsperf = find("dnsperf", "dnsperf")?;
    let questions = stage.file("questions");
    fs::write(&questions, names()).context("cannot write the questions")?;
    let questions = questions.display().to_string();
    let seconds = plan.time.as_secs().to_string();
    let server = Stage::on_gateway(53).ip().to_string();
    let load = ["-T", "1", "-c", "8", "-q", "400", "-l", &seconds, "-s", &server, "-d", &questions];
    let said = output(&stage.network.victim, &dnsperf, &load)?;
    let done = Done {
        answered: value(&said, "Queries completed:")? as u64,
        took: Duration::from_secs_f64(value(&said, "Run time (s):")?),
    };
    let unanswered = value(&said, "Queries lost:")?;
    if unanswered > 0.01 * done.answered as f64 {
        bail!("{unanswered} questions had no answer, {} had", done.answered);
    }
    if !said.contains("NOERROR") {
        bail!("nothing was answered with an address:\n{said}");
    }
    Ok(done)
}

fn names() -> String {
    let mut names = String::new();
    for number in 0..NAMES {
        // Writing to a string cannot fail.
        let _ = writeln!(names, "h{number}.domain{}.com A", number % 1_000);
    }
    names
}

fn value(said: &str, label: &str) -> Result<f64> {
    let rest = said.lines().find_map(|line| line.trim().strip_prefix(label));
    let word = rest.and_then(|rest| rest.split_whitespace().next());
    let word = word.with_context(|| format!("dnsperf did not say {label:?}:\n{said}"))?;
    word.parse().with_context(|| format!("dnsperf said {label} {word}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_by_their_labels() {
        let said = "  Queries completed:    1200 (100.00%)\n  Run time (s):         5.000211\n";
        assert_eq!(value(said, "Queries completed:").unwrap(), 1_200.0);
        assert_eq!(value(said, "Run time (s):").unwrap(), 5.000211);
        assert!(value(said, "Queries lost:").is_err());
    }
}
