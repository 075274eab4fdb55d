//! What is read, and what is refused with its line.

use std::time::Duration;

use proto::responses::{Act, Afterwards, Content, Criterion, First, Moment, Step};
use testkit::Folder as Temporary;

use super::*;

fn rules(text: &str) -> Vec<Rule> {
    let folder = Folder::of(Path::new("/nonexistent/r.toml"));
    let source = Source { path: Path::new("r.toml"), text };
    let table =
        read(source, &folder).unwrap_or_else(|error| panic!("{:#}", anyhow::Error::new(error)));
    table.rules().iter().map(|rule| Rule::clone(rule)).collect()
}

fn complaint(text: &str) -> String {
    let folder = Folder::of(Path::new("/nonexistent/r.toml"));
    let source = Source { path: Path::new("r.toml"), text };
    format!("{:#}", anyhow::Error::new(read(source, &folder).unwrap_err()))
}

fn said(rule: &Rule) -> &[u8] {
    let Act::Say(Content::Fixed(bytes)) = &rule.answer.act else { panic!("{rule:?}") };
    bytes
}

#[test]
fn every_criterion_is_understood() {
    let read = rules(
        "[[rule]]\nname = 'all'\nanswer = 'drop'\n[rule.when]\ntransport = 'tcp'\n\
         port = [80, '8000-8100']\naddress = '10.0.0.0/8'\nvictim = ['10.1.1.1']\n\
         name = '*.c2.example'\nprotocol = ['http', 'tls', 'raw']\nfirst = { hex = 'FF fe' }\n\
         method = 'post'\npath = ['/a*', { regex = '^/b[0-9]+$' }]\n\
         header = { User-Agent = '*bot*', cookie = { regex = 'id=' } }",
    );
    let keys: Vec<_> = read[0].criteria.iter().map(Criterion::key).collect();
    assert_eq!(
        keys,
        [
            "transport",
            "port",
            "address",
            "victim",
            "name",
            "protocol",
            "first",
            "method",
            "path",
            "header",
            "header"
        ]
    );
    let Criterion::Port(ports) = &read[0].criteria[1] else { panic!("{read:?}") };
    assert_eq!(*ports, [80..=80, 8_000..=8_100]);
    let Criterion::First(First::Bytes(first)) = &read[0].criteria[6] else { panic!("{read:?}") };
    assert_eq!(first.as_ref(), b"\xff\xfe");
}

#[test]
fn bytes_have_several_forms() {
    let read = rules(
        "[[rule]]\nanswer.send = \"a\\r\\n\"\n\
         [[rule]]\nanswer.send = { hex = '0f 4C 0a' }\n\
         [[rule]]\nanswer.send = { base64 = 'D0 wK' }\n\
         [[rule]]\nanswer.send = { template = 'hi ${victim}' }",
    );
    assert_eq!(said(&read[0]), b"a\r\n");
    assert_eq!(said(&read[1]), b"\x0f\x4c\x0a");
    assert_eq!(said(&read[2]), b"\x0f\x4c\x0a");
    assert!(matches!(read[3].answer.act, Act::Say(Content::Template(_))));
    assert_eq!(read[3].name, "rule 4");
}

#[test]
fn every_answer_is_understood() {
    let read = rules(
        "[[rule]]\nanswer = { status = 404, headers = { X-Id = '7' }, body = 'no' }\n\
         [[rule]]\nanswer.steps = [{ send = '220' }, { expect = 'USER' }, { expect = 4 },\n\
         { expect = { regex = 'x+' } }, { wait = '2s' }, 'close', 'reset']\n\
         [[rule]]\nanswer.exec = ['./c2', '-v']\n\
         [[rule]]\nanswer = { do = 'echo', delay = '1s', throttle = '1KiB', at = 'open', then = 'reset' }\n\
         [[rule]]\nanswer = 'reset'",
    );
    let Act::Http(http) = &read[0].answer.act else { panic!("{read:?}") };
    assert_eq!((http.status, http.media_type.as_str()), (404, "text/html"));
    assert_eq!(http.headers, [("X-Id".to_owned(), "7".to_owned())]);
    let Act::Script(steps) = &read[1].answer.act else { panic!("{read:?}") };
    assert_eq!(steps.len(), 7);
    assert!(matches!(steps[4], Step::Wait(delay) if delay == Duration::from_secs(2)));
    let Act::Exec(program) = &read[2].answer.act else { panic!("{read:?}") };
    assert_eq!(program.path, Path::new("/nonexistent/./c2"));
    assert_eq!(program.arguments, ["-v"]);
    let echo = &read[3].answer;
    assert_eq!((echo.moment, echo.afterwards), (Moment::Open, Afterwards::Reset));
    assert_eq!((echo.delay, echo.throttle.unwrap().get()), (Duration::from_secs(1), 1_024));
    assert_eq!(read[4].answer.afterwards, Afterwards::Reset);
}

#[test]
fn what_is_wrong_is_said_with_its_line() {
    let refused = [
        ("[[rule]]\nanswer = 'drop'\n[[rules]]", "line 3: there is no setting `rules`"),
        ("[[rule]]\nname = 'a'", "line 1: `rule` is incomplete; expected an answer"),
        (
            "[[rule]]\nanswer = 'dorp'",
            "line 2: `rule.answer` is \"dorp\"; expected a table, or one",
        ),
        ("[[rule]]\nanswer = {}", "`rule.answer` is incomplete; expected one of `send`"),
        ("[[rule]]\nanswer = { send = 'a', do = 'echo' }", "is incomplete; expected one of"),
        ("[[rule]]\nanswer.sned = 'a'", "there is no setting `sned`; did you mean `send`?"),
        ("[[rule]]\nanswer.send = 7", "`rule.answer.send` is 7; expected a text, or one of { hex"),
        ("[[rule]]\nanswer.send = { hex = '0' }", "`rule.answer.send` is a table; expected"),
        ("[[rule]]\nanswer.send = { template = '${nme}' }", "cannot be used: there is no `${nme}`"),
        (
            "[[rule]]\nanswer.send = { file = 'x' }",
            "cannot be used: cannot read /nonexistent/x: No",
        ),
        ("[[rule]]\nanswer.status = 99", "expected a status, 200 to 599"),
        ("[[rule]]\nanswer.headers = { 'a b' = 'c' }", "`rule.answer.headers.a b` is \"c\""),
        ("[[rule]]\nanswer.exec = []", "expected a list of texts: a program"),
        ("[[rule]]\nanswer = { exec = ['a'], delay = '1s' }", "a program sees to that itself"),
        ("[[rule]]\nanswer.steps = ['clsoe']", "expected { expect = … }"),
        (
            "[[rule]]\nanswer.steps = [{ wait = 2 }]",
            "`rule.answer.steps.wait` is 2; expected a time",
        ),
        ("[[rule]]\nanswer = 'drop'\nwhen.prot = 1", "line 3: there is no setting `prot`; did you"),
        ("[[rule]]\nanswer = 'drop'\nwhen.port = 65536", "expected a port, a range"),
        ("[[rule]]\nanswer = 'drop'\nwhen.port = '9-1'", "expected a port, a range"),
        ("[[rule]]\nanswer = 'drop'\nwhen.protocol = 'htp'", "expected the name of a protocol"),
        (
            "[[rule]]\nanswer = 'drop'\nwhen.path = { regex = '(' }",
            "`(` is not a regular expression",
        ),
        ("rule = 1", "expected rules, each under [[rule]]"),
        ("[[rule]", "line 1: this is not TOML"),
    ];
    for (text, expected) in refused {
        let said = complaint(text);
        assert!(said.contains(expected), "{said:?} does not say {expected:?}");
    }
}

#[test]
fn files_are_looked_for_beside_it_and_watched() {
    let folder = Temporary::new();
    let page = folder.written("page.html", "one");
    let file = folder.written("responses.toml", "[[rule]]\nanswer.send = { file = 'page.html' }");
    let (mut own, table) = OwnAnswers::load(&file).unwrap();
    assert_eq!(said(&table.rules()[0]), b"one");
    assert!(!own.is_stale());
    fs::write(&page, "and another").unwrap();
    assert!(own.is_stale());
    assert_eq!(said(&own.load_anew().unwrap().rules()[0]), b"and another");
    assert!(!own.is_stale());
    fs::write(&file, "[[rule]]").unwrap();
    assert!(own.is_stale());
    own.load_anew().unwrap_err();
    assert!(!own.is_stale(), "it is complained about once");
    fs::remove_file(&file).unwrap();
    assert!(own.is_stale());
}
