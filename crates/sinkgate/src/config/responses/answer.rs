//! What a rule answers.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use proto::responses::{Act, Afterwards, Answer, Content, HttpAnswer, Moment, Program, Recording};
use toml::de::DeValue;

use super::content::{self, Folder};
use super::steps;
use crate::config::error::Error;
use crate::config::fields::Fields;
use crate::config::written::{Written, one_line, span};

/// What an answer may say, with its meaning, for the parser and the reference.
pub(super) const FIELDS: &[(&str, &str)] = &[
    ("send", "bytes that are sent: on TCP once the victim has spoken, on UDP after each datagram"),
    ("status", "the status of a response to the HTTP request; 200 without it"),
    (
        "headers",
        "fields of that response, as a table; they take the place of ours of the same name",
    ),
    ("media_type", "what its body is, such as `\"text/plain\"`; `\"text/html\"` without it"),
    ("body", "its body"),
    (
        "steps",
        "a sequence of things that are expected, sent and waited for; if it does not begin with \
         something expected, it begins as soon as the flow is open",
    ),
    (
        "exec",
        "a program that answers, with its arguments: `[\"python3\", \"c2.py\"]`; it is started as soon \
         as the rule matches, which may be before the victim has spoken",
    ),
    (
        "replay",
        "a capture of HTTP (HAR, pcap, pcapng): a request that is in it gets the response it got then; \
         the next one each time, if there were several. Other requests are for the rules that follow",
    ),
    ("do", "one of the words below"),
    ("delay", "how long we wait before it, such as `\"2s\"`"),
    ("throttle", "how much is sent in a second, such as `\"1KiB\"`"),
    (
        "at",
        "`\"open\"`: as soon as the flow is open, like a server that greets; `\"spoken\"`, the default",
    ),
    (
        "then",
        "what becomes of the connection afterwards: `\"close\"`, `\"reset\"`, or `\"keep-open\"`, the \
         default",
    ),
];

/// Words that are an answer by themselves, with their meaning.
pub(super) const WORDS: &[(&str, &str)] = &[
    ("drop", "nothing is said; all that comes is recorded"),
    ("echo", "what comes is sent back"),
    ("close", "the connection is closed once the victim has spoken"),
    ("reset", "it is reset once the victim has spoken"),
    ("refuse", "it is reset before a byte is read"),
];

/// Groups of fields of which an answer has one.
const ACTS: &[&[&str]] = &[
    &["send"],
    &["status", "headers", "media_type", "body"],
    &["steps"],
    &["exec"],
    &["replay"],
    &["do"],
];

/// The answer that a word is.
pub(super) fn from_word(word: &str) -> Option<Answer> {
    let say_nothing = || Act::Say(Content::default());
    let (act, afterwards) = match word {
        "drop" => (Act::Drop, Afterwards::KeepOpen),
        "echo" => (Act::Echo, Afterwards::KeepOpen),
        "close" => (say_nothing(), Afterwards::Close),
        "reset" => (say_nothing(), Afterwards::Reset),
        "refuse" => (Act::Refuse, Afterwards::KeepOpen),
        _ => return None,
    };
    let (moment, delay, throttle) = (Moment::Spoken, Duration::ZERO, None);
    Some(Answer { act, moment, delay, throttle, afterwards })
}

/// What is expected where a word should be.
pub(super) fn expected_word() -> String {
    let words: Vec<_> = WORDS.iter().map(|(word, _)| format!("\"{word}\"")).collect();
    format!("a table, or one of {}", words.join(", "))
}

/// Reads `answer`.
pub(super) fn read(fields: &Fields<'_>, folder: &Folder) -> Result<Answer, Error> {
    fields.allow(FIELDS)?;
    let is_there = |names: &&&[&str]| names.iter().any(|name| fields.value(name).is_some());
    let mut acts = ACTS.iter().filter(is_there);
    let (Some(act), None) = (acts.next(), acts.next()) else {
        const EXPECTED: &str = "one of `send`, `steps`, `exec`, `replay`, `do`, or a response to HTTP \
                                (`status`, `headers`, `media_type`, `body`)";
        return Err(fields.incomplete(EXPECTED));
    };
    let mut answer = match act {
        ["do"] => fields.one("do", &expected_word(), from_word)?,
        act => Answer { act: read_act(act, fields, folder)?, ..silence() },
    };
    modify(&mut answer, fields)?;
    Ok(answer)
}

/// An answer with nothing in it yet.
fn silence() -> Answer {
    Answer {
        act: Act::Drop,
        moment: Moment::default(),
        delay: Duration::ZERO,
        throttle: None,
        afterwards: Afterwards::default(),
    }
}

fn read_act(act: &[&str], fields: &Fields<'_>, folder: &Folder) -> Result<Act, Error> {
    match act {
        ["send"] => Ok(Act::Say(content::read(fields, "send", folder)?.unwrap_or_default())),
        ["steps"] => Ok(Act::Script(steps::read(fields, "steps", folder)?.unwrap_or_default())),
        ["exec"] => program(fields, folder).map(Act::Exec),
        ["replay"] => recording(fields, folder).map(|recording| Act::Replay(Arc::new(recording))),
        _ => http(fields, folder).map(Act::Http),
    }
}

fn http(fields: &Fields<'_>, folder: &Folder) -> Result<HttpAnswer, Error> {
    let status = fields.read("status", "a status, 200 to 599", |value| {
        let status = u16::try_from(Written::from_file(value).number()?).ok()?;
        (200..=599).contains(&status).then_some(status)
    })?;
    let media_type = fields.text("media_type", "one line of text", super::filled_line)?;
    Ok(HttpAnswer {
        status: status.unwrap_or(200),
        headers: headers(fields)?,
        media_type: media_type.unwrap_or_else(|| "text/html".to_owned()),
        body: content::read(fields, "body", folder)?.unwrap_or_default(),
    })
}

fn headers(fields: &Fields<'_>) -> Result<Vec<(String, String)>, Error> {
    let Some(value) = fields.value("headers") else { return Ok(Vec::new()) };
    let headers = super::table_in(fields, "headers", value)?;
    let read = |name: &str| {
        if !is_token(name) {
            return Err(headers.wrong(name, "the name of a field"));
        }
        let value = headers.one(name, "one line of text", one_line)?;
        Ok((name.to_owned(), value))
    };
    headers.names().map(read).collect()
}

/// What the name of a field is made of (RFC 9110 §5.6.2).
fn is_token(name: &str) -> bool {
    const MARKS: &[u8] = b"!#$%&'*+-.^_`|~";
    let is_of_it = |byte: u8| byte.is_ascii_alphanumeric() || MARKS.contains(&byte);
    !name.is_empty() && name.bytes().all(is_of_it)
}

/// A program with a `/` in its name is looked for beside the file, another one on the usual path.
fn program(fields: &Fields<'_>, folder: &Folder) -> Result<Program, Error> {
    const EXPECTED: &str = "a list of texts: a program and its arguments";
    let words = fields.list("exec", EXPECTED, |text| Some(text.to_owned()))?;
    let Some((name, arguments)) = words.split_first().filter(|(name, _)| !name.is_empty()) else {
        return Err(fields.wrong("exec", EXPECTED));
    };
    let path = if name.contains('/') { folder.place_of(name) } else { name.into() };
    Ok(Program { path, arguments: arguments.to_vec(), folder: folder.place_of("") })
}

fn recording(fields: &Fields<'_>, folder: &Folder) -> Result<Recording, Error> {
    let name =
        fields.one("replay", "the name of a capture (HAR, pcap, pcapng)", super::filled_line)?;
    let capture = folder.read(&name).map_err(|cause| fields.unusable("replay", cause))?;
    Recording::read(&capture).map_err(|cause| fields.unusable("replay", cause))
}

/// Reads how and when it is done.
fn modify(answer: &mut Answer, fields: &Fields<'_>) -> Result<(), Error> {
    if let Act::Exec(_) = answer.act {
        let mut modifiers = ["delay", "throttle", "at", "then"].into_iter();
        if let Some(field) = modifiers.find(|field| fields.value(field).is_some()) {
            return Err(fields.wrong(field, "nothing: a program sees to that itself"));
        }
    }
    if let Some(delay) = fields.text("delay", "a time such as \"2s\"", span)? {
        answer.delay = delay;
    }
    answer.throttle = fields.read("throttle", "a size such as \"1KiB\"", throttle)?;
    let moments = |word: &str| match word {
        "open" => Some(Moment::Open),
        "spoken" => Some(Moment::Spoken),
        _ => None,
    };
    if let Some(moment) = fields.text("at", "\"open\" or \"spoken\"", moments)? {
        answer.moment = moment;
    }
    let endings = |word: &str| match word {
        "close" => Some(Afterwards::Close),
        "keep-open" => Some(Afterwards::KeepOpen),
        "reset" => Some(Afterwards::Reset),
        _ => None,
    };
    if let Some(then) = fields.text("then", "\"close\", \"reset\" or \"keep-open\"", endings)? {
        answer.afterwards = then;
    }
    Ok(())
}

fn throttle(value: &DeValue<'_>) -> Option<NonZeroU32> {
    NonZeroU32::new(Written::from_file(value).bytes()?.try_into().ok()?)
}
