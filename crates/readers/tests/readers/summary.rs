//! The end of a run.

use readers::Style;
use readers::summary;
use store::Summary;

use crate::golden::check;
use crate::story::{Story, downloader, downloader_ends, hostile, run_id};

fn summary_of(story: &Story) -> Summary {
    let summary = story.reader().summary(run_id()).unwrap().unwrap();
    Summary { database: "/home/a user/records.db".into(), ..summary }
}

fn written(summary: &Summary) -> Vec<u8> {
    let mut out = Vec::new();
    summary::write(summary, Style::Plain, &mut out).unwrap();
    out
}

#[test]
fn a_summary_is_pleasant_to_read() {
    let mut records = downloader();
    records.extend(downloader_ends());
    let summary = summary_of(&Story::of(&records));
    check("summary.txt", &written(&summary));
    let mut out = Vec::new();
    summary::write_json(&summary, &mut out).unwrap();
    check("summary.json", &out);
}

#[test]
fn a_summary_fits_80_columns() {
    let story = Story::of(&hostile());
    let mut summary = summary_of(&story);
    summary.names.push(store::AskedName { name: "x".repeat(253), times: 12_345_678 });
    summary.names.push(store::AskedName { name: "y".repeat(253), times: 1 });
    summary.different_names = 1_234_567;
    summary.run.run.subject = "z".repeat(300);
    let output = String::from_utf8(written(&summary)).unwrap();
    for line in output.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
    assert!(!output.chars().any(|letter| letter != '\n' && letter.is_control()));
}

#[test]
fn a_run_in_which_nothing_happened_says_so() {
    let story = Story::of(&downloader()[..1]);
    check("summary-empty.txt", &written(&summary_of(&story)));
}
