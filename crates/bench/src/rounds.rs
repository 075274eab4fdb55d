//! Two that are compared take turns, so that a machine that becomes slower is slower for both.

use anyhow::{Context, Result};

use crate::cores::Busy;
use crate::others::undisturbed;
use crate::report::say;
use crate::stage::Plan;

/// One measurement.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Figure {
    /// In the unit of the row.
    pub(crate) value: f64,
    /// How busy the cores were meanwhile.
    pub(crate) busy: Busy,
}

/// What sinkgate and the other reached in one round.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Round {
    pub(crate) ours: Figure,
    pub(crate) theirs: Figure,
}

impl Round {
    pub(crate) fn ratio(&self) -> f64 {
        self.ours.value / self.theirs.value
    }
}

/// Measures both in turns.
pub(crate) fn in_turns(
    plan: &Plan,
    mut ours: impl FnMut() -> Result<Figure>,
    mut theirs: impl FnMut() -> Result<Figure>,
) -> Result<Vec<Round>> {
    (1..=plan.rounds)
        .map(|number| {
            let theirs = undisturbed(&mut theirs).context("the other")?;
            say(format_args!("  {number}: the other {}", described(theirs)));
            let ours = undisturbed(&mut ours).context("sinkgate")?;
            say(format_args!("  {number}: sinkgate  {}", described(ours)));
            Ok(Round { ours, theirs })
        })
        .collect()
}

fn described(figure: Figure) -> String {
    let Busy { server, load } = figure.busy;
    format!("{:.0} (server's core {server} % busy, load's {load} %)", figure.value)
}

/// The middle of some values, with the least and the greatest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spread {
    pub(crate) least: f64,
    pub(crate) median: f64,
    pub(crate) greatest: f64,
}

impl Spread {
    /// Of at least one value.
    pub(crate) fn of(values: impl Iterator<Item = f64>) -> Option<Self> {
        let mut sorted: Vec<f64> = values.collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let (upper, lower) = (sorted.get(sorted.len() / 2)?, sorted.get((sorted.len() - 1) / 2)?);
        Some(Self {
            least: *sorted.first()?,
            median: f64::midpoint(*lower, *upper),
            greatest: *sorted.last()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        let spread = |values: &[f64]| Spread::of(values.iter().copied());
        assert_eq!(
            spread(&[3.0, 1.0, 2.0]),
            Some(Spread { least: 1.0, median: 2.0, greatest: 3.0 })
        );
        assert_eq!(spread(&[4.0, 1.0]), Some(Spread { least: 1.0, median: 2.5, greatest: 4.0 }));
        assert_eq!(spread(&[]), None);
    }
}
