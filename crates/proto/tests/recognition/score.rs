//! How often each label was right, and what it was taken for when it was not.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};

use super::SIX;

/// The results, by label.
#[derive(Debug, Default)]
pub(crate) struct Score {
    labels: BTreeMap<String, Label>,
}

#[derive(Debug, Default)]
struct Label {
    lines: usize,
    right: usize,
    /// What it was taken for instead, and on which lines.
    wrong: BTreeMap<String, Vec<usize>>,
}

impl Score {
    pub(crate) fn add(&mut self, number: usize, label: &str, taken_for: &str) {
        let row = self.labels.entry(label.to_owned()).or_default();
        row.lines += 1;
        if taken_for == label {
            row.right += 1;
        } else {
            row.wrong.entry(taken_for.to_owned()).or_default().push(number);
        }
    }

    /// The part of these labels' lines that was right; of all lines, if there is no list.
    pub(crate) fn share(&self, labels: &[&str]) -> f64 {
        let asked = |label: &str| labels.is_empty() || labels.contains(&label);
        let rows = self.labels.iter().filter(|(label, _)| asked(label));
        let (lines, right) =
            rows.fold((0, 0), |(lines, right), (_, row)| (lines + row.lines, right + row.right));
        right as f64 / lines as f64
    }

    /// Labels that were taken for one of the six that they are not.
    pub(crate) fn taken_for_one_of_the_six(&self) -> Vec<String> {
        let mistakes = self.labels.iter().flat_map(|(label, row)| {
            row.wrong.iter().map(move |(name, lines)| (label, name, lines))
        });
        mistakes
            .filter(|(_, name, _)| SIX.contains(&name.as_str()))
            .map(|(label, name, lines)| format!("{label} as {name}: lines {lines:?}"))
            .collect()
    }
}

impl Display for Score {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        writeln!(out, "{:<20} {:>5} {:>5}  wrong as (lines)", "label", "lines", "right")?;
        for (label, row) in &self.labels {
            write!(out, "{label:<20} {:>5} {:>5} ", row.lines, row.right)?;
            for (name, lines) in &row.wrong {
                write!(out, " {name} {lines:?}")?;
            }
            writeln!(out)?;
        }
        write!(out, "right in all: {:.2} %", self.share(&[]) * 100.0)
    }
}
