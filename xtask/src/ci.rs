//! Everything that has to be right before a change is merged, in the order that fails soonest.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::program::Program;
use crate::workspace::root;
use crate::{generate, licences, new_protocol, screen, tidy};

/// One thing to do.
struct Step {
    name: &'static str,
    run: fn(&Path) -> Result<()>,
}

const STEPS: &[Step] = &[
    Step { name: "format", run: |_| Program::cargo(&["fmt", "--all", "--check"]).run() },
    Step { name: "tidy", run: tidy::run },
    Step { name: "licences", run: licences::run },
    Step { name: "clippy", run: clippy },
    Step { name: "tests", run: tests },
    Step { name: "pages", run: generate::check },
    Step { name: "end-to-end", run: end_to_end },
    Step { name: "doc-tests", run: documentation_tests },
    Step { name: "documentation", run: documentation },
    Step { name: "scaffold", run: new_protocol::rehearse },
    Step { name: "fuzz", run: fuzz },
];

/// Runs the steps of these names, or all of them; stops at the first that fails.
pub(crate) fn run(names: &[String]) -> Result<()> {
    let steps = chosen(names)?;
    let root = root();
    let start = now();
    for (place, step) in (1..).zip(&steps) {
        screen::line(format_args!("\n[{place}/{}] {}", steps.len(), step.name));
        let begun = now();
        (step.run)(&root).with_context(|| format!("step `{}` failed", step.name))?;
        let passed = shown(begun.elapsed());
        screen::line(format_args!("[{place}/{}] {}: ok, {passed}", steps.len(), step.name));
    }
    let passed = shown(start.elapsed());
    screen::line(format_args!("\nci: {} of {} steps passed, {passed}", steps.len(), STEPS.len()));
    Ok(())
}

fn chosen(names: &[String]) -> Result<Vec<&'static Step>> {
    if names.is_empty() {
        return Ok(STEPS.iter().collect());
    }
    let step = |name: &String| STEPS.iter().find(|step| step.name == name);
    names.iter().map(|name| step(name).with_context(|| format!("no step `{name}`"))).collect()
}

fn clippy(_: &Path) -> Result<()> {
    let scope = ["clippy", "--workspace", "--all-targets", "--locked"];
    Program::cargo(&[&scope[..], &["--", "-D", "warnings"]].concat()).run()
}

fn tests(_: &Path) -> Result<()> {
    if has_nextest() {
        return Program::cargo(&["nextest", "run", "--workspace", "--locked"]).run();
    }
    screen::line(format_args!("cargo-nextest is not installed: using cargo test"));
    Program::cargo(&["test", "--workspace", "--all-targets", "--locked"]).run()
}

/// The tests marked `#[ignore = "end to end: …"]`: real namespaces, other people's programs.
fn end_to_end(_: &Path) -> Result<()> {
    if !is_root() {
        screen::line(format_args!("not root: the end-to-end tests that need root are skipped"));
        return Ok(());
    }
    if has_nextest() {
        let scope = ["nextest", "run", "--workspace", "--locked", "--run-ignored", "only"];
        return Program::cargo(
            &[&scope[..], &["--test-threads", "1", "--no-tests", "pass"]].concat(),
        )
        .run();
    }
    let scope = ["test", "--workspace", "--tests", "--locked", "--"];
    Program::cargo(&[&scope[..], &["--ignored", "--test-threads", "1"]].concat()).run()
}

fn documentation_tests(_: &Path) -> Result<()> {
    Program::cargo(&["test", "--workspace", "--doc", "--locked", "--quiet"]).run()
}

fn documentation(_: &Path) -> Result<()> {
    Program::cargo(&["doc", "--workspace", "--no-deps", "--document-private-items", "--locked"])
        .with("RUSTDOCFLAGS", "-D warnings")
        .run()
}

/// With cargo-fuzz and a nightly compiler, each target runs for some seconds. Without them, the
/// same functions have met the same corpus in the step `tests` (`crates/fuzz/tests/corpus.rs`).
fn fuzz(root: &Path) -> Result<()> {
    let fuzz = || Program::new("cargo", &["+nightly", "fuzz", "--version"]).inside(root);
    if !fuzz().succeeds() {
        screen::line(format_args!(
            "cargo-fuzz or a nightly compiler is missing: the targets ran as tests on their corpus"
        ));
        return Ok(());
    }
    let targets = Program::new("cargo", &["+nightly", "fuzz", "list"]).inside(root).output()?;
    targets.lines().try_for_each(|target| fuzz_target(root, target))
}

fn fuzz_target(root: &Path, target: &str) -> Result<()> {
    let scratch = tempfile::tempdir().context("cannot make a folder for what fuzzing finds")?;
    let found = scratch.path().display().to_string();
    let seeds = format!("fuzz/corpus/{target}");
    let start = ["+nightly", "fuzz", "run", target, &found, &seeds];
    let limits = ["--", "-max_total_time=10", "-verbosity=0"];
    Program::new("cargo", &[&start[..], &limits].concat()).inside(root).run()
}

fn has_nextest() -> bool {
    Program::cargo(&["nextest", "--version"]).succeeds()
}

fn is_root() -> bool {
    Program::new("id", &["-u"]).output().is_ok_and(|id| id.trim() == "0")
}

#[expect(clippy::disallowed_methods, reason = "how long a step took is for the reader only")]
fn now() -> Instant {
    Instant::now()
}

fn shown(span: Duration) -> String {
    match span.as_secs() {
        seconds if seconds >= 60 => format!("{} min {} s", seconds / 60, seconds % 60),
        seconds => format!("{seconds} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_chosen_by_name() {
        let chosen = |name: &str| chosen(&[name.to_owned()]).map(|steps| steps[0].name);
        assert_eq!(chosen("tidy").unwrap(), "tidy");
        assert!(chosen("tidi").is_err());
    }

    #[test]
    fn times_are_short_to_read() {
        assert_eq!(shown(Duration::from_millis(2_400)), "2 s");
        assert_eq!(shown(Duration::from_secs(95)), "1 min 35 s");
    }
}
