//! What happens, line by line.

use readers::Style;
use readers::watch::{Form, Watch};
use store::Filter;

use crate::golden::check;
use crate::story::{Story, at, downloader, downloader_ends, hostile};

fn everything_since(story: &Story, form: Form) -> Vec<u8> {
    let filter = Filter { since: Some(at(0)), ..Filter::default() };
    let mut watch = Watch::new(story.reader(), filter, form).unwrap();
    let mut out = Vec::new();
    while watch.poll(at(100_000), &mut out).unwrap() > 0 {}
    out
}

#[test]
fn what_happens_is_one_line_each() {
    let mut records = downloader();
    records.extend(downloader_ends());
    let story = Story::of(&records);
    check("watch.txt", &everything_since(&story, Form::Words(Style::Plain)));
    check("watch.json", &everything_since(&story, Form::Json));
}

#[test]
fn a_watch_begins_with_what_comes_next() {
    let mut story = Story::of(&downloader());
    let mut watch =
        Watch::new(story.reader(), Filter::default(), Form::Words(Style::Plain)).unwrap();
    let mut out = Vec::new();
    assert_eq!(watch.poll(at(3_000), &mut out).unwrap(), 0);
    story.goes_on(&downloader_ends());
    assert!(watch.poll(at(3_000), &mut out).unwrap() > 0);
    assert_eq!(watch.poll(at(3_000), &mut out).unwrap(), 0);
    check("watch-later.txt", &out);
}

#[test]
fn a_watch_shows_only_what_passes() {
    let story = Story::of(&downloader());
    let filter = Filter { since: Some(at(0)), port: Some(6667), ..Filter::default() };
    let mut watch = Watch::new(story.reader(), filter, Form::Words(Style::Plain)).unwrap();
    let mut out = Vec::new();
    while watch.poll(at(3_000), &mut out).unwrap() > 0 {}
    check("watch-port.txt", &out);
}

#[test]
fn threat_10_a_watch_is_not_controlled_by_what_it_shows() {
    let story = Story::of(&hostile());
    for form in [Form::Words(Style::Plain), Form::Json] {
        let output = String::from_utf8(everything_since(&story, form)).unwrap();
        let odd = output.chars().find(|letter| *letter != '\n' && letter.is_control());
        assert_eq!(odd, None, "{form:?}");
        assert!(!output.contains('\u{202e}'), "{form:?}");
    }
}
