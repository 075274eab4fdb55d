//! What is said on the way, and the table at the end.

use std::fmt;
use std::fs;
use std::io::{self, Write};

use anyhow::{Context, Error, Result};

use crate::rounds::{Round, Spread};
use crate::rows::{Goal, Measured, Row};
use crate::stage::Plan;

/// Says something on the way; the table alone goes to standard output.
pub(crate) fn say(line: fmt::Arguments<'_>) {
    // Nobody listens: the measurement goes on.
    let _ = writeln!(io::stderr(), "{line}");
}

/// Prints the head of the table, in Markdown.
pub(crate) fn print_head(plan: &Plan) -> Result<()> {
    let (machine, seconds) = (machine(), plan.time.as_secs());
    let rounds = plan.rounds;
    print(&format!(
        "{machine}; loads of {seconds} s; medians of {rounds} rounds, least and greatest in \
         brackets.\n\n{HEAD}"
    ))
}

/// Prints one row of it.
pub(crate) fn print_row(row: &Row, outcome: &Result<Measured>) -> Result<()> {
    let cells = match outcome {
        Ok(Measured::Compared(rounds)) => compared(row, rounds),
        Ok(Measured::Alone(values, note)) => alone(row, values, note),
        Err(error) => void(error),
    };
    print(&format!("| `{}` | {} | {} | {cells} |", row.name, row.what, row.against))
}

fn print(lines: &str) -> Result<()> {
    writeln!(io::stdout(), "{lines}").context("cannot print")
}

const HEAD: &str = "\
| row | what | against | sinkgate | the other | ratio | goal | |
|---|---|---|---|---|---|---|---|";

fn compared(row: &Row, rounds: &[Round]) -> String {
    let spread = |value: fn(&Round) -> f64| Spread::of(rounds.iter().map(value));
    let (Some(ours), Some(theirs), Some(ratio)) = (
        spread(|round| round.ours.value),
        spread(|round| round.theirs.value),
        spread(Round::ratio),
    ) else {
        return void(&Error::msg("nothing was measured"));
    };
    format!(
        "{} | {} | **{:.2}** ({:.2} to {:.2}) | {} | {}",
        with_unit(ours.median, row.unit),
        with_unit(theirs.median, row.unit),
        ratio.median,
        ratio.least,
        ratio.greatest,
        row.goal,
        row.goal.verdict(ratio.median)
    )
}

fn alone(row: &Row, values: &[f64], note: &str) -> String {
    let Some(spread) = Spread::of(values.iter().copied()) else {
        return void(&Error::msg("nothing was measured"));
    };
    format!(
        "**{}** ({} to {}), {note} | – | – | {} {} | {}",
        with_unit(spread.median, row.unit),
        number(spread.least),
        number(spread.greatest),
        row.goal,
        row.unit,
        row.goal.verdict(spread.median)
    )
}

fn void(error: &Error) -> String {
    let reason = format!("{error:#}").replace('|', "/").replace('\n', " ");
    format!("void | | | | {reason}")
}

fn with_unit(value: f64, unit: &str) -> String {
    format!("{} {unit}", number(value))
}

/// Three digits that matter, and commas between thousands.
fn number(value: f64) -> String {
    if value < 10.0 {
        return format!("{value:.2}");
    }
    if value < 100.0 {
        return format!("{value:.1}");
    }
    let digits = format!("{value:.0}");
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Processor and kernel, as far as they say.
fn machine() -> String {
    let cpus = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpus.lines().find_map(|line| line.strip_prefix("model name")?.split(": ").nth(1));
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let version = kernel.split('-').next().unwrap_or_default().trim();
    format!("{}, Linux {version}", model.unwrap_or("An unknown processor"))
}

impl Goal {
    fn verdict(self, value: f64) -> &'static str {
        let met = match self {
            Self::AtLeast(least) => value >= least,
            Self::AtMost(most) => value <= most,
        };
        if met { "met" } else { "**missed**" }
    }
}

impl fmt::Display for Goal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtLeast(least) => write!(out, "≥ {least}"),
            Self::AtMost(most) => write!(out, "≤ {most}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_grouped() {
        let written = [0.123, 45.67, 999.5, 1_234.0, 1_234_567.0].map(number);
        assert_eq!(written, ["0.12", "45.7", "1,000", "1,234", "1,234,567"]);
    }

    #[test]
    fn a_goal_is_met_or_missed() {
        assert_eq!(Goal::AtLeast(0.7).verdict(0.7), "met");
        assert_eq!(Goal::AtLeast(0.7).verdict(0.69), "**missed**");
        assert_eq!(Goal::AtMost(8.0).verdict(8.1), "**missed**");
    }
}
