//! FETCH: what a client wants to know of mails.

use bytes::Bytes;

use super::arguments::Value;
use super::command::{Command, Numbering};
use super::envelope::{Detail, envelope, structure};
use super::flags::SEEN;
use super::folder::Mail;
use super::folders::invalid;
use super::machine::State;
use super::section::{Reading, Section};
use super::session::{Access, Session};
use super::set::Set;
use super::structure::Part;
use crate::{Cx, Out};

/// One thing that is asked of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Ask {
    Envelope,
    Flags,
    InternalDate,
    Section(Section),
    Size,
    Structure(Detail),
    Uid,
}

/// Most things that are asked of a mail at once; programs ask for five.
const MOST: usize = 64;

pub(super) fn fetch(session: &mut Session, command: &Command, cx: &Cx<'_>, out: &mut Out) -> State {
    let set = command.text(0).and_then(Set::read);
    let (Some(set), Some(asked)) = (set, asked(command)) else { return invalid(command, out) };
    let Some((folder, access)) = session.folder() else {
        out.send(command.no("Mailbox was deleted."));
        return State::Command;
    };
    let Some(chosen) = folder.chosen(&set, command.by) else {
        out.send(command.bad("Invalid messageset"));
        return State::Command;
    };
    for (place, mail) in chosen {
        let mut asked = asked.clone();
        if access == Access::Write && asked.iter().any(Ask::reads) && !mail.flags.has(SEEN) {
            mail.flags.add(SEEN);
            add(&mut asked, Ask::Flags);
        }
        answer(place, mail, &asked, cx, out);
    }
    out.send(command.completed());
    State::Command
}

/// What is asked for; nothing, if that cannot be read.
fn asked(command: &Command) -> Option<Vec<Ask>> {
    let mut asked = Vec::new();
    if command.by == Numbering::Uid {
        asked.push(Ask::Uid);
    }
    for word in command.argument(1)?.list().iter().map(Value::text) {
        let word = word?;
        let upper = word.to_ascii_uppercase();
        match MACROS.iter().find(|(name, _)| *name == upper) {
            Some((_, asks)) => asks.iter().for_each(|ask| add(&mut asked, ask.clone())),
            None => add(&mut asked, Ask::read(word, &upper)?),
        }
    }
    (asked.len() <= MOST).then_some(asked)
}

const MACROS: [(&str, &[Ask]); 3] = [
    ("ALL", &[Ask::Flags, Ask::InternalDate, Ask::Size, Ask::Envelope]),
    ("FAST", &[Ask::Flags, Ask::InternalDate, Ask::Size]),
    (
        "FULL",
        &[Ask::Flags, Ask::InternalDate, Ask::Size, Ask::Envelope, Ask::Structure(Detail::Basic)],
    ),
];

fn add(asked: &mut Vec<Ask>, ask: Ask) {
    if !asked.contains(&ask) {
        asked.push(ask);
    }
}

impl Ask {
    fn read(word: &str, upper: &str) -> Option<Self> {
        Some(match upper {
            "BODY" => Self::Structure(Detail::Basic),
            "BODYSTRUCTURE" => Self::Structure(Detail::Extended),
            "ENVELOPE" => Self::Envelope,
            "FLAGS" => Self::Flags,
            "INTERNALDATE" => Self::InternalDate,
            "RFC822.SIZE" => Self::Size,
            "UID" => Self::Uid,
            _ => Self::Section(Section::read(word).or_else(|| Section::old(upper))?),
        })
    }

    /// Whether the mail counts as read afterwards.
    fn reads(&self) -> bool {
        matches!(self, Self::Section(Section { reading: Reading::Reads, .. }))
    }
}

/// One mail's answer. What is long of it is not copied.
fn answer(place: u32, mail: &Mail, asked: &[Ask], cx: &Cx<'_>, out: &mut Out) {
    let part = Part::of(&mail.text, cx.rules.head_bytes);
    let mut line = format!("* {place} FETCH (");
    for (number, ask) in asked.iter().enumerate() {
        if number > 0 {
            line.push(' ');
        }
        match ask {
            Ask::Section(section) => {
                let bytes = section.bytes(&mail.text, &part);
                section_answer(&section.label, bytes, &mut line, out);
            }
            ask => line += &ask.answer(mail, &part, cx),
        }
    }
    out.send(line + ")\r\n");
}

fn section_answer(label: &str, bytes: Option<Vec<Bytes>>, line: &mut String, out: &mut Out) {
    match bytes {
        None => *line += &format!("{label} NIL"),
        Some(bytes) => {
            let length: usize = bytes.iter().map(Bytes::len).sum();
            *line += &format!("{label} {{{length}}}\r\n");
            out.send(std::mem::take(line));
            bytes.into_iter().filter(|bytes| !bytes.is_empty()).for_each(|bytes| out.send(bytes));
        }
    }
}

impl Ask {
    fn answer(&self, mail: &Mail, part: &Part, cx: &Cx<'_>) -> String {
        match self {
            Self::Envelope => {
                let end = part.head.end.min(cx.rules.head_bytes);
                let head = mail.text.get(part.head.start..end).unwrap_or_default();
                format!("ENVELOPE {}", envelope(head))
            }
            Self::Flags => {
                let recent = mail.is_recent.then_some("\\Recent");
                format!("FLAGS {}", mail.flags.written(recent))
            }
            Self::InternalDate => format!("INTERNALDATE \"{}\"", date(mail.received)),
            Self::Size => format!("RFC822.SIZE {}", mail.text.len()),
            Self::Structure(detail) => {
                let word = if *detail == Detail::Basic { "BODY" } else { "BODYSTRUCTURE" };
                format!("{word} {}", structure(part, &mail.text, *detail))
            }
            Self::Uid => format!("UID {}", mail.uid),
            Self::Section(_) => String::new(),
        }
    }
}

fn date(seconds: i64) -> String {
    let time = jiff::Timestamp::from_second(seconds).unwrap_or_default();
    time.strftime("%d-%b-%Y %H:%M:%S +0000").to_string()
}
