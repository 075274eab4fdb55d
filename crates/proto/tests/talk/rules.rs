//! Rules of the analyst's own, as `@ rule` lines say them.

use std::time::Duration;

use proto::responses::{
    Act, Afterwards, Answer, Content, Criterion, Expected, First, HttpAnswer, Moment, Pattern,
    Rule, Step, Template, Wildcard,
};

use super::bytes::unescaped;

/// `NAME CRITERION… => ANSWER…`; spaces inside a word are written `\x20`.
pub(crate) fn rule(words: &[&str]) -> Rule {
    let arrow = words.iter().position(|word| *word == "=>").unwrap();
    let criteria = words[1..arrow].iter().map(|word| criterion(word)).collect();
    Rule { name: words[0].to_owned(), criteria, answer: answer(&words[arrow + 1..]) }
}

fn criterion(word: &str) -> Criterion {
    let (key, value) = word.split_once('=').unwrap();
    match key {
        "first" => Criterion::First(First::Bytes(unescaped(value).into())),
        "method" => Criterion::Method(vec![Wildcard::in_any_case(value)]),
        "name" => Criterion::Name(vec![Wildcard::in_any_case(value)]),
        "path" => Criterion::Path(vec![Pattern::Wildcard(Wildcard::exactly(value))]),
        "path-regex" => Criterion::Path(vec![Pattern::regex(value).unwrap()]),
        "port" => {
            let port = value.parse().unwrap();
            Criterion::Port(vec![port..=port])
        }
        other => {
            let name = other.strip_prefix("header:").unwrap().to_owned();
            Criterion::Header(name, vec![Pattern::Wildcard(Wildcard::in_any_case(value))])
        }
    }
}

fn answer(words: &[&str]) -> Answer {
    let mut answer = Answer {
        act: Act::Say(Content::default()),
        moment: Moment::Spoken,
        delay: Duration::ZERO,
        throttle: None,
        afterwards: Afterwards::KeepOpen,
    };
    for word in words {
        let (key, value) = word.split_once('=').unwrap_or((word, ""));
        match key {
            "close" => answer.afterwards = Afterwards::Close,
            "delay" => answer.delay = seconds(value),
            "drop" => answer.act = Act::Drop,
            "echo" => answer.act = Act::Echo,
            "open" => answer.moment = Moment::Open,
            "refuse" => answer.act = Act::Refuse,
            "reset" => answer.afterwards = Afterwards::Reset,
            "say" => answer.act = Act::Say(fixed(value)),
            "template" => answer.act = Act::Say(template(value)),
            "throttle" => answer.throttle = Some(value.parse().unwrap()),
            _ => add(&mut answer.act, key, value),
        }
    }
    answer
}

/// What makes an answer a response to HTTP, or a script.
fn add(act: &mut Act, key: &str, value: &str) {
    let step = match key {
        "expect" => Step::Expect(Expected::Bytes(unescaped(value).into())),
        "expect-bytes" => Step::Expect(Expected::Count(value.parse().unwrap())),
        "send" => Step::Send(template(value)),
        "wait" => Step::Wait(seconds(value)),
        _ => return add_to_http(act, key, value),
    };
    match act {
        Act::Script(steps) => steps.push(step),
        _ => *act = Act::Script(vec![step]),
    }
}

fn add_to_http(act: &mut Act, key: &str, value: &str) {
    if !matches!(act, Act::Http(_)) {
        *act = Act::Http(HttpAnswer {
            status: 200,
            headers: Vec::new(),
            media_type: "text/html".to_owned(),
            body: Content::default(),
        });
    }
    let Act::Http(http) = act else { panic!("it was made one") };
    match key {
        "body" => http.body = template(value),
        "status" => http.status = value.parse().unwrap(),
        other => {
            let name = other.strip_prefix("header:").unwrap();
            http.headers.push((name.to_owned(), value.to_owned()));
        }
    }
}

fn fixed(value: &str) -> Content {
    Content::Fixed(unescaped(value).into())
}

fn template(value: &str) -> Content {
    Content::Template(Template::read(&unescaped(value)).unwrap())
}

fn seconds(value: &str) -> Duration {
    Duration::from_secs(value.parse().unwrap())
}
