//! Every kind of row in every form.

use model::{FailedTry, Followed, Record, Shortened, Timestamp};
use readers::show::{Form, Wanted, What, show};
use readers::{ShowError, Style, View};
use store::{Filter, Limited};

use crate::golden::check;
use crate::story::{Story, at, downloader, downloader_ends, hostile};

const EVERYTHING: [(What, &str); 7] = [
    (What::Counters, "counters"),
    (What::Data, "data"),
    (What::Dns, "dns"),
    (What::Events, "events"),
    (What::Files, "files"),
    (What::Flows, "flows"),
    (What::Runs, "runs"),
];

fn view(width: usize) -> View {
    View { width, style: Style::Plain, now: at(100_000) }
}

fn shown(story: &Story, what: What, form: Form, view: View) -> Vec<u8> {
    let mut out = Vec::new();
    let wanted = Wanted { what, filter: Filter::default(), limit: Limited::All };
    show(&story.reader(), &wanted, (form, view), &mut out).unwrap();
    out
}

fn whole_story() -> Story {
    let mut records = downloader();
    records.extend(downloader_ends());
    Story::of(&records)
}

#[test]
fn tables_fit_a_narrow_a_usual_and_a_wide_terminal() {
    let story = whole_story();
    for (what, name) in EVERYTHING {
        for width in [60, 80, 140] {
            let output = shown(&story, what, Form::Table, view(width));
            let text = String::from_utf8(output.clone()).unwrap();
            let rows = text.lines().filter(|line| !line.contains("missing"));
            for line in rows.filter(|_| what != What::Data) {
                assert!(
                    line.chars().count() <= width || line.contains("differ"),
                    "{width}: {line}"
                );
            }
            check(&format!("{name}-{width}.txt"), &output);
        }
    }
}

#[test]
fn json_and_csv_have_all_of_it() {
    let story = whole_story();
    for (what, name) in EVERYTHING {
        check(&format!("{name}.json"), &shown(&story, what, Form::Json, view(80)));
        check(&format!("{name}.csv"), &shown(&story, what, Form::Csv, view(80)));
    }
}

#[test]
fn data_is_shown_as_a_talk() {
    let story = whole_story();
    check("data.hex", &shown(&story, What::Data, Form::Hex, view(80)));
    check("data.text", &shown(&story, What::Data, Form::Text, view(80)));
}

#[test]
fn colour_is_there_when_asked_for() {
    let coloured = View { style: Style::Colour, ..view(100) };
    check("flows-colour.txt", &shown(&whole_story(), What::Flows, Form::Table, coloured));
    check("data-colour.text", &shown(&whole_story(), What::Data, Form::Text, coloured));
}

#[test]
fn an_open_flow_is_shown_with_what_was_said_so_far() {
    let story = Story::of(&downloader());
    check("flows-open.txt", &shown(&story, What::Flows, Form::Table, view(100)));
}

#[test]
fn times_have_their_date_when_they_are_not_of_today() {
    let story = whole_story();
    let tomorrow = View { now: Timestamp::parse("2026-11-25T00:00:00Z").unwrap(), ..view(100) };
    check("flows-yesterday.txt", &shown(&story, What::Flows, Form::Table, tomorrow));
}

#[test]
fn other_databases_are_in_every_form_of_counters_and_of_themselves() {
    let failed = FailedTry { time: at(2_000), error: "cannot write: it is full".to_owned() };
    let latest = "9 of the 70 bytes of details of event 17".to_owned();
    let database = Followed {
        follower: "mysql://sensor@db.test:3306/evidence".to_owned(),
        cursor: String::new(),
        retries: 3,
        succeeded: Some(at(1_000)),
        failed: Some(failed),
        shortened: Some(Shortened { texts: 2, latest }),
    };
    let story = Story::of(&[Record::Followed(database)]);
    for (what, name) in [(What::Counters, "counters"), (What::Databases, "databases")] {
        for (form, kind) in [(Form::Table, "txt"), (Form::Json, "json"), (Form::Csv, "csv")] {
            check(&format!("followed-{name}.{kind}"), &shown(&story, what, form, view(120)));
        }
    }
}

#[test]
fn nothing_is_said_to_be_nothing() {
    let story = Story::empty();
    for (what, expected) in [
        (What::Counters, "no runs, so no counters\n"),
        (What::Data, "no data\n"),
        (What::Dns, "no DNS questions\n"),
        (What::Events, "no events\n"),
        (What::Files, "no files\n"),
        (What::Flows, "no flows\n"),
        (What::Runs, "no runs\n"),
    ] {
        let output = shown(&story, what, Form::Table, view(80));
        assert_eq!(String::from_utf8(output).unwrap(), expected);
        assert!(shown(&story, what, Form::Json, view(80)).is_empty());
    }
}

#[test]
fn threat_10_nothing_a_peer_sent_controls_the_terminal() {
    let story = Story::of(&hostile());
    for (what, name) in EVERYTHING {
        for form in [Form::Table, Form::Json, Form::Csv, Form::Text, Form::Hex] {
            let output = String::from_utf8(shown(&story, what, form, view(usize::MAX))).unwrap();
            let controls = output.chars().filter(|letter| letter.is_control());
            let odd: Vec<char> = controls.filter(|letter| !"\r\n".contains(*letter)).collect();
            assert!(odd.is_empty(), "{name} {form:?}: {odd:?}");
            assert!(!output.contains('\u{202e}'), "{name} {form:?}");
            assert_eq!(output.contains('\r'), form == Form::Csv, "{name} {form:?}");
        }
    }
    check("hostile-files.txt", &shown(&story, What::Files, Form::Table, view(120)));
    check("hostile-flows.txt", &shown(&story, What::Flows, Form::Table, view(120)));
    check("hostile-data.text", &shown(&story, What::Data, Form::Text, view(120)));
    check("hostile-events.json", &shown(&story, What::Events, Form::Json, view(120)));
}

#[test]
fn threat_11_nothing_a_peer_sent_is_a_formula() {
    let story = Story::of(&hostile());
    let output = shown(&story, What::Flows, Form::Csv, view(80));
    check("hostile-flows.csv", &output);
    for (what, _) in EVERYTHING {
        let output = String::from_utf8(shown(&story, what, Form::Csv, view(80))).unwrap();
        for formula in [",=", ",\"=", ",+", ",-", ",@"] {
            assert!(!output.contains(formula), "{what:?}: {output}");
        }
    }
}

#[test]
fn a_table_is_written_while_rows_still_come() {
    struct Closed;
    impl std::io::Write for Closed {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let wanted = Wanted { what: What::Flows, filter: Filter::default(), limit: Limited::All };
    let failed = show(&whole_story().reader(), &wanted, (Form::Csv, view(80)), &mut Closed);
    assert!(failed.is_err_and(|error: ShowError| error.is_closed_pipe()));
}
