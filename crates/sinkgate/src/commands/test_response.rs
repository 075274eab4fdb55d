//! `sinkgate config test-response`: which rule a request or a connection would meet.

use std::net::IpAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, anyhow};
use model::Transport;
use proto::http::Request;
use proto::responses::{Act, Afterwards, Answer, Content, Facts, Moment, Table};
use proto::{Carrier, settle};

use crate::cli::{Scheme, Target, TestResponse};
use crate::config::{Config, OwnAnswers};
use crate::program::print;

/// Says it.
pub(crate) fn run(asked: &TestResponse, config: &Config) -> Result<ExitCode> {
    let file = file(asked, config)?;
    let (_, table) = OwnAnswers::load(&file)?;
    let request = request(asked);
    let facts = facts(asked, request.as_ref());
    print(&verdict(&table, &facts))
}

fn file(asked: &TestResponse, config: &Config) -> Result<PathBuf> {
    let file = asked.responses.clone().or_else(|| config.responses.file.clone());
    file.ok_or_else(|| {
        anyhow!(
            "there are no rules: `responses.file` names none; name a file with `--responses FILE`"
        )
    })
}

/// The request of a target that is asked by HTTP.
fn request(asked: &TestResponse) -> Option<Request> {
    let Target { scheme, host, port, path } = &asked.target;
    let usual = match scheme {
        Scheme::Http => 80,
        Scheme::Https => 443,
        Scheme::Tcp | Scheme::Udp => return None,
    };
    let host = if host.contains(':') { format!("[{host}]") } else { host.clone() };
    let host = if *port == usual { host } else { format!("{host}:{port}") };
    let mut fields = vec![("host".to_owned(), host.clone().into_bytes())];
    let given = asked.header.iter().map(|(name, value)| (name.clone(), value.clone().into_bytes()));
    fields.extend(given);
    Some(Request {
        method: asked.method.clone(),
        target: path.clone(),
        host: Some(host),
        version: "1.1",
        fields,
        ..Request::default()
    })
}

fn facts<'a>(asked: &'a TestResponse, request: Option<&'a Request>) -> Facts<'a> {
    let Target { scheme, host, port, .. } = &asked.target;
    let address: Option<IpAddr> = host.parse().ok();
    let (transport, carrier) = match scheme {
        Scheme::Udp => (Transport::Udp, Carrier::Datagram),
        Scheme::Http | Scheme::Https | Scheme::Tcp => (Transport::Tcp, Carrier::Stream),
    };
    let first = asked.first.as_ref().map(|first| first.bytes());
    Facts {
        transport,
        victim: asked.victim,
        address: address.unwrap_or(asked.address),
        port: *port,
        name: if address.is_some() { None } else { Some(host) },
        first,
        protocol: match request {
            Some(_) => Some("http"),
            None => first.and_then(|first| settle(first, carrier, *port).name()),
        },
        request,
    }
}

fn verdict(table: &Table, facts: &Facts<'_>) -> String {
    let (perhaps, certain) = table.candidates(facts);
    let mut words = String::new();
    if !perhaps.is_empty() {
        words += "these rules come first, if what is not known yet is as they ask:\n";
    }
    for rule in &perhaps {
        words += &format!("  `{}`: {}\n", rule.name, rule.against(facts).join(", "));
    }
    words += &match (certain, table.nearest(facts)) {
        (Some(rule), _) => format!("rule `{}` answers: {}\n", rule.name, said(&rule.answer)),
        (None, None) => "there are no rules: the usual emulators answer\n".to_owned(),
        (None, Some(missed)) if perhaps.is_empty() => format!(
            "no rule matches: the usual emulators answer; the nearest is `{}`, but for its {}\n",
            missed.rule,
            missed.because.join(", ")
        ),
        (None, Some(_)) => "otherwise no rule matches, and the usual emulators answer\n".to_owned(),
    };
    words
}

/// An answer in words.
fn said(answer: &Answer) -> String {
    let act = match &answer.act {
        Act::Drop => "silence, and all that comes is recorded".to_owned(),
        Act::Echo => "what comes is sent back".to_owned(),
        Act::Exec(program) => format!("the program {}", program.path.display()),
        Act::Http(http) => {
            format!("HTTP {}, {} of {}", http.status, size(&http.body), http.media_type)
        }
        Act::Replay(_) => "the response that was captured".to_owned(),
        Act::Refuse => "a reset before a byte is read".to_owned(),
        Act::Say(content) => size(content),
        Act::Script(steps) => format!("a sequence of {} steps", steps.len()),
    };
    let mut words = vec![act];
    if answer.moment == Moment::Open {
        words.push("as soon as the flow is open".to_owned());
    }
    if !answer.delay.is_zero() {
        words.push(format!("after {:?}", answer.delay));
    }
    if let Some(throttle) = answer.throttle {
        words.push(format!("{throttle} bytes a second"));
    }
    match answer.afterwards {
        Afterwards::Close => words.push("then the connection is closed".to_owned()),
        Afterwards::KeepOpen => {}
        Afterwards::Reset => words.push("then the connection is reset".to_owned()),
    }
    words.join(", ")
}

fn size(content: &Content) -> String {
    match content {
        Content::Fixed(bytes) => format!("{} bytes", bytes.len()),
        Content::Template(_) => "a template".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use clap::{Args, FromArgMatches};
    use testkit::Folder;

    use super::*;

    const RULES: &str = "[[rule]]\nname = 'gate'\n\
        when = { path = '/gate.php', method = 'POST', header = { x-id = '7' } }\n\
        answer = { body = 'ok', delay = '2s', then = 'close' }\n\
        [[rule]]\nname = 'bot'\nwhen = { first = 'BOT ', port = '5000-5999' }\nanswer = 'echo'\n\
        [[rule]]\nname = 'down'\nwhen = { address = '203.0.113.0/24', transport = 'udp' }\n\
        answer = 'drop'\n";

    fn told(arguments: &[&str]) -> String {
        let folder = Folder::new();
        let (_, table) = OwnAnswers::load(&folder.written("responses.toml", RULES)).unwrap();
        let command = TestResponse::augment_args(clap::Command::new("test-response"));
        let matches = command.try_get_matches_from([&["test-response"], arguments].concat());
        let asked = TestResponse::from_arg_matches(&matches.unwrap()).unwrap();
        verdict(&table, &facts(&asked, request(&asked).as_ref()))
    }

    #[test]
    fn a_request_meets_the_first_rule_that_fits() {
        let gate = ["https://c2.test/gate.php?a=b", "--method", "post", "-H", "X-Id: 7"];
        assert_eq!(
            told(&gate),
            "rule `gate` answers: HTTP 200, 2 bytes of text/html, after 2s, then the connection is \
             closed\n"
        );
        assert_eq!(
            told(&["http://c2.test/gate.php"]),
            "no rule matches: the usual emulators answer; the nearest is `gate`, but for its method, \
             header\n"
        );
    }

    #[test]
    fn so_does_a_connection() {
        let bot = "rule `bot` answers: what comes is sent back\n";
        assert_eq!(told(&["tcp://192.0.2.7:5555", "--first", "BOT 1"]), bot);
        let drop = "rule `down` answers: silence, and all that comes is recorded\n";
        assert_eq!(told(&["udp://203.0.113.9:1003"]), drop);
        assert_eq!(
            told(&["tcp://192.0.2.7:5555"]),
            "these rules come first, if what is not known yet is as they ask:\n\
             \x20 `gate`: method, path, header\n  `bot`: first\n\
             otherwise no rule matches, and the usual emulators answer\n"
        );
    }
}
